// History in a damaged store: what an opening and verify notice, and what a repair keeps and names; real stores, rules CO5, UP4, SG12.
import { createHash } from 'node:crypto';
import type { ClassicLevel } from 'classic-level';
import { describe, expect, onTestFinished, test } from 'vitest';
import { firstKey, flipRow, loseRow, tamper } from '../../tests/support/damage.ts';
import { filledStore, historyOf, REMOVED_UNTIL, ROOMS, unnamedLosses } from '../../tests/support/filled-store.ts';
import { LevelDocStore } from './level-doc-store.ts';
import { repairStore } from './store-repair.ts';
import { verifyStore } from './store-verify.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const LOSES = ROOMS[4]!;
const NOTHING = { rooms: [], unknown: [], unbounded: [] };

async function reopened(directory: string): Promise<LevelDocStore> {
  const store = await LevelDocStore.open({ directory });
  onTestFinished(() => store.close());
  return store;
}

/** The key of the entry in its space's list that names the segment. */
async function listing(level: ClassicLevel<string, Uint8Array>, hash: string): Promise<string> {
  for await (const [key, value] of level.iterator({ gte: 'i!ws/everyone!', lt: 'i!ws/everyone"' })) {
    if (new TextDecoder().decode(value).includes(hash)) return key;
  }
  throw new Error(`${hash} is not listed`);
}

describe('an opening', () => {
  test.each([
    ['an entry of a list is lost', loseRow, 'i!ws/everyone!'],
    ['the count of a space is lost', loseRow, 'k!ws/everyone'],
    ['the count of a space is flipped', flipRow, 'k!ws/everyone'],
  ])('[CO5] is refused where %s', async (_what, damage, prefix) => {
    const directory = await filledStore();
    await damage(directory, prefix);
    await expect(LevelDocStore.open({ directory })).rejects.toMatchObject({
      code: 'damaged',
      details: { key: 'k!ws/everyone' },
    });
    expect((await verifyStore(directory)).problems).toContainEqual(
      expect.objectContaining({ kind: 'history', space: 'ws/everyone' }),
    );
  });

  test('[CO5] does not read what segments hold: verify does, and whoever asks for one is told', async () => {
    const directory = await filledStore();
    await flipRow(directory, `g!${LOSES}!`);
    const store = await reopened(directory);
    const hashes = await store.segments.ofRoom(LOSES);
    const read = await Promise.allSettled(hashes.map((hash) => store.segments.read('ws', hash)));
    expect(read.filter(({ status }) => status === 'rejected')).toEqual([
      expect.objectContaining({ reason: expect.objectContaining({ code: 'damaged' }) }),
    ]);
    await store.close();
    expect((await verifyStore(directory)).problems).toContainEqual(
      expect.objectContaining({ kind: 'history', room: LOSES, what: expect.stringContaining('1 of 2') }),
    );
  });
});

describe('a repair', () => {
  test('[UP4] names the room that lost a session, and how many; the rest is there', async () => {
    const directory = await filledStore();
    await loseRow(directory, `g!${LOSES}!`);
    const report = await repairStore(directory, NOW);
    expect(report).toMatchObject({ kind: 'repaired', losses: [], unknownRooms: 0, unknownChanges: 0 });
    expect(report.history).toEqual({ ...NOTHING, rooms: [{ room: LOSES, segments: 1 }] });
    const kept = await historyOf(directory);
    expect(kept.sessions.get(LOSES)).toHaveLength(1);
    expect(unnamedLosses(kept, report.history)).toEqual([]);
  });

  test('[UP4] counts a segment of which no row is left to its space', async () => {
    const directory = await filledStore();
    await tamper(directory, async (level) => {
      const bytes = await firstKey(level, `g!${LOSES}!`);
      const hash = bytes.slice(bytes.lastIndexOf('!') + 1);
      const keys = [bytes, `j!ws!${hash}`, await listing(level, hash)];
      await level.batch(keys.map((key) => ({ type: 'del', key })));
    });
    const report = await repairStore(directory, NOW);
    expect(report.history).toEqual({ ...NOTHING, unknown: [{ space: 'ws/everyone', segments: 1 }] });
    expect(unnamedLosses(await historyOf(directory), report.history)).toEqual([]);
  });

  test('[UP4] [SG12] keeps until when history was removed, also of a space that has none left; and says where that is lost', async () => {
    const directory = await filledStore();
    const store = await reopened(directory);
    const all = await store.segments.after('ws', 'product', 0, 100);
    await store.segments.remove(all);
    const until = Math.max(...all.map(({ endedAt }) => endedAt));
    await store.close();
    await loseRow(directory, `r!${LOSES}`);
    expect((await repairStore(directory, NOW)).history).toEqual(NOTHING);
    expect((await historyOf(directory)).removedUntil).toEqual({ 'ws/everyone': REMOVED_UNTIL, 'ws/product': until });
    await flipRow(directory, 'k!ws/everyone');
    expect((await repairStore(directory, NOW)).history).toEqual({ ...NOTHING, unbounded: ['ws/everyone'] });
    expect((await historyOf(directory)).removedUntil).toEqual({ 'ws/everyone': 0, 'ws/product': until });
  });

  test.each([
    ['keeps a segment of a newer version as it is, where its list tells when it ended', true],
    ['names the room of one whose list entry is lost', false],
  ])('[UP4] %s', async (_what, listed) => {
    const directory = await filledStore();
    const store = await reopened(directory);
    const bytes = new Uint8Array(100).fill(99);
    const hash = createHash('sha256').update(bytes).digest('hex');
    await store.segments.add({ hash, room: LOSES, endedAt: 2_000_000 }, bytes);
    await store.close();
    await tamper(directory, async (level) => level.del(listed ? `r!${LOSES}` : await listing(level, hash)));
    const report = await repairStore(directory, NOW);
    expect(report.history.rooms).toEqual(listed ? [] : [{ room: LOSES, segments: 1 }]);
    const again = await reopened(directory);
    const found = (await again.segments.after('ws', 'everyone', 0, 100)).filter((one) => one.hash === hash);
    expect(found.map(({ endedAt, size }) => [endedAt, size])).toEqual(listed ? [[2_000_000, 100]] : []);
  });
});
