// The language of the search field: words, "phrases", -not and operators. Pure: what names stand for is the reader's to know, and what is not understood is said, never dropped in silence.
import { Folder, LONGEST_WORD, runsOf } from './fold.ts';

export const OPERATORS = ['in', 'by', 'type', 'tag', 'has', 'before', 'after', 'is'] as const;
export type Operator = (typeof OPERATORS)[number];

export const TYPES = [
  'page',
  'board',
  'card',
  'thread',
  'discussion',
  'question',
  'idea',
  'poll',
  'announcement',
  'post',
  'comment',
  'person',
  'file',
] as const;
export type QueryType = (typeof TYPES)[number];
export const HAS = ['file'] as const;
export const IS = ['unanswered', 'answered', 'open', 'done', 'archived'] as const;
export type QueryState = (typeof IS)[number];

/** One thing that must stand there, or must not: a run of letters, or several that follow one another. */
export interface Term {
  /** Folded. More than one: they stand together, in this order. */
  readonly runs: readonly { readonly text: string; readonly unspaced: boolean }[];
  readonly not: boolean;
  /** The last run may go on: it is being typed. */
  readonly prefix: boolean;
  /** Between quotation marks: nothing similar is meant. */
  readonly exact: boolean;
}

interface Placed {
  /** Where it stands in what was typed. */
  readonly from: number;
  readonly to: number;
}

export type Filter = Placed & { readonly not: boolean } & (
    | { readonly op: 'in' | 'by' | 'tag'; readonly value: string }
    | { readonly op: 'type'; readonly value: QueryType }
    | { readonly op: 'has'; readonly value: 'file' }
    | { readonly op: 'is'; readonly value: QueryState }
    /** A time in milliseconds: what is before it, or not before it. */
    | { readonly op: 'before' | 'after'; readonly value: number; readonly day: string }
  );

export interface Problem extends Placed {
  readonly message: string;
}

export interface Query {
  readonly terms: readonly Term[];
  readonly filters: readonly Filter[];
  readonly problems: readonly Problem[];
}

/** More of what is typed or pasted is left out, and said. */
export const LONGEST_QUERY = 1_000;
export const MOST_TERMS = 16;
export const MOST_FILTERS = 24;

interface Piece extends Placed {
  readonly op: string | null;
  readonly text: string;
  readonly quoted: boolean;
  readonly not: boolean;
  /** Behind its opening quotation mark comes no closing one. */
  readonly open: boolean;
}

const SPACE = /\s/u;
const QUOTES: Readonly<Record<string, string>> = { '"': '"', '“': '”', '„': '“', '«': '»' };

/** What was typed, cut at white space outside quotation marks. */
function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < text.length) {
    if (SPACE.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    const from = at;
    const not = text[at] === '-' && at + 1 < text.length && !SPACE.test(text[at + 1] ?? '');
    if (not) at += 1;
    const named = /^([\p{L}]+)[:：]/u.exec(text.slice(at, at + 40));
    const op = named?.[1] && !/^\/\//.test(text.slice(at + named[0].length)) ? named[1].toLowerCase() : null;
    if (named && op !== null) at += named[0].length;
    const close = QUOTES[text[at] ?? ''];
    const start = close === undefined ? at : at + 1;
    const end = close === undefined ? nextSpace(text, at) : nextQuote(text, start, close);
    const open = close !== undefined && end < 0;
    const value = text.slice(start, end < 0 ? text.length : end);
    at = close === undefined ? end : open ? text.length : end + 1;
    pieces.push({ from, to: at, op, text: value, quoted: close !== undefined, not, open });
  }
  return pieces;
}

function nextSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && !SPACE.test(text[at] ?? '')) at += 1;
  return at;
}

function nextQuote(text: string, from: number, close: string): number {
  for (let at = from; at < text.length; at += 1) if (text[at] === close || text[at] === '"') return at;
  return -1;
}

/** @param now the time by which days are told (this computer's days). */
export function parseQuery(typed: string, now: number): Query {
  const problems: Problem[] = [];
  const text = typed.slice(0, LONGEST_QUERY);
  if (typed.length > LONGEST_QUERY) {
    const message = `Only the first ${LONGEST_QUERY} characters are looked for.`;
    problems.push({ from: LONGEST_QUERY, to: typed.length, message });
  }
  const folder = new Folder();
  const terms: Term[] = [];
  const filters: Filter[] = [];
  for (const piece of piecesOf(text)) {
    if (piece.op !== null) {
      const read = filterOf(piece, piece.op, now);
      if ('message' in read) problems.push(read);
      else if (filters.length < MOST_FILTERS) filters.push(read);
      else problems.push({ ...placeOf(piece), message: `At most ${MOST_FILTERS} conditions are looked at.` });
      continue;
    }
    const runs = runsOf(folder.fold(piece.text)).map(({ text: run, unspaced }) => ({
      text: unspaced ? run : run.slice(0, LONGEST_WORD),
      unspaced,
    }));
    if (runs.length === 0) continue;
    if (terms.length >= MOST_TERMS) {
      problems.push({ ...placeOf(piece), message: `At most ${MOST_TERMS} words are looked for.` });
      break;
    }
    const isLast = piece.to === text.length && !(piece.quoted && !piece.open);
    // A sign behind the word ends it.
    const goesOn = isLast && /[\p{L}\p{N}\p{M}_]$/u.test(piece.text);
    terms.push({ runs, not: piece.not, prefix: goesOn && !piece.not, exact: piece.quoted });
  }
  return { terms, filters, problems };
}

