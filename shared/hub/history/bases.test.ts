// What a room held before it was recorded, or before retention removed its first segments: found again with a real store, and passed on.
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { join } from 'node:path';
import { eventually } from '../../../tests/support/eventually.ts';
import { faultyDatabase } from '../../../tests/support/faulty-database.ts';
import { ROOM, Window, running } from '../../../tests/support/recording-hub.ts';
import { temporaryFolder } from '../../../tests/support/temp-folder.ts';
import { testSigner } from '../../../tests/support/test-signer.ts';
import { FakeClock } from '../../base/clock.ts';
import { LevelDocStore } from '../../node/level-doc-store.ts';
import { MemoryDocStore } from '../memory-doc-store.ts';
import { BASE_PATIENCE } from './base-keeper.ts';
import type { History } from './history.ts';
import { decodeSegment } from './segment.ts';

const DAY = 24 * 60 * 60_000;

/** A room of a version that recorded nothing. */
async function oldRoom(store: LevelDocStore, text = 'written long ago '): Promise<void> {
  const doc = new Y.Doc();
  doc.getText('body').insert(0, text);
  await store.append(ROOM, Y.encodeStateAsUpdate(doc));
}

async function textAt(history: History, time: number): Promise<{ text: string; complete: boolean }> {
  const doc = new Y.Doc();
  const { update, complete } = await history.stateAt(ROOM, time);
  Y.applyUpdate(doc, update);
  return { text: doc.getText('body').toString(), complete };
}

async function merged(store: LevelDocStore): Promise<string> {
  const stored = await store.load(ROOM);
  return Buffer.from(stored?.state?.update ?? []).toString('latin1');
}

async function bases(history: History): Promise<number> {
  let found = 0;
  for (const { hash } of await history.segmentsAfter('ws', 'space', 0, 100)) {
    const bytes = await history.readSegment('ws', hash);
    if (bytes && decodeSegment(bytes)?.base) found += 1;
  }
  return found;
}

/** Types until the tail is merged, and waits for that. */
async function merge(window: Window, clock: FakeClock, store: LevelDocStore): Promise<void> {
  const before = (await store.load(ROOM))?.state?.update.length ?? 0;
  for (let at = 0; at < 7; at += 1) await window.type('.');
  clock.advance(2);
  await eventually(async () => expect((await store.load(ROOM))?.state?.update.length ?? 0).not.toBe(before));
}

