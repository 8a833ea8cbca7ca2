// How many things are new in all inboxes, in front of the window's title and on the program's icon where a browser has one. What is new it does not know.
import type { HostConnection } from '../connection/host-connection.ts';

const COUNTED = /^\(\d+\) /;

/** Lives as long as its window. */
export class NewsCount {
  readonly #window: Window & typeof globalThis;
  #counts: Readonly<Record<string, number>> = {};

  constructor(window: Window & typeof globalThis, connection: HostConnection) {
    this.#window = window;
    const ask = (): void => {
      connection.call('notify.counts', {}).then(
        (counts) => {
          this.#counts = counts;
          this.#show();
        },
        () => undefined, // The connection ended; the next one is asked.
      );
    };
    connection.onStatus(({ state }) => {
      if (state === 'online') ask();
    });
    connection.onAnnouncement((news) => {
      if (news.event === 'inbox') {
        this.#counts = { ...this.#counts, [news.workspace]: news.count };
        this.#show();
      } else if (news.event === 'workspaces' || news.event === 'recovered') ask();
    });
    // Screens write their own titles: the number goes in front of each.
    const title = window.document.querySelector('title');
    if (title) new MutationObserver(() => this.#title()).observe(title, { childList: true });
  }

  get #count(): number {
    return Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
  }

  #show(): void {
    this.#title();
    const { navigator } = this.#window;
    // Only an installed program has an icon of its own to write on; elsewhere the title alone says it.
    if ('setAppBadge' in navigator) navigator.setAppBadge(this.#count).catch(() => undefined);
  }

  #title(): void {
    const { document } = this.#window;
    const bare = document.title.replace(COUNTED, '');
    const title = this.#count === 0 ? bare : `(${this.#count}) ${bare}`;
    if (title !== document.title) document.title = title;
  }
}
