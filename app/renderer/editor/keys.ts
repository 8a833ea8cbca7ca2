// Which key does what in the page's text. The commands are elsewhere.
import { baseKeymap, chainCommands, deleteSelection, selectAll } from 'prosemirror-commands';
import { keymap } from 'prosemirror-keymap';
import { Plugin, type Command } from 'prosemirror-state';
import { backspaceAtStart, deleteAtEnd, selectAllTwice } from './commands/edges.ts';
import { enter, lineBreak } from './commands/enter.ts';
import { shiftTab, tab } from './commands/indent.ts';
import { setKind, toggleCheck } from './commands/kinds.ts';
import { toggle } from './commands/marks.ts';
import { duplicateBlocks, moveBy, type MoveBlocks } from './commands/move.ts';
import type { EditingHistory } from './editing-history.ts';
import { toggleFold } from './folding.ts';

export interface KeyActions {
  readonly history: EditingHistory;
  readonly move: MoveBlocks;
  /** The caret wants to leave the text upwards, to the page's title. */
  readonly onLeaveTop: () => void;
  readonly onBlockMenu: () => void;
  /** Mod+K with text selected or a caret in a link: somebody wants to edit the address. */
  readonly onEditLink: () => boolean;
}

/** The editor's keys. `Mod` is Cmd on a Mac and Ctrl elsewhere. */
export function pageKeys(actions: KeyActions): Plugin[] {
  const backspace = chainCommands(deleteSelection, backspaceAtStart(actions.onLeaveTop));
  const forward = chainCommands(deleteSelection, deleteAtEnd);
  const leaveTop: Command = (state, dispatch, view) => {
    const { $head, empty } = state.selection;
    if (!empty || $head.index(0) > 0 || !view?.endOfTextblock('up')) return false;
    if (dispatch) actions.onLeaveTop();
    return true;
  };
  const undo: Command = (_state, dispatch) => (dispatch ? actions.history.undo() || true : true);
  const redo: Command = (_state, dispatch) => (dispatch ? actions.history.redo() || true : true);
  // Tab is a key of the text, so there is another way on for those who have no pointer: Escape, then Tab.
  let leaving = false;
  const wayOut = new Plugin({
    props: {
      handleKeyDown(_view, event) {
        if (event.key === 'Tab') return false;
        if (event.key !== 'Shift') leaving = event.key === 'Escape';
        return false;
      },
    },
  });
  const unlessLeaving =
    (command: Command): Command =>
    (state, dispatch, view) =>
      !leaving && command(state, dispatch, view);
  const own = keymap({
    Enter: enter,
    'Shift-Enter': lineBreak,
    'Mod-Enter': chainCommands(toggleCheck, toggleFold),
    Tab: unlessLeaving(tab),
    'Shift-Tab': unlessLeaving(shiftTab),
    Backspace: backspace,
    'Shift-Backspace': backspace,
    Delete: forward,
    ArrowUp: leaveTop,
    'Mod-a': chainCommands(selectAllTwice, selectAll),
    'Mod-b': toggle('bold'),
    'Mod-i': toggle('italic'),
    'Mod-e': toggle('code'),
    'Mod-Shift-s': toggle('strike'),
    'Mod-Shift-h': toggle('highlight'),
    'Mod-k': (_state, dispatch) => (dispatch ? actions.onEditLink() : true),
    'Mod-Shift-ArrowUp': moveBy('up', actions.move),
    'Mod-Shift-ArrowDown': moveBy('down', actions.move),
    'Mod-d': duplicateBlocks,
    'Mod-/': (_state, dispatch) => {
      if (dispatch) actions.onBlockMenu();
      return true;
    },
    'Mod-Alt-0': setKind({ kind: 'paragraph' }),
    'Mod-Alt-1': setKind({ kind: 'heading', level: 1 }),
    'Mod-Alt-2': setKind({ kind: 'heading', level: 2 }),
    'Mod-Alt-3': setKind({ kind: 'heading', level: 3 }),
    'Mod-z': undo,
    'Mod-Shift-z': redo,
    'Mod-y': redo,
  });
  return [wayOut, own, keymap(baseKeymap)];
}
