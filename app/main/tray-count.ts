// The tray with the number of what is new, and the same number on the program's icon. What is counted it does not know.
import { app, Menu, nativeImage, Tray } from 'electron';
import { TRAY_ICON } from './tray-icon.ts';

export interface TrayActions {
  /** Shows a window, and in it the inbox. */
  readonly inbox: () => void;
  readonly open: () => void;
  readonly quit: () => void;
}

export class TrayCount {
  readonly #actions: TrayActions;
  /** Held, since one that is collected as garbage vanishes. */
  readonly #tray: Tray;

  constructor(actions: TrayActions) {
    this.#actions = actions;
    this.#tray = new Tray(nativeImage.createFromDataURL(TRAY_ICON));
    this.#tray.on('click', () => actions.open());
  }

  show(count: number): void {
    const { open, inbox, quit } = this.#actions;
    this.#tray.setToolTip(count === 0 ? 'Caravan' : `Caravan, ${count} for you`);
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open Caravan', click: open },
        { label: count === 0 ? 'Inbox' : `Inbox (${count})`, click: inbox },
        { type: 'separator' },
        { label: 'Quit', click: quit },
      ]),
    );
    app.setBadgeCount(count);
  }
}
