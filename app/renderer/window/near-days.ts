// The days that are offered behind "@", by what was typed: today and its neighbours by name, any other as it is written. Pure.
import { isDate } from '../../../shared/model/page/embeds.ts';
import { isoDay } from './times.ts';

/** As `YYYY-MM-DD`. */
export function nearDays(now: number, query: string): readonly string[] {
  const typed = query.trim().toLowerCase();
  if (isDate(typed)) return [typed];
  const near = [
    { name: 'today', date: isoDay(now) },
    { name: 'tomorrow', date: isoDay(now, 1) },
    { name: 'yesterday', date: isoDay(now, -1) },
  ];
  return near
    .filter(({ name }) => (typed === '' ? name !== 'yesterday' : name.startsWith(typed)))
    .map(({ date }) => date);
}
