// The text that updates brought, in pieces as they were typed; what became of it later does not matter here.
import * as Y from 'yjs';
import { LIMITS } from '../../protocol/limits.ts';
import { countItems } from '../update-skim.ts';

/** Pieces of text, in the order of the updates; what one client typed on end is one piece, however many updates brought it. */
export function typedText(updates: Iterable<Uint8Array>): readonly string[] {
  const pieces: { text: string }[] = [];
  const going = new Map<number, { readonly piece: { text: string }; readonly end: number }>();
  for (const update of updates) {
    for (const item of stringsOf(update)) {
      const { client, clock } = item.id;
      const before = going.get(client);
      const goesOn = before?.end === clock && item.origin?.client === client && item.origin.clock === clock - 1;
      const piece = goesOn ? before.piece : { text: '' };
      if (!goesOn) pieces.push(piece);
      piece.text += item.content.str;
      going.set(client, { piece, end: clock + item.length });
    }
  }
  return pieces.map(({ text }) => text);
}

/** Runs of letters and digits. A language without spaces counts a run as one. */
export function countWords(pieces: readonly string[]): number {
  return pieces.reduce((sum, piece) => sum + (piece.match(/[\p{L}\p{N}]+/gu)?.length ?? 0), 0);
}

function stringsOf(update: Uint8Array): (Y.Item & { content: Y.ContentString })[] {
  const items = countItems(update, LIMITS.items);
  if (items === null || items === Infinity) return [];
  try {
    return Y.decodeUpdate(update).structs.filter(
      (struct): struct is Y.Item & { content: Y.ContentString } =>
        struct instanceof Y.Item && struct.content instanceof Y.ContentString,
    );
  } catch {
    // A segment of another hub may hold anything; what cannot be read brought no text.
    return [];
  }
}
