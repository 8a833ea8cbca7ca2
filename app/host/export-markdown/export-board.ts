// The files of one board of an export: Markdown for people, a file that holds all of it for an import, and what descriptions show. It places none.
import type { Card } from '../../../shared/model/board/card.ts';
import { readBoard, type Board } from '../../../shared/model/board/read.ts';
import { readCardFiles, type CardBlob } from '../../../shared/model/board/card-files.ts';
import { readPlainFiles } from '../../../shared/model/board/card-page.ts';
import { readPlainBoard, type PlainBoard } from '../../../shared/model/board/plain.ts';
import { readEntries } from '../../../shared/model/document/plain-maps.ts';
import { readRemoval } from '../../../shared/model/document/removal.ts';
import { bodyOf, postsOf, reactionsOf } from '../../../shared/model/document/roots.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { joinFrontMatter } from '../../../shared/model/markdown/front-matter.ts';
import { readBlocks } from '../../../shared/model/page/read.ts';
import { readProperties } from '../../../shared/model/properties/read.ts';
import { readThread } from '../../../shared/model/thread/read.ts';
import { boardFileOf, printBoardFile, type CardInFile } from '../board-file.ts';
import { peopleNamed } from '../board-people.ts';
import { boardBlocks, type CardWords } from '../print-board.ts';
import { relativeUrl } from './export-plan.ts';
import type { ExportedFile, ExportProblem, ExportSource } from './export-source.ts';
import type { PagePrinter } from './print-page.ts';

interface Tools {
  readonly source: ExportSource;
  readonly printer: PagePrinter;
  readonly paths: ReadonlyMap<string, string>;
  /** What links to documents are called; cards of boards are put in. */
  readonly titles: Map<string, string>;
  readonly problems: ExportProblem[];
}

export async function* exportBoard(
  { room, path, cards }: { readonly room: string; readonly path: string; readonly cards: readonly string[] },
  { source, printer, paths, titles, problems }: Tools,
  put: Pick<Extract<ExportedFile, { text: string }>, 'archived'>,
): AsyncGenerator<ExportedFile> {
  const { title, properties, view, board } = await source.documents.read(room, (doc) => ({
    title: readTitle(doc),
    properties: readProperties(doc),
    view: readBoard(doc),
    board: readPlainBoard(doc),
  }));
  if (view.unreadable.length > 0) {
    problems.push({
      path,
      reason: `Parts of the board that this version cannot read were left out: ${String(view.unreadable.length)}.`,
    });
  }
  for (const { id, title: name } of cardsIn(view)) titles.set(id, name || 'Untitled');
  const own = new Map<string, CardInFile>();
  const words = new Map<string, CardWords>();
  for (const cardRoom of cards) {
    const card = cardRoom.slice(cardRoom.lastIndexOf('/') + 1);
    // Of a card that is removed nothing goes out.
    if (!board.cards.has(card)) continue;
    if (source.signal.aborted) return;
    const held = await source.documents.read(cardRoom, (doc) => ({
      blocks: readBlocks(bodyOf(doc)),
      thread: readThread(doc).posts,
      posts: readEntries(postsOf(doc), (map, key) =>
        key === undefined ? readRemoval(map).kind === 'removed' : key === 'removed',
      ),
      reactions: [...reactionsOf(doc).keys()].sort(),
      files: readCardFiles(doc),
      plainFiles: readPlainFiles(doc),
    }));
    yield* printer.assetsOf(held.blocks, cardRoom, path);
    const blobs = held.files.filter((file): file is CardBlob => file.kind === 'file');
    yield* printer.files(blobs, cardRoom, path);
    const blocks = printer.writable(held.blocks, path);
    words.set(card, { blocks, files: held.files, posts: held.thread });
    const description = printer.print(blocks, cardRoom, path);
    if (description === '' && held.posts.size === 0 && held.plainFiles.size === 0) continue;
    const addresses = new Map(blobs.map(({ id, blob }) => [id, printer.addressOf(blob, cardRoom, path)]));
    const files = new Map(
      [...held.plainFiles].map(([id, file]) => {
        const address = addresses.get(id) ?? null;
        return [id, address === null ? file : { ...file, address }] as const;
      }),
    );
    own.set(card, { description, posts: held.posts, reactions: held.reactions, files });
  }
  const { owner, tags, status, reviewBy, reviewMonths, template } = properties;
  const text = printBoardFile({
    id: room.slice(room.lastIndexOf('/') + 1),
    title,
    properties: { owner, tags, status, reviewBy, reviewMonths, template },
    board,
    cards: own,
    members: membersNamed(source, [...peopleNamed(board, own.values()), ...(owner === null ? [] : [owner])]),
    pages: pagesOf(board, path, paths),
  });
  const nameOf = (member: string): string | null => source.names?.memberName(member) ?? null;
  const body = printer.print(boardBlocks(view, words, nameOf), room, path);
  yield { path, text: joinFrontMatter(title, '', body, []), ...put };
  yield { path: boardFileOf(path), text, beside: true };
  await new Promise<void>((resolve) => setImmediate(resolve));
}

function membersNamed({ names }: ExportSource, members: readonly string[]): Map<string, string> {
  return new Map(
    members.flatMap((id) => {
      const name = names?.memberName(id) ?? '';
      return name === '' ? [] : [[id, name] as const];
    }),
  );
}

/** Pages that cards lead to and that are in the same export. */
function pagesOf(board: PlainBoard, path: string, paths: ReadonlyMap<string, string>): Map<string, string> {
  const pages = new Map<string, string>();
  for (const card of board.cards.values()) {
    for (const key of Object.keys(card)) {
      const page = key.startsWith('page/') ? key.slice('page/'.length) : '';
      const to = paths.get(page);
      if (to !== undefined) pages.set(page, relativeUrl(path, to));
    }
  }
  return pages;
}

function cardsIn({ columns, unsorted, restored, archived }: Board): readonly Card[] {
  return [...columns.flatMap((column) => column.cards), ...unsorted, ...restored, ...archived];
}
