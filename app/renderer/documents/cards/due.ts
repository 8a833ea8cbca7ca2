// When a card is due, as its face says it: how near that is, and in which words. Pure; `now` is handed in.
import type { CardDate } from '../../../../shared/model/board/field-value.ts';
import { dateOf } from '../../../../shared/base/date-of.ts';
import { clockTime, dayOfYear, dayWords, fullDay, fullTime, isoDay, weekday, wholeDate } from '../../window/times.ts';

export type Nearness = 'done' | 'overdue' | 'soon' | 'later';

const DAY = 86_400_000;

/** The first moment of a day here, or the time itself. */
export function beginOf(date: CardDate): number {
  if (typeof date === 'number') return date;
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return new Date(year, month - 1, day).getTime();
}

/** A day is over at its end; a time when it has come. Soon: less than 24 hours off. */
export function nearness(date: CardDate, completed: boolean, now: number): Nearness {
  if (completed) return 'done';
  const over = typeof date === 'number' ? date < now : date < isoDay(now);
  if (over) return 'overdue';
  return beginOf(date) - now < DAY ? 'soon' : 'later';
}

/** "Today", "Tomorrow", "Fri" within a week, "2 Dec", "2 Dec 2027". */
export function shortDue(date: CardDate, now: number): string {
  const day = typeof date === 'number' ? isoDay(date) : date;
  const at = beginOf(day);
  const words = dayWords(day, now);
  if (words === 'Today' || words === 'Tomorrow' || words === 'Yesterday') return words;
  const shown = dateOf(at);
  if (at > now && at - now < 6 * DAY) return weekday(shown);
  return shown.getFullYear() === dateOf(now).getFullYear() ? dayOfYear(shown) : wholeDate(shown);
}

/** With the time of day where one was said. */
export function dueWords(date: CardDate, now: number): string {
  return typeof date === 'number' ? `${dayWords(isoDay(date), now)}, ${clockTime(date)}` : dayWords(date, now);
}

/** For a tooltip and a screen reader. */
export function fullDue(date: CardDate): string {
  return typeof date === 'number' ? fullTime(date) : fullDay(date);
}
