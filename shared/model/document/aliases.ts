// Other names of a document (docs/documents.md, DD7): what people also look it up by. Read so that nothing a peer wrote can hurt.
import type * as Y from 'yjs';
import { metaOf } from './roots.ts';
import { cutLine } from './title.ts';

export const MOST_ALIASES = 50;

/** Each once, in the order in which they were given, without empty ones. */
export function asAliases(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  const lines = (value as unknown[]).flatMap((one) => (typeof one === 'string' ? cutLine(one).trim() : []));
  return [...new Set(lines.filter((line) => line !== ''))].slice(0, MOST_ALIASES);
}

export function readAliases(doc: Y.Doc): readonly string[] {
  return asAliases(metaOf(doc).get('aliases'));
}

/** Writes only a difference. */
export function setAliases(doc: Y.Doc, aliases: readonly string[], origin: unknown = null): void {
  const next = asAliases([...aliases]);
  if (JSON.stringify(next) === JSON.stringify(readAliases(doc))) return;
  doc.transact(() => {
    if (next.length === 0) metaOf(doc).delete('aliases');
    else metaOf(doc).set('aliases', [...next]);
  }, origin);
}
