// The receiving half that every Transport needs: messages kept until somebody listens, and one close; it sends nothing.
import { Emitter, type Event } from '../base/emitter.ts';
import type { TransportClose } from './transport.ts';

/** Keeps the Transport port's guarantees about delivery; an adapter feeds it. */
export class TransportInbox {
  readonly #messages = new Emitter<Uint8Array>();
  readonly #closes = new Emitter<TransportClose>();
  #kept: Uint8Array[] | null = [];
  #closed: TransportClose | null = null;

  get closed(): boolean {
    return this.#closed !== null;
  }

  readonly onMessage: Event<Uint8Array> = (listener) => {
    const subscription = this.#messages.event(listener);
    const kept = this.#kept;
    this.#kept = null;
    for (const message of kept ?? []) this.#messages.fire(message);
    return subscription;
  };

  readonly onClose: Event<TransportClose> = this.#closes.event;

  deliver(message: Uint8Array): void {
    if (this.#closed) return;
    if (this.#kept) this.#kept.push(message);
    else this.#messages.fire(message);
  }

  /** The first call counts. */
  close(close: TransportClose): void {
    if (this.#closed) return;
    this.#closed = close;
    this.#kept = null;
    this.#closes.fire(close);
    this.#closes.clear();
    this.#messages.clear();
  }
}
