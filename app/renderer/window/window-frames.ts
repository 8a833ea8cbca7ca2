// The frames of a real window. Who waits for them knows only the port.
import { disposable, type Disposable } from '../../../shared/base/disposable.ts';
import type { Frames } from './frames.ts';

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
