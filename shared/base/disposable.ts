// Things that are given back: one interface, a bag of them, and the way to make one.

/** Something whose creator must call dispose() once; a second call does nothing. */
export interface Disposable {
  dispose(): void;
}

/** A Disposable that runs `release` at the first dispose() and never again. */
export function disposable(release: () => void): Disposable {
  let live = true;
  return {
    dispose() {
      if (!live) return;
      live = false;
      release();
    },
  };
}

/** A bag of disposables, released in the opposite order of adding; what is added after dispose() is released at once. */
export class DisposableStore implements Disposable {
  #items: Disposable[] = [];
  #disposed = false;

  get isDisposed(): boolean {
    return this.#disposed;
  }

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const items = this.#items;
    this.#items = [];
    for (const item of items.reverse()) item.dispose();
  }
}
