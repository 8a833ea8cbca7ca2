// Group commit: what arrives while one synced batch is under way becomes the next batch. It decides order, not meaning.
import { AppError } from '../base/app-error.ts';
import { NO_HISTORY, type SpaceHistory } from '../hub/segment-rows.ts';
import { unseal } from './checksummed.ts';
import type { HealingDatabase } from './healing-database.ts';
import type { ReadView } from './level-database.ts';
import { decodeSpaceHistory, SEGMENT_KEYS } from './segment-records.ts';
import {
  decodeRoomRecord,
  decodeSpaceRecord,
  KEYS,
  NO_ROOM,
  NO_SPACE,
  type RoomRecord,
  type SpaceRecord,
} from './store-records.ts';
import { WritePlan } from './write-plan.ts';

export interface Job<T> {
  /** Rooms whose records the plan touches; they are read before it is asked. */
  readonly rooms: readonly string[];
  /** Further names under which settled() waits for this job. */
  readonly tokens?: readonly string[];
  /** Keys of which the plan asks whether they are there. */
  readonly reads?: readonly string[];
  /** Bytes, to bound a batch. */
  readonly size: number;
  /** It shares its batch with no other: it cannot be taken back. */
  readonly alone?: boolean;
  /** Adds the job's writes; what it throws rejects this job alone. */
  readonly plan: (plan: WritePlan) => T;
}

interface Waiting {
  readonly job: Job<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const BATCH_JOBS = 2000;
const BATCH_BYTES = 8 * 1024 * 1024;
/** Room records kept, so that typing reads nothing from the disk. */
const CACHED_ROOMS = 2048;

export class CommitQueue {
  readonly #database: HealingDatabase;
  readonly #spaces: Map<string, SpaceRecord>;
  readonly #history: Map<string, SpaceHistory>;
  readonly #records = new Map<string, RoomRecord>();
  readonly #underWay = new Map<string, number>();
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  /** The batch whose write failed: whether it reached the disk is known only after the database was reopened. */
  #doubtful: WritePlan | null = null;
  #closed = false;

  /** @param spaces and @param history the records of all spaces; replaced in place after each commit. */
  constructor(database: HealingDatabase, spaces: Map<string, SpaceRecord>, history: Map<string, SpaceHistory>) {
    this.#database = database;
    this.#spaces = spaces;
    this.#history = history;
  }

  /** A rejected batch that may be on the disk all the same: a reader leaves it out (rule GC4). Ask when a view begins. */
  get doubtful(): WritePlan | null {
    return this.#doubtful;
  }

  /** Resolves after the batch with this job is durable; rejects when it is not, and then nothing of it will be but what RO3, PU1, SG8 and VA2 let stand. */
  add<T>(job: Job<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new AppError('closed', 'The store is closed.'));
    const done = new Promise<unknown>((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
    });
    for (const name of namesOf(job)) this.#underWay.set(name, (this.#underWay.get(name) ?? 0) + 1);
    this.#running ??= this.#run();
    // The queue carries jobs of every result; this one resolves with what its own plan returned.
    return done as Promise<T>;
  }

