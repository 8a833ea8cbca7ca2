// A Trello board written into a space: made whole in memory first, then what its cards hold is written, and the board in one transaction behind it.
import type * as Y from 'yjs';
import { AppError } from '../../../shared/base/app-error.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import { writePlainBoard } from '../../../shared/model/board/plain.ts';
import type { Doing } from '../../../shared/model/board/stored.ts';
import { createDocument } from '../../../shared/model/document/commands.ts';
import type { PlainEntry } from '../../../shared/model/document/plain-maps.ts';
import { markRemoved } from '../../../shared/model/document/removal.ts';
import { bodyOf, columnsOf } from '../../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../../shared/model/markdown/parse-markdown.ts';
import { writeBlocks } from '../../../shared/model/page/write.ts';
import type { RoomDocuments } from '../room-documents.ts';
import { boardOfTrello, type CardContent } from './board-of-trello.ts';
import { writeCards, type NewCardPage } from '../write-cards.ts';
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
  /** Called before the first word is written: from then on nothing is cancelled. Throws where somebody did before. */
  readonly commit: () => void;
  readonly onProgress: (done: number, total: number, message: string) => void;
}

/** Made before others have their turn. */
const TOGETHER = 16;

/** Answers the ids of what was written. Rejects with `cancelled` before anything is; then nothing is left of it. */
export async function importTrello(
  task: TrelloTask,
): Promise<{ readonly board: string; readonly description: string | null; readonly problems: string[] }> {
  const { plan, documents, prefix, doing, device, place, signal } = task;
  const board = randomId();
  const made = boardOfTrello(plan, task);
  const titles = new Map([...made.board.cards].map(([id, card]) => [id, titleOf(card)]));
  const total = 2 * made.contents.length + 1;
  const pages: NewCardPage[] = [];
  for (const content of made.contents) {
    if (signal.aborted) throw new AppError('cancelled', 'The import was cancelled. Nothing was written.');
    pages.push({
      card: content.card,
      blocks: parseMarkdown(content.description).blocks,
      posts: postEntries(content.comments, device),
      reactions: [],
      files: content.files,
    });
    if (pages.length % TOGETHER > 0) continue;
    task.onProgress(pages.length, total, plan.title);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  task.commit();
  const refused = await writeCards(
    pages,
    (page) => page,
    { documents, prefix, board, doing },
    (done) => task.onProgress(pages.length + done, total, plan.title),
  );
  const problems = refused.map(
    ({ card }) => `${titles.get(card) ?? ''}: its description and comments are too large for one document.`,
  );
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
  task.onProgress(total, total, '');
  return { board, description, problems };
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
