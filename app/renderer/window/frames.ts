// When a window draws, as a port: before the next frame, after it, and that none come. What is drawn is not its matter.
import { disposable, type Disposable } from '../../../shared/base/disposable.ts';

export interface Frames {
  /** Whether frames are drawn; a hidden window draws none. */
  readonly areDrawn: boolean;
  /** Calls `run` right before the next frame is drawn, and `drawn` when it stands on the screen; disposing cancels what is still to come of `run`. */
  next(run: () => void, drawn: () => void): Disposable;
  /** Calls `run` when the window is hidden. */
  onHidden(run: () => void): Disposable;
}

export class WindowFrames implements Frames {
  readonly #window: Window;

  constructor(window: Window) {
    this.#window = window;
  }

  get areDrawn(): boolean {
    return this.#window.document.visibilityState === 'visible';
  }

  next(run: () => void, drawn: () => void): Disposable {
    const frame = this.#window.requestAnimationFrame(() => {
      run();
      // A task of its own comes when what the frame shows has been laid out and painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        drawn();
      };
      port2.postMessage(null);
    });
    return disposable(() => this.#window.cancelAnimationFrame(frame));
  }

  onHidden(run: () => void): Disposable {
    const { document } = this.#window;
    const look = (): void => {
      if (!this.areDrawn) run();
    };
    document.addEventListener('visibilitychange', look);
    return disposable(() => document.removeEventListener('visibilitychange', look));
  }
}
