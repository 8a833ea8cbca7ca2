// What the program shows outside its windows, as the host wishes it: notifications, the tray with its number, and that it goes on without a window.
import { app } from 'electron';
import type { HostWish } from './host-process.ts';
import { Notices } from './notices.ts';
import { TrayCount } from './tray-count.ts';

export interface OutsideActions {
  /** Shows a window, an open one or a new one. */
  readonly open: () => void;
  /** As open(), at a place that the host named; '': at the inbox. */
  readonly openPlace: (place: string) => void;
}

export class Outside {
  readonly #actions: OutsideActions;
  readonly #notices: Notices;
  #tray: TrayCount | null = null;
  #count = 0;
  #stays = false;

  constructor(actions: OutsideActions) {
    this.#actions = actions;
    this.#notices = new Notices(actions.openPlace);
  }

  /** Whether the program goes on when its last window is closed; on macOS programs do anyway. */
  get stays(): boolean {
    return this.#stays || process.platform === 'darwin';
  }

  /** Once the program is ready. */
  begin(): void {
    const { open, openPlace } = this.#actions;
    this.#tray = new TrayCount({ open, inbox: () => openPlace(''), quit: () => app.quit() });
    this.#tray.show(this.#count);
  }

  heard(wish: HostWish): void {
    if (wish.type === 'notice') this.#notices.show(wish);
    else if (wish.type === 'stay') this.#stays = wish.stays;
    else {
      this.#count = wish.count;
      this.#tray?.show(wish.count);
    }
  }
}
