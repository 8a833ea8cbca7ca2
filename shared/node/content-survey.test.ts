// Rooms whose rows all pass their checksums and counts, and which nobody can read as they are: verify names them, repair serves what can be read.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { textsOf } from '../../tests/support/filled-store.ts';
import { temporaryFolder } from '../../tests/support/temp-folder.ts';
import { compactUpdates } from '../hub/compaction.ts';
import type { RoomState } from '../hub/doc-store.ts';
import { encodeStateVector } from '../hub/knowledge.ts';
import { LevelDocStore } from './level-doc-store.ts';
import { repairStore } from './store-repair.ts';
import { verifyStore } from './store-verify.ts';

const ROOM = 'ws/space/page';
const OTHER = 'ws/space/another-page';
const NOW = new Date('2026-11-22T10:00:00Z');

/** Somebody's updates, one for each word behind what is there. */
function typed(client: number, words: readonly string[], before: readonly Uint8Array[] = []): readonly Uint8Array[] {
  const doc = new Y.Doc();
  doc.clientID = client;
  for (const update of before) Y.applyUpdate(doc, update);
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const word of words) doc.getText('body').insert(doc.getText('body').length, word);
  return updates;
}

function merged(updates: readonly Uint8Array[]): RoomState {
  const compaction = compactUpdates(updates, Y.encodeStateVectorFromUpdate(Y.mergeUpdates([...updates])));
  if (compaction.kind !== 'merged') throw new Error(compaction.kind);
  return compaction.state;
}

async function stored(fill: (store: LevelDocStore) => Promise<unknown>): Promise<string> {
  const directory = join(await temporaryFolder(), 'store');
  const store = await LevelDocStore.open({ directory });
  for (const update of typed(9, ['all ', 'is ', 'well '])) await store.append(OTHER, update);
  await fill(store);
  await store.close();
  return directory;
}

const appendAll = async (store: LevelDocStore, updates: readonly Uint8Array[]): Promise<void> => {
  for (const update of updates) await store.append(ROOM, update);
};

const ANA = typed(1, ['one ', 'two ', 'three ', 'four ']);
const BO = typed(2, ['five '], ANA);

interface Damage {
  readonly fill: (store: LevelDocStore) => Promise<unknown>;
  readonly found: RegExp;
  readonly text: string;
  readonly setAside: number;
}

const WAITING = /updates build on something that is missing, or cannot be read/;
const UNSOUND = /its merged state cannot be read, or does not hold what it says/;

const DAMAGES: readonly (readonly [string, Damage])[] = [
  [
    'an update missing in the middle of what one wrote',
    {
      fill: (store) => appendAll(store, ANA.toSpliced(1, 1)),
      found: WAITING,
      text: 'one ',
      setAside: 2,
    },
  ],
  [
    'words behind somebody’s that are missing',
    {
      // Nobody's clocks have a hole: what Bo wrote stands behind a word of Ana's that is gone.
      fill: async (store) => {
        await appendAll(store, ANA.slice(0, 2));
        await store.compact(ROOM, 2, merged(ANA.slice(0, 2)));
        await appendAll(store, BO);
      },
      found: WAITING,
      text: 'one two ',
      setAside: 1,
    },
  ],
  [
    'an update that is none',
    {
      fill: (store) => appendAll(store, [...ANA, Uint8Array.of(1, 2, 3)]),
      found: WAITING,
      text: 'one two three four ',
      setAside: 1,
    },
  ],
  [
    'a merged state that claims more than it holds',
    {
      fill: async (store) => {
        await appendAll(store, ANA);
        const state = merged(ANA);
        await store.compact(ROOM, 4, { ...state, stateVector: encodeStateVector(new Map([[1, 1_000]])) });
      },
      found: UNSOUND,
      text: 'one two three four ',
      setAside: 0,
    },
  ],
  [
    'a merged state that is no update',
    {
      fill: async (store) => {
        await appendAll(store, ANA.slice(0, 2));
        await store.compact(ROOM, 2, { ...merged(ANA.slice(0, 2)), update: Uint8Array.of(1, 2, 3) });
        await appendAll(store, typed(3, ['apart '])); // Builds on nothing that is lost.
      },
      found: UNSOUND,
      text: 'apart ',
      setAside: 1,
    },
  ],
];

test.each(DAMAGES)('[UP2][UP4] %s is found, and what can be read is served after a repair', async (_what, damage) => {
  const { fill, found, text, setAside } = damage;
  const directory = await stored(fill);
  const { problems } = await verifyStore(directory);
  expect(problems).toEqual([{ kind: 'room', room: ROOM, what: expect.stringMatching(found) as string }]);
  const report = await repairStore(directory, NOW);
  expect(report.losses).toMatchObject([{ room: ROOM, kind: 'incomplete', setAside }]);
  expect(report.store).toMatchObject({ problems: [], rooms: 2, setAside });
  expect(await textsOf(directory)).toEqual(
    new Map([
      [OTHER, 'all is well '],
      [ROOM, text],
    ]),
  );
  // The original is there, whole, to be read again by whoever knows more.
  expect((await verifyStore(report.original!)).problems).toEqual(problems);
});

test('[UP4] what a repair set aside is in its place again once the missing words have come', async () => {
  const directory = await stored((store) => appendAll(store, ANA.toSpliced(1, 1)));
  await repairStore(directory, NOW);
  const store = await LevelDocStore.open({ directory });
  await store.append(ROOM, ANA[1]!);
  await store.close();
  expect((await repairStore(directory, new Date(NOW.getTime() + 1_000))).losses).toEqual([]);
  expect((await textsOf(directory)).get(ROOM)).toBe('one two three four ');
  expect(await verifyStore(directory)).toMatchObject({ problems: [], setAside: 0 });
});
