// One document of a window: its Y.Doc, the stock provider that syncs it with the host, presence, and what is saved.
import { Awareness } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import { AckCounter } from '../../../shared/link/ack-counter.ts';
import type { HostConnection } from '../connection/host-connection.ts';

/** What the host would not do with this document. Final until the document is opened again. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
}

/** Newest first: with it the host says how much is durable; without it nothing would ever count as saved. */
const PROTOCOLS = ['caravan.ack.v1', 'caravan.v1'];
/** y-websocket has no handler for the acknowledgement and complains about unknown types. */
const ACK_MESSAGE = 64;
const LONGEST_RETRY = 2_500;
/** The host's document is not this one any more: words under this window's id were set aside (FC3). */
const RELOAD = 4409;

/**
 * A document that is open in this window. `synced` turns true once the host's whole copy has arrived and stays true:
 * nothing may be shown before. `pendingSince` is the time of the first edit that the host has not called durable, or null.
 */
export class DocumentHandle implements Disposable {
  readonly room: string;
  readonly doc = new Y.Doc();
  readonly awareness: Awareness;
  readonly #provider: WebsocketProvider;
  readonly #acks = new AckCounter();
  readonly #changed = new Emitter<void>();
  readonly #clock: Clock;
  #synced = false;
  #connected = false;
  #pendingSince: number | null = null;
  #savedAt: number | null = null;
  #refusal: Refusal | null = null;
  /** By client id of this document, the clock of the first edit that the host has not called durable. */
  readonly #pendingFrom = new Map<number, number>();

  constructor(room: string, rooms: HostConnection['rooms'], clock: Clock) {
    this.room = room;
    this.#clock = clock;
    this.awareness = new Awareness(this.doc);
    this.#provider = new WebsocketProvider(rooms.url, room, this.doc, {
      awareness: this.awareness,
      connect: false,
      disableBc: true,
      protocols: PROTOCOLS,
      maxBackoffTime: LONGEST_RETRY,
      // The watched class is WebSocket-shaped; y-websocket's types ask for the DOM's own constructor.
      WebSocketPolyfill: this.#acks.wrap(rooms.Socket) as unknown as typeof WebSocket,
    });
    this.#provider.messageHandlers[ACK_MESSAGE] = () => undefined;
    this.doc.on('update', this.#updated);
    this.#acks.onPending(() => this.#pendingChanged());
    this.#provider.on('sync', (synced: boolean) => {
      if (synced) this.#synced = true;
      this.#changed.fire();
    });
    this.#provider.on('status', ({ status }) => {
      this.#connected = status === 'connected';
      if (this.#connected) this.#sendAgain();
      this.#changed.fire();
    });
    this.#provider.on('closed', ({ code, reason }) => {
      this.#refusal = { code, reason };
      // What only this window holds is handed over first; the host sets it aside with the rest.
      if (code === RELOAD && this.#pendingSince !== null) this.#provider.connect();
      this.#changed.fire();
    });
    this.#provider.connect();
  }

  /** Fires when synced, connected, pendingSince, savedAt or refusal changed. */
  readonly onChange = this.#changed.event;

  get synced(): boolean {
    return this.#synced;
  }
  get connected(): boolean {
    return this.#connected;
  }
  get pendingSince(): number | null {
    return this.#pendingSince;
  }
  /** When the last edit of this window became durable; null before the first. */
  get savedAt(): number | null {
    return this.#savedAt;
  }
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** The host holds all of it, and another document in its place: whoever shows it opens the room anew. */
  get isStale(): boolean {
    return this.#refusal?.code === RELOAD && this.#pendingSince === null;
  }

  /** Says hello to the others at once instead of after the provider's next try. */
  retryNow(): void {
    this.#refusal = null;
    this.#provider.disconnect();
    this.#provider.connect();
  }

  dispose(): void {
    this.#changed.clear();
    this.doc.off('update', this.#updated);
    this.#provider.destroy();
    this.awareness.destroy();
    this.doc.destroy();
  }

  readonly #updated = (_update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => {
    if (origin === this.#provider) return;
    const { clientID } = this.doc;
    if (origin !== this && !this.#pendingFrom.has(clientID)) {
      this.#pendingFrom.set(clientID, transaction.beforeState.get(clientID) ?? 0);
    }
    this.#acks.edited();
  };

  /**
   * What was not called durable goes out as it was typed, before both ends compare clocks: somebody else may have taken these
   * clocks meanwhile, and a comparison would find nothing missing (FC3).
   */
  #sendAgain(): void {
    if (this.#pendingFrom.size === 0) return;
    const clocks = Y.decodeStateVector(Y.encodeStateVector(this.doc));
    for (const [client, from] of this.#pendingFrom) clocks.set(client, from);
    const update = Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(clocks));
    this.doc.transact((transaction) => this.doc.emit('update', [update, this, this.doc, transaction]), this);
  }

  #pendingChanged(): void {
    const now = this.#clock.now();
    if (this.#acks.pending) this.#pendingSince ??= now;
    else {
      this.#pendingSince = null;
      this.#pendingFrom.clear();
      this.#savedAt = now;
    }
    this.#changed.fire();
  }
}
