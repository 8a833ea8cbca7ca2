// What relays told about who holds what, in the same store as the link's memory; the port is shared/link/holder-memory.ts.
import * as encoding from 'lib0/encoding';
import type { HolderMemory, HolderRecord } from '../link/holder-memory.ts';
import { readTotally } from '../protocol/byte-reader.ts';
import { readList } from '../protocol/frame-fields.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { ValueStore } from './value-store.ts';

/** The area of everything that is remembered of other hubs; a repair empties it (UP5). */
const AREA = 'link';
/** The first number of every value; what a newer version wrote counts as never told. */
const FORMAT = 1;

/** Keys are `<workspace>/<hub>/holders/<space>`. */
export class StoredHolderMemory implements HolderMemory {
  readonly #values: ValueStore;
  readonly #workspace: string;

  constructor(values: ValueStore, workspace: string) {
    this.#values = values;
    this.#workspace = workspace;
  }

  async load(hub: string): Promise<ReadonlyMap<string, HolderRecord>> {
    const records = new Map<string, HolderRecord>();
    const prefix = this.#prefix(hub);
    for await (const [key, value] of this.#values.entries(AREA, prefix)) {
      const record = readRecord(value);
      if (record) records.set(key.slice(prefix.length), record);
    }
    return records;
  }

  async save(hub: string, records: ReadonlyMap<string, HolderRecord | null>): Promise<void> {
    const prefix = this.#prefix(hub);
    await this.#values.write(
      [...records].map(([space, record]) => ({
        area: AREA,
        key: prefix + space,
        value: record && writeRecord(record),
      })),
    );
  }

  #prefix(hub: string): string {
    return `${this.#workspace}/${hub}/holders/`;
  }
}

function writeRecord({ learnedAt, holders }: HolderRecord): Uint8Array {
  const encoder = encoding.createEncoder();
  const uint = (value: number): void => encoding.writeVarUint(encoder, value);
  const text = (value: string): void => encoding.writeVarString(encoder, value);
  uint(FORMAT);
  uint(learnedAt);
  uint(holders.length);
  for (const { device, number, at, lacks } of holders) {
    text(device);
    uint(number);
    uint(at);
    uint(lacks.length);
    lacks.forEach(text);
  }
  return encoding.toUint8Array(encoder);
}

function readRecord(value: Uint8Array): HolderRecord | null {
  return readTotally(value, (reader) => {
    const format = reader.varUint();
    const record = {
      learnedAt: reader.varUint(),
      holders: readList(reader, LIMITS.holdersPerSpace, () => ({
        device: reader.varString(64),
        number: reader.varUint(),
        at: reader.varUint(),
        lacks: readList(reader, LIMITS.lacksPerHolder, () => reader.varString(64)),
      })),
    };
    return format === FORMAT ? record : null;
  });
}
