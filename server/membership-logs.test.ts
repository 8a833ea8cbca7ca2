// Shows what appending to a workspace's log costs (what is new is verified, nothing that is kept already), and how much is taken of it.
import { expect, onTestFinished, test, vi } from 'vitest';
import { silentLogger } from '../shared/base/logger.ts';
import { MemoryDocStore, MemoryMedium } from '../shared/hub/memory-doc-store.ts';
import { LogWriter } from '../tests/support/log-writer.ts';
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
