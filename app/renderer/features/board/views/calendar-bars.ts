// How cards lie in the weeks of a calendar: one day each, or a bar over days, in lanes that do not touch; and what does not fit. Pure.
import type { Card } from '../../../../../shared/model/board/card.ts';
import type { CardDate } from '../../../../../shared/model/board/field-value.ts';
import { dayOf, daysBetween, moved } from './calendar-days.ts';

/** A card with its days; `from` and `to` are the same day where it has no earlier start. */
export interface Dated {
  readonly card: Card;
  readonly from: string;
  readonly to: string;
  /** When on its last day; null for all day. */
  readonly time: number | null;
}

/** The part of a card that lies in one week. */
export interface Segment extends Dated {
  /** The column in the week, 0 to 6, and over how many. */
  readonly at: number;
  readonly span: number;
  readonly lane: number;
  readonly begins: boolean;
  readonly ends: boolean;
}

export interface Week {
  readonly segments: readonly Segment[];
  /** How many cards of each day are not among them, for want of room. */
  readonly more: readonly number[];
}

/** Null for a card without a due day: it is unscheduled, whatever its start says. A start behind the due day says nothing. */
export function datedOf(
  card: Card,
  due: CardDate | null = card.due,
  start: CardDate | null = card.start,
): Dated | null {
  if (due === null) return null;
  const to = dayOf(due);
  const first = start === null ? to : dayOf(start);
  return { card, from: first < to ? first : to, to, time: typeof due === 'number' ? due : null };
}

/** Bars first, the longest on top; then the day's cards by their time. */
export function compareDated(a: Dated, b: Dated): number {
  if (a.from !== b.from) return a.from < b.from ? -1 : 1;
  const length = daysBetween(b.from, b.to) - daysBetween(a.from, a.to);
  return length || (a.time ?? 0) - (b.time ?? 0);
}

/** @param days the seven of the week. @param dated in the order of compareDated(). @param room how many lanes a day has. */
export function layWeek(days: readonly string[], dated: readonly Dated[], room: number): Week {
  const [first = '', last = ''] = [days[0], days.at(-1)];
  const taken: boolean[][] = [];
  const all: Segment[] = [];
  for (const one of dated) {
    if (one.to < first || one.from > last) continue;
    const at = Math.max(0, daysBetween(first, one.from));
    const end = Math.min(days.length - 1, daysBetween(first, one.to));
    const free = (lane: number): boolean => !taken[lane]?.slice(at, end + 1).some(Boolean);
    let lane = 0;
    while (!free(lane)) lane += 1;
    const row = (taken[lane] ??= days.map(() => false));
    row.fill(true, at, end + 1);
    all.push({ ...one, at, span: end - at + 1, lane, begins: one.from >= first, ends: one.to <= last });
  }
  const covers = ({ at, span }: Segment, day: number): boolean => at <= day && day < at + span;
  const full = days.map((_, day) => all.some((one) => one.lane >= room && covers(one, day)));
  // Where not all fit, the last lane says how many more there are.
  const hides = (one: Segment): boolean =>
    one.lane >= room || (one.lane === room - 1 && full.some((is, day) => is && covers(one, day)));
  const hidden = all.filter(hides);
  return {
    segments: all.filter((one) => !hidden.includes(one)),
    more: days.map((_, day) => hidden.filter((one) => covers(one, day)).length),
  };
}

/** The dates of a card that is carried from one day to another: both ends go along, times keep their time of day. */
export function rescheduled(
  { start, due }: Pick<Card, 'start' | 'due'>,
  from: string,
  to: string,
): { readonly start: CardDate | null; readonly due: CardDate } {
  if (due === null) return { start, due: to };
  const days = daysBetween(from, to);
  return { start: start === null ? null : moved(start, days), due: moved(due, days) };
}
