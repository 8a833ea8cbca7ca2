// Folding for search: what is the same to somebody who looks for it becomes the same letters. Pure; it knows no index.

/** Scripts whose words are not parted by spaces, and Korean, which joins its particles to words. */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}ー';
const UNSPACED_CHARACTER = new RegExp(`[${UNSPACED}]`, 'u');
const PIECES = new RegExp(`[${UNSPACED}]+|(?:(?![${UNSPACED}])[\\p{L}\\p{N}_])+`, 'gu');
const PLAIN_PIECES = /[a-z0-9_]+/g;
// eslint-disable-next-line no-control-regex -- plain ASCII is the common case and needs no taking apart
const PLAIN = /^[\x00-\x7f]*$/;
/** Words are looked up by so many units of their beginning. */
export const LONGEST_WORD = 40;

/** Letters that Unicode does not take apart, and Arabic ones that people write for one another. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  þ: 'th',
  ð: 'd',
  ŧ: 't',
  ς: 'σ',
  ى: 'ي',
  ة: 'ه',
  ـ: '',
  '\u00ad': '',
  '\u200b': '',
  '\u200c': '',
  '\u200d': '',
  '\u200e': '',
  '\u200f': '',
  '’': "'",
};

/** A character by itself, in text that is composed (NFC). */
export function foldCharacter(character: string): string {
  if (UNSPACED_CHARACTER.test(character)) return character.normalize('NFKC');
  const plain = character
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  let folded = '';
  for (const letter of plain) folded += LETTERS[letter] ?? letter;
  return folded;
}

/** Folds many texts: each character is looked at once. It is bounded by the number of characters there are. */
export class Folder {
  readonly #known = new Map<string, string>();

  fold(text: string): string {
    if (PLAIN.test(text)) return text.toLowerCase();
    let folded = '';
    for (const character of text.normalize('NFC')) folded += this.#character(character);
    return folded;
  }

  /** With, for each unit of the folded text, where in the composed text it came from; one more place marks the end. */
  places(text: string): { readonly text: string; readonly folded: string; readonly at: readonly number[] } {
    const composed = text.normalize('NFC');
    let folded = '';
    const at: number[] = [];
    let from = 0;
    for (const character of composed) {
      const plain = this.#character(character);
      for (let unit = 0; unit < plain.length; unit += 1) at.push(from);
      folded += plain;
      from += character.length;
    }
    at.push(from);
    return { text: composed, folded, at };
  }

  #character(character: string): string {
    const known = this.#known.get(character);
    if (known !== undefined) return known;
    const folded = foldCharacter(character);
    this.#known.set(character, folded);
    return folded;
  }
}

/** A run of letters of folded text: a word, or a run of a script without spaces. */
export interface Run {
  readonly text: string;
  readonly at: number;
  readonly unspaced: boolean;
}

export function runsOf(folded: string): readonly Run[] {
  if (PLAIN.test(folded)) {
    return [...folded.matchAll(PLAIN_PIECES)].map((found) => ({ text: found[0], at: found.index, unspaced: false }));
  }
  return [...folded.matchAll(PIECES)].map((found) => ({
    text: found[0],
    at: found.index,
    unspaced: UNSPACED_CHARACTER.test(found[0]),
  }));
}

/** Tells each thing by which a folded text is found: its words, and of unspaced runs each character and each two neighbours. */
export function eachToken(folded: string, tell: (token: string) => void): void {
  if (PLAIN.test(folded)) {
    for (const [word] of folded.matchAll(PLAIN_PIECES)) tell(word.slice(0, LONGEST_WORD));
    return;
  }
  for (const { text, unspaced } of runsOf(folded)) {
    if (unspaced) {
      let before = '';
      for (const character of text) {
        tell(character);
        if (before !== '') tell(before + character);
        before = character;
      }
    } else tell(text.slice(0, LONGEST_WORD));
  }
}

/** What a text must hold (all of it) to hold an unspaced run: its pairs, or the one character that it is. */
export function pairsOf(run: string): readonly string[] {
  const characters = [...run];
  if (characters.length < 2) return characters;
  return [...new Set(characters.slice(1).map((character, at) => `${characters[at] ?? ''}${character}`))];
}
