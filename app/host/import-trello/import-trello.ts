// A Trello board written into a space: what its cards hold first, then the board in one transaction, so that it is there whole or not at all.
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
import { writeCards } from '../write-cards.ts';
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

/** Answers the ids of what was written. Rejects with `cancelled` before the board is there; then nothing shows of it. */
export async function importTrello(
  task: TrelloTask,
): Promise<{ readonly board: string; readonly description: string | null; readonly problems: string[] }> {
  const { plan, documents, prefix, doing, device, place, signal } = task;
  const board = randomId();
  const made = boardOfTrello(plan, task);
  const titles = new Map([...made.board.cards].map(([id, card]) => [id, titleOf(card)]));
  const refused = await writeCards(
    made.contents,
    (content) => ({
      card: content.card,
      blocks: parseMarkdown(content.description).blocks,
      posts: postEntries(content.comments, device),
      reactions: [],
    }),
    { documents, prefix, board, doing, signal },
    (done) => task.onProgress(done, made.contents.length + 1, plan.title),
  );
  const problems = refused.map(
    ({ card }) => `${titles.get(card) ?? ''}: its description and comments are too large for one document.`,
  );
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
