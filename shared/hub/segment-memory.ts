// How far other hubs' history was taken over, in the same store as the rooms and segments; the port is shared/link/segment-memory.ts.
import * as encoding from 'lib0/encoding';
import type { SegmentMemory, SegmentPlace } from '../link/segment-memory.ts';
import { readTotally } from '../protocol/byte-reader.ts';
import type { ValueStore } from './value-store.ts';

/** The area of everything that is remembered of other hubs; a repair empties it (UP5). */
const AREA = 'link';
/** The first number of every value; what a newer version wrote counts as never remembered. */
const FORMAT = 1;
/** Flags of a place. */
const DENIED = 1;

/** Keys are `<workspace>/<hub>/history/<space>`. */
export class StoredSegmentMemory implements SegmentMemory {
  readonly #values: ValueStore;
  readonly #workspace: string;

  constructor(values: ValueStore, workspace: string) {
    this.#values = values;
    this.#workspace = workspace;
  }

  async load(hub: string): Promise<ReadonlyMap<string, SegmentPlace>> {
    const places = new Map<string, SegmentPlace>();
    const prefix = this.#prefix(hub);
    for await (const [key, value] of this.#values.entries(AREA, prefix)) {
      const place = readPlace(value);
      if (place) places.set(key.slice(prefix.length), place);
    }
    return places;
  }

  async save(hub: string, places: ReadonlyMap<string, SegmentPlace | null>): Promise<void> {
    const prefix = this.#prefix(hub);
    await this.#values.write(
      [...places].map(([space, place]) => ({ area: AREA, key: prefix + space, value: place && writePlace(place) })),
    );
  }

  #prefix(hub: string): string {
    return `${this.#workspace}/${hub}/history/`;
  }
}

function writePlace({ epoch, after, tag, denied }: SegmentPlace): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, FORMAT);
  encoding.writeVarString(encoder, epoch);
  encoding.writeVarUint(encoder, after);
  encoding.writeVarString(encoder, tag);
  // Behind what an earlier version wrote: it reads no further.
  if (denied) encoding.writeVarUint(encoder, DENIED);
  return encoding.toUint8Array(encoder);
}

function readPlace(value: Uint8Array): SegmentPlace | null {
  return readTotally(value, (reader) => {
    const format = reader.varUint();
    const place = { epoch: reader.varString(64), after: reader.varUint(), tag: reader.varString(64) };
    const flags = reader.left > 0 ? reader.varUint() : 0;
    return format === FORMAT ? { ...place, denied: (flags & DENIED) !== 0 } : null;
  });
}
