// Which posts of a thread were written within given clocks. Total; it writes nothing.
import * as Y from 'yjs';
import { isDocumentId } from '../document/meta.ts';
import { postsOf } from '../document/roots.ts';

/** Clocks of a Yjs client, from `start` (inclusive) to `end` (exclusive). */
interface Clocks {
  readonly start: number;
  readonly end: number;
}

/** Ids of posts that were begun, or edited, within these clocks of each client. */
export function postsWrittenIn(doc: Y.Doc, clocks: ReadonlyMap<number, Clocks>): readonly string[] {
  if (clocks.size === 0) return [];
  const isIn = (item: Y.Item | null): boolean => {
    const range = item && clocks.get(item.id.client);
    return range ? item.id.clock >= range.start && item.id.clock < range.end : false;
  };
  const found: string[] = [];
  for (const [id, post] of postsOf(doc).entries()) {
    if (!isDocumentId(id) || !(post instanceof Y.Map)) continue;
    const versions: unknown = (post as Y.Map<unknown>).get('versions');
    const edits = versions instanceof Y.Map ? [...(versions as Y.Map<unknown>)._map.values()] : [];
    if (isIn(post._item) || edits.some(isIn)) found.push(id);
  }
  return found;
}
