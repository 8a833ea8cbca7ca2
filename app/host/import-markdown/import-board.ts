// Boards in a folder that is an export: which there are, which ids their cards get, and what each becomes. It writes nothing.
import { AppError } from '../../../shared/base/app-error.ts';
import { saidOf } from '../../../shared/model/board/card-file-commands.ts';
import { changeBoard } from '../../../shared/model/board/copy.ts';
import type { PlainBoard } from '../../../shared/model/board/plain.ts';
import type { NamedPerson } from '../../../shared/model/board/people.ts';
import type { PlainEntries, PlainEntry } from '../../../shared/model/document/plain-maps.ts';
import type { FrontProperties } from '../../../shared/model/markdown/front-properties.ts';
import type { NewBlock } from '../../../shared/model/page/block.ts';
import { BOARD_ENDING, readBoardFile, type BoardFile, type CardInFile } from '../board-file.ts';
import { changeComments } from '../board-people.ts';
import type { NewCardPage } from '../write-cards.ts';
import { textOf, type FileSource } from './file-text.ts';
import { normalisePath } from './folder-tree.ts';
import type { TakenAsset } from './import-assets.ts';
import { importedId, textHash, type ImportSource } from './import-source.ts';
import { membersHere, type Members } from './members-here.ts';

export interface FoundBoard {
  /** Of the Markdown file beside it, which people read and nobody imports. */
  readonly path: string;
  readonly file: BoardFile;
  readonly hash: string;
}

export function isBoardPath(path: string): boolean {
  return path.toLowerCase().endsWith(BOARD_ENDING);
}

/** What can be read, by the path of the Markdown file beside it; the rest is reported, and that file is then a page like any other. */
export async function findBoards(
  sources: Iterable<FileSource>,
  problems: { path: string; reason: string }[],
): Promise<Map<string, FoundBoard>> {
  const boards = new Map<string, FoundBoard>();
  for (const { path: given, read } of sources) {
    const normal = normalisePath(given);
    if (normal === null || normal.split('/').some((part) => part.startsWith('.'))) continue;
    const path = `${normal.slice(0, -BOARD_ENDING.length)}.md`;
    try {
      const text = await textOf(read());
      const reading = readBoardFile(text);
      if (reading.kind === 'refused') problems.push({ path: normal, reason: reading.reason });
      else if (boards.has(path)) problems.push({ path: normal, reason: 'There are two files of this path.' });
      else {
        if (reading.dropped > 0) {
          problems.push({
            path: normal,
            reason: `Parts that cannot be read were left out: ${String(reading.dropped)}.`,
          });
        }
        boards.set(path, { path, file: reading.file, hash: textHash(text) });
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.push({ path: normal, reason: error.message });
    }
  }
  return boards;
}

/** The same for whoever imports the same folder again after a cancel. */
function cardId(board: string, card: string): string {
  return importedId('', '', board, card);
}

/**
 * What ids of the export become here: boards, their cards, and pages that cards lead to.
 * @param idOf of the page of a file, that a relative address leads to from another.
 */
export function idsHere(
  boards: Iterable<readonly [board: FoundBoard, id: string]>,
  idOf: (from: string, address: string) => string | null,
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const [{ path, file }, board] of boards) {
    ids.set(file.id, board);
    for (const card of file.board.cards.keys()) ids.set(card, cardId(board, card));
    for (const [page, address] of file.pages) {
      const id = idOf(path, address);
      if (id !== null) ids.set(page, id);
    }
  }
  return ids;
}

export interface NewBoard {
  readonly id: string;
  readonly title: string;
  readonly properties: FrontProperties;
  readonly source: ImportSource;
  readonly board: PlainBoard;
  readonly parent: string | null;
  readonly order: string;
  readonly archivedAt: number | null;
  readonly cards: readonly CardToBe[];
  /** Made when it is written, one after another. */
  readonly page: (card: CardToBe) => Promise<NewCardPage>;
}

export interface CardToBe {
  /** Its id in the file. */
  readonly card: string;
  readonly title: string;
  readonly held: CardInFile;
}

/**
 * @param read a description's blocks, with the files that it shows.
 * @param take the file at an address, as the board's file says it; null where there is none that can be taken.
 */
export function boardToBe(
  { path, file, hash }: FoundBoard,
  place: Pick<NewBoard, 'id' | 'parent' | 'order' | 'archivedAt'>,
  ids: ReadonlyMap<string, string>,
  members: Members,
  read: (markdown: string) => Promise<readonly NewBlock[]>,
  take: (address: string) => Promise<TakenAsset | null>,
): NewBoard {
  const people = new Map<string, NamedPerson>(file.board.people.map((person) => [person.id, person]));
  // Whom nobody here is keeps the id, and the name that the export gives it.
  const { member, kept } = membersHere(file.members, members);
  for (const [one, name] of kept) if (!people.has(one)) people.set(one, { id: one, name });
  const comments = new Map([...file.cards].map(([card, held]) => [card, changeComments(held, member)]));
  const board = changeBoard({ ...file.board, people: [] }, { ids, member });
  const { owner } = file.properties;
  return {
    ...place,
    title: file.title,
    properties: { ...file.properties, owner: owner === null ? null : ownerHere(member(owner), members) },
    source: { path, hash, page: hash },
    board: { ...board, people: [...people.values()] },
    cards: [...file.cards].map(([card, held]) => ({ card, title: titleOf(file, card), held })),
    page: async ({ card, held }) => ({
      card: ids.get(card) ?? '',
      blocks: held.description === '' ? [] : await read(held.description),
      ...(comments.get(card) ?? { posts: new Map(), reactions: [] }),
      files: await filesHere(comments.get(card)?.files ?? new Map(), take),
    }),
  };
}

/** With the bytes that the export has of them; of the others what was said stays. */
async function filesHere(
  files: PlainEntries,
  take: (address: string) => Promise<TakenAsset | null>,
): Promise<PlainEntries> {
  const here = new Map<string, PlainEntry>();
  for (const [id, { address, ...file }] of files) {
    const taken = typeof address === 'string' ? await take(address) : null;
    here.set(id, taken && taken.blob !== file['blob'] ? { ...file, ...saidOf({ name: '', ...taken }) } : file);
  }
  return here;
}

/** What a card is called in the file. */
export function titleOf({ board }: BoardFile, card: string): string {
  const title = board.cards.get(card)?.['title'] as { readonly $text?: unknown } | string | undefined;
  const line = typeof title === 'object' ? title.$text : title;
  return typeof line === 'string' ? line : '';
}

function ownerHere(owner: string, members: Members): string | null {
  return members.isHere(owner) ? owner : null;
}
