// What differs between two plain texts, word by word, for showing them side by side. No document.
import type { Unit } from '../page/block-units.ts';
import { compareWords, wordsOf } from '../page/compare-words.ts';

export interface TextPiece {
  readonly text: string;
  /** It stands in both. */
  readonly same: boolean;
}

/** Both texts in pieces; together the pieces of each are that text, letter by letter. */
export function compareTexts(
  one: string,
  two: string,
): readonly [one: readonly TextPiece[], two: readonly TextPiece[]] {
  const [first, second]: [TextPiece[], TextPiece[]] = [[], []];
  const add = (to: TextPiece[], text: string, same: boolean): void => {
    const last = to.at(-1);
    if (last?.same === same) to[to.length - 1] = { text: last.text + text, same };
    else to.push({ text, same });
  };
  for (const { change, word } of compareWords(wordsOf(unitsOf(one)), wordsOf(unitsOf(two)))) {
    if (change !== 'in') add(first, word.text, change !== 'out');
    if (change !== 'out') add(second, word.text, change !== 'in');
  }
  return [first, second];
}

function unitsOf(text: string): Unit[] {
  return text.split('').map((insert) => ({ insert, attributes: {}, client: 0, clock: 0, index: 0 }));
}
