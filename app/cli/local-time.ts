// Times in the zone of this computer, as lines of a terminal carry them. What is printed as JSON stays a number.
import { dateOf } from '../../shared/base/date-of.ts';

/** "2026-12-03". */
export function localDay(at: number): string {
  const date = dateOf(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** "2026-12-03 09:17". */
export function localMinute(at: number): string {
  const date = dateOf(at);
  return `${localDay(at)} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
