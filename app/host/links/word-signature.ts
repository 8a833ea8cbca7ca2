// A signature of a document's words: a few bytes that tell for certain which titles are not in it (a Bloom filter). It holds no word.
import { wordTokens } from '../../../shared/model/links/words.ts';

/** With 10 bits a word and 4 of them set, one word in about 80 seems to be there and is not. */
const BITS_PER_TOKEN = 10;
const SET_PER_TOKEN = 4;
const SMALLEST = 8;
/** Signatures of immensely long documents stay small and say yes more often. */
const LARGEST = 32_768;

/** A word as it is looked for in signatures of any size. */
type Hashes = readonly [one: number, other: number];

export function signatureOf(tokens: ReadonlySet<string>): Uint8Array {
  const bytes = Math.min(LARGEST, Math.max(SMALLEST, Math.ceil((tokens.size * BITS_PER_TOKEN) / 8)));
  const signature = new Uint8Array(bytes);
  for (const token of tokens) {
    const hashes = hashesOf(token);
    for (let turn = 0; turn < SET_PER_TOKEN; turn += 1) {
      const bit = bitOf(hashes, turn, bytes * 8);
      signature[bit >> 3] = (signature[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  return signature;
}

/** The words of a folded title, made ready once to be looked for in many signatures. */
export function lookFor(title: string): readonly Hashes[] {
  return [...wordTokens(title)].map(hashesOf);
}

/** False: a text with this signature does not hold all of the words. */
export function mayHold(signature: Uint8Array, words: readonly Hashes[]): boolean {
  for (const hashes of words) {
    for (let turn = 0; turn < SET_PER_TOKEN; turn += 1) {
      const bit = bitOf(hashes, turn, signature.length * 8);
      if (((signature[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
    }
  }
  return true;
}

function hashesOf(token: string): Hashes {
  let [one, other] = [0x811c9dc5, 0x9747b28c];
  for (let at = 0; at < token.length; at += 1) {
    const code = token.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193) >>> 0;
    other = Math.imul(other ^ code, 0x85ebca6b) >>> 0;
    other ^= other >>> 13;
  }
  return [one, (other | 1) >>> 0];
}

function bitOf([one, other]: Hashes, turn: number, size: number): number {
  return (one + turn * other) % size;
}
