// Work that is done one after another, in the order in which it was given: what reads several documents and then writes in them must not run into itself.

export class OneByOne {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `work` does; what comes behind it begins either way. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}
