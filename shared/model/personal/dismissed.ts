// Which swallowed words a member does not want to be offered any more (docs/documents.md, PS4): by document. Others never see it.
import type * as Y from 'yjs';
import { isDocumentId, readMeta } from '../document/meta.ts';
import { dismissedOf } from '../document/roots.ts';
import { readRanges, type WordRange } from '../page/recovered.ts';

/** The words of one document. Total. */
export function readDismissed(doc: Y.Doc, document: string): readonly WordRange[] {
  if (readMeta(doc)?.kind !== 'personal' || !isDocumentId(document)) return [];
  const found: WordRange[] = [];
  for (const [key, value] of dismissedOf(doc)) if (key.startsWith(`${document}/`)) found.push(...readRanges(value));
  return found;
}

/** Lets go of words, or takes that back. */
export function dismissWords(
  doc: Y.Doc,
  document: string,
  words: readonly WordRange[],
  dismissed: boolean,
  origin: unknown = null,
): void {
  const [first] = words;
  if (!first) return;
  const key = `${document}/${String(first[0])}.${String(first[1])}.${String(words.length)}`;
  doc.transact(() => {
    if (dismissed) dismissedOf(doc).set(key, words);
    else if (dismissedOf(doc).has(key)) dismissedOf(doc).delete(key);
  }, origin);
}
