// Notifications on the desktop as far as a window has to do with them: what it looks at, what its browser lets it, and showing what the host hands to it alone.
import type { Notice, NoticePermission } from '../../contract/notify.ts';
import type { HostConnection } from '../connection/host-connection.ts';
import { routeOfPlace } from './notice-route.ts';
import type { Router } from './router.svelte.ts';

/** Lives as long as its window. */
export class DesktopNotices {
  readonly #window: Window & typeof globalThis;
  readonly #connection: HostConnection;
  readonly #router: Router;
  #permission = $state<NoticePermission>('none');
  #said = '';

  constructor(window: Window & typeof globalThis, connection: HostConnection, router: Router) {
    this.#window = window;
    this.#connection = connection;
    this.#router = router;
    const look = (): void => this.#look();
    for (const event of ['focus', 'blur', 'hashchange', 'pageshow']) window.addEventListener(event, look);
    window.document.addEventListener('visibilitychange', look);
    connection.onStatus(({ state }) => {
      this.#said = '';
      if (state === 'online') look();
    });
    connection.onAnnouncement((news) => {
      if (news.event === 'notice') this.#show(news.notice);
      // Another host stands behind the same connection, and has heard nothing of this window.
      if (news.event === 'recovered') {
        this.#said = '';
        look();
      }
    });
    this.#permission = this.#lets();
  }

  /** What the browser lets this window; `none`: it shows none itself, as in Electron. */
  get permission(): NoticePermission {
    return this.#permission;
  }

  /** Only on a person's click: browsers hold it against a page that asks by itself. */
  async ask(): Promise<void> {
    if (this.#lets() === 'none') return;
    await this.#window.Notification.requestPermission();
    this.#look();
  }

  #lets(): NoticePermission {
    if (this.#connection.shell === 'electron' || !('Notification' in this.#window)) return 'none';
    return this.#window.Notification.permission;
  }

  /** Tells the host what became different. */
  #look(): void {
    const { document } = this.#window;
    this.#permission = this.#lets();
    const { route } = this.#router;
    const shows =
      route.at === 'document'
        ? { workspace: route.workspace, document: route.document, part: route.block ?? '' }
        : null;
    const focused = document.visibilityState === 'visible' && document.hasFocus();
    const visible = document.visibilityState === 'visible';
    const state = { focused, visible, permission: this.#permission, shows };
    const said = JSON.stringify(state);
    if (said === this.#said || this.#connection.status.state !== 'online') return;
    this.#said = said;
    this.#connection.call('notify.window', state).catch(() => {
      this.#said = ''; // The connection ended, and the next one is told anew.
    });
  }

  #show({ id, title, body, place }: Notice): void {
    if (this.#lets() !== 'granted') return;
    const shown = new this.#window.Notification(title, { body, tag: id });
    shown.addEventListener('click', () => {
      shown.close();
      this.#window.focus();
      const route = routeOfPlace(place, null);
      if (route) this.#router.go(route);
    });
  }
}
