// Which kinds of documents people meet in lists: the rest belongs to one of those.
import type { DocEntry } from '../../contract/entities.ts';

/** What stands in the tree of a space, in the palette and among favourites. */
export function isInTree({ kind }: Pick<DocEntry, 'kind'>): boolean {
  return kind === 'page' || kind === 'board';
}
