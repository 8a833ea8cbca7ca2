// Which link's preview is shown: after a moment on the link, until pointer and focus are elsewhere or Esc. It draws nothing and reads no document.
import type { Clock } from '../../../../../shared/base/clock.ts';
import type { Disposable } from '../../../../../shared/base/disposable.ts';

export interface Preview {
  readonly anchor: HTMLElement;
  readonly page: string;
  readonly block: string;
}

/** Long enough that passing over links shows nothing. */
const DELAY = 450;
/** To reach the preview itself with the pointer. */
const GRACE = 200;

export class PreviewState {
  readonly #clock: Clock;
  readonly #onShown: (preview: Preview | null) => void;
  #shown: Preview | null = null;
  #wanted: HTMLElement | null = null;
  #timer: Disposable | null = null;

  constructor(clock: Clock, onShown: (preview: Preview | null) => void) {
    this.#clock = clock;
    this.#onShown = onShown;
  }

  ask(anchor: HTMLElement, page: string, block: string): void {
    if (this.#shown?.anchor === anchor) {
      this.hold();
      return;
    }
    this.#wanted = anchor;
    this.#after(DELAY, () => {
      if (anchor.isConnected) this.#show({ anchor, page, block });
    });
  }

  leave(anchor: HTMLElement): void {
    if (this.#wanted !== anchor && this.#shown?.anchor !== anchor) return;
    this.#wanted = null;
    if (this.#shown) this.release();
    else this.#stop();
  }

  /** The pointer is on the preview itself. */
  hold(): void {
    this.#stop();
  }

  /** Pointer and focus left link and preview. */
  release(): void {
    this.#after(GRACE, () => this.#show(null));
  }

  close(): void {
    this.#stop();
    this.#wanted = null;
    this.#show(null);
  }

  #show(preview: Preview | null): void {
    if (preview === this.#shown) return;
    this.#shown = preview;
    this.#onShown(preview);
  }

  #after(milliseconds: number, run: () => void): void {
    this.#stop();
    this.#timer = this.#clock.after(milliseconds, run);
  }

  #stop(): void {
    this.#timer?.dispose();
    this.#timer = null;
  }
}
