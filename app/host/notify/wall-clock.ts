// What the clock on the wall says in a time zone at a time, and when it says something; across changes to and from summer time. Pure; total for any time.
import { dateOf } from '../../../shared/base/date-of.ts';
import type { QuietHours } from '../../../shared/model/personal/notifications.ts';

const MINUTE = 60_000;

/** Making one costs more than asking it, and there are few zones. A zone that is not known here counts as UTC. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
  const options = { ...parts, second: '2-digit', hourCycle: 'h23', calendar: 'iso8601' } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  }
}

export class WallClock {
  readonly #format: Intl.DateTimeFormat;

  /** @param zone IANA's name of it, as `America/Recife`. */
  constructor(zone: string) {
    this.#format = formatOf(zone);
  }

  /** Minutes since midnight. */
  minuteOfDay(at: number): number {
    return Math.floor(this.#shown(at) / MINUTE) % (24 * 60);
  }

  /** The day as `YYYY-MM-DD`. */
  dayOf(at: number): string {
    return new Date(this.#shown(at)).toISOString().slice(0, 10);
  }

  /** When the clock shows that minute of that day; where it is skipped (summer time begins), as much later. `days`: so many days after it. */
  timeOf(day: string, minute: number, days = 0): number {
    const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
    const wanted = new Date(0).setUTCFullYear(year, month - 1, date + days) + minute * MINUTE;
    // The offset of a time near by is right but for a few hours around a change, for which the second look is.
    const near = wanted - this.#offset(wanted);
    const at = wanted - this.#offset(near);
    return this.#shown(at) === wanted ? at : Math.max(near, at);
  }

  isQuiet({ from, to }: QuietHours, at: number): boolean {
    const minute = this.minuteOfDay(at);
    return from < to ? minute >= from && minute < to : minute >= from || minute < to;
  }

  #offset(at: number): number {
    return this.#shown(at) - Math.floor(at / 1_000) * 1_000;
  }

  /** What it shows, as if that were UTC; to the second. */
  #shown(at: number): number {
    const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of this.#format.formatToParts(dateOf(at))) part[type] = value;
    const { year, month, day, hour, minute, second } = part;
    const shown = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day));
    return shown + (Number(hour) * 60 + Number(minute)) * MINUTE + Number(second) * 1_000;
  }
}

/** Where this computer is. */
export function zoneHere(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
