// A calendar day as `YYYY-MM-DD`, which no time zone moves. Pure; reads no clock.

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether it is a day of the calendar, of the years 1900 to 9999. */
export function isDay(value: unknown): value is string {
  const parts = typeof value === 'string' ? DAY.exec(value) : null;
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return year >= 1900 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/** The same day of a later month, or that month's last one. */
export function afterMonths(day: string, months: number): string {
  const parts = DAY.exec(day);
  const at = Number(parts?.[1] ?? 1970) * 12 + Number(parts?.[2] ?? 1) - 1 + months;
  const [year, month] = [Math.floor(at / 12), (at % 12) + 1];
  return format(year, month, Math.min(Number(parts?.[3] ?? 1), daysIn(year, month)));
}

/** The day of a time where the program runs. */
export function dayAt(milliseconds: number): string {
  const at = new Date(milliseconds);
  return format(at.getFullYear(), at.getMonth() + 1, at.getDate());
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function format(year: number, month: number, day: number): string {
  const padded = (value: number, length: number): string => String(value).padStart(length, '0');
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}
