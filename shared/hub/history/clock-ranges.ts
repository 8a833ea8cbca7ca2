// Ranges of Yjs clocks by client: joining them, and finding the gaps between them. No document.
import type { ClockRange } from '../delete-set.ts';

/** Ranges of clocks by client, joined where they touch. */
export class RangesByClient {
  readonly #clients = new Map<number, ClockRange[]>();

  add(client: number, { start, end }: ClockRange): void {
    const ranges = this.#clients.get(client) ?? [];
    this.#clients.set(client, ranges);
    const last = ranges.at(-1);
    // Nearly always: a client's clocks come in their order.
    if (!last || start > last.end) ranges.push({ start, end });
    else if (start >= last.start) ranges[ranges.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else this.#clients.set(client, joinRanges([...ranges, { start, end }]));
  }

  of(client: number): readonly ClockRange[] {
    return this.#clients.get(client) ?? [];
  }

  get clients(): ReadonlyMap<number, readonly ClockRange[]> {
    return this.#clients;
  }
}

/** The parts of 0 to `end` that are in none of the (sorted) ranges. */
export function gaps(ranges: readonly ClockRange[], end: number): readonly ClockRange[] {
  const found: ClockRange[] = [];
  let at = 0;
  for (const range of ranges) {
    if (range.start >= end) break;
    if (range.start > at) found.push({ start: at, end: range.start });
    at = Math.max(at, range.end);
  }
  if (at < end) found.push({ start: at, end });
  return found;
}

/** Sorted, and without two that touch. Sorts the list it is given. */
export function joinRanges(ranges: ClockRange[]): ClockRange[] {
  const joined: ClockRange[] = [];
  for (const range of ranges.sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last && range.start <= last.end) {
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else joined.push(range);
  }
  return joined;
}
