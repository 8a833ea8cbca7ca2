// A board as a file that holds all of it (docs/documents.md, BD21): what an export writes and an import reads. Reading is total; what is not of the form is counted and left.
import { isDocumentId } from '../../shared/model/document/meta.ts';
import { isPlainEntry, type PlainEntries, type PlainEntry } from '../../shared/model/document/plain-maps.ts';
import { BOARD_PARTS, type BoardPart, type PlainBoard } from '../../shared/model/board/plain.ts';
import type { FrontProperties } from '../../shared/model/markdown/front-properties.ts';
import { at, entriesIn, isObject, isText, lineOf, MOST, propertiesIn } from './plain-file.ts';

/** What a card's own document holds. */
export interface CardInFile {
  /** Markdown; links are relative to the file. */
  readonly description: string;
  readonly posts: PlainEntries;
  /** `<post>/<member>/<emoji>` */
  readonly reactions: readonly string[];
  /** What is attached, as it is stored; `address`: where its bytes are in the same export, relative to the file. */
  readonly files: PlainEntries;
}

export interface BoardFile {
  /** Ids are those that everything had where it was exported. */
  readonly id: string;
  readonly title: string;
  readonly properties: FrontProperties;
  readonly board: PlainBoard;
  readonly cards: ReadonlyMap<string, CardInFile>;
  /** What the members are called whom it names. */
  readonly members: ReadonlyMap<string, string>;
  /** Where pages that cards lead to are in the same export, as relative addresses. */
  readonly pages: ReadonlyMap<string, string>;
}

export const BOARD_ENDING = '.board.json';
const FORMAT = 'caravan-board';
const VERSION = 1;

/** Beside the Markdown file that people read. */
export function boardFileOf(markdown: string): string {
  return markdown.replace(/\.md$/, BOARD_ENDING);
}

export function printBoardFile(file: BoardFile): string {
  const { board, cards, members, pages, ...rest } = file;
  const parts = Object.fromEntries(BOARD_PARTS.map((part) => [part, Object.fromEntries(board[part])]));
  const own = [...cards].map(
    ([id, { posts, files, ...card }]) =>
      [
        id,
        {
          ...card,
          posts: Object.fromEntries(posts),
          ...(files.size === 0 ? {} : { files: Object.fromEntries(files) }),
        },
      ] as const,
  );
  const written = {
    format: FORMAT,
    version: VERSION,
    ...rest,
    ...parts,
    people: Object.fromEntries(board.people.map(({ id, name }) => [id, name])),
    own: Object.fromEntries(own),
    members: Object.fromEntries(members),
    pages: Object.fromEntries(pages),
  };
  return `${JSON.stringify(written, null, 1)}\n`;
}

export type BoardReading =
  | { readonly kind: 'board'; readonly file: BoardFile; readonly dropped: number }
  /** A sentence for a report. */
  | { readonly kind: 'refused'; readonly reason: string };

export function readBoardFile(text: string): BoardReading {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return { kind: 'refused', reason: 'This is no board: the file is not JSON.' };
  }
  if (at(said, 'format') !== FORMAT) return { kind: 'refused', reason: 'This is no board of an export.' };
  const version = at(said, 'version');
  if (version !== VERSION) {
    return {
      kind: 'refused',
      reason: 'This board was exported by a newer version. Update Caravan, and import it again.',
    };
  }
  const id = at(said, 'id');
  if (!isDocumentId(id)) return { kind: 'refused', reason: 'This board has no id.' };
  let dropped = 0;
  const drop = (): void => {
    dropped += 1;
  };
  const parts = Object.fromEntries(
    BOARD_PARTS.map((part) => [part, new Map(entriesIn(at(said, part), isPlainEntry, drop))]),
  ) as unknown as Record<BoardPart, Map<string, PlainEntry>>;
  const lines = (key: string): [string, string][] =>
    entriesIn(at(said, key), isText, drop).map(([one, line]) => [one, line]);
  const board = { ...parts, people: lines('people').map(([one, name]) => ({ id: one, name: lineOf(name) })) };
  const cards = new Map<string, CardInFile>();
  for (const [card, own] of entriesIn(at(said, 'own'), isObject, drop)) {
    if (!board.cards.has(card)) drop();
    else cards.set(card, cardIn(own, drop));
  }
  const file = {
    id,
    title: lineOf(at(said, 'title')),
    properties: propertiesIn(at(said, 'properties')),
    board,
    cards,
    members: new Map(lines('members').map(([one, name]) => [one, lineOf(name)])),
    pages: new Map(lines('pages')),
  };
  return { kind: 'board', file, dropped };
}

function cardIn(own: Readonly<Record<string, unknown>>, drop: () => void): CardInFile {
  const description = at(own, 'description');
  const reactions = at(own, 'reactions');
  if (description !== undefined && !isText(description)) drop();
  return {
    description: isText(description) ? description : '',
    posts: new Map(entriesIn(at(own, 'posts'), isPlainEntry, drop)),
    files: new Map(entriesIn(at(own, 'files'), isPlainEntry, drop)),
    reactions: Array.isArray(reactions) ? (reactions as unknown[]).slice(0, MOST).filter(isReaction) : [],
  };
}

function isReaction(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 300 && value.split('/').length === 3;
}
