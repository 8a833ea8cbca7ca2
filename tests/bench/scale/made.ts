// What the scale section makes with the project's own code; bundled for each run, since the bench itself is plain JavaScript.
import { largeBoard } from '../../support/large-board.ts';
import { largeThreads } from '../../support/large-threads.ts';
import { makeLargeWorkspace, makeWorkspaceOf, makeWorkspaceWith } from '../../support/large-workspace.ts';
import { manyBlocksPage, tablePage, tracePage } from '../../support/long-page.ts';
import { PreparedTitles, searchPalette } from '../../../app/renderer/features/palette/search.ts';

export { makeLargeWorkspace };
export { measureLinks } from './links.ts';
export { makeSearchWorkspace, measureSearchIndex } from './search-index.ts';

/** Pages of so many blocks, one with a table of 100 rows and 10 columns, and (where its file is there) one of the trace. */
export function makeLongPages(
  data: string,
  trace: string | null,
  blocks: readonly number[],
): ReturnType<typeof makeWorkspaceOf> {
  return makeWorkspaceOf(data, (member) => [
    ...blocks.map((count) => manyBlocksPage(count, member)),
    tablePage(100, 10, member),
    ...(trace === null ? [] : [tracePage(trace, member)]),
  ]);
}

/** A board of so many cards, `inFirst` of them in its first column. Gives its room and the bytes of its document. */
export async function makeLargeBoard(
  data: string,
  cards: number,
  inFirst: number,
): Promise<{ readonly room: string; readonly bytes: number }> {
  let bytes = 0;
  const [room = ''] = await makeWorkspaceWith(data, (member) => {
    const documents = largeBoard(member, cards, inFirst, Date.now());
    bytes = documents[0]?.update.length ?? 0;
    return documents;
  });
  return { room, bytes };
}

/** A thread of so many posts beside so many others. Gives the bytes of the large one. */
export async function makeLargeThreads(
  data: string,
  posts: number,
  threads: number,
): Promise<{ readonly bytes: number }> {
  let bytes = 0;
  await makeWorkspaceWith(data, () => {
    const documents = largeThreads(posts, threads, Date.now());
    bytes = documents[0]?.update.length ?? 0;
    return documents;
  });
  return { bytes };
}

/** Milliseconds for the first key in the palette (titles are made ready) and for the slowest one after it. */
export function measurePalette(entries: Parameters<typeof searchPalette>[1]): { first: number; slowest: number } {
  const titles = new PreparedTitles();
  const time = (query: string): number => {
    const began = performance.now();
    searchPalette(query, entries, new Map(), [], titles);
    return performance.now() - began;
  };
  const first = time('');
  return { first, slowest: Math.max(...['p', 'pa', 'page 1', 'antena', 'horizon index', 'zzzz', 'kelvni'].map(time)) };
}
