// Where a document went that left its space (docs/documents.md, DD5). Bringing its bytes there is not done here.
import type * as Y from 'yjs';
import { isDocumentId } from './meta.ts';
import { metaOf } from './roots.ts';

/** From one space into another. */
export interface Way {
  readonly from: string;
  readonly space: string;
}

/** The space that the document left `space` for, or null: it is there. Total. */
export function readMovedTo(doc: Y.Doc, space: string): string | null {
  const target = metaOf(doc).get(keyOf(space));
  return isDocumentId(target) && target !== space ? target : null;
}

/** In the room of `from`. */
export function leaveSpace(doc: Y.Doc, from: string, to: string, origin: unknown = null): void {
  doc.transact(() => metaOf(doc).set(keyOf(from), to), origin);
}

/** In the room of `space`: the document is there, whatever was written when it left. */
export function stayInSpace(doc: Y.Doc, space: string, origin: unknown = null): void {
  doc.transact(() => {
    if (metaOf(doc).has(keyOf(space))) metaOf(doc).delete(keyOf(space));
  }, origin);
}

/**
 * In the room of `space`, where it came from `from`: the document is there, whatever was written when it left before, and this
 * room takes what the other one has. Written by somebody who may write here, before the other room is left.
 */
export function arriveInSpace(doc: Y.Doc, { from, space }: Way, origin: unknown = null): void {
  doc.transact(() => {
    const meta = metaOf(doc);
    if (meta.has(keyOf(space))) meta.delete(keyOf(space));
    if (!takesFrom(doc, { from, space })) meta.set(arrivalOf(from), true);
  }, origin);
}

/** In the room of `space`: whether it says as well that the document came from `from`. Total. */
export function takesFrom(doc: Y.Doc, { from, space }: Way): boolean {
  // Earlier versions wrote no arrival; of their moves the new room has the old one's mark, merged into it by whoever moved.
  return metaOf(doc).get(arrivalOf(from)) === true || readMovedTo(doc, from) === space;
}

/** The spaces that the document says it came from, sorted. Total. */
export function readArrivals(doc: Y.Doc): readonly string[] {
  const prefix = arrivalOf('');
  const spaces = [...metaOf(doc).keys()].flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
  return spaces.filter((space) => isDocumentId(space)).sort();
}

function keyOf(space: string): string {
  return `movedTo/${space}`;
}

function arrivalOf(space: string): string {
  return `movedFrom/${space}`;
}
