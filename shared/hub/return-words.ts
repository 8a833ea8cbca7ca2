// Puts a passage that was set aside back into its document, in its place, under ids that nobody else has. It asks nobody.
import { AppError } from '../base/app-error.ts';
import type { ApplyOutcome, Principal, RoomSource } from '../link/room-source.ts';
import { DeleteSet } from './delete-set.ts';
import { decodeStateVector } from './knowledge.ts';
import type { SetAside } from './set-aside.ts';
import { readStructs, writeUpdate } from './struct-lists.ts';

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
  const passage = aside.get(id);
  if (!passage) throw new AppError('not-found', 'These words are not kept aside any more. Nothing was changed.');
  const opened = await source.open(passage.room, principal);
  if (opened.kind === 'refused') throw notNow(opened.reason);
  try {
    const { room } = opened;
    const clocks = decodeStateVector(room.stateVector());
    const { structs, deletes } = readStructs([passage.update]);
    const all = new DeleteSet();
    for (const [client, ranges] of deletes.clients) all.add(client, ranges);
    for (const [client, { cut }] of passage.moved) {
      all.add(client, [{ start: cut, end: clocks?.get(client) ?? 0 }]);
    }
    settle(await room.apply(writeUpdate(structs, all), passage, 'command'));
  } finally {
    opened.room.dispose();
  }
  await aside.settle(id, 'returned');
}

function settle(outcome: ApplyOutcome): void {
  switch (outcome.kind) {
    case 'stored':
    case 'unchanged':
    case 'aside':
      return;
    case 'gap':
      throw new AppError(
        'bad-input',
        'What these words stood in has not arrived here. Nothing was changed; copy them, or try again when it is here.',
      );
    case 'refused':
    case 'failed':
      throw notNow(outcome.reason);
  }
}

function notNow(reason: string): AppError {
  return new AppError('not-allowed', `${reason} Nothing was changed; the words are still kept aside.`);
}
