// Who put a member on a card, and when (docs/documents.md, BD8): said beside the member, so that they can be told. Total.
import type * as Y from 'yjs';
import { readDoing } from '../thread/facts.ts';
import type { Doing } from './stored.ts';

export const ASSIGNED = 'assigned/';

/** Null where nothing says it: versions before that wrote none, nor do imports. */
export function readAssigned(card: Y.Map<unknown>, member: string): Doing | null {
  return readDoing(card.get(ASSIGNED + member));
}

/** The caller owns the transaction. @param doing null: nothing is said, nor any more. */
export function sayAssigned(card: Y.Map<unknown>, member: string, doing: Doing | null): void {
  if (doing) card.set(ASSIGNED + member, { by: doing.by, at: doing.at });
  else if (card.has(ASSIGNED + member)) card.delete(ASSIGNED + member);
}
