// The documents of many cards, written together: for imports. What is in one already (an import that was ended goes on) is left as it is.
import { AppError } from '../../shared/base/app-error.ts';
import { openCardPage } from '../../shared/model/board/card-page.ts';
import type { Doing } from '../../shared/model/board/stored.ts';
import { writeEntries, type PlainEntries } from '../../shared/model/document/plain-maps.ts';
import { bodyOf, filesOf, postsOf, reactionsOf } from '../../shared/model/document/roots.ts';
import type { NewBlock } from '../../shared/model/page/block.ts';
import { writeBlocks } from '../../shared/model/page/write.ts';
import type { RoomDocuments } from './room-documents.ts';

export interface NewCardPage {
  readonly card: string;
  readonly blocks: readonly NewBlock[];
  readonly posts: PlainEntries;
  readonly reactions: readonly string[];
  /** What is attached. */
  readonly files: PlainEntries;
}

interface Task {
  readonly documents: Pick<RoomDocuments, 'edit'>;
  /** `<workspace>/<space>/` */
  readonly prefix: string;
  readonly board: string;
  readonly doing: Doing;
}

/** Written at once: the disk takes what comes together in one go. */
const TOGETHER = 16;

/**
 * Asks for the pages one batch after another, so that not all of them are in memory. Answers the cards whose pages are too large for a document:
 * nothing of these was written. It is not cancelled halfway: without their board nothing would show of cards.
 */
export async function writeCards<T>(
  contents: readonly T[],
  page: (content: T) => Promise<NewCardPage> | NewCardPage,
  task: Task,
  onProgress: (done: number) => void = () => undefined,
): Promise<readonly T[]> {
  const refused: T[] = [];
  for (let at = 0; at < contents.length; at += TOGETHER) {
    onProgress(at);
    const batch: { readonly content: T; readonly made: NewCardPage }[] = [];
    for (const content of contents.slice(at, at + TOGETHER)) batch.push({ content, made: await page(content) });
    await Promise.all(
      batch.map(async ({ content, made }) => {
        try {
          await writeCard(made, task);
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'too-large') throw error;
          refused.push(content);
        }
      }),
    );
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return refused;
}

async function writeCard(made: NewCardPage, { documents, prefix, board, doing }: Task): Promise<void> {
  await documents.edit(prefix + made.card, (doc) =>
    doc.transact(() => {
      openCardPage(doc, board, doing);
      if (bodyOf(doc).length > 0 || postsOf(doc).size > 0 || filesOf(doc).size > 0) return;
      writeBlocks(bodyOf(doc), made.blocks);
      writeEntries(postsOf(doc), made.posts);
      writeEntries(filesOf(doc), made.files);
      for (const key of made.reactions) reactionsOf(doc).set(key, true);
    }),
  );
}
