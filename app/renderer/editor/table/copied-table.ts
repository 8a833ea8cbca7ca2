// Tables that leave the page: a block whose cells lie in its marker takes what they say along. It changes no document.
import { Fragment, Slice, type Node } from 'prosemirror-model';
import { writableTable } from '../../../../shared/model/page/new-table.ts';
import { readTableContent } from '../../../../shared/model/page/table-content.ts';
import { DRAWN } from '../../../../shared/model/page/table.ts';
import type { PageBinding } from '../binding/page-binding.ts';
import { idOf } from '../blocks.ts';

/** The node with what its table says; any other node as it is. */
export function withTable(node: Node, binding: PageBinding | undefined): Node {
  const marker = node.type.name === 'table' ? binding?.marker(idOf(node)) : null;
  if (!marker) return node;
  return node.type.create({ ...node.attrs, table: writableTable(readTableContent(marker, DRAWN)) });
}

/** The same for all blocks of a slice. */
export function withTables(slice: Slice, binding: PageBinding | undefined): Slice {
  const nodes = slice.content.content.map((node) => withTable(node, binding));
  return new Slice(Fragment.fromArray(nodes), slice.openStart, slice.openEnd);
}
