// Threads that speak of the same things: by the words of titles and first posts that few others have. Pure, and asked at each rest of the keys.
import { foldWords, wordTokens } from '../../../shared/model/links/words.ts';

/** Different words of one thread. */
const MOST_WORDS = 60;
const SHORTEST = 3;
/** A thread has at least this part of what the words of the question weigh. */
const ENOUGH = 0.25;

/** What is asked of a row of the threads projection. */
interface Worded {
  readonly room: string;
  readonly words: readonly string[];
  readonly archived: boolean;
  readonly mergedInto: string | null;
  readonly startedAt: number;
}

/** Words without their endings, each once, in the order in which they stand. */
export function similarWords(text: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const token of wordTokens(foldWords(text).text)) {
    if (words.size >= MOST_WORDS) break;
    const isSpaced = /^[\p{Script=Latin}\p{N}_]+$/u.test(token);
    if (!isSpaced || token.length >= SHORTEST) words.add(stemOf(token));
  }
  return words;
}

/** Plurals and the like are the same word; roughly, for any language with endings. */
function stemOf(word: string): string {
  return word.length > 4 ? word.replace(/(?:ings?|e[sdnr]|[sen])$/, '') : word;
}

/** The best first. A word that every thread has says nothing. */
export function similarThreads<Row extends Worded>(rows: Iterable<Row>, text: string, most: number): readonly Row[] {
  const asked = [...similarWords(text)];
  if (asked.length === 0) return [];
  const all = [...rows].filter((row) => !row.archived && row.mergedInto === null);
  const having = all.map((row) => {
    const words = new Set(row.words);
    return { row, found: asked.filter((word) => words.has(word)) };
  });
  const weight = new Map(
    asked.map((word) => {
      const count = having.filter(({ found }) => found.includes(word)).length;
      return [word, Math.log(1 + all.length / Math.max(1, count))] as const;
    }),
  );
  const weigh = (words: readonly string[]): number => words.reduce((sum, word) => sum + (weight.get(word) ?? 0), 0);
  const whole = weigh(asked);
  return having
    .map(({ row, found }) => ({ row, score: weigh(found) }))
    .filter(({ score }) => score > 0 && score >= ENOUGH * whole)
    .sort((a, b) => b.score - a.score || b.row.startedAt - a.row.startedAt || (a.row.room < b.row.room ? -1 : 1))
    .slice(0, most)
    .map(({ row }) => row);
}
