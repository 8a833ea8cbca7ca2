// How well a title answers what was typed: words by their starts, then inside, then with one typo. Pure; no documents.

/** Better matches have greater scores; `ranges` are the letters that matched, in order, without overlaps. */
export interface Match {
  readonly score: number;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** Lower case without accents, one character for one character, so that positions still mean the same. */
export function fold(text: string): string {
  // eslint-disable-next-line no-control-regex -- plain ASCII is the common case and needs no taking apart
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  let folded = '';
  for (const unit of text) {
    const plain = unit
      .normalize('NFD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase();
    folded += plain.length === unit.length ? plain : unit.length === 1 ? (plain[0] ?? ' ') : unit;
  }
  return folded;
}

/** The words of a query; at most eight count. */
export function queryWords(query: string): readonly string[] {
  return fold(query).split(/\s+/).filter(Boolean).slice(0, 8);
}

const WORD_START = /[\p{L}\p{N}]+/gu;
const SHORTEST_WITH_TYPO = 4;

interface Found {
  readonly score: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The length of the start of `word` that `typed` is one slip away from (a wrong, missing, doubled or swapped letter), or
 * null. The first letter must be right.
 */
export function typoPrefix(typed: string, word: string): number | null {
  if (typed.length < SHORTEST_WITH_TYPO || typed[0] !== word[0]) return null;
  let at = 0;
  while (at < typed.length && typed[at] === word[at]) at += 1;
  const rest = (skipTyped: number, skipWord: number): number | null => {
    const tail = typed.slice(at + skipTyped);
    return word.startsWith(tail, at + skipWord) ? at + skipWord + tail.length : null;
  };
  if (typed[at] === word[at + 1] && typed[at + 1] === word[at]) {
    const swapped = rest(2, 2);
    if (swapped !== null) return swapped;
  }
  return rest(1, 1) ?? rest(0, 1) ?? rest(1, 0);
}

/** A title made ready to be matched; worth keeping, because 20,000 of them are matched at each key. */
export interface Prepared {
  readonly folded: string;
  readonly words: readonly { readonly text: string; readonly at: number }[];
}

export function prepare(title: string): Prepared {
  const folded = fold(title);
  return { folded, words: [...folded.matchAll(WORD_START)].map((found) => ({ text: found[0], at: found.index })) };
}

function findWord(typed: string, text: string, words: Prepared['words']): Found | null {
  for (const [index, word] of words.entries()) {
    if (word.text.startsWith(typed)) {
      const whole = word.text.length === typed.length ? 20 : 0;
      return { score: 100 + whole - Math.min(index, 9) * 3, from: word.at, to: word.at + typed.length };
    }
  }
  const inside = text.indexOf(typed);
  if (inside >= 0) return { score: 50, from: inside, to: inside + typed.length };
  for (const word of words) {
    const length = typoPrefix(typed, word.text);
    if (length !== null) return { score: 25, from: word.at, to: word.at + length };
  }
  return null;
}

/** Null when a word of the query is nowhere in it. */
export function matchTitle(queryParts: readonly string[], { folded, words }: Prepared): Match | null {
  if (queryParts.length === 0) return { score: 0, ranges: [] };
  let score = 0;
  const ranges: [number, number][] = [];
  for (const part of queryParts) {
    const found = findWord(part, folded, words);
    if (!found) return null;
    score += found.score;
    ranges.push([found.from, found.to]);
  }
  ranges.sort((a, b) => a[0] - b[0]);
  const apart: [number, number][] = [];
  for (const range of ranges) {
    const last = apart.at(-1);
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else apart.push(range);
  }
  // Of two equal matches the shorter title is the one that was meant.
  return { score: score / queryParts.length - Math.min(folded.length, 200) / 50, ranges: apart };
}

/** The pieces of a title, matched and not, for showing. */
export function pieces(
  title: string,
  ranges: Match['ranges'],
): readonly { readonly text: string; readonly hit: boolean }[] {
  const parts: { text: string; hit: boolean }[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (from > at) parts.push({ text: title.slice(at, from), hit: false });
    parts.push({ text: title.slice(from, to), hit: true });
    at = to;
  }
  if (at < title.length) parts.push({ text: title.slice(at), hit: false });
  return parts;
}
