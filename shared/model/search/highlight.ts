// Where in a text the terms of a query stand, and the piece of it that is worth showing. Pure; the same for the index and for a window.
import { Folder, runsOf } from './fold.ts';
import type { Term } from './query.ts';

export type Range = readonly [from: number, to: number];

/** What is looked for in a text: a term as it was asked, or (for a slip) the word that stands there instead. */
export interface Needle {
  readonly runs: Term['runs'];
  readonly prefix: boolean;
}

export interface Found {
  /** Which of the needles stand there. */
  readonly needles: ReadonlySet<number>;
  /** Of the composed text, in order, without overlaps. */
  readonly ranges: readonly Range[];
  readonly text: string;
}

export interface Excerpt {
  readonly text: string;
  readonly marks: readonly Range[];
}

/** More places in one text are not marked. */
const MOST_MARKS = 200;

export class Highlighter {
  readonly #folder: Folder;

  constructor(folder: Folder = new Folder()) {
    this.#folder = folder;
  }

  find(text: string, needles: readonly Needle[]): Found {
    const { folded, at, text: composed } = this.#folder.places(text);
    const runs = runsOf(folded);
    const found = new Set<number>();
    const ranges: Range[] = [];
    for (const [index, needle] of needles.entries()) {
      for (const [from, to] of placesOf(needle, runs)) {
        found.add(index);
        if (ranges.length >= MOST_MARKS) break;
        ranges.push([at[from] ?? 0, at[to] ?? composed.length]);
      }
    }
    return { needles: found, ranges: apart(ranges), text: composed };
  }

  /** Whether the needle stands in folded text. */
  holds(folded: string, needle: Needle): boolean {
    return !placesOf(needle, runsOf(folded)).next().done;
  }
}

type Runs = ReturnType<typeof runsOf>;

/** Places in folded text, from left to right. */
function* placesOf({ runs: wanted, prefix }: Needle, runs: Runs): Generator<Range, undefined> {
  const [first] = wanted;
  if (!first) return;
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index];
    if (!run || run.unspaced !== first.unspaced) continue;
    // Within an unspaced run a term may begin anywhere, if it is the first of them.
    for (let start = first.unspaced ? run.text.indexOf(first.text) : 0; start >= 0;) {
      const end = endOf(wanted, prefix, runs, index, start);
      if (end !== null) yield [run.at + start, end];
      if (!first.unspaced) break;
      start = run.text.indexOf(first.text, start + 1);
    }
  }
}

function endOf(wanted: Needle['runs'], prefix: boolean, runs: Runs, from: number, start: number): number | null {
  let end = 0;
  for (const [offset, want] of wanted.entries()) {
    const run = runs[from + offset];
    if (!run || run.unspaced !== want.unspaced) return null;
    const begin = offset === 0 ? start : 0;
    const isLast = offset === wanted.length - 1;
    if (!run.text.startsWith(want.text, begin)) return null;
    const rest = run.text.length - begin - want.text.length;
    const mayGoOn = want.unspaced ? isLast : isLast && prefix;
    if (rest > 0 && !mayGoOn) return null;
    end = run.at + begin + want.text.length;
  }
  return end;
}

function apart(ranges: readonly Range[]): readonly Range[] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** At most about `longest` units around where most of the marks stand, cut at spaces where there are some. */
export function excerptOf({ text, ranges }: Pick<Found, 'text' | 'ranges'>, longest: number): Excerpt {
  if (text.length <= longest) return oneLine(text, ranges);
  let best = 0;
  let most = 0;
  for (let first = 0; first < ranges.length; first += 1) {
    let last = first;
    while (last + 1 < ranges.length && (ranges[last + 1]?.[1] ?? 0) - (ranges[first]?.[0] ?? 0) < longest * 0.7)
      last += 1;
    if (last - first + 1 > most) [most, best] = [last - first + 1, first];
  }
  const center = ranges[best]?.[0] ?? 0;
  let from = Math.max(0, Math.min(center - Math.floor(longest * 0.25), text.length - longest));
  let to = Math.min(text.length, from + longest);
  if (from > 0) from = boundary(text, from, Math.min(center, from + 24), 1);
  if (to < text.length) to = boundary(text, to, Math.max(to - 24, from + 1), -1);
  const cut = ranges
    .filter(([start, end]) => end > from && start < to)
    .map(([start, end]): Range => [Math.max(start, from) - from, Math.min(end, to) - from]);
  const { text: line, marks } = oneLine(text.slice(from, to), cut);
  const [before, after] = [from > 0 ? '…' : '', to < text.length ? '…' : ''];
  return {
    text: before + line + after,
    marks: marks.map(([start, end]): Range => [start + before.length, end + before.length]),
  };
}

/** The next place from `at` on that follows a space, not beyond `until`; never inside of a character. */
function boundary(text: string, at: number, until: number, step: 1 | -1): number {
  for (let place = at; step > 0 ? place < until : place > until; place += step) {
    if (/\s/u.test(text[place] ?? '')) return step > 0 ? place + 1 : place;
  }
  return isInside(text, at) ? at + 1 : at;
}

function isInside(text: string, at: number): boolean {
  return /[\udc00-\udfff]/.test(text[at] ?? '') && /[\ud800-\udbff]/.test(text[at - 1] ?? '');
}

/** White space of every kind becomes a space, unit for unit, so that marks stay where they are. */
function oneLine(text: string, marks: readonly Range[]): Excerpt {
  // eslint-disable-next-line no-control-regex -- what a peer wrote may hold them, and no line shows them
  return { text: text.replace(/[\s\u0000-\u001f\u2028\u2029]/gu, ' '), marks };
}
