// Times and counts as people read them, in the zone and manner of this computer. Total: whoever signed a time may have written any.
import { dateOf } from '../../../shared/base/date-of.ts';

const DAY = 86_400_000;

function startOfDay(at: number): number {
  return dateOf(at).setHours(0, 0, 0, 0);
}

/** "09:17". */
export function clockTime(at: number): string {
  return dateOf(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** "09:17" today, "Tue 09:17" within a week, "14 Nov 09:17" before that. */
export function since(at: number, now: number): string {
  return isToday(at, now) ? clockTime(at) : `${day(at, now)} ${clockTime(at)}`;
}

function isToday(at: number, now: number): boolean {
  return startOfDay(at) === startOfDay(now);
}

function day(at: number, now: number): string {
  const date = dateOf(at);
  if (startOfDay(now) - startOfDay(at) < 7 * DAY && at <= now) return weekday(date);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return sameYear ? dayOfYear(date) : wholeDate(date);
}

/** "Fri"; "2 Dec"; "2 Dec 2027". */
export const weekday = dayFormat({ weekday: 'short' });
export const dayOfYear = dayFormat({ day: 'numeric', month: 'short' });
export const wholeDate = dayFormat({ day: 'numeric', month: 'short', year: 'numeric' });
const dayInWeek = dayFormat({ weekday: 'short', day: 'numeric', month: 'short' });
const wholeDayInWeek = dayFormat({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });

/**
 * A day of this computer's zone. The formatter is made once, at its first use: that costs more than to draw what it writes, and faces of cards write
 * hundreds. It is handed the day as one of UTC, so that it never holds on to a zone that the computer has left.
 */
function dayFormat(options: Intl.DateTimeFormatOptions): (date: Date) => string {
  let format: Intl.DateTimeFormat | null = null;
  return (date) => {
    format ??= new Intl.DateTimeFormat([], { ...options, timeZone: 'UTC' });
    return format.format(new Date(0).setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate()));
  };
}

/** A day without a time, as YYYY-MM-DD, in a reader's words: "Today", "Tomorrow", "Thu 24 Dec", with the year where it is another. */
export function dayWords(date: string, now: number): string {
  const [year = 0, month = 1, dayOfMonth = 1] = date.split('-').map(Number);
  const at = new Date(year, month - 1, dayOfMonth);
  // Rounded, since a day with a clock change in it has 23 or 25 hours.
  const days = Math.round((at.getTime() - startOfDay(now)) / DAY);
  const near = { '-1': 'Yesterday', '0': 'Today', '1': 'Tomorrow' }[String(days)];
  if (near !== undefined) return near;
  const sameYear = year === new Date(now).getFullYear();
  return sameYear ? dayInWeek(at) : wholeDayInWeek(at);
}

/** The day of a time here, or so many days after it, as YYYY-MM-DD. */
export function isoDay(at: number, after = 0): string {
  const date = dateOf(at);
  date.setDate(date.getDate() + after);
  const part = (number: number, length = 2): string => String(number).padStart(length, '0');
  return `${part(date.getFullYear(), 4)}-${part(date.getMonth() + 1)}-${part(date.getDate())}`;
}

/** The whole day for a tooltip. */
export function fullDay(date: string): string {
  const [year = 0, month = 1, dayOfMonth = 1] = date.split('-').map(Number);
  return new Date(year, month - 1, dayOfMonth).toLocaleDateString([], { dateStyle: 'full' });
}

/** The same in short, for a narrow place: "Mon, Nov 30, 2026". */
export function shortDay(date: string): string {
  const [year = 0, month = 1, dayOfMonth = 1] = date.split('-').map(Number);
  const shown = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  return new Date(year, month - 1, dayOfMonth).toLocaleDateString([], shown);
}

/** "just now", "8 min ago", "09:17", "Tue", "14 Nov". */
export function ago(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 0) return since(at, now);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  return isToday(at, now) ? clockTime(at) : day(at, now);
}

/** The whole time for a tooltip. */
export function fullTime(at: number): string {
  return dateOf(at).toLocaleString([], { dateStyle: 'full', timeStyle: 'short' });
}

/** For programs, as the `datetime` of a time. */
export function isoTime(at: number): string {
  return dateOf(at).toISOString();
}

/** "1 page", "3 pages". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
