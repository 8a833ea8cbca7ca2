// The port through which editor parts reach undo; the binding's own undo stands behind it. No state lives here.
import type { Transaction } from 'prosemirror-state';

/** Undo of one's own edits on one page. */
export interface EditingHistory {
  /** Takes back the newest step of one's own; false when there is none. */
  undo(): boolean;
  redo(): boolean;
  /** Ends the current step: what follows is undone by itself. */
  stopCapturing(): void;
  /** Whether the transaction brings others' edits (or a correction by the binding) rather than a local one. */
  isRemote(tr: Transaction): boolean;
}
