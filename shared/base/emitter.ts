// A typed event source; it does not buffer and does not order between listeners.
import { disposable, type Disposable } from './disposable.ts';

/** Subscribing returns a Disposable that the subscriber owns. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Fires values to its listeners; a listener that throws does not keep the others from hearing. */
export class Emitter<T> {
  /** Most have one or none: a relay has some ten emitters for each socket. */
  #listeners: ((value: T) => void) | Set<(value: T) => void> | null = null;
  readonly #onError: (error: unknown) => void;

  /** @param onError receives what a listener threw; by default it is rethrown in a microtask, so nothing is swallowed. */
  constructor(
    onError: (error: unknown) => void = (error) => {
      queueMicrotask(() => {
        throw error;
      });
    },
  ) {
    this.#onError = onError;
  }

  readonly event: Event<T> = (listener) => {
    // A wrapper of its own, so that one function subscribed twice is heard twice.
    const own = (value: T): void => listener(value);
    if (this.#listeners === null) this.#listeners = own;
    else if (this.#listeners instanceof Set) this.#listeners.add(own);
    else this.#listeners = new Set([this.#listeners, own]);
    return disposable(() => this.#remove(own));
  };

  get size(): number {
    if (this.#listeners instanceof Set) return this.#listeners.size;
    return this.#listeners ? 1 : 0;
  }

  fire(value: T): void {
    // Who subscribes meanwhile hears the next value.
    if (this.#listeners instanceof Set) for (const listener of [...this.#listeners]) this.#tell(listener, value);
    else if (this.#listeners) this.#tell(this.#listeners, value);
  }

  #remove(listener: (value: T) => void): void {
    if (this.#listeners instanceof Set) this.#listeners.delete(listener);
    else if (this.#listeners === listener) this.#listeners = null;
  }

  #tell(listener: (value: T) => void, value: T): void {
    try {
      listener(value);
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Forgets all listeners. */
  clear(): void {
    this.#listeners = null;
  }
}
