// The way into a table from the page's text: arrows at its border, and Enter on the block that is selected.
import type { Node } from 'prosemirror-model';
import { NodeSelection, Plugin, type Command } from 'prosemirror-state';
import { idOf, selectedBlocks } from '../blocks.ts';
import { newTable } from '../commands/new-blocks.ts';
import type { SlashItem } from '../slash-items.ts';
import type { TableSurroundings, Where } from './table-surroundings.ts';

/** Keys of the page's text that lead into a table. It must stand before the page's own keys. */
export function tableEntrance(around: TableSurroundings): Plugin {
  const enter = (node: Node | null | undefined, last: boolean, where: Where): boolean => {
    const view = node?.type.name === 'table' ? around.views.get(idOf(node)) : undefined;
    if (!view || view.table.rows.length === 0 || view.table.columns.length === 0) return false;
    const { rows, columns } = view.table;
    const place =
      last && where === 'end' ? { row: rows.length - 1, column: columns.length - 1 } : { row: 0, column: 0 };
    view.enter(last && where === 'start' ? { row: rows.length - 1, column: 0 } : place, where);
    return true;
  };
  return new Plugin({
    props: {
      handleKeyDown(view, event) {
        if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || view.composing) return false;
        const { selection } = view.state;
        if (selection instanceof NodeSelection) return event.key === 'Enter' && enter(selection.node, false, 'start');
        const { $from, empty } = selection;
        if (!empty || $from.depth !== 1) return false;
        const atStart = $from.parentOffset === 0;
        const atEnd = $from.parentOffset === $from.parent.content.size;
        const before = (): Node | null => view.state.doc.resolve($from.before(1)).nodeBefore;
        const behind = (): Node | null => view.state.doc.resolve($from.after(1)).nodeAfter;
        switch (event.key) {
          case 'ArrowDown':
            return view.endOfTextblock('down') && enter(behind(), false, 'start');
          case 'ArrowUp':
            return view.endOfTextblock('up') && enter(before(), true, 'start');
          case 'ArrowRight':
            return atEnd && enter(behind(), false, 'start');
          case 'ArrowLeft':
            return atStart && enter(before(), true, 'end');
          default:
            return false;
        }
      },
    },
  });
}

/** The slash menu's row. */
export function tableItem(around: Pick<TableSurroundings, 'views'>): SlashItem {
  return {
    id: 'table',
    title: 'Table',
    hint: '',
    keywords: ['grid', 'rows', 'columns', 'cells', 'spreadsheet'],
    icon: 'table',
    run: insertTable(around),
  };
}

/** A new table in place of an empty block, else behind the block; the caret goes into its first cell. */
export function insertTable(around: Pick<TableSurroundings, 'views'>): Command {
  return (state, dispatch) => {
    const block = selectedBlocks(state).at(-1);
    if (!block) return false;
    if (!dispatch) return true;
    const table = newTable(state.schema, Number(block.node.attrs.indent) || 0);
    const id = idOf(table);
    const { tr } = state;
    const isEmpty = block.node.isTextblock && block.node.content.size === 0;
    tr.insert(isEmpty ? block.pos : block.pos + block.node.nodeSize, table);
    dispatch(tr.scrollIntoView());
    // The view stands once the block is stored, which is a moment later.
    queueMicrotask(() => around.views.get(id)?.enter({ row: 0, column: 0 }, 'start'));
    return true;
  };
}
