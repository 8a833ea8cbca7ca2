// One document of a window: its Y.Doc, the stock provider that syncs it with the host, presence, and what is saved.
import { peekVarUint } from 'lib0/decoding';
import { Awareness, removeAwarenessStates } from 'y-protocols/awareness';
import { messageYjsUpdate } from 'y-protocols/sync';
import { messageAwareness, messageSync, WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import { AckCounter } from '../../../shared/link/ack-counter.ts';
import type { HostConnection } from '../connection/host-connection.ts';
import type { Frames } from '../window/frames.ts';
import { Arrivals } from './arrivals.ts';

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
const MERGE_AT = 500;

/**
 * A document that is open in this window. `synced` turns true once the host's whole copy has arrived and stays true:
 * nothing may be shown before. `pendingSince` is the time of the first edit that the host has not called durable, or null.
 */
export class DocumentHandle implements Disposable {
  readonly room: string;
  readonly doc = new Y.Doc();
  readonly awareness: Awareness;
  readonly #provider: WebsocketProvider;
  readonly #arrivals: Arrivals;
  readonly #acks = new AckCounter();
  readonly #changed = new Emitter<void>();
  readonly #clock: Clock;
  #synced = false;
  #connected = false;
  #pendingSince: number | null = null;
  #savedAt: number | null = null;
  #refusal: Refusal | null = null;
  /** Edits that the host has not called durable, as they were made: what somebody else does to their clocks is not in them. */
  #unsaved: Uint8Array[] = [];

  /** @param frames when the window draws; null where there is none: then what arrives is taken in as it comes. */
  constructor(room: string, rooms: HostConnection['rooms'], clock: Clock, frames: Frames | null) {
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
    this.#arrivals = new Arrivals(frames, clock, (updates) => {
      // As remote as each of them alone: Yjs looks at that when somebody else writes under this window's id.
      Y.transact(this.doc, () => updates.forEach((take) => take()), this.#provider, false);
    });
    this.#gather();
    this.doc.on('update', this.#updated);
    this.#acks.onPending(() => this.#pendingChanged());
    this.#provider.on('sync', (synced: boolean) => {
      if (synced) this.#synced = true;
      this.#changed.fire();
    });
    this.#provider.on('status', ({ status }) => {
      this.#connected = status === 'connected';
      if (this.#connected) this.#sendAgain();
      else this.#arrivals.forgetPresence();
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

  /** Resolves when the host calls durable what was written here until now, or takes nothing: a call that it judges by the document comes behind it then. */
  async stored(): Promise<void> {
    if (this.#pendingSince === null || this.#refusal !== null) return;
    await new Promise<void>((resolve) => {
      const watching = this.onChange(() => {
        if (this.#pendingSince !== null && this.#refusal === null) return;
        watching.dispose();
        resolve();
      });
    });
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
    this.#arrivals.dispose();
    this.#provider.destroy();
    this.awareness.destroy();
    this.doc.destroy();
  }

  /** Edits and presence of others wait for the window's next frame (OD1); whatever else the host says finds them taken in (OD2). */
  #gather(): void {
    const { messageHandlers } = this.#provider;
    const sync = messageHandlers[messageSync];
    const presence = messageHandlers[messageAwareness];
    if (!sync || !presence) throw new Error('a provider that does not sync');
    messageHandlers[messageSync] = (encoder, decoder, provider, ...rest) => {
      if (peekVarUint(decoder) === messageYjsUpdate) {
        this.#arrivals.update(() => sync(encoder, decoder, provider, ...rest));
        return;
      }
      this.#arrivals.flush();
      sync(encoder, decoder, provider, ...rest);
    };
    messageHandlers[messageAwareness] = (...message) => this.#arrivals.presence(() => presence(...message));
  }

  readonly #updated = (update: Uint8Array, origin: unknown): void => {
    const { clientID } = this.doc;
    if (clientID !== this.awareness.clientID) this.#moveTo(clientID);
    if (origin === this.#provider) return;
    if (origin !== this) this.#keep(update);
    this.#acks.edited();
  };

  /** Yjs took a new id, because somebody else writes under the old one: presence goes with it, and so does the goodbye. */
  #moveTo(client: number): void {
    const { awareness } = this;
    const state = awareness.getLocalState();
    removeAwarenessStates(awareness, [awareness.clientID], 'moved');
    awareness.clientID = client;
    awareness.setLocalState(state);
  }

  /**
   * What was not called durable goes out as it was typed, before both ends compare clocks: somebody else may have taken these
   * clocks meanwhile, and a comparison would find nothing missing (FC3).
   */
  #sendAgain(): void {
    if (this.#unsaved.length === 0) return;
    const update = Y.mergeUpdates(this.#unsaved);
    this.#unsaved = [update];
    this.doc.transact((transaction) => this.doc.emit('update', [update, this, this.doc, transaction]), this);
  }

  #keep(update: Uint8Array): void {
    this.#unsaved.push(update);
    // Merging costs what was merged before as well: seldom enough for an afternoon without a host.
    if (this.#unsaved.length >= MERGE_AT) this.#unsaved = [Y.mergeUpdates(this.#unsaved)];
  }

  #pendingChanged(): void {
    const now = this.#clock.now();
    if (this.#acks.pending) {
      this.#pendingSince ??= now;
      // A key that was pressed just before the document was replaced: it is handed over like the others.
      if (this.#refusal?.code === RELOAD && !this.#provider.wsconnected && !this.#provider.wsconnecting) {
        this.#provider.connect();
      }
    } else {
      this.#pendingSince = null;
      this.#unsaved = [];
      this.#savedAt = now;
    }
    this.#changed.fire();
  }
}
