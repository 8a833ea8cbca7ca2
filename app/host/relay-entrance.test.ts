// A host before a relay that lies about the membership log: nothing that was signed for is given up, and nothing is handed to a liar. AH6.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeviceKey } from '../../shared/access/device-key.ts';
import type { DeviceKey, RecordBody } from '../../shared/access/identity.ts';
import { signHead } from '../../shared/access/log-head.ts';
import { hashRecord } from '../../shared/access/membership-log.ts';
import { FakeClock } from '../../shared/base/clock.ts';
import { LogWriter, type Person } from '../../tests/support/log-writer.ts';
import { dataFolderAt } from './data-folder.ts';
import { WorkspaceLog } from './membership.ts';
import type { AppendOutcome, RelayClient, SentLog } from './relay-client.ts';
import { RelayEntrance, type Agreed } from './relay-entrance.ts';

const clock = new FakeClock();
let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'caravan-entrance-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** What a relay shows next, with a head over whatever it likes, signed with whatever key. */
class Liar implements Pick<RelayClient, 'readLog' | 'appendLog'> {
  shown: readonly string[] = [];
  readonly taken: (readonly string[])[] = [];
  /** What its head speaks of; null: it gives none. */
  head: { readonly records: readonly string[]; readonly by: DeviceKey } | null = null;

  async readLog(workspace: string): Promise<SentLog> {
    return { records: this.shown, head: await this.#head(workspace) };
  }
  async appendLog(workspace: string, _ticket: string | null, records: readonly string[]): Promise<AppendOutcome> {
    this.taken.push(records);
    this.shown = [...this.shown, ...records];
    if (this.head) this.head = { ...this.head, records: this.shown };
    return { kind: 'appended', log: await this.readLog(workspace) };
  }
  async #head(workspace: string): Promise<string | null> {
    if (!this.head) return null;
    const { records, by } = this.head;
    return signHead(by, { workspace, length: records.length, head: await hashRecord(records.at(-1)!), at: 1 });
  }
}

/** The owner's host, whose log names a relay, has removed an admin, and agreed on that with the relay. */
async function agreed() {
  const writer = new LogWriter();
  const owner = await writer.create();
  const admin = await writer.join(owner, 'admin');
  const key = await createDeviceKey();
  await writer.add(owner.key, { verb: 'relay.set', key: key.publicKey, url: 'ws://127.0.0.1:1' });
  const before = [...writer.records];
  await writer.add(owner.key, { verb: 'member.remove', member: admin.member });
  const log = await WorkspaceLog.open(dataFolderAt(root), owner.key, clock, [...writer.records]);
  await log.store();
  const relay = new Liar();
  let memory: Agreed | null = null;
  const entrance = new RelayEntrance({
    log,
    device: owner.key,
    clock,
    client: relay as unknown as RelayClient,
    url: 'ws://127.0.0.1:1',
    agreed: () => memory,
    onAgreed: async (said) => void (memory = said),
    onDropped: () => undefined,
  });
  relay.shown = log.records;
  relay.head = { records: log.records, by: key };
  await entrance.sync('ticket');
  expect(memory).toMatchObject({ relay: key.id, length: log.records.length });
  return { writer, owner, admin, key, before, log, relay, entrance, memory: () => memory };
}

/** `records` with one more behind them, as that person could have signed it then. */
async function behind(records: readonly string[], by: Person, body: RecordBody): Promise<readonly string[]> {
  const writer = new LogWriter();
  writer.records.push(...records);
  return [...records, await writer.sign(by.key, body)];
}

const forked = { code: 'not-allowed', details: { forked: true } };

describe('[AH6] a relay that lies about the log', () => {
  it('[AH6] cut before a removal, it is handed the removal again', async () => {
    const { before, log, relay, key, entrance } = await agreed();
    const mine = log.records;
    relay.shown = before;
    relay.head = { records: before, by: key };
    await entrance.sync('ticket');
    expect(relay.taken).toEqual([mine.slice(before.length)]);
    expect(log.records).toEqual(mine);
  });

  it('[AH6] cut and gone on otherwise, by the one who was removed, it is refused and handed nothing, be it shorter, as long or longer', async () => {
    const { before, admin, log, relay, key, entrance } = await agreed();
    const mine = log.records;
    const again = { verb: 'space.create', space: 'mine', visibility: 'open' } as const;
    const once = await behind(before, admin, again);
    const twice = await behind(once, admin, { ...again, space: 'too' });
    const short = await behind(before.slice(0, -1), admin, again);
    for (const shown of [short, once, twice]) {
      relay.shown = shown;
      for (const head of [null, { records: shown, by: key }]) {
        relay.head = head;
        await expect(entrance.sync('ticket')).rejects.toMatchObject(forked);
      }
    }
    expect(relay.taken).toEqual([]);
    expect(log.records).toEqual(mine);
  });

  it('[AH6] a head that is not of the records beside it is refused; one of another key counts for nothing', async () => {
    const { before, owner, log, relay, key, entrance, memory } = await agreed();
    const said = memory();
    relay.shown = log.records;
    relay.head = { records: before, by: key };
    await expect(entrance.sync('ticket')).rejects.toMatchObject(forked);
    // New records are taken for what their signatures say; that head is no word of the relay's.
    const more = await behind(log.records, owner, { verb: 'space.create', space: 'new', visibility: 'open' });
    relay.shown = more;
    relay.head = { records: before, by: await createDeviceKey() };
    await entrance.sync('ticket');
    expect(log.records).toEqual(more);
    expect(memory()).toEqual(said);
  });
});
