// A window as the program has it (the real pool, handle and stock provider) over sockets that a test holds up; no browser, no editor.
import type * as Y from 'yjs';
import type { HostConnection } from '../../app/renderer/connection/host-connection.ts';
import { DocumentPool, type DocumentReference } from '../../app/renderer/documents/document-pool.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import type { Transport } from '../../shared/link/transport.ts';
import { Pipe, type PipeEnd } from '../support/pipe.ts';

type Direction = 'up' | 'down';

interface Packet {
  readonly to: PipeEnd;
  readonly deliver: () => void;
}

/** A pipe whose two directions are held up one by one; what flows is delivered when it is pumped. */
class TwoLanes extends Pipe {
  readonly #lanes: Record<Direction, Packet[]> = { up: [], down: [] };

  override carry(packet: Packet): void {
    this.#lanes[packet.to === this.b ? 'up' : 'down'].push(packet);
  }

  override get waiting(): number {
    return this.#lanes.up.length + this.#lanes.down.length;
  }

  override deliver(count: number): void {
    for (const direction of ['up', 'down'] as const) this.pass(direction, count);
  }

  pass(direction: Direction, count: number): void {
    for (const packet of this.#lanes[direction].splice(0, count)) packet.deliver();
  }

  override cut(): void {
    this.#lanes.up = [];
    this.#lanes.down = [];
    super.cut();
  }
}

export interface Host {
  /** Serves a socket of a window; false: there is no host now. */
  accept(transport: Transport): boolean;
}

/** The sockets of one window, and what holds them up. */
class Sockets {
  readonly held: Record<Direction, boolean> = { up: false, down: false };
  readonly open = new Set<TwoLanes>();
  readonly #host: () => Host;
  readonly #later: (() => void)[] = [];

  constructor(host: () => Host) {
    this.#host = host;
  }

  /** In a later turn. */
  after(run: () => void): void {
    this.#later.push(run);
  }

  pump(): void {
    for (const run of this.#later.splice(0)) run();
    for (const lanes of [...this.open]) {
      for (const direction of ['up', 'down'] as const) if (!this.held[direction]) lanes.pass(direction, 3);
    }
  }

  cut(): void {
    for (const lanes of [...this.open]) lanes.cut();
  }

  get isQuiet(): boolean {
    return this.#later.length === 0 && [...this.open].every((lanes) => lanes.waiting === 0);
  }

  socketClass(): HostConnection['rooms']['Socket'] {
    const connect = (lanes: TwoLanes): boolean => this.#host().accept(lanes.b);
    const after = (run: () => void): void => this.after(run);
    const { open } = this;
    class LaneSocket {
      readonly CONNECTING = 0;
      readonly OPEN = 1;
      readonly CLOSING = 2;
      readonly CLOSED = 3;
      readonly protocol = 'caravan.ack.v1';
      binaryType = 'arraybuffer';
      readyState = 0;
      onopen: ((event: unknown) => void) | null = null;
      onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
      onclose: ((event: { code: number; reason: string }) => void) | null = null;
      onerror: ((event: unknown) => void) | null = null;
      readonly #lanes = new TwoLanes();

      constructor() {
        after(() => this.#connect());
      }

      send(data: Uint8Array): void {
        if (this.readyState === 1) this.#lanes.a.send(data);
      }

      close(code = 1000, reason = ''): void {
        if (this.readyState >= 2) return;
        this.readyState = 2;
        after(() => this.#lanes.a.close(code, reason));
      }

      #connect(): void {
        if (this.readyState !== 0) return;
        if (!connect(this.#lanes)) {
          this.#ended({ code: 1006, reason: '' });
          return;
        }
        open.add(this.#lanes);
        this.#lanes.a.onMessage((message) => {
          if (this.readyState === 1) this.onmessage?.({ data: new Uint8Array(message).buffer });
        });
        this.#lanes.a.onClose((close) => {
          // As in a browser: it knows that the socket closes a while before it says so.
          this.readyState = 2;
          after(() => after(() => this.#ended(close)));
        });
        this.readyState = 1;
        this.onopen?.({});
      }

      #ended(close: { code: number; reason: string }): void {
        if (this.readyState === 3) return;
        this.readyState = 3;
        open.delete(this.#lanes);
        this.onclose?.(close);
      }
    }
    return LaneSocket as unknown as HostConnection['rooms']['Socket'];
  }
}

/** One window that shows one page, and opens it anew when it is told to. */
export class ForgedWindow {
  readonly sockets: Sockets;
  readonly #pool: DocumentPool;
  readonly #room: string;
  readonly #freshClient: () => number;
  readonly #named = new WeakSet<DocumentReference['handle']>();
  #shown: DocumentReference | null = null;
  #watch: Disposable | null = null;
  #closed = false;

  constructor(room: string, host: () => Host, freshClient: () => number) {
    this.#room = room;
    this.#freshClient = freshClient;
    this.sockets = new Sockets(host);
    const rooms = { url: 'ws://host', Socket: this.sockets.socketClass() };
    this.#pool = new DocumentPool({ rooms } as unknown as HostConnection);
    this.visit();
  }

  /** Shows the page. */
  visit(): void {
    if (this.#shown || this.#closed) return;
    const shown = this.#pool.open(this.#room);
    this.#shown = shown;
    if (!this.#named.has(shown.handle)) this.#name(shown.handle);
    let asked = false;
    // A component hears of it a moment later.
    this.#watch = shown.handle.onChange(() => {
      if (asked) return;
      asked = true;
      queueMicrotask(() => {
        asked = false;
        this.#look(shown);
      });
    });
    this.#look(shown);
  }

  /** Shows another page. */
  leave(): void {
    this.#watch?.dispose();
    this.#shown?.dispose();
    this.#watch = null;
    this.#shown = null;
  }

  /** Which of two ids is the greater decides where words land that stand in one place: chance, but the same in every run. */
  #name(handle: DocumentReference['handle']): void {
    this.#named.add(handle);
    handle.doc.clientID = this.#freshClient();
    handle.awareness.clientID = handle.doc.clientID;
  }

  #look(shown: DocumentReference): void {
    if (this.#shown !== shown || !shown.handle.isStale) return;
    this.leave();
    this.visit();
  }

  get doc(): Y.Doc | null {
    return this.#shown?.handle.doc ?? null;
  }

  /** Whether a key that is pressed now is written into the page. */
  get isEditable(): boolean {
    const handle = this.#shown?.handle;
    return handle !== undefined && handle.synced && handle.refusal === null;
  }

  get isSaved(): boolean {
    return this.#pool.unsaved.length === 0;
  }

  get text(): string {
    return this.doc?.getText('body').toString() ?? '';
  }

  type(letter: string, back: number): boolean {
    if (!this.isEditable || !this.doc) return false;
    const body = this.doc.getText('body');
    body.insert(Math.max(0, body.length - back), letter);
    return true;
  }

  describe(): string {
    const handle = this.#shown?.handle;
    return handle
      ? `synced ${handle.synced} connected ${handle.connected} pending ${handle.pendingSince !== null} refusal ${handle.refusal?.code ?? '-'} unsaved ${this.#pool.unsaved.length}`
      : `away, unsaved ${this.#pool.unsaved.length}`;
  }

  close(): void {
    this.#closed = true;
    this.leave();
    this.#pool.dispose();
  }
}