describe('bases', () => {
  test('[SG14] text from before the recording is found again after it was deleted and merged away, and travels to another hub', async () => {
    const clock = new FakeClock(10 * DAY);
    const store = await LevelDocStore.open({ directory: join(await temporaryFolder(), 'store') });
    await oldRoom(store);
    const { hub, history } = await running(store, clock);
    const window = await Window.open(hub, 'laptop');
    clock.advance(1000);
    await window.type('now');
    const before = clock.now();
    clock.advance(1000);
    window.body.delete(0, 'written long ago '.length);
    await window.stored();
    await merge(window, clock, store);
    // Segments of others may still be on their way: nothing is collected, and nothing is copied.
    expect(await merged(store)).toContain('written long ago');
    expect(await bases(history)).toBe(0);
    clock.advance(BASE_PATIENCE);
    await merge(window, clock, store);
    expect(await bases(history)).toBe(1);
    expect(await merged(store)).not.toContain('long ago');
    window.close();
    await history.settled();
    expect(await textAt(history, before)).toEqual({ text: 'written long ago now', complete: true });
    expect((await textAt(history, before - 5000)).complete).toBe(false);
    // No session of anybody's.
    expect((await history.segmentsOf(ROOM)).every(({ device }) => device === 'laptop')).toBe(true);
    // Another hub that has the document of today alone.
    const elsewhere = new MemoryDocStore();
    await elsewhere.append(ROOM, Y.encodeStateAsUpdate(window.doc));
    const other = await running(elsewhere, clock);
    for (const { hash } of await history.segmentsAfter('ws', 'space', 0, 100)) {
      const bytes = await history.readSegment('ws', hash);
      expect(await other.history.addSegment('ws', hash, bytes!, ROOM)).toEqual({ kind: 'stored' });
    }
    expect((await textAt(other.history, before)).text).toBe('written long ago now');
  });

  test('[SG14] a room of which all is recorded, or nothing here, gets no base; one that is full gets it at once', async () => {
    const clock = new FakeClock(10 * DAY);
    const store = await LevelDocStore.open({ directory: join(await temporaryFolder(), 'store') });
    const { hub, history } = await running(store, clock);
    const window = await Window.open(hub, 'laptop');
    await window.type('recorded from its first letter');
    window.body.delete(0, 8);
    await merge(window, clock, store);
    expect(await merged(store)).not.toContain('recorded');
    clock.advance(BASE_PATIENCE);
    await merge(window, clock, store);
    expect(await bases(history)).toBe(0);
    const clocks = new Map([[7, 3]]);
    const whole = async (): Promise<Uint8Array> => Y.encodeStateAsUpdate(new Y.Doc());
    // Nobody edited it here.
    expect(await history.recorder.mayCollect('ws/space/other', { clocks, urgent: false, whole })).toBe(true);
    expect(await bases(history)).toBe(0);
  });

  test('[SG14] a base that cannot be stored, or of which it is not known, costs no word: nothing is collected until it is there', async () => {
    for (const mode of ['full', 'unsynced'] as const) {
      const directory = join(await temporaryFolder(), 'store');
      const { open, faults } = faultyDatabase();
      const clock = new FakeClock(10 * DAY);
      const opened = (): Promise<LevelDocStore> =>
        LevelDocStore.open({ directory, openDatabase: open, spaceNeeded: 1024 });
      const store = await opened();
      await oldRoom(store);
      const first = await running(store, clock);
      const window = await Window.open(first.hub, 'laptop');
      await window.type('now');
      const before = clock.now();
      clock.advance(1000);
      window.body.delete(0, 'written long ago '.length);
      await window.stored();
      await merge(window, clock, store);
      for (let at = 0; at < 6; at += 1) await window.type('.');
      clock.advance(BASE_PATIENCE);
      const batches = faults.batches;
      faults.mode = mode;
      clock.advance(2);
      await eventually(() => expect(faults.batches).toBeGreaterThan(batches));
      // The process ends here.
      await first.close();
      faults.mode = 'none';
      const again = await opened();
      const second = await running(again, clock);
      second.history.start();
      await second.history.settled();
      expect(await textAt(second.history, before)).toMatchObject({ text: 'written long ago now' });
      const later = await Window.open(second.hub, 'laptop');
      await merge(later, clock, again);
      later.close();
      await second.history.settled();
      expect(await bases(second.history)).toBeGreaterThan(0);
      expect(await textAt(second.history, before)).toEqual({ text: 'written long ago now', complete: true });
      await second.close();
    }
  });

  test('[SG15] retention removes segments and keeps in their place what the later states need, again and again, within its bound', async () => {
    const clock = new FakeClock(100 * DAY);
    const store = await LevelDocStore.open({ directory: join(await temporaryFolder(), 'store') });
    const { hub, history } = await running(store, clock, { days: 10, bytes: 0 });
    const kept: { at: number; text: string }[] = [];
    for (let day = 0; day < 24; day += 1) {
      const window = await Window.open(hub, 'laptop');
      await window.type(`day${day} ${'and what was written on it '.repeat(3)}`);
      // What is older than the bound is deleted within it.
      if (day > 11) window.body.delete(0, 20);
      await window.stored();
      kept.push({ at: clock.now(), text: window.body.toString() });
      await merge(window, clock, store);
      window.close();
      await history.settled();
      clock.advance(DAY);
      await history.prune();
    }
    expect(await bases(history)).toBe(1);
    expect((await history.segmentsOf(ROOM)).length).toBeLessThanOrEqual(11);
    for (const { at, text } of kept.slice(-9)) {
      const past = await textAt(history, at);
      expect(past.text.replace(/\.+/g, '')).toBe(text.replace(/\.+/g, ''));
      expect(past.complete).toBe(true);
    }
    expect((await textAt(history, kept[2]!.at)).complete).toBe(false);
    const { since } = await history.stateAt(ROOM, clock.now());
    expect(since).toBeGreaterThan(kept[10]!.at);
    // Without a session that builds on it nothing needs it any more.
    clock.advance(30 * DAY);
    await history.prune();
    expect(await history.totals()).toMatchObject({ segments: 0, bytes: 0 });
  });

  test('[SG14] a version that knows no bases reads past them, and nobody’s words are claimed', async () => {
    const clock = new FakeClock(10 * DAY);
    const store = await LevelDocStore.open({ directory: join(await temporaryFolder(), 'store') });
    await oldRoom(store);
    const { hub, history } = await running(store, clock);
    const window = await Window.open(hub, 'laptop');
    await merge(window, clock, store);
    clock.advance(BASE_PATIENCE);
    await merge(window, clock, store);
    let bytes = new Uint8Array();
    for (const { hash } of await history.segmentsAfter('ws', 'space', 0, 100)) {
      const found = (await history.readSegment('ws', hash))!;
      if (decodeSegment(found)?.base) bytes = new Uint8Array(found);
    }
    // The first number is the version: 1 is all that an older program decodes.
    expect(bytes[0]).toBe(2);
    expect(decodeSegment(bytes)).toMatchObject({ base: true, device: '', member: '', clients: [] });
    const signer = await testSigner();
    const { signer: key, signed, signature } = decodeSegment(bytes)!;
    expect(await signer.verify(key, signed, signature)).toBe(true);
    window.close();
  });
});
