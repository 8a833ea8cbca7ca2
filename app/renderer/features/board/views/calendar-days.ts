// Days of a calendar as `YYYY-MM-DD`: weeks, months, the first day of a week, and dates moved by days. Pure; no time zone moves a day.
import type { CardDate } from '../../../../../shared/model/board/field-value.ts';
import type { Stretch } from '../../../../../shared/model/board/look.ts';
import { dateOf } from '../../../../../shared/base/date-of.ts';
import { isoDay } from '../../../window/times.ts';

const DAY = 86_400_000;

/** Days since the epoch, whatever the clocks of this place do. */
function numberOf(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, date);
  return Math.round(at.getTime() / DAY);
}

export function addDays(day: string, days: number): string {
  const at = new Date((numberOf(day) + days) * DAY);
  const part = (number: number, length = 2): string => String(number).padStart(length, '0');
  return `${part(at.getUTCFullYear(), 4)}-${part(at.getUTCMonth() + 1)}-${part(at.getUTCDate())}`;
}

export function daysBetween(from: string, to: string): number {
  return numberOf(to) - numberOf(from);
}

/** 1 is Monday, 7 is Sunday. */
export function weekday(day: string): number {
  return ((((numberOf(day) + 3) % 7) + 7) % 7) + 1;
}

/** The first day of the week in a language's country; Monday where nobody says. */
export function firstWeekday(language: string): number {
  try {
    const locale = new Intl.Locale(language) as Intl.Locale & {
      readonly weekInfo?: { readonly firstDay: number };
      getWeekInfo?(): { readonly firstDay: number };
    };
    return locale.getWeekInfo?.().firstDay ?? locale.weekInfo?.firstDay ?? 1;
  } catch {
    return 1; // The computer names a language that is none.
  }
}

/** The weeks that show the day: one, or all that its month touches. */
export function weeksAround(day: string, stretch: Stretch, first: number): readonly (readonly string[])[] {
  const from = stretch === 'week' ? day : `${day.slice(0, 8)}01`;
  const begin = addDays(from, -((weekday(from) - first + 7) % 7));
  const count = stretch === 'week' ? 1 : Math.ceil((daysBetween(begin, from) + daysInMonth(day)) / 7);
  return Array.from({ length: count }, (_, week) =>
    Array.from({ length: 7 }, (_, at) => addDays(begin, week * 7 + at)),
  );
}

function daysInMonth(day: string): number {
  const first = `${day.slice(0, 8)}01`;
  return daysBetween(first, nextMonth(first));
}

function nextMonth(first: string): string {
  return `${addDays(first, 31).slice(0, 8)}01`;
}

/** The same day a week or a month on or back; at most the last day of that month. */
export function step(day: string, stretch: Stretch, by: 1 | -1): string {
  if (stretch === 'week') return addDays(day, by * 7);
  const first = `${day.slice(0, 8)}01`;
  const month = by === 1 ? nextMonth(first) : `${addDays(first, -1).slice(0, 8)}01`;
  return addDays(month, Math.min(Number(day.slice(8)), daysInMonth(month)) - 1);
}

/** The day on which a date falls here. */
export function dayOf(date: CardDate): string {
  return typeof date === 'string' ? date : isoDay(date);
}

/** So many days later or earlier; a time keeps its time of day, also over a change of the clocks. */
export function moved(date: CardDate, days: number): CardDate {
  if (typeof date === 'string') return addDays(date, days);
  const at = dateOf(date);
  at.setDate(at.getDate() + days);
  return at.getTime();
}
