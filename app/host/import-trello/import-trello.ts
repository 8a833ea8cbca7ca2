// A Trello board written into a space: what its cards hold first, then the board in one transaction, so that it is there whole or not at all.
import type * as Y from 'yjs';
import { AppError } from '../../../shared/base/app-error.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import { openCardPage } from '../../../shared/model/board/card-page.ts';
import { writePlainBoard } from '../../../shared/model/board/plain.ts';
import type { Doing } from '../../../shared/model/board/stored.ts';
import { createDocument } from '../../../shared/model/document/commands.ts';
import { writeEntries, type PlainEntry } from '../../../shared/model/document/plain-maps.ts';
import { markRemoved } from '../../../shared/model/document/removal.ts';
import { bodyOf, columnsOf, postsOf } from '../../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../../shared/model/markdown/parse-markdown.ts';
import { writeBlocks } from '../../../shared/model/page/write.ts';
import type { RoomDocuments } from '../room-documents.ts';
import { boardOfTrello, type CardContent } from './board-of-trello.ts';
import type { TrelloPlan } from './trello-plan.ts';

export interface TrelloTask {
  readonly plan: TrelloPlan;
  /** The members here whom people of the export are, by the export's ids. */
  readonly members: ReadonlyMap<string, string>;
  readonly documents: Pick<RoomDocuments, 'edit'>;
  /** `<workspace>/<space>/` */
  readonly prefix: string;
  readonly place: { readonly parent: string | null; readonly order: string };
  readonly doing: Doing;
  /** Of this computer: comments are put here by it. */
  readonly device: string;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, message: string) => void;
}

/** Written at once: the disk takes what comes together in one go. */
const TOGETHER = 16;

/** Answers the ids of what was written. Rejects with `cancelled` before the board is there; then nothing shows of it. */
export async function importTrello(
  task: TrelloTask,
): Promise<{ readonly board: string; readonly description: string | null; readonly problems: string[] }> {
  const { plan, documents, prefix, doing, place, signal } = task;
  const board = randomId();
  const made = boardOfTrello(plan, task);
  const problems: string[] = [];
  const titles = new Map([...made.board.cards].map(([id, card]) => [id, titleOf(card)]));
  for (let at = 0; at < made.contents.length; at += TOGETHER) {
    if (signal.aborted) throw new AppError('cancelled', 'The import was cancelled. No board was made.');
    task.onProgress(at, made.contents.length + 1, plan.title);
    await Promise.all(
      made.contents.slice(at, at + TOGETHER).map(async (content) => {
        try {
          await writeContent(task, board, content);
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'too-large') throw error;
          problems.push(
            `${titles.get(content.card) ?? ''}: its description and comments are too large for one document.`,
          );
        }
      }),
    );
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  if (signal.aborted) throw new AppError('cancelled', 'The import was cancelled. No board was made.');
  await documents.edit(prefix + board, (doc) =>
    doc.transact(() => {
      createDocument(doc, { kind: 'board', title: plan.title, createdBy: doing.by, createdAt: doing.at, ...place });
      writePlainBoard(doc, made.board);
      for (const id of made.removedColumns) {
        const column = columnsOf(doc).get(id);
        if (column !== undefined) markRemoved(column as Y.Map<unknown>, doing.at, doing.by);
      }
    }),
  );
  const description = plan.description.trim() === '' ? null : await writeDescription(task, board);
  task.onProgress(made.contents.length + 1, made.contents.length + 1, '');
  return { board, description, problems };
}

async function writeContent(
  { documents, prefix, doing, device }: TrelloTask,
  board: string,
  content: CardContent,
): Promise<void> {
  const { blocks } = parseMarkdown(content.description);
  await documents.edit(prefix + content.card, (doc) =>
    doc.transact(() => {
      openCardPage(doc, board, doing);
      writeBlocks(bodyOf(doc), blocks);
      writeEntries(postsOf(doc), postEntries(content.comments, device));
    }),
  );
}

/** One behind the other, each having seen the one before. */
function postEntries(comments: CardContent['comments'], device: string): Map<string, PlainEntry> {
  const posts = new Map<string, PlainEntry>();
  let before: string | null = null;
  for (const { author, at, text } of comments) {
    const id = randomId();
    posts.set(id, {
      ...(author === null ? {} : { author }),
      device,
      number: posts.size + 1,
      after: before === null ? [] : [before],
      at,
      versions: { $map: { [randomId()]: { text, at, number: 1 } } },
    });
    before = id;
  }
  return posts;
}

/** A board has no text of its own: Trello's is a page below it. */
async function writeDescription({ plan, documents, prefix, doing }: TrelloTask, board: string): Promise<string> {
  const id = randomId();
  const { blocks } = parseMarkdown(plan.description);
  await documents.edit(prefix + id, (doc) =>
    doc.transact(() => {
      const title = `About ${plan.title || 'this board'}`;
      createDocument(doc, {
        kind: 'page',
        title,
        createdBy: doing.by,
        createdAt: doing.at,
        parent: board,
        order: 'a0',
      });
      writeBlocks(bodyOf(doc), blocks);
    }),
  );
  return id;
}

function titleOf(card: PlainEntry): string {
  const title = card['title'] as { readonly $text?: string } | undefined;
  return title?.$text ?? '';
}
