// Writes a new store from the rows of a damaged one: every row whose checksum holds, and nothing that builds on a gap.
import type { ClassicLevel } from 'classic-level';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/app-error.ts';
import { randomId } from '../base/random-id.ts';
import type { RoomState } from '../hub/doc-store.ts';
import { fittingUpdates } from '../hub/fitting-updates.ts';
import { Knowledge } from '../hub/knowledge.ts';
import { seal, unseal } from './checksummed.ts';
import { knowledgeOfState } from './content-survey.ts';
import { scanDamaged } from './damaged-scan.ts';
import type { Write } from './level-database.ts';
import { rebuildHistory } from './segment-rebuild.ts';
import { STORE_FORMAT, writeFormat } from './store-format.ts';
import { writeHead } from './store-head.ts';
import {
  decodeRoomState,
  encodeRoomRecord,
  encodeRoomState,
  encodeSpaceRecord,
  KEYS,
  rangeOf,
  spaceOfRoom,
} from './store-records.ts';
import {
  EVERYTHING,
  isUnknownRow,
  openCopy,
  SET_ASIDE,
  setAsideRoom,
  type OpenedLevel,
  type Survey,
} from './store-survey.ts';

/** What a room came to. */
export interface RebuiltRoom {
  readonly kept: number;
  /** Updates that build on something lost: kept as values, not as part of the room. */
  readonly setAside: number;
  readonly hasState: boolean;
}

export interface Rebuilt {
  /** Rooms of which nothing could be kept are there with 0. */
  readonly rooms: ReadonlyMap<string, RebuiltRoom>;
  readonly values: number;
  /** Names of the segments of history that are in it. */
  readonly segments: ReadonlySet<string>;
}

interface RoomRows {
  readonly state: RoomState | null;
  /** What the state holds. */
  readonly known: Knowledge;
  readonly tail: readonly Uint8Array[];
  readonly aside: readonly Uint8Array[];
}

/** Remembered progress with other hubs speaks of numbers and contents that are no more: both ends compare instead. */
const FORGOTTEN = KEYS.value('link', '');
const MEMBERSHIP = KEYS.value('membership', '');
/** Bytes of one synced batch. */
const BATCH = 4 * 1024 * 1024;

/**
 * Rule UP5: rooms are numbered anew and no epoch is kept, so that no cursor given out before holds and members compare all.
 * @param source the database to read; @param directory the new store's folder, which must not exist.
 */
export async function rebuildStore(
  source: OpenedLevel,
  survey: Survey,
  directory: string,
  hub: string | null,
): Promise<Rebuilt> {
  await mkdir(directory, { recursive: true });
  const target = await openCopy(join(directory, 'db'), true);
  try {
    const writer = new BatchWriter(target);
    const id = hub ?? randomId();
    await writer.put(KEYS.hub, new TextEncoder().encode(id));
    const spaces = new Map<string, number>();
    const rooms = new Map<string, RebuiltRoom>();
    for (const room of survey.rooms.keys()) {
      const rows = await readRoom(source, room);
      const sorted = sortOut(rows);
      rooms.set(room, { kept: sorted.fits.length, setAside: sorted.aside.length, hasState: rows.state !== null });
      for (const [at, update] of sorted.aside.entries()) {
        await writer.put(KEYS.value(SET_ASIDE, `${room}/${String(at).padStart(8, '0')}`), update);
      }
      if (rows.state || sorted.fits.length > 0) await writeRoom(writer, room, rows.state, sorted.fits, spaces);
    }
    for (const [space, number] of spaces) {
      await writer.put(KEYS.space(space), encodeSpaceRecord({ number, rooms: number, gone: 0 }));
    }
    const values = await copyValues(source, writer);
    const history = soundPairs(source, rangeOf('g!'));
    const segments = await rebuildHistory(history, survey.history, (writes) => writer.add(writes));
    await writer.flush();
    await writeHead(
      directory,
      [...spaces.values()].reduce((sum, number) => sum + number, 0),
    );
    await writeFormat(directory, { format: STORE_FORMAT, hub: id });
    return { rooms, values, segments };
  } finally {
    await target.close();
  }
}

