// Reads a long range in pages, so that no iterator stays open between them; it knows nothing of what it reads.
import type { KeyRange } from './level-database.ts';

const PAGE = 500;

/** What is written or deleted behind the current page is seen as it stands when its page is read. */
export async function* pageThrough<T>(
  read: (range: KeyRange) => Promise<readonly T[]>,
  range: { readonly gte: string; readonly lt: string },
  keyOf: (item: T) => string = String,
): AsyncIterable<T> {
  let next: KeyRange = { ...range, limit: PAGE };
  for (;;) {
    const page = await read(next);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    next = { gt: keyOf(last), lt: range.lt, limit: PAGE };
  }
}
