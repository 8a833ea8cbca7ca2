// Which attachments a document refers to, of whatever kind it is. Total: what a peer wrote badly is no reference. It knows no bytes.
import * as Y from 'yjs';
import { isBlobName } from '../../base/blob-name.ts';
import { blobsInText } from '../markdown/post-links.ts';
import { readPosts } from '../thread/posts.ts';
import { readRemoval } from './removal.ts';
import { readPortrait } from '../profile/about.ts';
import { bodyOf, commentsOf, filesOf, postsOf, profileOf } from './roots.ts';

export interface AttachmentReference {
  readonly blob: string;
  /** As the document says it; the bytes tell. */
  readonly size: number;
  /** What people call it; hostile like every text. */
  readonly name: string;
}

/** A page shows a few hundred; more than this is no page. */
const MOST = 20_000;

/** Rule AT1: markers with a `blob` in the body, what is attached to a card (BD24), the picture of a profile (PF4), and what posts name (TH14), each name once. */
export function readAttachments(doc: Y.Doc): readonly AttachmentReference[] {
  const found = new Map<string, AttachmentReference>();
  const take = (thing: Y.Map<unknown>): void => {
    const blob = thing.get('blob');
    if (found.size >= MOST || !isBlobName(blob) || found.has(blob)) return;
    const [size, name]: unknown[] = [thing.get('size'), thing.get('name')];
    found.set(blob, {
      blob,
      size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : 0,
      name: typeof name === 'string' ? name.slice(0, 500) : name instanceof Y.Text ? name.toJSON().slice(0, 500) : '',
    });
  };
  for (const { insert } of bodyOf(doc).toDelta() as readonly { readonly insert?: unknown }[]) {
    if (insert instanceof Y.Map) take(insert as Y.Map<unknown>);
  }
  for (const attached of filesOf(doc).values()) {
    if (!(attached instanceof Y.Map)) continue;
    if (readRemoval(attached as Y.Map<unknown>).kind !== 'removed') take(attached as Y.Map<unknown>);
  }
  const portrait = readPortrait(profileOf(doc).get('picture'));
  if (portrait && !found.has(portrait.blob)) found.set(portrait.blob, { ...portrait, name: '' });
  for (const stored of postMaps(doc)) {
    for (const { text, removal } of readPosts(stored, null, [])) {
      if (removal.kind === 'removed') continue;
      for (const { blob, name } of blobsInText(text)) {
        if (found.size < MOST && !found.has(blob)) found.set(blob, { blob, size: 0, name });
      }
    }
  }
  return [...found.values()];
}

/** The Yjs clients that put a blob into the document, the first that stands there first: whoever wrote it had the bytes. Total. */
export function clientsWhoAttached(doc: Y.Doc, blob: string): readonly number[] {
  const found = new Set<number>();
  const take = (map: Y.Map<unknown>, key: string): void => {
    const item = map._map.get(key);
    if (item && !item.deleted) found.add(item.id.client);
  };
  for (const { insert } of bodyOf(doc).toDelta() as readonly { readonly insert?: unknown }[]) {
    if (insert instanceof Y.Map && insert.get('blob') === blob) take(insert as Y.Map<unknown>, 'blob');
  }
  for (const attached of filesOf(doc).values()) {
    if (attached instanceof Y.Map && attached.get('blob') === blob) take(attached as Y.Map<unknown>, 'blob');
  }
  if (readPortrait(profileOf(doc).get('picture'))?.blob === blob) take(profileOf(doc), 'picture');
  for (const stored of postMaps(doc)) {
    for (const post of stored.values()) {
      const versions: unknown = post instanceof Y.Map ? (post as Y.Map<unknown>).get('versions') : null;
      if (!(versions instanceof Y.Map)) continue;
      for (const [key, version] of versions as Y.Map<unknown>) {
        const text = typeof version === 'object' && version !== null ? (version as { text?: unknown }).text : null;
        if (typeof text === 'string' && text.includes(blob)) take(versions as Y.Map<unknown>, key);
      }
    }
  }
  return [...found];
}

/** The posts of a thread or a card, and those of each comment of a page. */
function* postMaps(doc: Y.Doc): Generator<Y.Map<unknown>> {
  yield postsOf(doc);
  for (const comment of commentsOf(doc).values()) {
    const posts: unknown = comment instanceof Y.Map ? (comment as Y.Map<unknown>).get('posts') : null;
    if (posts instanceof Y.Map) yield posts as Y.Map<unknown>;
  }
}
