// A link's memory in the same store as the rooms it speaks of; the port and its meaning are in shared/link/link-memory.ts.
import * as encoding from 'lib0/encoding';
import { AppError } from '../base/app-error.ts';
import { fromUtf8, utf8 } from '../base/encoding.ts';
import type { HubMemory, LinkMemory, MemoryChange, RoomMemory, SpaceMemory } from '../link/link-memory.ts';
import type { RoomNumber } from '../link/remote-changes.ts';
import { readTotally } from '../protocol/byte-reader.ts';
import { readList } from '../protocol/frame-fields.ts';
import type { ValueStore, ValueWrite } from './value-store.ts';

const AREA = 'link';
const LAST = 'last';
/** Rooms of one space that may be remembered as lacking: more than any space has. */
const MOST_LACKS = 1_000_000;
/** The first number of every value; another one was written by a newer version. */
const FORMAT = 1;

/**
 * Keys are `<workspace>/last`, and in `<workspace>/<hub>/`: `space/<space>`, `room/<room>` and `number/<room>`; values are varints
 * and texts of lib0. What cannot be read counts as never remembered: then more is compared, never less.
 */
export class StoredLinkMemory implements LinkMemory {
  readonly #values: ValueStore;
  readonly #workspace: string;

  constructor(values: ValueStore, workspace: string) {
    this.#values = values;
    this.#workspace = workspace;
  }

  async lastHub(): Promise<string | null> {
    const value = await this.#values.get(AREA, `${this.#workspace}/${LAST}`);
    return value && fromUtf8(value);
  }

  async load(hub: string): Promise<HubMemory> {
    const spaces = new Map<string, SpaceMemory>();
    const rooms = new Map<string, RoomMemory>();
    for await (const [space, value] of this.#entries(hub, 'space')) {
      const memory = readSpace(value);
      if (memory) spaces.set(space, memory);
    }
    for await (const [room, value] of this.#entries(hub, 'room')) {
      const memory = readRoom(value);
      if (memory) rooms.set(room, memory);
    }
    return { spaces, rooms };
  }

  async number(hub: string, room: string): Promise<RoomNumber | null> {
    const value = await this.#values.get(AREA, this.#prefix(hub, 'number') + room);
    return value && readNumber(value);
  }

  async save(hub: string, { spaces, rooms, numbers }: MemoryChange): Promise<void> {
    const writes: ValueWrite[] = [{ area: AREA, key: `${this.#workspace}/${LAST}`, value: utf8(hub) }];
    for (const [space, memory] of spaces) {
      writes.push({ area: AREA, key: this.#prefix(hub, 'space') + space, value: writeSpace(memory) });
    }
    for (const [room, memory] of rooms) {
      writes.push({ area: AREA, key: this.#prefix(hub, 'room') + room, value: memory && writeRoom(memory) });
    }
    for (const [room, number] of numbers ?? []) {
      writes.push({ area: AREA, key: this.#prefix(hub, 'number') + room, value: writeNumber(number) });
    }
    await this.#values.write(writes);
  }

  #prefix(hub: string, kind: 'space' | 'room' | 'number'): string {
    return `${this.#workspace}/${hub}/${kind}/`;
  }

  async *#entries(hub: string, kind: 'space' | 'room'): AsyncGenerator<readonly [string, Uint8Array]> {
    const prefix = this.#prefix(hub, kind);
    for await (const [key, value] of this.#values.entries(AREA, prefix)) yield [key.slice(prefix.length), value];
  }
}

function writeSpace({ epoch, after, heard, lowWater, lacks, turn }: SpaceMemory): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, FORMAT);
  encoding.writeVarString(encoder, epoch);
  for (const number of [after, heard, lowWater, turn ?? 0, lacks?.size ?? 0]) encoding.writeVarUint(encoder, number);
  for (const [room, number] of lacks ?? []) {
    encoding.writeVarString(encoder, room);
    encoding.writeVarUint(encoder, number);
  }
  return encoding.toUint8Array(encoder);
}

function readSpace(value: Uint8Array): SpaceMemory | null {
  return readTotally(value, (reader) => {
    mustBeKnown(reader.varUint());
    const space = {
      epoch: reader.varString(64),
      after: reader.varUint(),
      heard: reader.varUint(),
      lowWater: reader.varUint(),
    };
    // Values of the first programs end here.
    if (reader.left === 0) return space;
    const turn = reader.varUint();
    const lacks = readList(reader, MOST_LACKS, () => [reader.varString(300), reader.varUint()] as const);
    return { ...space, ...(lacks.length > 0 && { lacks: new Map(lacks) }), ...(turn > 0 && { turn }) };
  });
}

function writeNumber({ turn, number }: RoomNumber): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const part of [FORMAT, turn, number]) encoding.writeVarUint(encoder, part);
  return encoding.toUint8Array(encoder);
}

function readNumber(value: Uint8Array): RoomNumber | null {
  return readTotally(value, (reader) => {
    mustBeKnown(reader.varUint());
    return { turn: reader.varUint(), number: reader.varUint() };
  });
}

function writeRoom({ held, since }: RoomMemory): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, FORMAT);
  encoding.writeVarUint(encoder, held);
  // 0 stands for null: nobody waits since 1970.
  encoding.writeVarUint(encoder, since ?? 0);
  return encoding.toUint8Array(encoder);
}

function readRoom(value: Uint8Array): RoomMemory | null {
  return readTotally(value, (reader) => {
    mustBeKnown(reader.varUint());
    const held = reader.varUint();
    const since = reader.varUint();
    return { held, since: since === 0 ? null : since };
  });
}

function mustBeKnown(format: number): void {
  if (format > FORMAT) {
    throw new AppError(
      'too-new',
      'What this computer remembers of its relay was written by a newer version of Caravan. Nothing was changed; please update.',
    );
  }
}