async function readRoom(source: OpenedLevel, room: string): Promise<RoomRows> {
  const key = KEYS.state(room);
  // Not asked for by its key: a table's filter may be damaged and hide it.
  const [bytes] = await soundRows(source, { gte: key, lt: `${key}\u0000` });
  const state = bytes ? stateOf(key, bytes) : null;
  const known = state && knowledgeOfState(state);
  const tail = await soundRows(source, rangeOf(`t!${room}!`));
  return {
    state: known && state,
    known: known ?? new Knowledge(),
    // A state that does not hold what it says is an update like any other, which may be one that cannot be read.
    tail: state && !known ? [state.update, ...tail] : tail,
    aside: await soundRows(source, rangeOf(KEYS.value(SET_ASIDE, `${room}/`))),
  };
}

/** A state whose parts cannot be read is no state. */
function stateOf(key: string, bytes: Uint8Array): RoomState | null {
  try {
    return decodeRoomState(key, bytes);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** In their order as far as that fits; an update may come before what it builds on when rows of two times are mixed. */
function sortOut({ state, known, tail, aside }: RoomRows) {
  const before = new Set(aside);
  const { fits, waiting } = fittingUpdates(known, [...tail, ...aside]);
  // What changes nothing is in the state already; without one, it may be all that a room consists of.
  const kept = fits.filter(({ update, fresh }) => fresh || (state === null && !before.has(update)));
  return { fits: kept.map(({ update }) => update), aside: waiting };
}

async function writeRoom(
  writer: BatchWriter,
  room: string,
  state: RoomState | null,
  tail: readonly Uint8Array[],
  spaces: Map<string, number>,
): Promise<void> {
  const space = spaceOfRoom(room);
  const number = (spaces.get(space) ?? 0) + 1;
  spaces.set(space, number);
  for (const [at, update] of tail.entries()) await writer.put(KEYS.tail(room, at), update);
  if (state) await writer.put(KEYS.state(room), encodeRoomState(state));
  const record = { number, appends: 1, first: 0, next: tail.length, hasState: state !== null };
  await writer.put(KEYS.room(room), encodeRoomRecord(record));
  await writer.put(KEYS.change(space, number), new TextEncoder().encode(room));
}

/** Rule ST8: rows of unknown families go with the values. Rule UP6: of a membership log only what stands before the first missing record; its members hand over the rest again. */
async function copyValues(source: OpenedLevel, writer: BatchWriter): Promise<number> {
  let values = 0;
  const logs = new Map<string, number>();
  for await (const [key, sealed] of scanDamaged(source, EVERYTHING)) {
    if (!key.startsWith('v!') && !isUnknownRow(key)) continue;
    const bytes = sound(key, sealed);
    if (!bytes || key.startsWith(FORGOTTEN) || setAsideRoom(key) !== null) continue;
    if (key.startsWith(MEMBERSHIP)) {
      const log = key.slice(0, key.lastIndexOf('/'));
      const next = logs.get(log) ?? 0;
      if (Number(key.slice(log.length + 1)) !== next) continue;
      logs.set(log, next + 1);
    }
    await writer.put(key, bytes);
    values += 1;
  }
  return values;
}

async function soundRows(source: OpenedLevel, range: { gte: string; lt: string }): Promise<Uint8Array[]> {
  const rows: Uint8Array[] = [];
  for await (const [, bytes] of soundPairs(source, range)) rows.push(bytes);
  return rows;
}

async function* soundPairs(
  source: OpenedLevel,
  range: { gte: string; lt: string },
): AsyncIterable<readonly [key: string, bytes: Uint8Array]> {
  for await (const [key, sealed] of scanDamaged(source, range)) {
    const bytes = sound(key, sealed);
    if (bytes) yield [key, bytes];
  }
}

/** The bytes of a row whose checksum holds. */
function sound(key: string, sealed: Uint8Array): Uint8Array | null {
  try {
    return unseal(key, sealed);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

class BatchWriter {
  readonly #level: ClassicLevel<string, Uint8Array>;
  #writes: Write[] = [];
  #size = 0;

  constructor(level: ClassicLevel<string, Uint8Array>) {
    this.#level = level;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.add([{ type: 'put', key, value: seal(key, bytes) }]);
  }

  /** Sealed already. */
  async add(writes: readonly Write[]): Promise<void> {
    for (const write of writes) {
      this.#writes.push(write);
      this.#size += write.type === 'put' ? write.value.length : 0;
    }
    if (this.#size >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    await this.#level.batch(this.#writes, { sync: true });
    this.#writes = [];
    this.#size = 0;
  }
}