  /** Waits until no job of this room (or token) is under way. */
  async settled(name: string): Promise<void> {
    while (this.#underWay.has(name)) await this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    // One microtask, so that what is appended in the same turn shares the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commit(this.#take());
    this.#running = null;
  }

  #take(): readonly Waiting[] {
    let count = 0;
    for (let bytes = 0; count < this.#waiting.length && count < BATCH_JOBS; count += 1) {
      bytes += this.#waiting[count]?.job.size ?? 0;
      if (bytes > BATCH_BYTES && count > 0) break;
      if (this.#waiting[count]?.job.alone) return this.#waiting.splice(0, Math.max(1, count));
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    try {
      // Also when the database works again and the taking back is what failed.
      if (this.#database.broken || this.#doubtful) await this.#heal();
      const unreadable = await this.#readRecords(batch);
      const there = await this.#readPresence(batch);
      const plan = new WritePlan({
        room: (room) => {
          const trouble = unreadable.get(room);
          if (trouble) throw trouble;
          return this.#records.get(room) ?? NO_ROOM;
        },
        space: (space) => this.#spaces.get(space) ?? NO_SPACE,
        history: (space) => this.#history.get(space) ?? NO_HISTORY,
        isThere: (key) => there.has(key),
      });
      const settle = planAll(batch, plan);
      await this.#write(plan);
      this.#remember(plan);
      this.#leave(batch);
      settle();
    } catch (error) {
      this.#leave(batch);
      for (const waiting of batch) waiting.reject(error);
    }
  }

  async #write(plan: WritePlan): Promise<void> {
    const writes = plan.writes();
    if (writes.length === 0) return;
    try {
      await this.#database.write(writes);
    } catch (error) {
      this.#doubtful = plan;
      await this.#readBefore(plan);
      throw error;
    }
  }

  /**
   * Rule VA2, and no read while writing works: until it is opened again a LevelDB shows nothing of a batch whose log failed, even
   * where the bytes arrived. What cannot be read now is not taken back.
   */
  async #readBefore(plan: WritePlan): Promise<void> {
    try {
      const found = await this.#readValues(plan.overwritten);
      for (const [key, value] of found) plan.remember(key, value);
    } catch {
      // The disk fails twice, or the store is closing: whoever wrote these is told of the first failure.
    }
  }

  #readValues(keys: Iterable<string>): Promise<ReadonlyMap<string, Uint8Array | null>> {
    return this.#database.read(async (view) => {
      const found = new Map<string, Uint8Array | null>();
      for (const key of keys) found.set(key, (await view.get(key)) ?? null);
      return found;
    });
  }

  /** Rule GC4: a rejected batch that reached the disk after all is taken back before anything else is written. */
  async #heal(): Promise<void> {
    await this.#database.heal();
    const doubtful = this.#doubtful;
    if (!doubtful) return;
    const found = await this.#read([...doubtful.rooms.keys()]);
    const values = await this.#readValues(doubtful.before.keys());
    const recordNow = (room: string): RoomRecord => {
      const record = found.get(room) ?? NO_ROOM;
      if (record instanceof AppError) throw record;
      return record;
    };
    const writes = doubtful.undo(recordNow, (key) => values.get(key) ?? null);
    // What was merged by the doubtful batch may stand: the records are read again.
    this.#records.clear();
    if (writes.length > 0) await this.#database.write(writes);
    await this.#rereadSpaces(doubtful);
    await this.#rereadHistory(doubtful);
    this.#doubtful = null;
  }

  /** A purge that was rejected and arrived stands (rule PU1): what its space counts is what the disk says. */
  async #rereadSpaces(doubtful: WritePlan): Promise<void> {
    for (const space of doubtful.spaces.keys()) {
      const key = KEYS.space(space);
      const value = await this.#database.read((view) => view.get(key));
      if (value) this.#spaces.set(space, decodeSpaceRecord(key, unseal(key, value)));
      else this.#spaces.delete(space);
    }
  }

  /** A rejected segment that arrived may stay, named by its hash as it is (rule SG8); only the counts must be those of the disk. */
  async #rereadHistory(doubtful: WritePlan): Promise<void> {
    for (const space of doubtful.segments.spaces.keys()) {
      const key = SEGMENT_KEYS.space(space);
      const value = await this.#database.read((view) => view.get(key));
      if (value) this.#history.set(space, decodeSpaceHistory(key, unseal(key, value)));
      else this.#history.delete(space);
    }
  }

  async #readPresence(batch: readonly Waiting[]): Promise<ReadonlySet<string>> {
    const keys = batch.flatMap(({ job }) => job.reads ?? []);
    if (keys.length === 0) return new Set();
    return this.#database.read(async (view) => {
      const there = new Set<string>();
      for (const key of keys) if ((await view.get(key)) !== undefined) there.add(key);
      return there;
    });
  }

  /** Fills the cache; a room whose record is damaged fails its own jobs, not the batch of everybody. */
  async #readRecords(batch: readonly Waiting[]): Promise<ReadonlyMap<string, AppError>> {
    const unreadable = new Map<string, AppError>();
    const wanted = new Set(batch.flatMap(({ job }) => job.rooms).filter((room) => !this.#records.has(room)));
    if (wanted.size === 0) return unreadable;
    for (const [room, found] of await this.#read([...wanted])) {
      if (found instanceof AppError) unreadable.set(room, found);
      else this.#records.set(room, found);
    }
    return unreadable;
  }

  #read(rooms: readonly string[]): Promise<Map<string, RoomRecord | AppError>> {
    return this.#database.read(async (view) => {
      const found = new Map<string, RoomRecord | AppError>();
      for (const room of rooms) found.set(room, await readRecord(view, room));
      return found;
    });
  }

  #remember(plan: WritePlan): void {
    for (const [room, { after }] of plan.rooms) {
      this.#records.delete(room);
      this.#records.set(room, after);
    }
    for (const [space, { after }] of plan.spaces) this.#spaces.set(space, after);
    for (const [space, record] of plan.segments.spaces) this.#history.set(space, record);
    for (const room of this.#records.keys()) {
      if (this.#records.size <= CACHED_ROOMS) break;
      this.#records.delete(room);
    }
  }

  #leave(batch: readonly Waiting[]): void {
    for (const { job } of batch) {
      for (const name of namesOf(job)) {
        const left = (this.#underWay.get(name) ?? 1) - 1;
        if (left === 0) this.#underWay.delete(name);
        else this.#underWay.set(name, left);
      }
    }
  }
}

async function readRecord(view: ReadView, room: string): Promise<RoomRecord | AppError> {
  const key = KEYS.room(room);
  const value = await view.get(key);
  try {
    return value ? decodeRoomRecord(key, unseal(key, value)) : NO_ROOM;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

function namesOf(job: Job<unknown>): readonly string[] {
  return [...job.rooms, ...(job.tokens ?? [])];
}

/** Lets every job add its writes; returns what tells them the outcome once those are durable. */
function planAll(batch: readonly Waiting[], plan: WritePlan): () => void {
  const outcomes = batch.map(({ job, resolve, reject }) => {
    try {
      const value = job.plan(plan);
      return () => resolve(value);
    } catch (error) {
      return () => reject(error);
    }
  });
  return () => {
    for (const outcome of outcomes) outcome();
  };
}
