// Which clocks of which clients came to a room with landings: as lists of ranges, and as bytes (docs/storage.md, LD2). It reads no document.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { ClockRange } from '../../../shared/hub/delete-set.ts';

/** What is asked of it: whether what a client wrote under a clock came. */
export type Came = (client: number, clock: number) => boolean;

export class LandedRanges {
  /** Sorted, and apart from one another. */
  readonly #ranges = new Map<number, ClockRange[]>();
  /** Nothing of the room was here before. */
  readonly isNew: boolean;

  constructor(isNew: boolean) {
    this.isNew = isNew;
  }

  add(client: number, fresh: ClockRange): void {
    const known = this.#ranges.get(client) ?? [];
    const joined: ClockRange[] = [];
    let { start, end } = fresh;
    for (const range of known) {
      if (range.end < start || range.start > end) joined.push(range);
      else [start, end] = [Math.min(start, range.start), Math.max(end, range.end)];
    }
    joined.push({ start, end });
    this.#ranges.set(
      client,
      joined.sort((a, b) => a.start - b.start),
    );
  }

  readonly came: Came = (client, clock) =>
    this.#ranges.get(client)?.some(({ start, end }) => clock >= start && clock < end) ?? false;

  /** Units that came. */
  get length(): number {
    let length = 0;
    for (const ranges of this.#ranges.values()) for (const { start, end } of ranges) length += end - start;
    return length;
  }

  has(client: number): boolean {
    return this.#ranges.has(client);
  }

  get clients(): Iterable<number> {
    return this.#ranges.keys();
  }

  /** How far each client's writing goes. */
  get ends(): [client: number, end: number][] {
    return [...this.#ranges].map(([client, ranges]) => [client, ranges.at(-1)?.end ?? 0]);
  }

  encode(): Uint8Array {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, this.isNew ? 1 : 0);
    for (const [client, ranges] of this.#ranges) {
      for (const { start, end } of ranges) {
        for (const part of [client, start, end - start]) encoding.writeVarUint(encoder, part);
      }
    }
    return encoding.toUint8Array(encoder);
  }

  static decode(bytes: Uint8Array): LandedRanges {
    const decoder = decoding.createDecoder(new Uint8Array(bytes));
    const found = new LandedRanges(decoding.readVarUint(decoder) === 1);
    while (decoding.hasContent(decoder)) {
      const client = decoding.readVarUint(decoder);
      const start = decoding.readVarUint(decoder);
      found.add(client, { start, end: start + decoding.readVarUint(decoder) });
    }
    return found;
  }
}
