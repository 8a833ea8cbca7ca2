// A DocStore that says whether it is at work, so that a test's clock stands still while the disk is; it changes nothing.
import type { DocStore } from '../../shared/hub/doc-store.ts';

/** What one program does with its store. */
export class StoreWatch {
  #working = 0;
  #left = false;

  get atWork(): boolean {
    return this.#working > 0 && !this.#left;
  }

  /** The program is no more: what it was waiting for never comes. */
  leave(): void {
    this.#left = true;
  }

  /** The same object, each of whose promises and iterations is counted. */
  watched<T extends DocStore | DocStore['values']>(store: T): T {
    return new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (name === 'values') return this.watched(value as DocStore['values']);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]): unknown => {
          const result: unknown = Reflect.apply(value, target, given);
          if (result instanceof Promise) return this.during(result);
          return isIterable(result) ? this.#iterate(result) : result;
        };
      },
    });
  }

  /** Counts a piece of work until it is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#working += 1;
    try {
      return await work;
    } finally {
      this.#working -= 1;
    }
  }

  async *#iterate(iterable: AsyncIterable<unknown>): AsyncIterable<unknown> {
    const iterator = iterable[Symbol.asyncIterator]();
    for (;;) {
      const next = await this.during(iterator.next());
      if (next.done) return;
      yield next.value;
    }
  }
}

/** All disks of a scenario. */
export class DiskWatch {
  readonly #watches = new Set<StoreWatch>();

  get atWork(): boolean {
    for (const watch of this.#watches) if (watch.atWork) return true;
    return false;
  }

  begin(): StoreWatch {
    const watch = new StoreWatch();
    this.#watches.add(watch);
    return watch;
  }

  end(watch: StoreWatch): void {
    watch.leave();
    this.#watches.delete(watch);
  }
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
