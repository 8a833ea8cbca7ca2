// A bundle's bytes between this window and the host, piece by piece. It knows nothing of what is in them.
import type { HostConnection } from '../../connection/host-connection.ts';

/** Small enough that a page's own words never wait long behind one. */
const PIECE = 512 * 1024;

/** What is in the host's hands: the id of the file there. Rejects with what people can read; the host then keeps nothing. */
export async function giveBundle(
  connection: HostConnection,
  file: File,
  onProgress: (part: number) => void,
): Promise<string> {
  const { upload } = await connection.call('bundle.begin', {});
  try {
    for (let at = 0; at < file.size; at += PIECE) {
      await connection.call('bundle.append', { upload, base64: await base64Of(file.slice(at, at + PIECE)) });
      onProgress(Math.min(1, (at + PIECE) / file.size));
    }
  } catch (error) {
    await connection.call('bundle.drop', { upload }).catch(() => undefined); // What went wrong first is what is said.
    throw error;
  }
  return upload;
}

/** All of what a job wrote; the host has it no more then. */
export async function takeBundle(connection: HostConnection, job: string): Promise<Blob> {
  // Each a blob of its own: the browser keeps those on its disk where they are many, and the window holds one piece at a time.
  const parts: Blob[] = [];
  for (let start = 0; ;) {
    const { base64 } = await connection.call('bundle.take', { job, start });
    if (base64 === '') return new Blob(parts);
    const binary = atob(base64);
    parts.push(new Blob([Uint8Array.from(binary, (character) => character.charCodeAt(0))]));
    start += binary.length;
  }
}

function base64Of(part: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,?/, ''));
    reader.onerror = () => reject(new Error('The file cannot be read any more. Nothing was changed.'));
    reader.readAsDataURL(part);
  });
}
