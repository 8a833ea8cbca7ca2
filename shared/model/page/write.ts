// Writing whole blocks into a page's body, for import and templates. Edits of what stands there are the editor binding's.
import type * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import type { NewBlock } from './block.ts';
import { createMarker } from './marker.ts';
import { storedContent, type Insertion } from './stored-content.ts';

/**
 * Puts blocks behind everything that stands in the body. The caller owns the transaction; a body that is in no document yet
 * takes them when it is added to one. Answers the ids, in order.
 */
export function appendBlocks(body: Y.Text, blocks: readonly NewBlock[]): string[] {
  const ids: string[] = [];
  const delta: ({ retain: number } | Insertion)[] = body.length > 0 ? [{ retain: body.length }] : [];
  for (const block of blocks) {
    const { id = randomId(), ...rest } = block;
    ids.push(id);
    delta.push({ insert: createMarker({ ...rest, id }), attributes: {} });
    if (block.type === 'text') delta.push(...storedContent(block.content));
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