function placeOf({ from, to }: Placed): Placed {
  return { from, to };
}

function filterOf(piece: Piece, op: string, now: number): Filter | Problem {
  const place = { ...placeOf(piece), not: piece.not };
  const value = piece.text.trim();
  const problem = (message: string): Problem => ({ ...placeOf(piece), message });
  if (!isOperator(op)) {
    return problem(
      `“${op}:” is no condition (these are: ${OPERATORS.map((one) => `${one}:`).join(' ')}). To look for the words themselves, put them between quotation marks.`,
    );
  }
  if (value === '') return problem(`“${op}:” needs something behind it: ${EXAMPLES[op]}.`);
  switch (op) {
    case 'in':
    case 'by':
    case 'tag':
      return { ...place, op, value };
    case 'before':
    case 'after': {
      const day = readDay(value, now);
      if (day === null) return problem(`“${value}” is no day. ${EXAMPLES[op]}.`);
      // Behind a day is what comes when it has ended.
      return { ...place, op, value: op === 'before' ? day.from : day.to, day: value };
    }
    case 'type':
    case 'has':
    case 'is': {
      const lower = value.toLowerCase().replace(/s$/, '');
      const known: readonly string[] = op === 'type' ? TYPES : op === 'has' ? HAS : IS;
      const found = known.find(
        (one) => one === lower || one === value.toLowerCase() || (op === 'type' && SAME[lower] === one),
      );
      if (found === undefined) return problem(`“${op}:${value}” is not known. There are ${known.join(', ')}.`);
      return { ...place, op, value: found } as Filter;
    }
  }
}

const SAME: Readonly<Record<string, QueryType>> = { people: 'person', reply: 'post', attachment: 'file', wiki: 'page' };

const EXAMPLES: Readonly<Record<Operator, string>> = {
  in: 'the name of a space, or the title of a page for what is below it',
  by: 'a name, or me',
  type: TYPES.join(', '),
  tag: 'a tag or topic',
  has: 'file',
  before: 'A day is written like 2026-11-30, 2026-11, 2026, today, yesterday, 7d, 2w',
  after: 'A day is written like 2026-11-30, 2026-11, 2026, today, yesterday, 7d, 2w',
  is: IS.join(', '),
};

export function isOperator(text: string): text is Operator {
  return (OPERATORS as readonly string[]).includes(text);
}

/** A day, month or year as the time at which it begins and the one at which it has ended, or null. */
export function readDay(text: string, now: number): { readonly from: number; readonly to: number } | null {
  const today = new Date(now);
  const startOf = (year: number, month: number, day: number): number => new Date(year, month, day).getTime();
  const [year, month, day] = [today.getFullYear(), today.getMonth(), today.getDate()];
  const lower = text.toLowerCase();
  if (lower === 'today') return { from: startOf(year, month, day), to: startOf(year, month, day + 1) };
  if (lower === 'yesterday') return { from: startOf(year, month, day - 1), to: startOf(year, month, day) };
  const ago = /^(\d{1,4})([dwmy])$/.exec(lower);
  if (ago) {
    const count = Number(ago[1]);
    const from =
      ago[2] === 'd'
        ? startOf(year, month, day - count)
        : ago[2] === 'w'
          ? startOf(year, month, day - 7 * count)
          : ago[2] === 'm'
            ? startOf(year, month - count, day)
            : startOf(year - count, month, day);
    return Number.isNaN(from) ? null : { from, to: from };
  }
  const said = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(lower);
  if (!said) return null;
  const [y, m, d] = [
    Number(said[1]),
    said[2] === undefined ? null : Number(said[2]),
    said[3] === undefined ? null : Number(said[3]),
  ];
  if (y < 1970 || (m !== null && (m < 1 || m > 12))) return null;
  if (m === null) return { from: startOf(y, 0, 1), to: startOf(y + 1, 0, 1) };
  if (d === null) return { from: startOf(y, m - 1, 1), to: startOf(y, m, 1) };
  const from = startOf(y, m - 1, d);
  if (new Date(from).getDate() !== d) return null;
  return { from, to: startOf(y, m - 1, d + 1) };
}

/** Whether nothing at all is asked. */
export function asksNothing({ terms, filters }: Pick<Query, 'terms' | 'filters'>): boolean {
  return terms.every(({ not }) => not) && filters.length === 0;
}
