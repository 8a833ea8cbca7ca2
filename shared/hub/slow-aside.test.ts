// A room whose words are being set aside is not unloaded: what is written after that goes through the one writer that the room has.
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { bring, clockOf, emptied, guardedHub, ROOM, textAt, Window } from '../../tests/support/guarded-hub.ts';
import { NOBODY } from '../../tests/support/linked-hubs.ts';
import { FakeClock } from '../base/clock.ts';
import { HUB_LIMITS } from './hub-limits.ts';
import { MemoryDocStore } from './memory-doc-store.ts';

/**
 * The words went to a slow disk, their window left, the room counted as idle and was unloaded; what the same message brought beside
 * them was then written by a room that another one had taken the place of.
 */
test('[FC3] a room waits for words that are being set aside, however slow the disk is, before it is loaded anew', async () => {
  const clock = new FakeClock();
  const store = new MemoryDocStore();
  const { hub, guard } = await guardedHub(undefined, { clock, store });
  const window = await Window.open(hub);
  await window.type('ab');
  // Typed before the window hears that somebody else took its clocks.
  const typing = new Y.Doc();
  Y.applyUpdate(typing, Y.encodeStateAsUpdate(window.doc));
  typing.clientID = window.doc.clientID;
  await bring(hub, emptied(typing.clientID, clockOf(typing), 5), true);
  let update: Uint8Array = Uint8Array.of();
  typing.on('update', (made: Uint8Array) => (update = made));
  typing.transact(() => {
    typing.getText('body').delete(0, 1);
    typing.getText('body').insert(1, 'cd');
  });
  let release = (): void => undefined;
  const slow = new Promise<void>((resolve) => (release = resolve));
  let keeping = false;
  const write = store.values.write.bind(store.values);
  store.values.write = async (writes) => {
    if (writes.some(({ area }) => area === 'aside')) {
      keeping = true;
      await slow;
    }
    return write(writes);
  };
  const outcome = window.room.apply(update, window.origin, 'socket');
  expect(keeping).toBe(true);
  window.room.dispose();
  clock.advance(HUB_LIMITS.linger);
  let loaded = false;
  const opening = hub.open(ROOM, NOBODY).then((opened) => {
    loaded = true;
    if (opened.kind === 'open') opened.room.dispose();
  });
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(loaded).toBe(false);
  release();
  expect(await outcome).toEqual({ kind: 'aside' });
  await opening;
  expect(loaded).toBe(true);
  expect(guard.aside.open('team').map(({ text }) => text)).toEqual(['cd']);
  expect(await textAt(hub)).toBe('b');
});
