// A board of thousands of cards in a member's data folder, the same at every run: written as stored bytes, with a document for one card in ten.
import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import { openCardPage } from '../../shared/model/board/card-page.ts';
import { writePlainBoard } from '../../shared/model/board/plain.ts';
import { createDocument } from '../../shared/model/document/commands.ts';
import type { PlainEntry } from '../../shared/model/document/plain-maps.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { addPost } from '../../shared/model/thread/commands.ts';

export const LARGE_BOARD = { title: 'Large board', page: 'A page beside it', columns: 12, labels: 12 } as const;
const WORDS = 'antenna array beam calibrate dish elevation feed gain horizon index joint kelvin lobe mast noise'.split(
  ' ',
);
const HUES = ['clay', 'sand', 'moss', 'sky', 'plum', 'slate'];
const DAY = 86_400_000;

export interface LargeBoardDocument {
  readonly id: string;
  readonly update: Uint8Array;
}

const id = (what: string): string => createHash('sha256').update(what).digest('hex').slice(0, 32);
const word = (at: number): string => WORDS[at % WORDS.length] ?? '';
const key = (at: number): string => `a${at.toString(36).padStart(4, '0')}V`;

export const largeCardTitle = (number: number): string =>
  `Card ${String(number).padStart(4, '0')} ${word(number)} ${word(number * 7 + 3)} ${word(number * 5 + 1)}`;

/** The board first, then what its cards hold, then a page that stands before it. `inFirst` of the cards stand in the first column, the others are spread over the rest. @param now of the dates that cards are due at */
export function largeBoard(member: string, cards: number, inFirst: number, now: number): LargeBoardDocument[] {
  const board = id('board');
  const columnOf = (number: number): number => (number < inFirst ? 0 : 1 + (number % (LARGE_BOARD.columns - 1)));
  const numbers = Array.from({ length: cards }, (_, number) => number);
  const doc = new Y.Doc();
  doc.clientID = 7;
  doc.transact(() => {
    createDocument(doc, {
      kind: 'board',
      title: LARGE_BOARD.title,
      createdBy: member,
      createdAt: now - 90 * DAY,
      parent: null,
      order: 'a0V',
    });
    writePlainBoard(doc, {
      columns: entries(LARGE_BOARD.columns, 'column', (at) => ({ name: { $text: `Column ${String(at)}` } })),
      labels: entries(LARGE_BOARD.labels, 'label', (at) => ({ name: { $text: word(at) }, colour: HUES[at % 6] })),
      fields: new Map(),
      views: new Map(),
      cards: new Map(numbers.map((number) => [id(`card ${String(number)}`), card(number, member, columnOf, now)])),
      people: Array.from({ length: 20 }, (_, at) => ({ id: id(`person ${String(at)}`), name: `Person ${String(at)}` })),
    });
  });
  const own = numbers
    .filter((number) => number % 10 === 0)
    .map((number) => ({ id: id(`card ${String(number)}`), update: cardPage(number, board, member, now) }));
  const page = new Y.Doc();
  createDocument(page, {
    kind: 'page',
    title: LARGE_BOARD.page,
    createdBy: member,
    createdAt: now,
    parent: null,
    order: 'a0',
  });
  return [
    { id: board, update: Y.encodeStateAsUpdate(doc) },
    ...own,
    { id: id('page'), update: Y.encodeStateAsUpdate(page) },
  ];
}

function entries(count: number, what: string, of: (at: number) => PlainEntry): Map<string, PlainEntry> {
  return new Map(
    Array.from({ length: count }, (_, at) => [id(`${what} ${String(at)}`), { ...of(at), order: key(at) }] as const),
  );
}

function card(number: number, member: string, columnOf: (number: number) => number, now: number): PlainEntry {
  const person = number % 3 === 0 ? member : id(`person ${String(number % 20)}`);
  const items = number % 4 === 0 ? 5 : 0;
  const list = `${String(number)}-list`;
  return {
    title: { $text: largeCardTitle(number) },
    column: id(`column ${String(columnOf(number))}`),
    order: key(number),
    createdBy: member,
    createdAt: now - (number % 90) * DAY,
    ...(number % 2 === 0 ? { [`label/${id(`label ${String(number % LARGE_BOARD.labels)}`)}`]: 'a0' } : {}),
    ...(number % 2 === 0 ? { [`member/${person}`]: 'a0' } : {}),
    ...(number % 5 === 0 ? { due: now + ((number % 60) - 30) * DAY } : {}),
    ...(items > 0 ? { [`list/${list}`]: { $map: { name: { $text: 'Before' }, order: 'a0' } } } : {}),
    ...Object.fromEntries(
      Array.from({ length: items }, (_, at) => [
        `item/${String(number)}-${String(at)}`,
        {
          $map: {
            checklist: list,
            text: { $text: `${word(number + at)} first` },
            order: key(at),
            checked: at % 2 === 0,
          },
        },
      ]),
    ),
  };
}

function cardPage(number: number, board: string, member: string, now: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1_000 + number;
  doc.transact(() => {
    openCardPage(doc, board, { by: member, at: now });
    const text = Array.from({ length: 40 }, (_, at) => word(number + at)).join(' ');
    appendBlocks(bodyOf(doc), [
      { type: 'text', id: `b${String(number)}`, kind: 'paragraph', content: [{ type: 'text', text, marks: {} }] },
    ]);
    addPost(doc, { author: member, device: 'made', text: `About ${word(number)}`, at: now });
  });
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}
