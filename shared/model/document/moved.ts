// Where a document went that left its space (docs/documents.md, DD5). Bringing its bytes there is not done here.
import type * as Y from 'yjs';
import { isDocumentId } from './meta.ts';
import { metaOf } from './roots.ts';

/** The space that the document left `space` for, or null: it is there. Total. */
export function readMovedTo(doc: Y.Doc, space: string): string | null {
  const target = metaOf(doc).get(keyOf(space));
  return isDocumentId(target) && target !== space ? target : null;
}

/** In the room of `from`. */
export function leaveSpace(doc: Y.Doc, from: string, to: string, origin: unknown = null): void {
  doc.transact(() => metaOf(doc).set(keyOf(from), to), origin);
}

/** In the room of `space`: the document is there, whatever was written when it left before. */
export function arriveInSpace(doc: Y.Doc, space: string, origin: unknown = null): void {
  doc.transact(() => {
    const meta = metaOf(doc);
    if (meta.has(keyOf(space))) meta.delete(keyOf(space));
  }, origin);
}

function keyOf(space: string): string {
  return `movedTo/${space}`;
}
