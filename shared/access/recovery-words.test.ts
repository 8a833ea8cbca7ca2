// Shows that the words come back as the key however they were written down, and that a mistake is named.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seedOfWords, wordsOfSeed } from './recovery-words.ts';

describe('recovery words', () => {
  it('say 32 bytes and are read back, with numbers, commas, capitals and line breaks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const words = wordsOfSeed(seed).split(' ');
        expect(words).toHaveLength(24);
        const written = words.map((word, at) => `${at + 1}. ${word.toUpperCase()},`).join('\n');
        expect(seedOfWords(written)).toEqual({ kind: 'seed', seed });
      }),
      { numRuns: 50 },
    );
  });

  it('name what is wrong: too few, no such word, two exchanged', () => {
    const words = wordsOfSeed(new Uint8Array(32).map((_, at) => at)).split(' ');
    expect(seedOfWords(words.slice(1).join(' '))).toEqual({ kind: 'count', words: 23 });
    expect(seedOfWords(words.with(4, 'caravan').join(' '))).toEqual({ kind: 'unknown', at: [5] });
    const exchanged = [words[1], words[0], ...words.slice(2)].join(' ');
    expect(seedOfWords(exchanged)).toEqual({ kind: 'mismatch' });
    fc.assert(fc.property(fc.string(), (text) => seedOfWords(text).kind !== 'seed'));
  });
});
