// The sealed part of a bundle as pieces: each sealed for its place, the last one marked, so that nothing can be cut off, put elsewhere or added. Rule BU5; it knows no entry.
import type { FileHandle } from 'node:fs/promises';
import { BUNDLE_LIMITS } from './bundle-limits.ts';
import { derive, seal, TAG, unseal } from './seal-keys.ts';

const PAYLOAD = 'caravan bundle v1 payload';
const { chunk: CHUNK } = BUNDLE_LIMITS;

export function payloadKey(fileKey: Uint8Array, headerHash: Uint8Array): Uint8Array {
  return derive(fileKey, headerHash, PAYLOAD);
}

/** The number of the piece, and whether it is the last. */
function nonceOf(number: number, last: boolean): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = last ? 1 : 0;
  return new Uint8Array(nonce);
}

/** Seals what it is given and writes it behind what the file has. Whoever opened the file closes it. */
export class SealedWriter {
  readonly #file: FileHandle;
  readonly #key: Uint8Array;
  #held: Uint8Array[] = [];
  #size = 0;
  #number = 0;

  constructor(file: FileHandle, key: Uint8Array) {
    this.#file = file;
    this.#key = key;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#held.push(bytes);
    this.#size += bytes.length;
    // One piece stays back: which is the last one shows at the end.
    if (this.#size <= CHUNK) return;
    const all = new Uint8Array(Buffer.concat(this.#held));
    let at = 0;
    for (; all.length - at > CHUNK; at += CHUNK) await this.#piece(all.subarray(at, at + CHUNK), false);
    this.#held = [all.slice(at)];
    this.#size = all.length - at;
  }

  async end(): Promise<void> {
    await this.#piece(new Uint8Array(Buffer.concat(this.#held)), true);
  }

  async #piece(plain: Uint8Array, last: boolean): Promise<void> {
    await this.#file.writeFile(seal(this.#key, plain, nonceOf(this.#number, last)));
    this.#number += 1;
  }
}

/** The plain bytes from `start` to the end of the file, piece by piece; null instead of a piece that is not what was written there. */
export async function* readSealed(
  file: FileHandle,
  key: Uint8Array,
  start: number,
  size: number,
): AsyncGenerator<Uint8Array | null> {
  const step = CHUNK + TAG;
  const buffer = Buffer.alloc(step);
  for (let at = start, number = 0; at < size; at += step, number += 1) {
    const length = Math.min(step, size - at);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, at + filled);
      if (bytesRead === 0) return yield null;
      filled += bytesRead;
    }
    const plain = unseal(key, buffer.subarray(0, length), nonceOf(number, at + step >= size));
    yield plain;
    if (plain === null) return;
  }
}
