// A DocStore in memory: the double for tests and for hubs that keep nothing. It survives reopening through its medium.
import { AppError } from '../base/app-error.ts';
import { randomId } from '../base/random-id.ts';
import type { Change, SpaceHead } from '../link/room-source.ts';
import { parseRoomName } from '../protocol/room-name.ts';
import type { Appended, DocStore, RoomState, StoredRoom } from './doc-store.ts';
import type { FreshValue, ValueStore, ValueWrite } from './value-store.ts';
import { EpochHistory } from './epoch-history.ts';
import { MemorySegmentRows, type MemorySegment } from './memory-segment-rows.ts';
import { NO_HISTORY, type SegmentRows, type SpaceHistory } from './segment-rows.ts';

interface MemoryRoom {
  state: RoomState | null;
  tail: Uint8Array[];
  first: number;
  number: number;
}

/** What outlives a MemoryDocStore: hand the same medium to the next one, and it is the same store reopened. */
export class MemoryMedium {
  readonly hub = randomId();
  readonly rooms = new Map<string, MemoryRoom>();
  readonly numbers = new Map<string, number>();
  readonly values = new Map<string, Map<string, Uint8Array>>();
  readonly epochs = new EpochHistory();
  readonly segments = new Map<string, MemorySegment>();
  readonly history = new Map<string, SpaceHistory>();
  /** While set, every write is rejected with it and stores nothing. */
  failure: AppError | null = null;
}

export class MemoryDocStore implements DocStore {
  readonly epoch = randomId();
  readonly #medium: MemoryMedium;
  #closed = false;

  constructor(medium: MemoryMedium = new MemoryMedium()) {
    this.#medium = medium;
    medium.epochs.add(medium.epochs.next(this.epoch, medium.numbers));
    this.segments = new MemorySegmentRows(medium.segments, medium.history, {
      read: () => this.#mustBeOpen(),
      write: (replaced) => {
        this.#mustBeWritable();
        for (const write of replaced) this.#writeValue(write);
      },
    });
  }

  get hub(): string {
    return this.#medium.hub;
  }

  /** Makes every write fail with `error` until called with null. */
  failWith(error: AppError | null): void {
    this.#medium.failure = error;
  }

  async load(room: string): Promise<StoredRoom | null> {
    this.#mustBeOpen();
    const found = this.#medium.rooms.get(room);
    return found ? { ...found, tail: [...found.tail] } : null;
  }

  async append(room: string, update: Uint8Array, alongside: readonly FreshValue[] = []): Promise<Appended> {
    // One turn later, as a disk would: the caller sees its promise before the outcome.
    await Promise.resolve();
    this.#mustBeWritable();
    const space = spaceOf(room);
    const number = (this.#medium.numbers.get(space) ?? 0) + 1;
    const found = this.#medium.rooms.get(room) ?? { state: null, tail: [], first: 0, number: 0 };
    found.tail.push(update);
    found.number = number;
    this.#medium.rooms.set(room, found);
    this.#medium.numbers.set(space, number);
    for (const write of alongside) this.#writeValue(write);
    return { number, place: found.first + found.tail.length - 1 };
  }

  async compact(room: string, through: number, state: RoomState, kept: readonly Uint8Array[] = []): Promise<void> {
    this.#mustBeWritable();
    const found = this.#medium.rooms.get(room);
    const count = through - (found?.first ?? 0);
    if (!found || count < kept.length || count > found.tail.length) {
      throw new AppError('bad-input', 'Only stored updates can be merged. Nothing was changed.');
    }
    found.state = state;
    found.tail = [...kept, ...found.tail.slice(count)];
    found.first = through - kept.length;
  }

  async purge(room: string): Promise<void> {
    this.#mustBeWritable();
    this.#medium.rooms.delete(room);
    const { history, segments } = this.#medium;
    for (const [key, segment] of segments) {
      if (segment.room !== room) continue;
      segments.delete(key);
      const before = history.get(spaceOf(room)) ?? NO_HISTORY;
      history.set(spaceOf(room), { ...before, count: before.count - 1, bytes: before.bytes - segment.size });
    }
  }

  async settle(): Promise<void> {
    this.#mustBeOpen();
  }

  async sweep(): Promise<void> {
    this.#mustBeOpen();
  }

  async *rooms(workspace?: string): AsyncIterable<string> {
    this.#mustBeOpen();
    for (const room of [...this.#medium.rooms.keys()]) {
      if (workspace === undefined || room.startsWith(`${workspace}/`)) yield room;
    }
  }

  async changes(workspace: string, space: string, after: number, limit: number): Promise<readonly Change[]> {
    this.#mustBeOpen();
    const prefix = `${workspace}/${space}/`;
    return [...this.#medium.rooms]
      .filter(([room, { number }]) => room.startsWith(prefix) && number > after)
      .map(([room, { number }]) => ({ room, number }))
      .sort((a, b) => a.number - b.number)
      .slice(0, limit);
  }

  async heads(workspace: string): Promise<readonly SpaceHead[]> {
    this.#mustBeOpen();
    const prefix = `${workspace}/`;
    return [...this.#medium.numbers]
      .filter(([space]) => space.startsWith(prefix))
      .map(([space, number]) => ({ workspace, space: space.slice(prefix.length), number }));
  }

  async knowsCursor(epoch: string, workspace: string, space: string, number: number): Promise<boolean> {
    this.#mustBeOpen();
    const key = `${workspace}/${space}`;
    return this.#medium.epochs.knows(epoch, key, number, this.#medium.numbers.get(key) ?? 0);
  }

  readonly values: ValueStore = {
    get: async (area, key) => {
      this.#mustBeOpen();
      return this.#medium.values.get(area)?.get(key) ?? null;
    },
    write: async (writes) => {
      this.#mustBeWritable();
      for (const write of writes) this.#writeValue(write);
    },
    entries: (area, prefix = '') => this.#entries(area, prefix),
    keys: (area, prefix = '') => this.#keys(area, prefix),
  };

  readonly segments: SegmentRows;

  async close(): Promise<void> {
    this.#closed = true;
  }

  async *#entries(area: string, prefix: string): AsyncIterable<readonly [string, Uint8Array]> {
    this.#mustBeOpen();
    const all = [...(this.#medium.values.get(area) ?? [])].filter(([key]) => key.startsWith(prefix));
    yield* all.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  async *#keys(area: string, prefix: string): AsyncIterable<string> {
    for await (const [key] of this.#entries(area, prefix)) yield key;
  }

  #writeValue({ area, key, value }: ValueWrite): void {
    const values = this.#medium.values.get(area) ?? new Map<string, Uint8Array>();
    if (value) values.set(key, value);
    else values.delete(key);
    this.#medium.values.set(area, values);
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new AppError('closed', 'The store is closed.');
  }

  #mustBeWritable(): void {
    this.#mustBeOpen();
    if (this.#medium.failure) throw this.#medium.failure;
  }
}

function spaceOf(room: string): string {
  const address = parseRoomName(room);
  if (!address)
    throw new AppError('bad-input', 'This is not a room’s name. Nothing was stored.', { details: { room } });
  return `${address.workspace}/${address.space}`;
}
