// Hands a file of this computer over to the host, piece by piece, and says what it is there. It inserts nothing.
import type { BlobState } from '../../contract/attachments.ts';
import type { HostConnection } from './host-connection.ts';

/** Small enough that a page's own words never wait long behind one. */
const PIECE = 512 * 1024;

export interface FilePlace {
  readonly workspace: string;
  readonly space: string;
}

/** Rejects with what people can read; the host then keeps nothing of it. */
export async function handOver(
  connection: HostConnection,
  { workspace, space }: FilePlace,
  file: File,
  onProgress: (part: number) => void,
): Promise<BlobState> {
  const { upload } = await connection.call('blob.begin', { workspace, space, size: file.size });
  try {
    for (let at = 0; at < file.size; at += PIECE) {
      const base64 = await base64Of(file.slice(at, at + PIECE));
      await connection.call('blob.append', { upload, base64 });
      onProgress(Math.min(1, (at + PIECE) / file.size));
    }
  } catch (error) {
    await connection.call('blob.cancel', { upload }).catch(() => undefined); // What went wrong first is what is said.
    throw error;
  }
  const { blob } = await connection.call('blob.finish', { upload });
  const [state] = await connection.call('blob.state', { workspace, space, blobs: [blob] });
  if (!state) throw new Error('The file was taken, and is not there. Add it again.');
  return state;
}

function base64Of(part: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,?/, ''));
    reader.onerror = () => reject(new Error('The file cannot be read any more. It was not added.'));
    reader.readAsDataURL(part);
  });
}
