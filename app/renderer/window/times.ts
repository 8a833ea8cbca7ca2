// Times and counts as people read them, in the zone and manner of this computer.

const DAY = 86_400_000;

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** "09:17". */
export function clockTime(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** "09:17" today, "Tue 09:17" within a week, "14 Nov 09:17" before that. */
export function since(at: number, now: number): string {
  return isToday(at, now) ? clockTime(at) : `${day(at, now)} ${clockTime(at)}`;
}

function isToday(at: number, now: number): boolean {
  return startOfDay(at) === startOfDay(now);
}

function day(at: number, now: number): string {
  const date = new Date(at);
  if (startOfDay(now) - startOfDay(at) < 7 * DAY && at <= now) return date.toLocaleDateString([], { weekday: 'short' });
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString([], { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) });
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
  return new Date(at).toLocaleString([], { dateStyle: 'full', timeStyle: 'short' });
}

/** "1 page", "3 pages". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
