import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldTitle, foldWords, wordTokens } from '../../../shared/model/links/words.ts';
import { lookFor, mayHold, signatureOf } from './word-signature.ts';

const signature = (text: string): Uint8Array => signatureOf(wordTokens(foldWords(text).text));

it('[LK2] never says that words are not there which are', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), fc.nat(), (words, at) => {
      const title = foldTitle(words[at % words.length] ?? '');
      const tokens = wordTokens(title);
      const whole = wordTokens(foldWords(words.join(' ')).text);
      fc.pre([...tokens].every((token) => whole.has(token)));
      expect(mayHold(signature(words.join(' ')), lookFor(title))).toBe(true);
    }),
  );
});

it('[LK2] rarely says that words may be there which are not, and is small', () => {
  const text = Array.from({ length: 1_000 }, (_, at) => `word${at}`).join(' ');
  const made = signature(text);
  expect(made.length).toBe(1_250);
  const wrong = Array.from({ length: 2_000 }, (_, at) => mayHold(made, lookFor(`other${at}`))).filter(Boolean);
  expect(wrong.length).toBeLessThan(60);
});
