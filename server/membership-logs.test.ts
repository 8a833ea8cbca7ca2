// Shows what appending to a workspace's log costs (what is new is verified, nothing that is kept already), and how much is taken of it.
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { silentLogger } from '../shared/base/logger.ts';
import { MemoryDocStore, MemoryMedium } from '../shared/hub/memory-doc-store.ts';
import { LevelDocStore } from '../shared/node/level-doc-store.ts';
import { faultyDatabase } from '../tests/support/faulty-database.ts';
import { LogWriter } from '../tests/support/log-writer.ts';
import { temporaryFolder } from '../tests/support/temp-folder.ts';
import { MembershipLogs } from './membership-logs.ts';

test('[RE31] appending verifies each record once, however long the log is and however much of it is handed over again', async () => {
  const writer = new LogWriter();
  const owner = await writer.create();
  for (let space = 0; space < 40; space += 1) await writer.space(owner);
  const workspace = await writer.workspace();
  const { values } = new MemoryDocStore(new MemoryMedium());
  const logs = new MembershipLogs({ values, logger: silentLogger, onMembership: () => undefined });
  const verify = vi.spyOn(crypto.subtle, 'verify');
  onTestFinished(() => verify.mockRestore());
  for (let at = 0; at < writer.records.length; at += 1) {
    expect((await logs.append(workspace, writer.records.slice(at, at + 1))).kind).toBe('appended');
  }
  expect(verify).toHaveBeenCalledTimes(writer.records.length);
  // A host hands its whole log over at any time.
  expect((await logs.append(workspace, writer.records)).kind).toBe('appended');
  expect(verify).toHaveBeenCalledTimes(writer.records.length);
  await writer.space(owner);
  expect((await logs.append(workspace, writer.records)).kind).toBe('appended');
  expect(verify).toHaveBeenCalledTimes(writer.records.length);
});

test('[RE57] of more records than somebody may add the first are kept, and the rest when they come again', async () => {
  const writer = new LogWriter();
  const owner = await writer.create();
  for (let space = 0; space < 5; space += 1) await writer.space(owner);
  const workspace = await writer.workspace();
  const { values } = new MemoryDocStore(new MemoryMedium());
  const logs = new MembershipLogs({ values, logger: silentLogger, onMembership: () => undefined });
  const takes = (times: number) => () => times;
  expect((await logs.append(workspace, writer.records, { takes: takes(0) })).kind).toBe('too-many');
  expect(logs.membership(workspace)).toBeNull();
  expect((await logs.append(workspace, writer.records, { takes: takes(4) })).kind).toBe('too-many');
  expect(logs.read(workspace)).toEqual(writer.records.slice(0, 4));
  expect((await logs.append(workspace, writer.records, { takes: takes(2) })).kind).toBe('appended');
  expect(logs.read(workspace)).toEqual(writer.records);
  expect((await logs.append(workspace, writer.records, { takes: takes(0) })).kind).toBe('appended');
});

test('[VA2] records that were rejected and arrived all the same do not stand behind those that are taken in their place', async () => {
  // Two of them lay on the disk at the places 1 and 2; another record was then accepted at place 1, and the second of the two stood
  // behind it. At the next start the log did not hold, and the workspace was served to nobody.
  const directory = join(await temporaryFolder(), 'store');
  const { open, faults } = faultyDatabase();
  const started = async () => {
    const store = await LevelDocStore.open({ directory, openDatabase: open, spaceNeeded: 1024 });
    onTestFinished(() => store.close());
    const logs = new MembershipLogs({ values: store.values, logger: silentLogger, onMembership: () => undefined });
    await logs.load();
    return { store, logs };
  };
  const writer = new LogWriter();
  const owner = await writer.create();
  const workspace = await writer.workspace();
  const other = await writer.sign(owner.key, { verb: 'space.create', space: 'another-space', visibility: 'open' });
  for (let space = 0; space < 2; space += 1) await writer.space(owner);
  const { store, logs } = await started();
  await logs.append(workspace, writer.records.slice(0, 1));
  faults.mode = 'unsynced';
  await expect(logs.append(workspace, writer.records)).rejects.toThrow();
  faults.mode = 'none';
  expect((await logs.append(workspace, [writer.records[0]!, other])).kind).toBe('appended');
  await store.close();
  expect((await started()).logs.read(workspace)).toEqual([writer.records[0], other]);
});
