// A Yjs delete set as sorted ranges: what is deleted, by client; decoded totally, encoded as in Yjs update v1.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** Clocks from `start` (inclusive) to `end` (exclusive). */
export interface ClockRange {
  readonly start: number;
  readonly end: number;
}

/** Beyond this many new ranges of one client, merging two sorted lists beats inserting one by one. */
const FEW = 16;

export class DeleteSet {
  readonly #clients = new Map<number, ClockRange[]>();

  /** The set, or null when the bytes are not one. */
  static decode(bytes: Uint8Array): DeleteSet | null {
    try {
      const set = new DeleteSet();
      const decoder = decoding.createDecoder(bytes);
      for (let clients = decoding.readVarUint(decoder); clients > 0; clients -= 1) {
        const client = decoding.readVarUint(decoder);
        const ranges: ClockRange[] = [];
        for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
          const start = decoding.readVarUint(decoder);
          ranges.push({ start, end: start + decoding.readVarUint(decoder) });
        }
        set.add(client, ranges);
      }
      return set;
    } catch {
      // lib0 throws plain errors of several kinds for a short or malformed read.
      return null;
    }
  }

  copy(): DeleteSet {
    const copy = new DeleteSet();
    for (const [client, ranges] of this.#clients) copy.#clients.set(client, [...ranges]);
    return copy;
  }

  /** The ranges of each client, sorted and apart. */
  get clients(): ReadonlyMap<number, readonly ClockRange[]> {
    return this.#clients;
  }

  encode(): Uint8Array {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, this.#clients.size);
    // As Yjs does since 13.6: clients in falling order, so that equal sets have equal bytes.
    for (const [client, ranges] of [...this.#clients].sort(([a], [b]) => b - a)) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, ranges.length);
      for (const { start, end } of ranges) {
        encoding.writeVarUint(encoder, start);
        encoding.writeVarUint(encoder, end - start);
      }
    }
    return encoding.toUint8Array(encoder);
  }

  add(client: number, ranges: readonly ClockRange[]): void {
    const added = ranges.filter(isSome);
    if (added.length === 0) return;
    const known = this.#clients.get(client);
    if (known && added.length <= FEW) {
      for (const range of added) insert(known, range);
    } else if (known || !areApart(added)) {
      this.#clients.set(client, merged([...(known ?? []), ...added]));
    } else this.#clients.set(client, added);
  }

  /** What is deleted here or in `other`. */
  with(other: DeleteSet): DeleteSet {
    const both = this.copy();
    for (const [client, ranges] of other.clients) both.add(client, ranges);
    return both;
  }

  /** What is deleted here and not in `other`. */
  without(other: DeleteSet): DeleteSet {
    const rest = new DeleteSet();
    for (const [client, ranges] of this.#clients) {
      const theirs = other.clients.get(client) ?? [];
      for (const range of ranges) {
        let { start } = range;
        for (const their of theirs.slice(firstEndingAfter(theirs, start))) {
          if (their.start >= range.end) break;
          rest.add(client, [{ start, end: their.start }]);
          start = Math.max(start, their.end);
        }
        rest.add(client, [{ start, end: range.end }]);
      }
    }
    return rest;
  }

  /** Whether every clock of the range is deleted. */
  covers(client: number, { start, end }: ClockRange): boolean {
    if (end <= start) return true;
    const ranges = this.#clients.get(client);
    const at = ranges?.[firstEndingAfter(ranges, start)];
    return at !== undefined && at.start <= start && end <= at.end;
  }
}

function isSome({ start, end }: ClockRange): boolean {
  return end > start;
}

/** The index of the first range whose end lies beyond `clock`. */
function firstEndingAfter(ranges: readonly ClockRange[], clock: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.end ?? 0) > clock) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Puts a range in its place, joining whatever it touches. */
function insert(ranges: ClockRange[], { start, end }: ClockRange): void {
  // A range that ends exactly where this one starts is joined as well.
  const from = firstEndingAfter(ranges, start - 1);
  let to = from;
  let joined = { start, end };
  for (let next = ranges[to]; next && next.start <= end; next = ranges[++to]) {
    joined = { start: Math.min(joined.start, next.start), end: Math.max(joined.end, next.end) };
  }
  ranges.splice(from, to - from, joined);
}

/** Sorted, and none touches the next one: as stored sets are. */
function areApart(ranges: readonly ClockRange[]): boolean {
  let end = -1;
  for (const range of ranges) {
    if (range.start <= end) return false;
    ({ end } = range);
  }
  return true;
}

function merged(ranges: ClockRange[]): ClockRange[] {
  ranges.sort((a, b) => a.start - b.start);
  const joined: ClockRange[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last && range.start <= last.end) {
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else joined.push(range);
  }
  return joined;
}
