// The row of one document for one member: every way in which it calls on them. Total; which kind says what is in the files beside it.
import type * as Y from 'yjs';
import { readMeta } from '../../../shared/model/document/meta.ts';
import { readMovedTo } from '../../../shared/model/document/moved.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { callsOnBoard } from './board-calls.ts';
import { boundedCalls, type Call, type CallRow } from './call-row.ts';
import { mentionsInBody, type Asking } from './page-calls.ts';
import { callsInComments, callsInThread, callsOnCard } from './post-calls.ts';

/** Null where it calls on nobody, is put away, or moved to another space. */
export function readCallRow(room: string, doc: Y.Doc, asking: Asking): CallRow | null {
  const meta = readMeta(doc);
  const address = parseRoomName(room);
  if (!meta || !address || meta.archivedAt !== null || readMovedTo(doc, address.space) !== null) return null;
  const { kind, parent, createdAt, createdBy } = meta;
  if (kind !== 'page' && kind !== 'board' && kind !== 'card' && kind !== 'thread') return null;
  const { document } = address;
  const { me } = asking;
  const read: Readonly<Record<typeof kind, () => readonly Call[]>> = {
    page: () => [...mentionsInBody(doc, document, createdAt, asking), ...callsInComments(doc, document, me)],
    card: () => [
      ...mentionsInBody(doc, document, createdAt, asking),
      ...callsInComments(doc, document, me),
      ...callsOnCard(doc, document, me),
    ],
    thread: () => callsInThread(doc, document, createdBy, me),
    board: () => callsOnBoard(doc, me),
  };
  const calls = boundedCalls(read[kind]());
  return calls.length === 0 ? null : { room, me, kind, title: readTitle(doc), parent, createdAt, calls };
}
