// What the scale section makes with the project's own code; bundled for each run, since the bench itself is plain JavaScript.
import { makeLargeWorkspace, makeWorkspaceOf } from '../../support/large-workspace.ts';
import { manyBlocksPage, tracePage } from '../../support/long-page.ts';
import { PreparedTitles, searchPalette } from '../../../app/renderer/features/palette/search.ts';

export { makeLargeWorkspace };
export { measureLinks } from './links.ts';

/** A page of the trace (where its file is there) and one of `blocks` blocks. */
export function makeLongPages(data: string, trace: string | null, blocks: number): ReturnType<typeof makeWorkspaceOf> {
  return makeWorkspaceOf(data, (member) => [
    ...(trace === null ? [] : [tracePage(trace, member)]),
    manyBlocksPage(blocks, member),
  ]);
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
