// What was taken out of a board and has not left: kept with the edit, gone once it is acknowledged, and read again after a restart.
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import type { Edit, EditRecorder } from '../../shared/hub/edit-recorder.ts';
import { MemoryDocStore } from '../../shared/hub/memory-doc-store.ts';
import { UnsentDeletions } from './unsent-deletions.ts';

const BOARD = 'w/s/board';
const PAGE = 'w/s/page';
const plain: EditRecorder = {
  begin: () => ({ rows: [], settled: () => undefined }),
  ended: () => undefined,
  mayCollect: () => Promise.resolve(true),
};

function desk() {
  const clock = new FakeClock();
  const { values } = new MemoryDocStore();
  const open = async (): Promise<UnsentDeletions> => {
    const unsent = new UnsentDeletions({ values, clock, logger: silentLogger, isBoard: (room) => room === BOARD });
    await unsent.load();
    return unsent;
  };
  const write = async (unsent: UnsentDeletions, room: string, update: Uint8Array, stored = true): Promise<number> => {
    const author = { kind: 'socket', origin: {}, principal: { device: 'd', member: null } } as const;
    const edit: Edit = { update, author, at: clock.now() };
    const batch = unsent.hearing(plain).begin(room, [edit]);
    if (stored) await values.write(batch.rows);
    batch.settled(stored);
    return batch.rows.length;
  };
  return { clock, values, open, write };
}

/** A map with a key, and the update that takes it away again. */
function removal(): { readonly set: Uint8Array; readonly gone: Uint8Array; readonly client: number } {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  doc.getMap('m').set('label', true);
  doc.getMap('m').delete('label');
  return { set: updates[0]!, gone: updates[1]!, client: doc.clientID };
}

test('[B11] what a board lost here waits until it is acknowledged, also over a restart; pages, and what was not stored, are not followed', async () => {
  const { clock, values, open, write } = desk();
  const unsent = await open();
  const { set, gone, client } = removal();
  expect(await write(unsent, BOARD, set)).toBe(0);
  expect(await write(unsent, PAGE, gone)).toBe(0);
  expect(await write(unsent, BOARD, gone, false)).toBe(1);
  expect(unsent.of(BOARD).size).toBe(0);
  await write(unsent, BOARD, gone);
  const said = new Map([[client, [{ start: 0, end: 1 }]]]);
  expect(unsent.of(BOARD)).toEqual(said);
  unsent.settle((room) => room === BOARD);
  clock.advance(5_000);
  await unsent.close();

  const again = await open();
  expect(again.of(BOARD)).toEqual(said);
  again.settle(() => false);
  expect(again.of(BOARD).size).toBe(0);
  await again.close();
  expect((await open()).of(BOARD).size).toBe(0);
  for await (const key of values.keys('unsent')) expect(key).toBe('gone');
});

test('[B11] what was stored a moment ago may not be in the outbox yet: it is looked at again', async () => {
  const { clock, open, write } = desk();
  const unsent = await open();
  await write(unsent, BOARD, removal().gone);
  unsent.settle(() => false);
  expect(unsent.of(BOARD).size).toBe(1);
  clock.advance(1_000);
  expect(unsent.of(BOARD).size).toBe(0);
  await unsent.close();
});
