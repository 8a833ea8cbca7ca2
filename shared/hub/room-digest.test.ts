// Shows what a digest says of a room: equal exactly where state vector and delete set are, whether it is open, stored or merged.
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { silentLogger } from '../base/logger.ts';
import { editRoom } from './edit-room.ts';
import { DeleteSet } from './delete-set.ts';
import { Hub } from './hub.ts';
import { Knowledge } from './knowledge.ts';
import { MemoryDocStore } from './memory-doc-store.ts';
import { digestOf } from './room-digest.ts';

const ROOM = 'workspace/space/page';
const NOBODY = { device: null, member: null };

const hubs: Hub[] = [];
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.close();
});

function hub(): { hub: Hub; store: MemoryDocStore; clock: FakeClock } {
  const store = new MemoryDocStore();
  const clock = new FakeClock();
  const access = { allows: () => true, onChange: new Emitter<void>().event };
  const made = new Hub({ store, access, clock, logger: silentLogger });
  hubs.push(made);
  return { hub: made, store, clock };
}

async function take(at: Hub, ...updates: Uint8Array[]): Promise<void> {
  const opened = await at.open(ROOM, NOBODY);
  if (opened.kind !== 'open') throw new Error(opened.reason);
  for (const update of updates) expect((await opened.room.apply(update, {})).kind).toBe('stored');
  opened.room.dispose();
}

async function digestAt(at: Hub): Promise<string> {
  const [digest] = await at.digests([ROOM]);
  return Buffer.from(digest?.digest ?? []).toString('hex');
}

/** Updates of three documents, of which the second deletes part of the first's text. */
function history(): { first: Uint8Array; second: Uint8Array; deletion: Uint8Array } {
  const [a, b] = [new Y.Doc(), new Y.Doc()];
  a.getText('body').insert(0, 'one two three');
  const first = Y.encodeStateAsUpdate(a);
  b.getText('body').insert(0, 'four');
  const second = Y.encodeStateAsUpdate(b);
  const before = Y.encodeStateVector(a);
  a.getText('body').delete(4, 4);
  return { first, second, deletion: Y.encodeStateAsUpdate(a, before) };
}

describe('the digest of a room', () => {
  it('[DG1] is that of its knowledge in the canonical form, sixteen bytes', () => {
    const clocks = new Map([
      [7, 3],
      [9, 1],
    ]);
    const deletes = new DeleteSet();
    deletes.add(7, [{ start: 1, end: 2 }]);
    // Written by hand: 2 clients, 9 at 1, 7 at 3; then 1 client, 7, 1 range, from 1, 1 long.
    const bytes = Uint8Array.of(2, 9, 1, 7, 3, 1, 7, 1, 1, 1);
    return crypto.subtle.digest('SHA-256', bytes).then((hash) => {
      expect([...digestOf(new Knowledge(clocks, deletes))]).toEqual([...new Uint8Array(hash, 0, 16)]);
    });
  });

  it('[DG1] is equal whatever the order in which the same came, and differs by a deletion alone', async () => {
    const { first, second, deletion } = history();
    const [one, other, third] = [hub(), hub(), hub()];
    await take(one.hub, first, second, deletion);
    await take(other.hub, second, Y.mergeUpdates([first, deletion]));
    await take(third.hub, first, second);
    expect(await digestAt(one.hub)).toBe(await digestAt(other.hub));
    expect(await digestAt(third.hub)).not.toBe(await digestAt(one.hub));
    await take(third.hub, deletion);
    expect(await digestAt(third.hub)).toBe(await digestAt(one.hub));
  });

  it('[DG1] is the same for an open room and a stored one, and follows every change', async () => {
    const { hub: at, clock } = hub();
    const seen = new Set<string>();
    for (let round = 0; round < 4; round += 1) {
      await editRoom(at, ROOM, NOBODY, (doc) => doc.getText('body').insert(0, `${round}`));
      const open = await digestAt(at);
      expect((await at.digests([ROOM]))[0]?.number).toBe(round + 1);
      clock.advance(60_000);
      for (let turn = 0; at.load.rooms > 0 && turn < 100; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
      expect(at.load.rooms).toBe(0);
      expect(await digestAt(at)).toBe(open);
      expect(await digestAt(at)).toBe(open);
      // Nothing of it was opened.
      expect(at.load.rooms).toBe(0);
      seen.add(open);
    }
    expect(seen.size).toBe(4);
  });

  it('[DG1] reads a stored room once, and not the state from before a change that came while it was read', async () => {
    const { hub: at, store } = hub();
    await store.append(ROOM, history().first);
    let loads = 0;
    const load = store.load.bind(store);
    store.load = (room) => {
      loads += 1;
      return load(room);
    };
    const [a, b] = await Promise.all([digestAt(at), digestAt(at)]);
    expect(a).toBe(b);
    await digestAt(at);
    expect(loads).toBe(1);
    // The read has begun when the change comes; what it finds is of before, and must not be remembered.
    let goOn = (): void => undefined;
    const { hub: late, store: slow } = hub();
    await slow.append(ROOM, history().first);
    const slowLoad = slow.load.bind(slow);
    slow.load = async (room) => {
      const stored = await slowLoad(room);
      await new Promise<void>((resolve) => (goOn = resolve));
      return stored;
    };
    const before = digestAt(late);
    await new Promise((resolve) => setImmediate(resolve));
    const letGo = goOn;
    slow.load = slowLoad;
    await editRoom(late, ROOM, NOBODY, (doc) => doc.getText('body').insert(0, 'new '));
    letGo();
    expect(await digestAt(late)).not.toBe(await before);
  });

  it('[DG3] of a room that is not here, or that cannot be read, is not known', async () => {
    const { hub: at, store } = hub();
    expect(await at.digests([ROOM])).toEqual([null]);
    await store.append(ROOM, Uint8Array.of(1, 2, 3));
    expect(await at.digests(['workspace/space/other', ROOM])).toEqual([null, null]);
  });
});
