// Inline things of length 1 as they stand in the text: plain JSON values, read without trust and written as they are.
import { readTime } from '../document/meta.ts';
import type { Embed } from './block.ts';

/** Member, document and block ids: what can stand in a room's name or in a marker. */
const ID = /^[A-Za-z0-9_~.:-]{1,128}$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The embed that a stored value is, or null: then it is an inline thing that this version does not know. Never throws. */
export function readEmbed(value: object): Embed | null {
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) return null;
  const { type, member, by, at, page, block, date } = value as Readonly<Record<string, unknown>>;
  switch (type) {
    case 'mention':
      if (!isId(member)) return null;
      return isId(by) && readTime(at) !== null ? { type, member, by, at: Number(at) } : { type, member };
    case 'page':
      if (!isId(page)) return null;
      return isId(block) ? { type, page, block } : { type, page };
    case 'date':
      return isDate(date) ? { type, date } : null;
    default:
      return null;
  }
}

export function sameEmbed(a: Embed, b: Embed): boolean {
  return embedKey(a) === embedKey(b);
}

/** One text for what an embed says. */
export function embedKey(embed: Embed): string {
  switch (embed.type) {
    case 'mention':
      return `mention ${embed.member}`;
    case 'page':
      return `page ${embed.page} ${embed.block ?? ''}`;
    case 'date':
      return `date ${embed.date}`;
  }
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

/** Whether a text is a day that exists, as YYYY-MM-DD. */
export function isDate(value: unknown): value is string {
  const parts = typeof value === 'string' ? DATE.exec(value) : null;
  if (!parts) return false;
  const [year = 0, month = 0, day = 0] = parts.slice(1).map(Number);
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}
