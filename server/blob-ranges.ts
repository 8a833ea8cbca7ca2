// Which bytes a request for an attachment speaks of: Range of a GET, Content-Range of a PUT. Pure and total.
import type { IncomingHttpHeaders } from 'node:http';

/** From `start` up to, not including, `end`. */
export interface ServedRange {
  readonly start: number;
  readonly end: number;
  readonly whole: boolean;
}

/** Null where none of the bytes are there. Several ranges, and what is no range, are answered with the whole (RFC 9110). */
export function servedRange(header: string | undefined, size: number): ServedRange | null {
  const whole = { start: 0, end: size, whole: true };
  const asked = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  const [, from = '', to = ''] = asked ?? [];
  if (!asked || (from === '' && to === '')) return whole;
  if (from === '') {
    const last = Math.min(size, Number(to));
    return last === 0 ? null : { start: size - last, end: size, whole: false };
  }
  const start = Number(from);
  const end = to === '' ? size : Math.min(size, Number(to) + 1);
  if (to !== '' && Number(to) < start) return whole;
  return start >= size ? null : { start, end, whole: false };
}

export type BodyRange =
  | { readonly kind: 'range'; readonly start: number; readonly end: number; readonly size: number }
  | { readonly kind: 'bad'; readonly status: number; readonly reason: string };

/** Rule BL4. The length of the body is said before it comes, and fits the range; without a range the body is all of it. */
export function bodyRange(headers: IncomingHttpHeaders): BodyRange {
  const length = /^\d{1,15}$/.test(headers['content-length'] ?? '') ? Number(headers['content-length']) : null;
  if (length === null) return { kind: 'bad', status: 411, reason: 'The length of the body must be said.' };
  const range = headers['content-range'];
  if (range === undefined) return { kind: 'range', start: 0, end: length, size: length };
  const [, from = '', to = '', of = ''] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(range) ?? [];
  const [start, end, size] = [Number(from), Number(to) + 1, Number(of)];
  if (of === '' || end - start !== length || end > size) {
    return { kind: 'bad', status: 400, reason: 'Content-Range and the length of the body do not fit.' };
  }
  return { kind: 'range', start, end, size };
}
