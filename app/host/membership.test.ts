import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeviceKey } from '../../shared/access/device-key.ts';
import type { DeviceKey, RecordBody } from '../../shared/access/identity.ts';
import { signRecord } from '../../shared/access/membership-log.ts';
import { FakeClock } from '../../shared/base/clock.ts';
import { dataFolderAt, type DataFolder } from './data-folder.ts';
import { WorkspaceLog } from './membership.ts';
import type { AppendOutcome, RelayClient, SentLog } from './relay-client.ts';
import { RelayEntrance } from './relay-entrance.ts';

let root: string;
let folder: DataFolder;
let ana: DeviceKey;
let bo: DeviceKey;
const clock = new FakeClock();
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'caravan-log-'));
  folder = dataFolderAt(root);
  [ana, bo] = await Promise.all([createDeviceKey(), createDeviceKey()]);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function started(nonce = 'n'): Promise<WorkspaceLog> {
  const body = { verb: 'workspace.create', device: ana.publicKey, nonce } as const;
  const log = await WorkspaceLog.open(folder, ana, clock, [await signRecord(ana, { previous: null, body, at: 1 })]);
  await log.store();
  return log;
}
async function joinedByBo(log: WorkspaceLog): Promise<string[]> {
  const body = { verb: 'member.join', device: bo.publicKey, nonce: 'n' } as const;
  return [...log.records, await signRecord(bo, { previous: log.membership.head, body, at: 2 })];
}

/** A relay's log in memory, with the relay's rule: what does not follow the newest record is answered with a conflict. */
class LogDouble implements Pick<RelayClient, 'readLog' | 'appendLog'> {
  records: string[];
  constructor(records: readonly string[]) {
    this.records = [...records];
  }
  async readLog(): Promise<SentLog | null> {
    return { records: [...this.records], head: null };
  }
  async appendLog(_workspace: string, _ticket: string | null, records: readonly string[]): Promise<AppendOutcome> {
    try {
      await WorkspaceLog.open(folder, ana, clock, [...this.records, ...records]);
    } catch {
      return { kind: 'conflict', records: [...this.records] };
    }
    this.records.push(...records);
    return { kind: 'appended', log: { records: [...this.records], head: null } };
  }
}

function syncLog(log: WorkspaceLog, relay: LogDouble, dropped: RecordBody[] = []): Promise<void> {
  const client = relay as unknown as RelayClient;
  const entrance = new RelayEntrance({
    log,
    device: ana,
    clock,
    client,
    url: 'ws://x',
    agreed: () => null,
    onAgreed: async () => {},
    onDropped: (bodies) => dropped.push(...bodies),
  });
  return entrance.sync('ticket');
}

describe('the log of a workspace at a host', () => {
  it('an empty relay gets all of it; a second time there is nothing to do', async () => {
    const log = await started();
    const relay = new LogDouble([]);
    await syncLog(log, relay);
    expect(relay.records).toEqual(log.records);
    await syncLog(log, relay);
    expect(relay.records).toEqual(log.records);
  });

  it('newer records of others come in, are on the disk, and are told', async () => {
    const log = await started();
    let told = 0;
    log.onChange(() => (told += 1));
    const relay = new LogDouble(await joinedByBo(log));
    await syncLog(log, relay);
    expect(log.membership.members.size).toBe(2);
    expect(told).toBe(1);
    const stored = await readFile(path.join(folder.workspaces, log.workspace, 'log.jsonl'), 'utf8');
    expect(stored.trim().split('\n')).toEqual(relay.records);
  });

  it('a space that was made while somebody joined is signed again behind the joining', async () => {
    const log = await started();
    const relay = new LogDouble(await joinedByBo(log));
    await log.append({ verb: 'space.create', space: 'product', visibility: 'open' });
    await syncLog(log, relay);
    expect([...log.membership.spaces.keys()]).toEqual(['product']);
    expect(log.membership.members.size).toBe(2);
    expect(relay.records).toEqual(log.records);
  });

  it('[X10] another workspace’s log, a forged one and one that forks somebody else’s records are refused; mine is as it was', async () => {
    const log = await started();
    const mine = log.records;
    const other = await started('another');
    await expect(log.adopt(other.records)).rejects.toMatchObject({ code: 'not-allowed' });
    const forged = [...mine, `${mine[0]!.slice(0, -3)}AAA`];
    await expect(log.adopt(forged)).rejects.toMatchObject({ code: 'damaged' });
    const withBo = await joinedByBo(log);
    await log.adopt(withBo);
    const fork = await signRecord(ana, {
      previous: (await WorkspaceLog.open(folder, ana, clock, mine)).membership.head,
      body: { verb: 'space.create', space: 'x', visibility: 'open' },
      at: 3,
    });
    await expect(log.adopt([...mine, fork])).rejects.toMatchObject({ code: 'not-allowed' });
    expect(log.records).toEqual(withBo);
  });

  it('what was decided here while others were quicker is signed again, removals first; what is not possible any more is let go', async () => {
    const log = await started();
    const relay = new LogDouble(await joinedByBo(log));
    await log.adopt(relay.records);
    const [, boId] = [...log.membership.members.keys()];
    await log.append({ verb: 'relay.set', key: null, url: null });
    await syncLog(log, relay);
    // Ana's other records wait, while Bo leaves by himself.
    await log.append({ verb: 'space.create', space: 'late', visibility: 'invited' });
    await log.append({ verb: 'member.role', member: boId!, role: 'viewer' });
    await log.append({ verb: 'member.remove', member: boId! });
    const leaving = { verb: 'member.remove', member: boId! } as const;
    const previous = (await WorkspaceLog.open(folder, ana, clock, relay.records)).membership.head;
    relay.records.push(await signRecord(bo, { version: 2, previous, body: leaving, at: 9 }));
    const dropped: RecordBody[] = [];
    await syncLog(log, relay, dropped);
    expect(dropped.map((body) => body.verb)).toEqual(['member.remove', 'member.role']);
    expect([...log.membership.spaces.keys()]).toEqual(['late']);
    expect(relay.records).toEqual(log.records);
  });

  it('[X10] a log that was cut is mended; one that differs within what the relay signed for is refused', async () => {
    const log = await started();
    await log.append({ verb: 'space.create', space: 'one', visibility: 'open' });
    await log.append({ verb: 'space.create', space: 'two', visibility: 'open' });
    const mine = log.records;
    expect(await log.adopt(mine.slice(0, 1), 3)).toMatchObject({ kind: 'push', records: mine.slice(1) });
    const { membership } = await WorkspaceLog.open(folder, ana, clock, mine.slice(0, 2));
    const body = { verb: 'space.create', space: 'other', visibility: 'open' } as const;
    const other = [...mine.slice(0, 2), await signRecord(ana, { previous: membership.head, body, at: 5 })];
    await expect(log.adopt(other, 3)).rejects.toMatchObject({ details: { forked: true } });
    expect(log.records).toEqual(mine);
    expect(await log.adopt(other, 2)).toMatchObject({ kind: 'push' });
    expect([...log.membership.spaces.keys()]).toEqual(['one', 'other', 'two']);
  });

  it('a record that the rules refuse is refused in words, and nothing of it is kept', async () => {
    const log = await started();
    await log.append({ verb: 'relay.set', key: null, url: null });
    const before = log.records;
    await expect(log.append({ verb: 'space.archive', space: 'nowhere' })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    expect(log.records).toEqual(before);
  });
});
