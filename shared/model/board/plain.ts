// A whole board as plain data and back: for copies of boards and for files. It knows entries and keys; what they mean, readBoard() says.
import type * as Y from 'yjs';
import { readRemoval } from '../document/removal.ts';
import { cardsOf, columnsOf, fieldsOf, labelsOf, viewsOf } from '../document/roots.ts';
import {
  readEntries,
  readEntry,
  writeEntries,
  type IsLeft,
  type PlainEntries,
  type PlainEntry,
} from '../document/plain-maps.ts';
import { isOfPlace, mapsOfCards, shownOf } from './whereabouts.ts';
import { readPeople, writePeople, type NamedPerson } from './people.ts';

export const BOARD_PARTS = ['columns', 'labels', 'fields', 'cards', 'views'] as const;
export type BoardPart = (typeof BOARD_PARTS)[number];

export interface PlainBoard extends Readonly<Record<BoardPart, PlainEntries>> {
  readonly people: readonly NamedPerson[];
}

const ROOTS: Readonly<Record<BoardPart, (doc: Y.Doc) => Y.Map<unknown>>> = {
  columns: columnsOf,
  labels: labelsOf,
  fields: fieldsOf,
  cards: cardsOf,
  views: viewsOf,
};

/** What says something of the document alone: a removal names clocks, and where a card was is told of it there. */
export const isOfThisDocument: IsLeft = (map, key) =>
  key === undefined ? readRemoval(map).kind === 'removed' : key === 'removed' || isOfPlace(key);

/** What shows, and what was put into the archive. What is removed stays behind; what came back is there for good. */
export function readPlainBoard(doc: Y.Doc): PlainBoard {
  const part = (name: BoardPart): PlainEntries => readEntries(ROOTS[name](doc), isOfThisDocument);
  return {
    columns: part('columns'),
    labels: part('labels'),
    fields: part('fields'),
    cards: cardsOn(doc),
    views: part('views'),
    people: readPeople(doc),
  };
}

/** Into a document that has no board yet, in one transaction. */
export function writePlainBoard(doc: Y.Doc, board: PlainBoard, origin: unknown = null): void {
  doc.transact(() => {
    for (const name of BOARD_PARTS) writeEntries(ROOTS[name](doc), board[name]);
    writePeople(doc, board.people);
  }, origin);
}

/** Each by its id, whatever key its map has here. */
function cardsOn(doc: Y.Doc): PlainEntries {
  const found = new Map<string, PlainEntry>();
  for (const [id, maps] of mapsOfCards(cardsOf(doc))) {
    const shown = shownOf(maps)?.stored;
    if (shown && !isOfThisDocument(shown)) found.set(id, readEntry(shown, isOfThisDocument));
  }
  return found;
}
