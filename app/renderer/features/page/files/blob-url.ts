// The bytes of an attachment in this window: by an address of the host in a browser, through the port in Electron; and saving a copy.
import type { HostConnection } from '../../../connection/host-connection.ts';
import { saveFile } from '../../../window/save-file.ts';

export interface BlobPlace {
  readonly connection: HostConnection;
  readonly workspace: string;
  readonly space: string;
}

const PIECE = 1024 * 1024;

/** @param name makes it a download that is called so. It holds nothing secret. */
export function blobUrl({ workspace, space }: BlobPlace, blob: string, name = ''): string {
  const query = name === '' ? '' : `?name=${encodeURIComponent(name)}`;
  return `/blob/${workspace}/${space}/${blob}${query}`;
}

/** All of it, in memory. Rejects with what people can read. */
export async function blobBytes(place: BlobPlace, blob: string, size: number, signal?: AbortSignal): Promise<Blob[]> {
  const { connection, workspace, space } = place;
  const parts: Blob[] = [];
  for (let start = 0; start < size && !signal?.aborted; start += PIECE) {
    const asked = { workspace, space, blob, start, end: Math.min(size, start + PIECE) };
    const { base64 } = await connection.call('blob.read', asked);
    parts.push(new Blob([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))]));
  }
  return parts;
}

/** Hands a copy to the person, as their browser does it. The link stands outside the page's text, which has its own use for links. */
export async function saveCopy(place: BlobPlace, blob: string, size: number, name: string): Promise<void> {
  if (place.connection.shell === 'electron') {
    const bytes = await new Blob(await blobBytes(place, blob, size)).arrayBuffer();
    saveFile(name, new Uint8Array(bytes), 'application/octet-stream');
    return;
  }
  const link = document.createElement('a');
  link.href = blobUrl(place, blob, name);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
