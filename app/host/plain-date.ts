// Times as people read them, in English and in this computer's zone: for sentences that a host or a command says. Windows have their own.
import { dateOf } from '../../shared/base/date-of.ts';

/** "29 November 2026". */
export function dayInWords(at: number): string {
  return dateOf(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
}

/** "29 November 2026 at 09:17". */
export function minuteInWords(at: number): string {
  const time = dateOf(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return `${dayInWords(at)} at ${time}`;
}

/** `2026-11-29`: the day by this computer's calendar, as pages store days. */
export function localDay(at: number): string {
  const date = dateOf(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
