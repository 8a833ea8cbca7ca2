// A moment between others, as people say it: "Fri 17:40", "today 09:02". Total.
import { clockTime, since } from '../../window/times.ts';

export function momentWords(at: number, now: number): string {
  const said = since(at, now);
  return said === clockTime(at) ? `today ${said}` : said;
}
