// Blocks that leave the page: one whose content lies in its marker (a table, a poll) takes what it says along. It changes no document.
import { Fragment, Slice, type Node } from 'prosemirror-model';
import { isAskKind, readAsk } from '../../../shared/model/page/ask.ts';
import { writableTable } from '../../../shared/model/page/new-table.ts';
import { readTableContent } from '../../../shared/model/page/table-content.ts';
import { DRAWN } from '../../../shared/model/page/table.ts';
import type { PageBinding } from './binding/page-binding.ts';
import { idOf } from './blocks.ts';

/** The node with what its marker says inside; any other node as it is. Votes stay with the block that was copied. */
export function withInside(node: Node, binding: PageBinding | undefined): Node {
  const kind = node.type.name;
  const marker = kind === 'table' || isAskKind(kind) ? binding?.marker(idOf(node)) : null;
  if (!marker) return node;
  if (kind !== 'table') return node.type.create({ ...node.attrs, ask: readAsk(marker) });
  return node.type.create({ ...node.attrs, table: writableTable(readTableContent(marker, DRAWN)) });
}

/** The same for all blocks of a slice. */
export function allWithInside(slice: Slice, binding: PageBinding | undefined): Slice {
  const nodes = slice.content.content.map((node) => withInside(node, binding));
  return new Slice(Fragment.fromArray(nodes), slice.openStart, slice.openEnd);
}
