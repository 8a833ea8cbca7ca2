// Whose clocks are this hub's own outlives its process for as long as another hub might hold something else under them.
import { expect, test } from 'vitest';
import { FakeClock } from '../base/clock.ts';
import { MemoryDocStore, MemoryMedium } from './memory-doc-store.ts';
import { OwnClients } from './own-clients.ts';

const [ROOM, WINDOW] = ['team/space/page', 7];

function start(medium: MemoryMedium): { own: OwnClients; word(start: number): Promise<void> } {
  const { values } = new MemoryDocStore(medium);
  const own = new OwnClients(values, new FakeClock(), (error) => expect.unreachable(String(error)));
  /** As it is stored: with the row that it needs, in one batch. */
  const word = async (at: number): Promise<void> => {
    own.note(ROOM, WINDOW, { start: at, end: at + 1 });
    const rows = own.unstored(ROOM);
    await values.write(rows);
    own.stored(ROOM, rows);
  };
  return { own, word };
}

async function known(medium: MemoryMedium): Promise<number | null> {
  const { own } = start(medium);
  await own.load();
  return own.of(ROOM).get(WINDOW)?.from ?? null;
}

// What was confirmed is saved a second later. A word that came in that second, in a room that had been loaded anew, was not among what
// its own clocks were compared with: the row went, and after a restart nobody asked the relay what it had there.
test('[FC4] a word that comes before it is saved that all before it was confirmed is remembered', async () => {
  const medium = new MemoryMedium();
  const { own, word } = start(medium);
  await word(0);
  expect(await known(medium)).toBe(0);
  own.confirmed(ROOM, new Map([[WINDOW, 1]]));
  await word(1);
  await own.close();
  expect(await known(medium)).toBe(1);
  own.confirmed(ROOM, new Map([[WINDOW, 2]]));
  await own.close();
  expect(await known(medium)).toBeNull();
});

test('[FC4] a word that is being written is confirmed by nobody who holds what was before it', async () => {
  const { own, word } = start(new MemoryMedium());
  await word(0);
  own.note(ROOM, WINDOW, { start: 1, end: 3 });
  own.confirmed(ROOM, new Map([[WINDOW, 1]]));
  expect([own.hasUnconfirmed(ROOM), own.of(ROOM).get(WINDOW)?.from]).toEqual([true, 1]);
  own.confirmed(ROOM, new Map([[WINDOW, 3]]));
  expect(own.hasUnconfirmed(ROOM)).toBe(false);
});

test('[FC4] what an earlier run wrote is open until somebody confirms what is there', async () => {
  const medium = new MemoryMedium();
  await start(medium).word(4);
  const { own } = start(medium);
  await own.load();
  expect(own.hasUnconfirmed(ROOM)).toBe(true);
  own.confirmed(ROOM, new Map([[WINDOW, 9]]));
  await own.close();
  expect([own.hasUnconfirmed(ROOM), await known(medium)]).toEqual([false, null]);
});

test('[FC2] from which clock on an id is somebody else’s is remembered over a restart, as long as something before it is open', async () => {
  const medium = new MemoryMedium();
  const { own, word } = start(medium);
  for (const at of [0, 1, 2]) await word(at);
  await own.forget(ROOM, new Map([[WINDOW, 1]]));
  expect(own.of(ROOM).get(WINDOW)).toMatchObject({ from: 0, until: 1 });
  const again = start(medium).own;
  await again.load();
  expect(again.of(ROOM).get(WINDOW)).toMatchObject({ from: 0, until: 1 });
  await again.forget(ROOM, new Map([[WINDOW, 0]]));
  expect([again.of(ROOM).get(WINDOW), await known(medium)]).toEqual([undefined, null]);
});
