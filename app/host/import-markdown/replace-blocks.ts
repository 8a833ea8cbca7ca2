// Makes a page's body say other blocks by deleting and inserting only what differs. For bodies that nobody edited since.
import type * as Y from 'yjs';
import { randomId } from '../../../shared/base/random-id.ts';
import type { NewBlock } from '../../../shared/model/page/block.ts';
import { blockKey } from '../../../shared/model/markdown/same-blocks.ts';
import { readFragments } from '../../../shared/model/page/fragments.ts';
import { createMarker } from '../../../shared/model/page/marker.ts';
import { wholeBlock } from '../../../shared/model/page/read.ts';
import { viewBlocks } from '../../../shared/model/page/view-blocks.ts';
import { storedContent } from '../../../shared/model/page/stored-content.ts';
import { commonItems } from './common-items.ts';

interface Step {
  readonly retain?: number;
  readonly delete?: number;
  readonly insert?: string | object;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/**
 * The caller owns the transaction. False, and nothing written, when the body is not the plain run of blocks that an
 * import writes (something was moved inside it, or stands in it that this version does not know).
 */
export function replaceBlocks(body: Y.Text, blocks: readonly NewBlock[]): boolean {
  const [start, ...fragments] = readFragments(body);
  if (start && start.length > 0) return false;
  const views = viewBlocks(fragments);
  if (views.length !== fragments.length) return false;
  const keys: string[] = [];
  for (const [index, view] of views.entries()) {
    const fragment = fragments[index];
    const block = wholeBlock(view);
    if (!fragment?.props || fragment.props.slot || fragment.props.flow || block.type === 'unknown') return false;
    if (block.type === 'text' && block.content.some((inline) => inline.type === 'unknown')) return false;
    keys.push(blockKey(block as NewBlock));
  }
  const steps: Step[] = [];
  let at = 0;
  let next = 0;
  for (const [old, kept] of [...commonItems(keys, blocks.map(blockKey)), [keys.length, blocks.length] as const]) {
    const removed = fragments.slice(at, old).reduce((sum, fragment) => sum + 1 + fragment.length, 0);
    if (removed > 0) steps.push({ delete: removed });
    for (const block of blocks.slice(next, kept)) steps.push(...insertion(block));
    const stays = fragments[old];
    if (stays) steps.push({ retain: 1 + stays.length });
    at = old + 1;
    next = kept + 1;
  }
  if (steps.some((step) => step.retain === undefined)) body.applyDelta(steps);
  return true;
}

function insertion(block: NewBlock): Step[] {
  const { id = randomId(), ...rest } = block;
  const marker = { insert: createMarker({ ...rest, id }), attributes: {} };
  return block.type === 'text' ? [marker, ...storedContent(block.content)] : [marker];
}
