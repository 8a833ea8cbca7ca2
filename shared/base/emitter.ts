// A typed event source; it does not buffer and does not order between listeners.
import { disposable, type Disposable } from './disposable.ts';

/** Subscribing returns a Disposable that the subscriber owns. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Fires values to its listeners; a listener that throws does not keep the others from hearing. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
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
    this.#listeners.add(own);
    return disposable(() => this.#listeners.delete(own));
  };

  get size(): number {
    return this.#listeners.size;
  }

  fire(value: T): void {
    if (this.#listeners.size === 1) {
      for (const listener of this.#listeners) {
        this.#tell(listener, value);
        // Who subscribes meanwhile hears the next value.
        return;
      }
    }
    for (const listener of [...this.#listeners]) this.#tell(listener, value);
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
    this.#listeners.clear();
  }
}
