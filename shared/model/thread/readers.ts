// Who has had an announcement on screen (docs/documents.md, TH9, TH16): said by each reader's own device, once. Reading is total.
import type * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import { readersOf } from '../document/roots.ts';

/** When, by member, sorted by member. */
export function readReaders(doc: Y.Doc): ReadonlyMap<string, number> {
  const readers: [string, number][] = [];
  for (const [member, at] of readersOf(doc).entries()) {
    const time = readTime(at);
    if (isDocumentId(member) && time !== null) readers.push([member, time]);
  }
  return new Map(readers.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The first time stays. */
export function noteReader(doc: Y.Doc, member: string, at: number, origin: unknown = null): void {
  doc.transact(() => {
    if (!readersOf(doc).has(member)) readersOf(doc).set(member, at);
  }, origin);
}
