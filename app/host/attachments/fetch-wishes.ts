// Which missing attachments somebody wants first, and which are not to be fetched for now. In memory: a start of the host forgets it. It fetches nothing.
import type { BlobAt } from './blob-rows.ts';

export class FetchWishes {
  readonly #first = new Set<string>();
  readonly #paused = new Set<string>();

  first(files: readonly BlobAt[]): void {
    for (const at of files) {
      this.#first.add(keyOf(at));
      this.#paused.delete(keyOf(at));
    }
  }

  pause(files: readonly BlobAt[]): void {
    for (const at of files) {
      this.#paused.add(keyOf(at));
      this.#first.delete(keyOf(at));
    }
  }

  isFirst(at: BlobAt): boolean {
    return this.#first.has(keyOf(at));
  }

  isPaused(at: BlobAt): boolean {
    return this.#paused.size > 0 && this.#paused.has(keyOf(at));
  }

  /** Without those that are paused, and with those marked that are to come first. */
  *of<T extends BlobAt>(wanted: Iterable<T>): Generator<T & { readonly first: boolean }> {
    for (const one of wanted) {
      if (!this.isPaused(one)) yield { ...one, first: this.isFirst(one) };
    }
  }

  forget(workspace: string): void {
    for (const set of [this.#first, this.#paused]) {
      for (const key of [...set]) if (key.startsWith(`${workspace}/`)) set.delete(key);
    }
  }
}

function keyOf({ workspace, space, blob }: BlobAt): string {
  return `${workspace}/${space}/${blob}`;
}
