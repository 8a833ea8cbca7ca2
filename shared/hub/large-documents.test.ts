// A hub that tells of documents near their limit, and merges one before it judges it too large; over the memory store.
import { describe, expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../base/clock.ts';
import { silentLogger, type Logger } from '../base/logger.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Principal, RoomHandle } from '../link/room-source.ts';
import { Hub } from './hub.ts';
import { LargeDocuments } from './large-documents.ts';
import { MemoryDocStore, MemoryMedium } from './memory-doc-store.ts';

const ROOM = 'ws/space/page';
const ANA: Principal = { device: 'ana-laptop', member: 'ana' };
const MiB = 1024 * 1024;

async function start(medium = new MemoryMedium(), logger: Logger = silentLogger) {
  const clock = new FakeClock();
  const store = new MemoryDocStore(medium);
  const large = new LargeDocuments(store.values, logger);
  await large.load();
  const access = { allows: () => true, onChange: () => ({ dispose: () => undefined }) };
  const hub = new Hub({ store, access, clock, logger, large });
  onTestFinished(() => hub.close());
  const outcome = await hub.open(ROOM, ANA);
  if (outcome.kind !== 'open') throw new Error('refused');
  return { hub, clock, large, store, room: outcome.room };
}

/** A member who replaces a text of so many bytes, again and again. */
function replacing(bytes: number) {
  const doc = new Y.Doc();
  const body = doc.getText('body');
  let update: Uint8Array = new Uint8Array();
  doc.on('update', (news: Uint8Array) => (update = news));
  return (round: number): Uint8Array => {
    doc.transact(() => {
      body.delete(0, body.length);
      body.insert(0, String.fromCharCode(97 + (round % 26)).repeat(bytes));
    });
    return update;
  };
}

const apply = (room: RoomHandle, update: Uint8Array) => room.apply(update, ANA);

describe('[HU20] what is too large is merged before it is judged', () => {
  test('33 replacements of a mebibyte within a second are all taken', async () => {
    // What counts towards 32 MiB is what is stored, deleted words of the last second included: an honest client was closed
    // with 4413, for good, though its document holds one mebibyte.
    const { room, hub, clock } = await start();
    const replace = replacing(MiB);
    for (let round = 0; round < 70; round += 1) {
      expect(await apply(room, replace(round))).toMatchObject({ kind: 'stored' });
    }
    expect(clock.now()).toBe(new FakeClock().now());
    expect(hub.load.bytes).toBeLessThan(16 * MiB);
  });

  test('those that come at once are asked for again (45xx), not refused for good, and then fit', async () => {
    const { room } = await start();
    const replace = replacing(MiB);
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, round) => apply(room, replace(round))));
    const kinds = new Set(outcomes.map(({ kind }) => kind));
    expect(kinds.has('refused')).toBe(false);
    const late = outcomes.find((one) => one.kind === 'failed');
    expect(late).toMatchObject({ kind: 'failed', code: 4507 });
  });

  test('what does not fit however it is merged is refused for good with 4413', async () => {
    const { room } = await start();
    const doc = new Y.Doc();
    doc.getText('body').insert(0, 'x'.repeat(20 * MiB));
    expect(await apply(room, Y.encodeStateAsUpdate(doc))).toMatchObject({ kind: 'stored' });
    const before = Y.encodeStateVector(doc);
    doc.getText('body').insert(0, 'y'.repeat(20 * MiB));
    const more = Y.encodeStateAsUpdate(doc, before);
    const answers: string[] = [];
    for (let round = 0; round < 50 && answers.at(-1) !== 'refused'; round += 1) {
      const { kind } = await apply(room, more);
      if (kind !== answers.at(-1)) answers.push(kind);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(answers.at(-1)).toBe('refused');
    expect(await apply(room, more)).toMatchObject({ kind: 'refused', code: 4413 });
  });
});

describe('[HU21] a document over half its limit', () => {
  test('is told once, remembered over a restart, and forgotten when it is small again', async () => {
    const medium = new MemoryMedium();
    const told: string[] = [];
    const logger: Logger = {
      log: (_level, event) => void told.push(event),
      child: () => logger,
    };
    const first = await start(medium, logger);
    const doc = new Y.Doc();
    doc.getText('body').insert(0, 'x'.repeat(LIMITS.documentWarning + 1));
    await apply(first.room, Y.encodeStateAsUpdate(doc));
    const half = Y.encodeStateVector(doc);
    doc.getText('body').insert(0, 'y');
    expect(await apply(first.room, Y.encodeStateAsUpdate(doc, half))).toMatchObject({ kind: 'stored' });
    expect(told.filter((event) => event === 'document-large')).toHaveLength(1);
    expect([...first.large.sizes]).toEqual([[ROOM, expect.any(Number)]]);
    await first.hub.close();

    const second = await start(medium);
    expect([...second.large.sizes.keys()]).toEqual([ROOM]);
    const before = Y.encodeStateVector(doc);
    doc.getText('body').delete(0, doc.getText('body').length);
    expect(await apply(second.room, Y.encodeStateAsUpdate(doc, before))).toMatchObject({ kind: 'stored' });
    second.room.dispose();
    second.clock.advance(60_000);
    for (let turn = 0; turn < 50 && second.large.sizes.size > 0; turn += 1) {
      second.clock.advance(2_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([...second.large.sizes]).toEqual([]);
    const third = await start(medium);
    expect([...third.large.sizes]).toEqual([]);
  });
});
