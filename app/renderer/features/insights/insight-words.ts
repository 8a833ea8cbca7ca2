// Insights in words: days of UTC as weeks, rates, how long an answer took. No state.
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The Monday of the week before the one that a time is in, by UTC: the last one that is over. */
export function lastWholeWeek(now: number): string {
  const today = Math.floor(now / DAY);
  const monday = today - ((today + 3) % 7);
  return new Date((monday - 7) * DAY).toISOString().slice(0, 10);
}

export function weekAfter(monday: string, weeks: number): string {
  return new Date(Date.parse(`${monday}T00:00:00Z`) + weeks * 7 * DAY).toISOString().slice(0, 10);
}

/** "23 Nov": the Monday that it begins with. */
export function weekWords(monday: string): string {
  return new Date(`${monday}T00:00:00Z`).toLocaleDateString([], { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

/** "75 %", or a dash where nothing was asked. */
export function rateWords(answered: number, asked: number): string {
  return asked === 0 ? '–' : `${Math.round((answered / asked) * 100)} %`;
}

/** "40 minutes", "5 hours", "3 days", or a dash. */
export function spanWords(span: number | null): string {
  if (span === null) return '–';
  const say = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
  if (span < HOUR) return say(Math.max(1, Math.round(span / 60_000)), 'minute');
  return span < 2 * DAY ? say(Math.round(span / HOUR), 'hour') : say(Math.round(span / DAY), 'day');
}
