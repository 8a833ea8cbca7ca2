// The port to whatever shows notifications, and its two ends beside none: Electron's main process, and a browser window that is open. It decides nothing.
import type { FromHost } from '../../contract/host-messages.ts';
import type { Notice, NotifySettings } from '../../contract/notify.ts';
import type { OpenWindows } from './open-windows.ts';

export interface Notifier {
  readonly kind: NotifySettings['end'];
  /** Once, and never again by itself. False: nobody is there who could. */
  show(notice: Notice): boolean;
  /** How many things in all inboxes are new. Windows know it by themselves. */
  count(count: number): void;
  /** Whether the program goes on without a window. */
  stay(stays: boolean): void;
}

/** Electron's own, whether a window is open or not; main opens one at a click. */
export class ElectronNotifier implements Notifier {
  readonly kind = 'electron';
  readonly #tell: (message: FromHost) => void;

  constructor(tell: (message: FromHost) => void) {
    this.#tell = tell;
  }

  show(notice: Notice): boolean {
    const { id, title, body, place } = notice;
    this.#tell({ type: 'notice', id, title, body, place: JSON.stringify(place) });
    return true;
  }

  count(count: number): void {
    this.#tell({ type: 'count', count });
  }

  stay(stays: boolean): void {
    this.#tell({ type: 'stay', stays });
  }
}

/** A browser's, through one of the windows that it lets; while none is open nothing is shown. */
export class BrowserNotifier implements Notifier {
  readonly #windows: OpenWindows;

  constructor(windows: OpenWindows) {
    this.#windows = windows;
  }

  get kind(): 'browser' | 'none' {
    return this.#windows.elected ? 'browser' : 'none';
  }

  show(notice: Notice): boolean {
    const window = this.#windows.elected;
    window?.tell({ event: 'notice', notice });
    return window !== null;
  }

  count(): void {
    return;
  }

  stay(): void {
    return;
  }
}
