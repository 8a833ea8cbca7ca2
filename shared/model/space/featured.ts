// What the managers of a space put first for everybody (docs/documents.md, SP2): pages, boards and discussions of it. It says nothing of who may.
import type * as Y from 'yjs';
import { isDocumentId } from '../document/meta.ts';
import { metaOf } from '../document/roots.ts';
import type { Doing } from '../properties/read.ts';
import { readDoing } from '../thread/facts.ts';

export interface Featured extends Doing {
  readonly document: string;
}

/** More are kept, and not shown. */
export const MOST_FEATURED = 12;
const FEATURED = 'featured/';

/** The newest first. Total. */
export function readFeatured(doc: Y.Doc): readonly Featured[] {
  const found: Featured[] = [];
  for (const [key, value] of metaOf(doc).entries()) {
    if (!key.startsWith(FEATURED)) continue;
    const document = key.slice(FEATURED.length);
    const doing = readDoing(value);
    if (doing && isDocumentId(document)) found.push({ document, ...doing });
  }
  return found.sort((a, b) => b.at - a.at || (a.document < b.document ? -1 : 1)).slice(0, MOST_FEATURED);
}

/** @param doing null: it stands there no more. */
export function setFeatured(doc: Y.Doc, document: string, doing: Doing | null, origin: unknown = null): void {
  const key = `${FEATURED}${document}`;
  const meta = metaOf(doc);
  if ((doing !== null) === meta.has(key)) return;
  doc.transact(() => {
    if (doing) meta.set(key, { by: doing.by, at: doing.at });
    else meta.delete(key);
  }, origin);
}
