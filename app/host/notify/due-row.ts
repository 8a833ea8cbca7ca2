// One row of the due projection: the cards of a board that are due and not complete, as a reminder needs them. It knows nothing of who asks.
import type * as Y from 'yjs';
import { z } from 'zod';
import { readBoard } from '../../../shared/model/board/read.ts';
import { readMeta } from '../../../shared/model/document/meta.ts';
import { readMovedTo } from '../../../shared/model/document/moved.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';

/** Rows of another version are thrown away and read again from the documents. */
export const DUE_VERSION = 1;

export const dueRow = z.object({
  room: z.string(),
  cards: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      column: z.string().nullable(),
      /** A time (ms), or a day. */
      due: z.union([z.number(), z.string()]),
      members: z.array(z.string()),
    }),
  ),
});
export type DueRow = Readonly<z.output<typeof dueRow>>;
export type DueCard = DueRow['cards'][number];

/** The row of a board, or null where nothing on it is due: put away, moved, or another kind. Total. */
export function readDueRow(room: string, doc: Y.Doc): DueRow | null {
  const meta = readMeta(doc);
  if (meta?.kind !== 'board' || meta.archivedAt !== null) return null;
  if (readMovedTo(doc, parseRoomName(room)?.space ?? '') !== null) return null;
  const board = readBoard(doc);
  const listed = [...board.columns.flatMap(({ cards }) => cards), ...board.unsorted, ...board.restored];
  const cards = listed.flatMap(({ id, title, column, due, members, completed }) =>
    due === null || completed ? [] : [{ id, title, column, due, members: [...members] }],
  );
  return cards.length === 0 ? null : { room, cards };
}
