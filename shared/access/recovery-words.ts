// The recovery key as 24 words (BIP 39): for a sole owner who lost every device. The words are the key; nothing is stored here.
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { SEED_BYTES } from './seed-key.ts';

/** Words that say 32 bytes and a check byte. */
export const RECOVERY_WORDS = 24;

/** @param seed 32 bytes, as for keyFromSeed(). */
export function wordsOfSeed(seed: Uint8Array): string {
  return entropyToMnemonic(seed, wordlist);
}

export type ReadWords =
  | { readonly kind: 'seed'; readonly seed: Uint8Array }
  | { readonly kind: 'count'; readonly words: number }
  /** Positions (from 1) of words that are not in the list. */
  | { readonly kind: 'unknown'; readonly at: readonly number[] }
  /** Every word is one of the list, and together they are none: one is wrong, or two are exchanged. */
  | { readonly kind: 'mismatch' };

/** Total: capitals, commas, numbers before the words and line breaks are forgiven, a wrong word is not. */
export function seedOfWords(text: string): ReadWords {
  const words = text
    .slice(0, 2_000)
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  if (words.length !== RECOVERY_WORDS) return { kind: 'count', words: words.length };
  const at = words.flatMap((word, index) => (KNOWN.has(word) ? [] : [index + 1]));
  if (at.length > 0) return { kind: 'unknown', at };
  try {
    const seed = mnemonicToEntropy(words.join(' '), wordlist);
    return seed.length === SEED_BYTES ? { kind: 'seed', seed } : { kind: 'mismatch' };
  } catch {
    return { kind: 'mismatch' };
  }
}

const KNOWN: ReadonlySet<string> = new Set(wordlist);
