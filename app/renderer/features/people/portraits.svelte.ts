// The pictures of people in this window: asked for when one is shown, kept as addresses until the window's screen ends; and making one out of a file.
import { SvelteMap } from 'svelte/reactivity';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import { LARGEST_PORTRAIT, type Portrait } from '../../../../shared/model/profile/about.ts';
import type { HostConnection } from '../../connection/host-connection.ts';

/** Points of a side. */
const SIDE = 256;
/** Bytes of a file that is looked into, and points of a side. */
const LARGEST_FILE = 64 * 1024 * 1024;

export class Portraits implements Disposable {
  readonly #connection: HostConnection;
  readonly #workspace: string;
  readonly #urls = new SvelteMap<string, string>();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- not shown
  readonly #asked = new Map<string, { readonly member: string; readonly picture: Portrait }>();
  readonly #held: Disposable;
  #disposed = false;

  constructor(connection: HostConnection, workspace: string) {
    this.#connection = connection;
    this.#workspace = workspace;
    this.#held = connection.onAnnouncement((news) => {
      if (news.event !== 'blob' || news.workspace !== workspace) return;
      for (const { blob, state } of news.blobs) {
        const asked = this.#asked.get(blob);
        if (asked && state === 'here' && !this.#urls.has(blob)) void this.#load(asked.member, asked.picture);
      }
    });
  }

  /** The address of a picture that can be shown, or null: not here yet, no picture, none given. */
  url(picture: Portrait | null): string | null {
    return picture === null ? null : (this.#urls.get(picture.blob) ?? null);
  }

  /** Fetches it once; what is not here yet comes when the host says so. */
  want(member: string, picture: Portrait | null): void {
    if (picture === null || this.#asked.has(picture.blob)) return;
    this.#asked.set(picture.blob, { member, picture });
    void this.#load(member, picture);
  }

  dispose(): void {
    this.#disposed = true;
    this.#held.dispose();
    for (const url of this.#urls.values()) URL.revokeObjectURL(url);
    this.#urls.clear();
  }

  async #load(member: string, { blob, size }: Portrait): Promise<void> {
    const at = { workspace: this.#workspace, space: `@${member}` };
    try {
      const [state] = await this.#connection.call('blob.state', { ...at, blobs: [blob] });
      if (state?.state !== 'here' || state.kind !== 'image' || size > LARGEST_PORTRAIT) return;
      const { base64 } = await this.#connection.call('blob.read', { ...at, blob, start: 0, end: size });
      if (this.#disposed || this.#urls.has(blob)) return;
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      // Its type is what the host found the bytes to be.
      this.#urls.set(blob, URL.createObjectURL(new Blob([bytes], { type: state.type })));
    } catch {
      this.#asked.delete(blob); // The host is away, which its own status says; initials show.
    }
  }
}

/** The middle square of a picture, drawn anew: nothing of the file's own bytes is in it. Rejects with what people can read. */
export async function squareOf(file: File): Promise<Blob> {
  if (file.size > LARGEST_FILE) throw new Error(`“${file.name}” is larger than 64 MB. The picture was not changed.`);
  const wrong = new Error(`“${file.name}” is no picture that this window can read. The picture was not changed.`);
  const image = await createImageBitmap(file).catch(() => {
    throw wrong;
  });
  try {
    const side = Math.min(image.width, image.height);
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [SIDE, SIDE];
    const context = canvas.getContext('2d');
    if (!context || side === 0) throw wrong;
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
    const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', 0.85));
    if (!drawn || drawn.size > LARGEST_PORTRAIT) throw wrong;
    return drawn;
  } finally {
    image.close();
  }
}

/** Hands a picture over to the host, as an attachment of one's own profile. */
export async function keepPortrait(
  connection: HostConnection,
  at: { readonly workspace: string; readonly member: string },
  picture: Blob,
): Promise<Portrait> {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  let signs = '';
  for (const byte of bytes) signs += String.fromCharCode(byte);
  const { upload } = await connection.call('blob.begin', {
    workspace: at.workspace,
    space: `@${at.member}`,
    size: bytes.length,
  });
  await connection.call('blob.append', { upload, base64: btoa(signs) });
  return connection.call('blob.finish', { upload });
}
