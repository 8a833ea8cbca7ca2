// Writing whole blocks into a page's body, for import and templates. Edits of what stands there are the editor binding's.
import type * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import type { Marks, NewBlock } from './block.ts';
import { createMarker } from './marker.ts';

interface Insertion {
  readonly insert: string | Y.Map<unknown>;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * Puts blocks behind everything that stands in the body. The caller owns the transaction; a body that is in no document yet
 * takes them when it is added to one. Answers the ids, in order.
 */
export function appendBlocks(body: Y.Text, blocks: readonly NewBlock[]): string[] {
  const ids: string[] = [];
  const delta: ({ retain: number } | Insertion)[] = body.length > 0 ? [{ retain: body.length }] : [];
  for (const block of blocks) {
    const { type, id = randomId(), ...attributes } = block;
    ids.push(id);
    delta.push({ insert: createMarker({ ...attributes, id }), attributes: {} });
    if (type !== 'text') continue;
    for (const run of block.content) {
      if (run.text.length > 0) delta.push({ insert: wellFormed(run.text), attributes: storedMarks(run.marks) });
    }
  }
  if (ids.length > 0) body.applyDelta(delta);
  return ids;
}

/**
 * Writes the blocks of a page that is still empty. Throws `already-exists` when something stands in the body: a page that
 * somebody has edited is not overwritten.
 */
export function writeBlocks(body: Y.Text, blocks: readonly NewBlock[]): string[] {
  if (body.length > 0) {
    throw new AppError('already-exists', 'The page already has content. It was left as it is; write to an empty page.');
  }
  return appendBlocks(body, blocks);
}

/** Marks as text attributes. */
export function storedMarks(marks: Marks): Record<string, unknown> {
  return Object.fromEntries(Object.entries(marks).filter(([, value]) => value !== undefined));
}

/** Half surrogate pairs cannot be encoded: a peer would see another text than the writer. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}
