// What the editor of a cell can do: keys, shortcuts, signs, clipboard, carets of others. How each works has its own file.
import { EditorState, Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { addedSpace } from '../added-space.ts';
import { cursorsPlugin } from '../cursors.ts';
import { freshSelection } from '../fresh-selection.ts';
import { openEmbeds } from '../open-embeds.ts';
import { selectionReports } from '../selection-report.ts';
import { inlineShortcutAt } from '../shortcut-rules.ts';
import { triggerMenus } from '../trigger-menu.ts';
import type { CellEditor } from './cell-editor.ts';
import { cellKeys } from './cell-keys.ts';
import { cellPaste } from './table-clipboard.ts';
import type { ShownTable, TableSurroundings } from './table-surroundings.ts';

export function cellPlugins(table: ShownTable, cell: CellEditor, around: TableSurroundings): Plugin[] {
  const { history, awareness, clock, names, onSelection } = around;
  return [
    freshSelection(),
    addedSpace(history),
    triggerMenus(around.triggers, history, around.onTrigger),
    shortcuts(around),
    openEmbeds(around.onOpenEmbed),
    cellPaste(table, around),
    ...cellKeys(table, history, around.onEditLink),
    new Plugin({
      props: { handleClick: (_view, position) => (around.onCellClick(cell.text, position - 1), false) },
    }),
    ...(onSelection ? [selectionReports(onSelection)] : []),
    ...(awareness
      ? [
          cursorsPlugin({
            awareness,
            clock,
            names,
            selection: () => cell.state.selection,
            settled: () => cell.settled,
            toRelative: (pos) => cell.binding?.toRelative(pos) ?? null,
            fromRelative: (relative) => cell.binding?.fromRelative(relative) ?? null,
          }),
        ]
      : []),
  ];
}

/** Markdown's marks and boxes while somebody types, each as an undo step of its own. */
function shortcuts({ history }: TableSurroundings): Plugin {
  const run = (view: EditorView): boolean => {
    const tr = inlineShortcutAt(view.state);
    if (!tr) return false;
    history.stopCapturing();
    view.dispatch(tr.scrollIntoView());
    history.stopCapturing();
    return true;
  };
  return new Plugin({
    props: {
      handleTextInput(view, from, to, text) {
        if (view.composing || from !== to || !/[ *`~=\]]$/.test(text)) return false;
        // The letters first, as an undo step: one undo brings them back.
        // Asked on a state of its own: the plugins of the real one would take the question for an edit.
        const probe = EditorState.create({ doc: view.state.doc, selection: view.state.selection });
        if (!inlineShortcutAt(probe.apply(probe.tr.insertText(text, from, to)))) return false;
        view.dispatch(view.state.tr.insertText(text, from, to));
        return run(view);
      },
    },
  });
}
