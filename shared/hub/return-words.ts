// Puts a passage that was set aside back into its document, in its place, under ids that nobody else has. It asks nobody.
import { AppError } from '../base/app-error.ts';
import type { ApplyOutcome, Principal, RoomHandle, RoomSource } from '../link/room-source.ts';
import { builtStructs } from './built-structs.ts';
import { DeleteSet } from './delete-set.ts';
import { joinedWords, readWords } from './joined-words.ts';
import { decodeStateVector, encodeStateVector } from './knowledge.ts';
import { cutOf, joinedMoves, reachingTo, type Moved } from './moved-clocks.ts';
import { placedWords } from './placed-words.ts';
import type { AsidePassage, SetAside } from './set-aside.ts';
import { firstDifference } from './struct-difference.ts';
import { readStructs, writeUpdate, type StructLists } from './struct-lists.ts';
import { closeOver, split } from './transplant.ts';

/**
 * Resolves once the words are durable in the room; done twice, the second time changes nothing. What stands under the clocks that
 * they were typed under is deleted with it: it is somebody else's, or a second copy. Throws AppError; then nothing was changed.
 */
export async function returnWords(
  source: Pick<RoomSource, 'open'>,
  aside: SetAside,
  id: string,
  principal: Principal,
): Promise<void> {
  const kept = aside.get(id);
  if (!kept) throw new AppError('not-found', 'These words are not kept aside any more. Nothing was changed.');
  const opened = await source.open(kept.room, principal);
  if (opened.kind === 'refused') throw notNow(opened.reason);
  try {
    // Words that follow them while they are being stored are put back as well: settled unseen they would be nowhere.
    for (let done = false; !done;) done = await putBack(opened.room, aside, id);
  } finally {
    opened.room.dispose();
  }
}

/** Resolves with false when more words joined the passage meanwhile. */
async function putBack(room: RoomHandle, aside: SetAside, id: string): Promise<boolean> {
  const kept = aside.get(id);
  if (!kept) return true;
  const there = readStructs([room.diff(encodeStateVector(new Map()))]);
  const passage = await clearOf(there.structs, kept, aside);
  const { structs, deletes } = readStructs([passage.update]);
  const placed = placedWords(structs, builtStructs(there), aside.allMoved(passage.room));
  if (!placed) throw noPlace();
  settle(await room.apply(writeUpdate(placed, underOld(room, passage, deletes)), passage, 'command'));
  if (aside.get(id)?.update !== passage.update) return false;
  await aside.settle(id, 'returned');
  // What came while it was being stored; what comes from now on is seen to when it comes.
  await room.apply(writeUpdate(new Map(), underOld(room, passage, new DeleteSet())), passage, 'command');
  return true;
}

/**
 * The passage under ids that are still its own: words that were put back once are known to everybody, and what follows them late
 * may find its clocks taken in turn.
 */
async function clearOf(room: StructLists, passage: AsidePassage, aside: SetAside): Promise<AsidePassage> {
  const words = readWords(passage.update);
  const cut = new Map<number, number>();
  for (const client of words.structs.keys()) {
    const at = firstDifference(client, words.structs, room, words.deletes, 'deleted');
    const first = Math.min(at ?? Infinity, cutOf(passage.moved, client));
    if (first < Infinity) cut.set(client, first);
  }
  if (cut.size === 0) return passage;
  const moved = new Map<number, readonly Moved[]>();
  for (const [client, at] of closeOver(words.structs, cut)) {
    moved.set(client, reachingTo(passage.moved.get(client) ?? [], at, aside.freshClient));
  }
  const { kept, taken } = split(words, moved);
  const update = taken ? joinedWords(kept, taken) : kept;
  return aside.renew({ ...passage, moved: joinedMoves([passage.moved, moved]), update });
}

/** The deletions with what stands under the clocks that the words were typed under. */
function underOld(room: RoomHandle, { moved }: AsidePassage, deletes: DeleteSet): DeleteSet {
  const clocks = decodeStateVector(room.stateVector());
  const all = new DeleteSet();
  for (const [client, ranges] of deletes.clients) all.add(client, ranges);
  for (const client of moved.keys()) {
    all.add(client, [{ start: cutOf(moved, client), end: clocks?.get(client) ?? 0 }]);
  }
  return all;
}

function settle(outcome: ApplyOutcome): void {
  switch (outcome.kind) {
    case 'stored':
    case 'unchanged':
    case 'aside':
      return;
    case 'gap':
      throw noPlace();
    case 'refused':
    case 'failed':
      throw notNow(outcome.reason);
  }
}

function noPlace(): AppError {
  return new AppError(
    'bad-input',
    'What these words stood in is not here: it has not arrived, was deleted, or went aside as well. Nothing was changed. Insert other words of this document again first, or copy these.',
  );
}

function notNow(reason: string): AppError {
  return new AppError('not-allowed', `${reason} Nothing was changed; the words are still kept aside.`);
}
