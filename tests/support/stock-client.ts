// A stock y-websocket client in Node, as any third party would write one; nothing of Caravan's own is in it.
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

export interface StockClient {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  /** The text of the root `body`. */
  readonly text: string;
  write(text: string): void;
  destroy(): void;
}

/** Connects to `<url>/<room>`; destroyed with the test at the latest. */
export function stockClient(
  url: string,
  room: string,
  { headers, ...options }: { readonly protocols?: string[]; readonly headers?: Readonly<Record<string, string>> } = {},
): StockClient {
  const doc = new Y.Doc();
  /** A page's socket carries the cookies of its page; this one the headers that stand for them. */
  class Socket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { perMessageDeflate: false, ...(headers ? { headers } : {}) });
    }
  }
  const provider = new WebsocketProvider(url, room, doc, {
    // The types of `ws` and of the DOM differ in what nobody here uses.
    WebSocketPolyfill: Socket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    maxBackoffTime: 200,
    ...options,
  });
  let live = true;
  const client: StockClient = {
    doc,
    provider,
    get text() {
      return doc.getText('body').toString();
    },
    write(text) {
      const body = doc.getText('body');
      body.insert(body.length, text);
    },
    destroy() {
      if (!live) return;
      live = false;
      provider.destroy();
      // provider.destroy() leaves the timer of its awareness running.
      provider.awareness.destroy();
      doc.destroy();
    },
  };
  onTestFinished(() => client.destroy());
  return client;
}

/** Resolves when `condition` holds; it is looked at after every turn of the event loop, so no time is assumed. */
export async function until(condition: () => boolean, what: string, patience = 30_000): Promise<void> {
  const end = Date.now() + patience;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Resolves when the provider has had its first answer. */
export async function synced(client: StockClient): Promise<void> {
  await until(() => client.provider.synced, 'synced');
}
