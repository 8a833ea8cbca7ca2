// The editor's nodes for the blocks in view, built again only where a fragment changed. It knows no editor state.
import type { Node } from 'prosemirror-model';
import type { Fragment } from '../../../../shared/model/page/fragments.ts';
import { blockOf, type ViewBlock } from '../../../../shared/model/page/view-blocks.ts';
import type { Mirror } from './mirror.ts';
import { nodeOf } from './nodes.ts';
import { blockNumber } from './positions.ts';

interface Entry {
  readonly id: string;
  readonly type: ViewBlock['type'];
  /** Fragment, runs and props of each fragment: all are replaced when they change. */
  readonly stamps: readonly unknown[];
  node: Node;
}

const FEW = 16;

export class NodeCache {
  readonly #mirror: Mirror;
  readonly #own = new WeakMap<Fragment, Entry>();
  readonly #virtual = new WeakMap<Fragment, Entry>();
  #entries: Entry[] = [];

  constructor(mirror: Mirror) {
    this.#mirror = mirror;
  }

  /** The nodes for the blocks in view now. The caller may replace them by equal ones and gives them back to `adopt`. */
  nodes(): Node[] {
    const touched = this.#mirror.takeTouched();
    const blocks = this.#mirror.blocks;
    // Finding one block costs a look at all of them: where many changed, all are gone through once.
    if (touched === null || touched.size > FEW) {
      this.#entries = this.#entriesOf(blocks);
    } else {
      for (const fragment of touched) {
        const number = blockNumber(this.#mirror, fragment);
        const block = blocks[number];
        if (block) this.#entries[number] = this.#entry(block);
      }
    }
    return this.#entries.map((entry) => entry.node);
  }

  /** Keeps the document's own objects, so that the next comparison is one of identity. */
  adopt(nodes: readonly Node[]): void {
    for (const [index, entry] of this.#entries.entries()) {
      const node = nodes[index];
      if (node && node !== entry.node) entry.node = node;
    }
  }

  /** Nearly all blocks stand where they stood, counted from the start or from the end; those between are looked up one by one. */
  #entriesOf(blocks: readonly ViewBlock[]): Entry[] {
    const before = this.#entries;
    const least = Math.min(before.length, blocks.length);
    let start = 0;
    while (start < least && isOf(before[start], blocks[start])) start += 1;
    let end = 0;
    while (end < least - start && isOf(before[before.length - 1 - end], blocks[blocks.length - 1 - end])) end += 1;
    const between = blocks.slice(start, blocks.length - end).map((block) => this.#entry(block));
    return before.slice(0, start).concat(between, before.slice(before.length - end));
  }

  #entry(block: ViewBlock): Entry {
    const head = block.fragments[0];
    const cache = block.virtual ? this.#virtual : this.#own;
    const known = head && cache.get(head);
    if (known && isOf(known, block)) return known;
    const stamps = block.fragments.flatMap((fragment) => [fragment, fragment.runs, fragment.props]);
    const entry = { id: block.id, type: block.type, stamps, node: nodeOf(blockOf(block)) };
    if (head) cache.set(head, entry);
    return entry;
  }
}

/** Whether an entry is a block's, as that is now. */
function isOf(entry: Entry | undefined, block: ViewBlock | undefined): boolean {
  if (!entry || !block || entry.id !== block.id || entry.type !== block.type) return false;
  const { stamps } = entry;
  if (stamps.length !== block.fragments.length * 3) return false;
  return block.fragments.every(
    (fragment, index) =>
      stamps[index * 3] === fragment &&
      stamps[index * 3 + 1] === fragment.runs &&
      stamps[index * 3 + 2] === fragment.props,
  );
}
