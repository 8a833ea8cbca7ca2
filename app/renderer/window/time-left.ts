// Ends that lie ahead, in words: of invitations, guests, and parts in a space.
import { dateOf } from '../../../shared/base/date-of.ts';

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** "in 3 days", "in 5 h", "in less than an hour", "over". */
export function timeLeft(until: number, now: number): string {
  const left = until - now;
  if (left <= 0) return 'over';
  if (left < HOUR) return 'in less than an hour';
  if (left < DAY) return `in ${Math.floor(left / HOUR)} h`;
  const days = Math.floor(left / DAY);
  return `in ${days} ${days === 1 ? 'day' : 'days'}`;
}

/** "3 Dec", with the year where it is another one. */
export function dayOf(at: number, now: number): string {
  const sameYear = dateOf(at).getFullYear() === new Date(now).getFullYear();
  return dateOf(at).toLocaleDateString([], {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}

/** The value of a date field: the day in this computer's zone. */
export function toDateField(at: number): string {
  const date = dateOf(at);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The end of the day that stands in a date field, or null for none. */
export function endOfDay(field: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(field);
  if (!match) return null;
  const at = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]), 23, 59, 59).getTime();
  return Number.isNaN(at) ? null : at;
}
