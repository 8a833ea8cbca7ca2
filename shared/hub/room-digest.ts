// What a room holds as sixteen bytes (PROTOCOL.md, section DG); pure.
import { digest as sha256 } from 'lib0/hash/sha256';
import { encodeStateVector, type Knowledge } from './knowledge.ts';

/** A collision would hide a difference: 128 bits leave none to be found by chance, and 2^64 tries for who looks for one. */
const LENGTH = 16;

/** Equal digests mean equal state vectors and delete sets. Both forms are canonical: see encodeStateVector() and DeleteSet. */
export function digestOf({ clocks, deletes }: Knowledge): Uint8Array {
  const vector = encodeStateVector(clocks);
  const deleted = deletes.encode();
  const bytes = new Uint8Array(vector.length + deleted.length);
  bytes.set(vector);
  bytes.set(deleted, vector.length);
  return new Uint8Array(sha256(bytes).subarray(0, LENGTH));
}
