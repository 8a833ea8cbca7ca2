// What a picture or a player takes as its source, or null while there is none: the host's own address, or bytes that came through the port.
import type { BlobState } from '../../../../contract/attachments.ts';
import { blobBytes, blobUrl, type BlobPlace } from './blob-url.ts';

export class ShownUrl {
  readonly #get: () => string | null;

  /** Only while a component is being set up: it ends with that. @param state of what is shown in its place, else null. */
  constructor(place: BlobPlace, state: () => Extract<BlobState, { state: 'here' }> | null) {
    if (place.connection.shell === 'browser') {
      this.#get = () => {
        const shown = state();
        return shown && blobUrl(place, shown.blob);
      };
      return;
    }
    let url = $state<string | null>(null);
    this.#get = () => url;
    const blob = $derived(state()?.blob ?? null);
    $effect(() => {
      const shown = state();
      if (blob === null || shown?.blob !== blob) return;
      const ended = new AbortController();
      // Its type is what the host found the bytes to be, of the few kinds that are shown.
      const { type, size } = shown;
      void blobBytes(place, blob, size, ended.signal).then(
        (parts) => {
          if (!ended.signal.aborted) url = URL.createObjectURL(new Blob(parts, { type }));
        },
        () => undefined, // The host is away, which its own status says; the card's words stay.
      );
      return () => {
        ended.abort();
        if (url !== null) URL.revokeObjectURL(url);
        url = null;
      };
    });
  }

  get url(): string | null {
    return this.#get();
  }
}
