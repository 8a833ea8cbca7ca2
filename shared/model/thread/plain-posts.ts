// Posts as plain data and back, wherever they stand: for files. Without device and number, which are the word of the computer that wrote them.
import * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import { readEntry, writeEntry, type PlainEntries, type PlainEntry } from '../document/plain-maps.ts';
import { markRemoved, readRemoval } from '../document/removal.ts';

const OF_THE_COMPUTER = new Set(['device', 'number']);

/**
 * Of a removed post no words, but `removed` = `{at, by}`.
 * @param isWordless of which others no words are wanted.
 */
export function readPlainPosts(
  stored: Y.Map<unknown>,
  isWordless: (id: string) => boolean = () => false,
): PlainEntries {
  const posts = new Map<string, PlainEntry>();
  for (const [id, value] of stored.entries()) {
    if (!isDocumentId(id) || !(value instanceof Y.Map)) continue;
    const map = value as Y.Map<unknown>;
    const removal = readRemoval(map);
    const hasWords = removal.kind !== 'removed' && !isWordless(id);
    const post = readEntry(
      map,
      (_, key) =>
        key !== undefined && (OF_THE_COMPUTER.has(key) || key === 'removed' || (!hasWords && key === 'versions')),
    );
    const by = removal.kind === 'removed' && removal.by !== null ? { by: removal.by } : {};
    posts.set(id, removal.kind === 'removed' ? { ...post, removed: { at: removal.at, ...by } } : post);
  }
  return posts;
}

/** What is written of it: whatever a file says, no device is said to have written it here. */
export function wordsOfPost({ removed: _, ...said }: PlainEntry): PlainEntry {
  return Object.fromEntries(Object.entries(said).filter(([key]) => !OF_THE_COMPUTER.has(key)));
}

/** Makes one. The caller owns the transaction. */
export function writePlainPost(posts: Y.Map<unknown>, id: string, entry: PlainEntry): void {
  finishPost(writeEntry(posts, id, wordsOfPost(entry)), entry, null);
}

/** Gives a post that was written its words where it has none, and the mark of a removal. @param by who removes where the entry does not say. */
export function finishPost(map: Y.Map<unknown>, { removed }: PlainEntry, by: string | null): void {
  if (!(map.get('versions') instanceof Y.Map)) map.set('versions', new Y.Map());
  if (removed === undefined || readRemoval(map).kind === 'removed') return;
  const said = (removed ?? {}) as { at?: unknown; by?: unknown };
  markRemoved(map, readTime(said.at) ?? 0, isDocumentId(said.by) ? said.by : (by ?? ''));
}
