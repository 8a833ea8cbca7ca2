// The source of a large picture's small copy, or null until it is there; when there is none the whole is to be shown.
import { untrack } from 'svelte';
import type { BlobState } from '../../../../contract/attachments.ts';
import type { SmallPictures } from './small-pictures.ts';

type Here = Extract<BlobState, { state: 'here' }>;

export class SmallUrl {
  #url = $state<string | null>(null);
  #failed = $state(false);

  /** Only while a component is being set up: it ends with that. @param picture one that is large and in sight, else null. */
  constructor(pictures: SmallPictures, picture: () => Here | null) {
    const blob = $derived(picture()?.blob ?? null);
    $effect(() => {
      // Its state may change, its bytes do not.
      const shown = untrack(picture);
      if (blob === null || shown?.blob !== blob) return;
      const ended = new AbortController();
      pictures.get(shown, ended.signal).then(
        (small) => {
          if (ended.signal.aborted) return;
          if (small) this.#url = URL.createObjectURL(small);
          else this.#failed = true;
        },
        () => !ended.signal.aborted && this.fail(), // What cannot be decoded here is shown, or said to be broken, as a whole.
      );
      return () => {
        ended.abort();
        if (this.#url !== null) URL.revokeObjectURL(this.#url);
        this.#url = null;
        this.#failed = false;
      };
    });
  }

  get url(): string | null {
    return this.#failed ? null : this.#url;
  }

  get failed(): boolean {
    return this.#failed;
  }

  fail(): void {
    this.#failed = true;
  }
}
