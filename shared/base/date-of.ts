// Times that somebody elsewhere wrote, as a Date that exists: signed records and sessions carry any number. It makes no words.

/** The last day of the year 9999: beyond it a date is no date as people and files write them. */
const LATEST = Date.UTC(9999, 11, 31);

/** Total. What no Date can hold, or nobody can have meant, is the nearest that one can. */
export function dateOf(at: number): Date {
  return new Date(Number.isNaN(at) ? 0 : Math.min(LATEST, Math.max(-LATEST, at)));
}
