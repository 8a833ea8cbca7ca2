// How high the rows of one list are drawn: one observer for all of them, which tells together what it measured together. It keeps no heights.

export class HeightWatch {
  readonly #observer: ResizeObserver;
  readonly #ids = new WeakMap<Element, string>();

  /** @param tell whole pixels by row; those of one frame at once, since each answer to it lays the list out again. */
  constructor(tell: (heights: ReadonlyMap<string, number>) => void) {
    this.#observer = new ResizeObserver((entries) => {
      const heights = new Map<string, number>();
      for (const { target, borderBoxSize } of entries) {
        const id = this.#ids.get(target);
        const height = Math.round(borderBoxSize[0]?.blockSize ?? 0);
        // What is not laid out has none.
        if (id !== undefined && height > 0) heights.set(id, height);
      }
      tell(heights);
    });
  }

  /** From now on, until the returned function is called. */
  watch(element: Element, id: string): () => void {
    this.#ids.set(element, id);
    this.#observer.observe(element);
    return () => this.#observer.unobserve(element);
  }

  dispose(): void {
    this.#observer.disconnect();
  }
}
