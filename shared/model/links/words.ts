// Finding a title's words in text: accents and case folded, whole words, and anywhere inside scripts that put no space between words. Pure.

/** Folded text and, for each of its UTF-16 units, where in the text the unit came from; one more place marks the end. */
export interface Folded {
  readonly text: string;
  readonly places: readonly number[];
}

/** An occurrence, in UTF-16 units of the text that was searched. */
export interface Occurrence {
  readonly from: number;
  readonly to: number;
}

/** Scripts whose words are not parted by spaces, and Korean, which joins its particles to words. */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const UNSPACED_CHARACTER = new RegExp(`[${UNSPACED}]`, 'u');
const SPACED_CHARACTER = new RegExp(`(?![${UNSPACED}])[\\p{L}\\p{N}_]`, 'u');
const PIECES = new RegExp(`[${UNSPACED}]+|(?:(?![${UNSPACED}])[\\p{L}\\p{N}_])+`, 'gu');
const PLAIN = /^[\x20-\x7e]*$/;

/** Lower case without accents; every kind of white space is a space. */
export function foldWords(text: string): Folded {
  if (PLAIN.test(text)) {
    return { text: text.toLowerCase(), places: Array.from({ length: text.length + 1 }, (_, at) => at) };
  }
  let folded = '';
  const places: number[] = [];
  let at = 0;
  for (const character of text) {
    const plain = foldCharacter(character);
    for (let unit = 0; unit < plain.length; unit += 1) places.push(at);
    folded += plain;
    at += character.length;
  }
  places.push(at);
  return { text: folded, places };
}

function foldCharacter(character: string): string {
  if (/\s/u.test(character)) return ' ';
  // Korean syllables would come apart into letters, and stay so.
  if (UNSPACED_CHARACTER.test(character)) return character.normalize('NFKC');
  return character
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

/** A title as it is looked for: folded, without space at its ends. */
export function foldTitle(title: string): string {
  return foldWords(title).text.replace(/ +/g, ' ').trim();
}

/**
 * What text that holds a folded title must hold, too: its words, and of unspaced scripts each two neighbours (and single
 * characters). Each once.
 */
export function wordTokens(folded: string): ReadonlySet<string> {
  const tokens = new Set<string>();
  for (const [piece] of folded.matchAll(PIECES)) {
    if (!UNSPACED_CHARACTER.test(piece)) {
      tokens.add(piece);
      continue;
    }
    let before = '';
    for (const character of piece) {
      tokens.add(character);
      if (before !== '') tokens.add(before + character);
      before = character;
    }
  }
  return tokens;
}

/** Every place at which the folded title stands as words, from left to right, without overlaps. */
export function occurrences(title: string, { text, places }: Folded): readonly Occurrence[] {
  const found: Occurrence[] = [];
  if (title === '') return found;
  const startsWord = SPACED_CHARACTER.test(firstOf(title));
  const endsWord = SPACED_CHARACTER.test(lastOf(title));
  for (let at = text.indexOf(title); at >= 0; at = text.indexOf(title, at + 1)) {
    const end = at + title.length;
    if (startsWord && SPACED_CHARACTER.test(lastOf(text.slice(Math.max(0, at - 2), at)))) continue;
    if (endsWord && SPACED_CHARACTER.test(firstOf(text.slice(end, end + 2)))) continue;
    const [from, to] = [places[at] ?? 0, places[end] ?? 0];
    // Between two units of one character there is no place.
    if (to <= from || places[at - 1] === from) continue;
    found.push({ from, to });
    at = end - 1;
  }
  return found;
}

function firstOf(text: string): string {
  return [...text][0] ?? '';
}

function lastOf(text: string): string {
  return [...text].at(-1) ?? '';
}
