// All that a block says, its place not counted, as one string: two blocks with the same string look the same to everybody. It writes nothing.
import * as Y from 'yjs';
import type { ViewBlock } from './view-blocks.ts';

/** Where a fragment is stored, and under which items, is no part of it. */
export function shownContent(block: ViewBlock): string {
  const [head] = block.fragments;
  const marker = !block.virtual && head?.marker ? plain(head.marker) : null;
  const runs: { insert: unknown; attributes: string }[] = [];
  for (const run of block.fragments.flatMap((fragment) => fragment.runs)) {
    const attributes = JSON.stringify(Object.entries(run.attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
    const last = runs.at(-1);
    if (typeof run.insert === 'string' && typeof last?.insert === 'string' && last.attributes === attributes) {
      last.insert += run.insert;
    } else {
      const { insert } = run;
      runs.push({ insert: insert instanceof Y.AbstractType ? (insert.toJSON() as unknown) : insert, attributes });
    }
  }
  return JSON.stringify([block.id, block.type, marker, runs]);
}

function plain(marker: Y.Map<unknown>): unknown {
  const { slot: _slot, flow: _flow, ...rest } = marker.toJSON();
  return Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
}
