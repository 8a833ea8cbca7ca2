// What the attachments are that were looked at, so that their first bytes are read once. It decides nothing about showing them.
import type { BlobStore } from '../../../shared/hub/blob-store.ts';
import { HEAD_BYTES, mediaOf, type Media } from './media-type.ts';

const MOST = 2_000;

export class KnownMedia {
  readonly #blobs: Pick<BlobStore, 'read'>;
  /** By content, so for good; the newest looked at stands last. */
  readonly #known = new Map<string, Media>();

  constructor(blobs: Pick<BlobStore, 'read'>) {
    this.#blobs = blobs;
  }

  /** Throws `not-found`. */
  async of(workspace: string, blob: string, size: number): Promise<Media> {
    const known = this.#known.get(blob);
    if (known) return known;
    const parts: Uint8Array[] = [];
    for await (const part of this.#blobs.read(workspace, blob, 0, Math.min(size, HEAD_BYTES))) parts.push(part);
    const media = mediaOf(new Uint8Array(Buffer.concat(parts)));
    this.#known.set(blob, media);
    if (this.#known.size > MOST) this.#known.delete(this.#known.keys().next().value ?? '');
    return media;
  }
}
