// Large pictures at the size at which pages draw them: the host's small copy, else one that is made here, one at a time, when the window is idle.
import { LARGEST_SMALL, SMALL_HEIGHT, SMALL_WIDTH, type BlobState } from '../../../../contract/attachments.ts';
import { blobBytes, blobUrl, type BlobPlace } from './blob-url.ts';

type Here = Extract<BlobState, { state: 'here' }>;

/** Where the word that a PNG moves must stand. */
const HEAD = 64 * 1024;
/** How long a busy window may put it off. */
const PATIENCE = 500;

/** Whether a small copy is worth it: kinds that stand still, and much larger than the measure of a page. */
export function isLarge({ type, width, height }: Here): boolean {
  if (type !== 'image/jpeg' && type !== 'image/png') return false;
  return width !== null && height !== null && width >= 1.5 * SMALL_WIDTH && height >= SMALL_WIDTH / 2;
}

export class SmallPictures {
  readonly #place: BlobPlace;
  #work: Promise<unknown> = Promise.resolve();

  constructor(place: BlobPlace) {
    this.#place = place;
  }

  /** Null, or a rejection: the whole is to be shown. */
  async get(picture: Here, signal: AbortSignal): Promise<Blob | null> {
    const { connection, workspace, space } = this.#place;
    const { base64 } = await connection.call('blob.small', { workspace, space, blob: picture.blob });
    if (base64 !== null) {
      return new Blob([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], { type: 'image/webp' });
    }
    const made = this.#work.then(() => (signal.aborted ? null : this.#make(picture, signal)));
    this.#work = made.catch(() => undefined); // Whoever asked hears of it.
    return made;
  }

  async #make(picture: Here, signal: AbortSignal): Promise<Blob | null> {
    await idle();
    const whole = await this.#whole(picture, signal);
    if (signal.aborted || !whole || (await moves(whole))) return null;
    // Its own turn (a camera held upright) is heeded; the height follows from the width.
    const drawn = await createImageBitmap(whole, { resizeWidth: SMALL_WIDTH, resizeQuality: 'high' });
    try {
      if (drawn.height > SMALL_HEIGHT) return null;
      const canvas = new OffscreenCanvas(drawn.width, drawn.height);
      const pen = canvas.getContext('2d');
      if (!pen) return null;
      pen.drawImage(drawn, 0, 0);
      const small = await canvas.convertToBlob({ type: 'image/webp', quality: 0.85 });
      if (small.type === 'image/webp' && small.size <= LARGEST_SMALL) void this.#keep(picture.blob, small);
      return small;
    } finally {
      drawn.close();
    }
  }

  async #whole({ blob, size, type }: Here, signal: AbortSignal): Promise<Blob | null> {
    if (this.#place.connection.shell === 'electron') {
      return new Blob(await blobBytes(this.#place, blob, size, signal), { type });
    }
    const answer = await fetch(blobUrl(this.#place, blob), { signal });
    return answer.ok ? answer.blob() : null;
  }

  async #keep(blob: string, small: Blob): Promise<void> {
    const { connection, workspace, space } = this.#place;
    let text = '';
    for (const byte of new Uint8Array(await small.arrayBuffer())) text += String.fromCharCode(byte);
    await connection.call('blob.keepSmall', { workspace, space, blob, base64: btoa(text) }).catch(() => undefined); // It is made again.
  }
}

/** A PNG of several frames says so before its first. */
async function moves(picture: Blob): Promise<boolean> {
  const head = await picture.slice(0, HEAD).text();
  return head.includes('acTL');
}

function idle(): Promise<void> {
  return new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: PATIENCE }));
}
