// When a window draws, as a port: before the next frame, after it, and that none come. What is drawn is not its matter.
import type { Disposable } from '../../../shared/base/disposable.ts';

export interface Frames {
  /** Whether frames are drawn; a hidden window draws none. */
  readonly areDrawn: boolean;
  /** Calls `run` right before the next frame is drawn, and `drawn` when it stands on the screen; disposing cancels what is still to come of `run`. */
  next(run: () => void, drawn: () => void): Disposable;
  /** Calls `run` when the window is hidden. */
  onHidden(run: () => void): Disposable;
}
