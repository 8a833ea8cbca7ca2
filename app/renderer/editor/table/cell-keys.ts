// Which key does what in a cell. Where the caret goes from there is the table's.
import { baseKeymap, chainCommands, deleteSelection } from 'prosemirror-commands';
import { keymap } from 'prosemirror-keymap';
import { TextSelection, type Command, type EditorState, type Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { lineBreak } from '../commands/enter.ts';
import { toggle } from '../commands/marks.ts';
import type { EditingHistory } from '../editing-history.ts';
import type { Direction } from './table-range.ts';

/** What a table does for the cell that has the caret. */
export interface CellMoves {
  /** Tab: the next cell in reading order, or the one before; behind the last one a new row. */
  step(by: 1 | -1): void;
  /** An arrow at the edge of the words. */
  go(direction: Direction): void;
  /** Enter: the cell below, or out of the table. */
  below(): void;
  /** Shift and an arrow at the edge: cells are selected. */
  stretch(direction: Direction): void;
  /** Moves the row or the column. */
  moveLine(direction: Direction): void;
  selectAll(): void;
  /** Out of the cell: the table as one block is selected. */
  leave(): void;
  openMenu(): void;
  /** Ticks the box at the caret, or the first one of the cell. */
  tick(): void;
}

const DIRECTIONS: readonly (readonly [key: string, direction: Direction])[] = [
  ['ArrowUp', 'up'],
  ['ArrowDown', 'down'],
  ['ArrowLeft', 'left'],
  ['ArrowRight', 'right'],
];

/** Whether the caret, or the end of the selection that moves, is at that edge of the words. */
function atEdge(state: EditorState, view: EditorView | undefined, direction: Direction): boolean {
  const { $head } = state.selection;
  if (direction === 'left') return $head.parentOffset === 0;
  if (direction === 'right') return $head.parentOffset === $head.parent.content.size;
  return view?.endOfTextblock(direction) ?? false;
}

export function cellKeys(moves: CellMoves, history: EditingHistory, onEditLink: () => boolean): Plugin[] {
  const then =
    (run: () => void): Command =>
    (_state, dispatch) => {
      if (dispatch) run();
      return true;
    };
  const bindings: Record<string, Command> = {
    Tab: then(() => moves.step(1)),
    'Shift-Tab': then(() => moves.step(-1)),
    Enter: then(() => moves.below()),
    'Shift-Enter': lineBreak,
    'Mod-Enter': then(() => moves.tick()),
    'Alt-Enter': then(() => moves.openMenu()),
    Escape: then(() => moves.leave()),
    Backspace: chainCommands(deleteSelection, ({ selection }) => selection.$from.parentOffset === 0),
    Delete: chainCommands(
      deleteSelection,
      ({ selection: { $from } }) => $from.parentOffset === $from.parent.content.size,
    ),
    'Mod-a': (state, dispatch) => {
      const all = TextSelection.create(state.doc, 1, state.doc.content.size - 1);
      if (state.selection.eq(all)) return then(() => moves.selectAll())(state, dispatch);
      dispatch?.(state.tr.setSelection(all));
      return true;
    },
    'Mod-b': toggle('bold'),
    'Mod-i': toggle('italic'),
    'Mod-e': toggle('code'),
    'Mod-Shift-s': toggle('strike'),
    'Mod-Shift-h': toggle('highlight'),
    'Mod-k': (_state, dispatch) => (dispatch ? onEditLink() : true),
    'Mod-z': then(() => history.undo()),
    'Mod-Shift-z': then(() => history.redo()),
    'Mod-y': then(() => history.redo()),
  };
  for (const [key, direction] of DIRECTIONS) {
    bindings[key] = (state, dispatch, view) => {
      if (!state.selection.empty || !atEdge(state, view, direction)) return false;
      return then(() => moves.go(direction))(state, dispatch);
    };
    bindings[`Shift-${key}`] = (state, dispatch, view) =>
      atEdge(state, view, direction) && then(() => moves.stretch(direction))(state, dispatch);
    bindings[`Alt-Shift-${key}`] = then(() => moves.moveLine(direction));
    // They move blocks on the page; a cell is no block.
    bindings[`Mod-Shift-${key}`] ??= () => false;
  }
  return [keymap(bindings), keymap(baseKeymap)];
}
