// The figures of a board: how many cards stand where and how long, how long they took, and how they flowed. Pure; nothing is guessed.
import type { Board } from '../../../../../shared/model/board/read.ts';
import type { CardPast } from '../../../../../shared/model/board/past.ts';
import { isoDay } from '../../../window/times.ts';
import { beginOf } from '../../../documents/cards/due.ts';
import { addDays, daysBetween } from './calendar-days.ts';

export const DAY = 86_400_000;
/** So many days are shown of the past at most. */
export const SHOWN_DAYS = 90;

export interface ColumnFigure {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  /** How long its cards are in it, in days; null without cards. */
  readonly median: number | null;
  readonly oldest: number | null;
}

export function columnFigures(board: Board, now: number): readonly ColumnFigure[] {
  return board.columns.map(({ id, name, cards }) => {
    const ages = cards.map(({ since }) => Math.max(0, now - since) / DAY).sort((a, b) => a - b);
    return { id, name, count: cards.length, median: quantile(ages, 0.5), oldest: ages.at(-1) ?? null };
  });
}

export interface Cycle {
  readonly id: string;
  readonly title: string;
  readonly completedAt: number;
  readonly days: number;
}

/** From when a card first left the first column, else from when it was made, to when it was completed; by the time of completion. */
export function cycles(past: readonly CardPast[], firstColumn: string | null): readonly Cycle[] {
  return past
    .flatMap(({ id, title, createdAt, stays, completedAt, removedAt }) => {
      if (completedAt === null || removedAt !== null) return [];
      const left = stays.find(({ column }) => column !== firstColumn)?.from ?? createdAt;
      const begin = left <= completedAt ? left : createdAt;
      return [{ id, title, completedAt, days: Math.max(0, completedAt - begin) / DAY }];
    })
    .sort((a, b) => a.completedAt - b.completedAt);
}

/** @param sorted from small to large. Null of none. */
export function quantile(sorted: readonly number[], part: number): number | null {
  if (sorted.length === 0) return null;
  const at = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (high - low) * (at - Math.floor(at));
}

export interface Flow {
  /** Days as `YYYY-MM-DD`, the last is today. */
  readonly days: readonly string[];
  /** From the last column to the first, archived cards before them: as they lie on one another from below. */
  readonly bands: readonly { readonly id: string; readonly name: string; readonly counts: readonly number[] }[];
}

const ARCHIVED = 'archived';
const ELSEWHERE = 'elsewhere';

/** How many cards stood where at the end of each day. Cards that were removed count until then. */
export function flowOf(past: readonly CardPast[], columns: Board['columns'], now: number): Flow {
  const today = isoDay(now);
  const made = past.map(({ createdAt }) => createdAt).filter((at) => at > 0);
  const first = made.length === 0 ? today : isoDay(made.reduce((least, at) => Math.min(least, at)));
  const length = Math.max(1, Math.min(SHOWN_DAYS, daysBetween(first, today) + 1));
  const days = Array.from({ length }, (_, at) => addDays(today, at + 1 - length));
  const ends = days.map((day) => (day === today ? now : beginOf(addDays(day, 1)) - 1));
  const known = new Set(columns.map(({ id }) => id));
  const counts = new Map<string, number[]>();
  for (const card of past) {
    for (const [at, end] of ends.entries()) {
      const band = bandAt(card, end, known);
      if (band === null) continue;
      const row = counts.get(band) ?? days.map(() => 0);
      row[at] = (row[at] ?? 0) + 1;
      counts.set(band, row);
    }
  }
  const band = (id: string, name: string) => ({ id, name, counts: counts.get(id) ?? days.map(() => 0) });
  const aside = [band(ARCHIVED, 'Archived'), band(ELSEWHERE, 'Without a column')].filter(({ id }) => counts.has(id));
  return { days, bands: [...aside, ...columns.map(({ id, name }) => band(id, name)).reverse()] };
}

function bandAt(card: CardPast, at: number, known: ReadonlySet<string>): string | null {
  if (card.createdAt > at || (card.removedAt !== null && card.removedAt <= at)) return null;
  if (card.archivedAt !== null && card.archivedAt <= at) return ARCHIVED;
  const column = card.stays.findLast(({ from }) => from <= at)?.column ?? null;
  return column !== null && known.has(column) ? column : ELSEWHERE;
}

/** "under a day", "1.5 days", "12 days". */
export function daysWords(days: number | null): string {
  if (days === null) return '';
  if (days < 1) return 'under a day';
  const shown = days < 10 ? Math.round(days * 2) / 2 : Math.round(days);
  return `${shown.toLocaleString('en')} ${shown === 1 ? 'day' : 'days'}`;
}

/** Round numbers from 0 to at least `most`, few enough to be read. */
export function ticks(most: number): readonly number[] {
  const rough = Math.max(1, most) / 4;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((one) => one * unit).find((one) => one >= rough) ?? 1);
  return Array.from({ length: Math.ceil(Math.max(1, most) / step) + 1 }, (_, at) => at * step);
}
