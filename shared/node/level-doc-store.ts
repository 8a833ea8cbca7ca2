// DocStore on LevelDB: group commit, checksums, counts and change numbers, by the rules of docs/storage.md. One per folder, and one file for a port's reads.
import { mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../base/app-error.ts';
import { randomId } from '../base/random-id.ts';
import type { Appended, DocStore, RoomState, StoredRoom } from '../hub/doc-store.ts';
import type { FreshValue, ValueStore, ValueWrite } from '../hub/value-store.ts';
import { EpochHistory } from '../hub/epoch-history.ts';
import type { SegmentRows, SpaceHistory } from '../hub/segment-rows.ts';
import type { Change, SpaceHead } from '../link/room-source.ts';
import { damagedAt, seal, unseal } from './checksummed.ts';
import { CommitQueue } from './commit-queue.ts';
import { HealingDatabase } from './healing-database.ts';
import { openLevelDatabase, type KeyRange, type OpenDatabase, type ReadView, type Write } from './level-database.ts';
import { LevelSegmentRows, readVerifiedHistory } from './level-segment-rows.ts';
import { placeKeyOf } from './segment-plan.ts';
import { copyAllRows, readVerifiedSpaces } from './store-check.ts';
import { refuseLostStore } from './lost-store.ts';
import { toOpeningError } from './store-errors.ts';
import { checkStoreFiles, markClosed, markOpened } from './store-files.ts';
import { checkHead, writeHead } from './store-head.ts';
import { checkFormat, STORE_FORMAT, writeFormat, type Migrations } from './store-format.ts';
import {
  decodeEpoch,
  decodeRoomRecord,
  decodeRoomState,
  encodeEpoch,
  KEYS,
  NO_ROOM,
  NO_SPACE,
  rangeOf,
  type RoomRecord,
  type SpaceRecord,
} from './store-records.ts';
import { pageThrough } from './store-paging.ts';
import { areaToken, areaTokens, planValues, sizeOfValues } from './store-values.ts';
import { viewBefore } from './view-before.ts';

export interface LevelDocStoreOptions {
  /** The store's own folder; made when it is missing. */
  readonly directory: string;
  /** Replaced by tests that inject faults. */
  readonly openDatabase?: OpenDatabase;
  readonly migrations?: Migrations;
  /** Rule ID2: this folder is a copy, or was restored: it goes on under a hub id of its own and forgets what others told it. */
  readonly newIdentity?: boolean;
  /** Bytes that must be free before writing goes on after a failure; the default fits LevelDB. */
  readonly spaceNeeded?: number;
}

export class LevelDocStore implements DocStore {
  readonly hub: string;
  readonly epoch: string;
  readonly #segments: LevelSegmentRows;
  readonly #directory: string;
  readonly #database: HealingDatabase;
  readonly #spaces: Map<string, SpaceRecord>;
  readonly #epochs: EpochHistory;
  readonly #commits: CommitQueue;
  #closing: Promise<void> | null = null;

  private constructor(
    directory: string,
    database: HealingDatabase,
    identity: { readonly hub: string; readonly epoch: string },
    spaces: Map<string, SpaceRecord>,
    epochs: EpochHistory,
    history: Map<string, SpaceHistory>,
  ) {
    this.#directory = directory;
    this.hub = identity.hub;
    this.epoch = identity.epoch;
    this.#database = database;
    this.#spaces = spaces;
    this.#epochs = epochs;
    this.#commits = new CommitQueue(database, spaces, history);
    this.#segments = new LevelSegmentRows(database, this.#commits, history);
  }

  /**
   * Opens or creates the store. Throws `locked` (another process has it), `too-new`, `damaged`, `disk-full` or `read-only`;
   * where it throws, nothing that was stored has changed.
   */
  static async open(options: LevelDocStoreOptions): Promise<LevelDocStore> {
    const { directory } = options;
    const databaseDirectory = join(directory, 'db');
    try {
      await refuseLostStore(directory);
      await mkdir(directory, { recursive: true });
      const format = await checkFormat(directory, databaseDirectory, {
        ...(options.migrations ? { migrations: options.migrations } : {}),
      });
      if (format && !existsSync(join(databaseDirectory, 'CURRENT'))) {
        throw damagedAt(KEYS.hub, 'the database’s own table of contents is missing');
      }
      await checkStoreFiles(directory);
      await markOpened(directory);
      const database = await HealingDatabase.open(databaseDirectory, options.openDatabase ?? openLevelDatabase, {
        create: format === null,
        ...(options.spaceNeeded === undefined ? {} : { spaceNeeded: options.spaceNeeded }),
      });
      try {
        return await LevelDocStore.#start(directory, database, format?.hub ?? null, options.newIdentity === true);
      } catch (error) {
        await database.close();
        throw error;
      }
    } catch (error) {
      throw toOpeningError(error, directory);
    }
  }

  static async #start(
    directory: string,
    database: HealingDatabase,
    expectedHub: string | null,
    newIdentity: boolean,
  ): Promise<LevelDocStore> {
    const { found, before, progress, spaces, epochs, history } = await database.read(async (view) => ({
      found: await readText(view, KEYS.hub),
      before: await readText(view, KEYS.hubBefore),
      progress: newIdentity ? await view.keys(rangeOf(KEYS.value('link', ''))) : [],
      spaces: await readVerifiedSpaces(view),
      history: await readVerifiedHistory(view),
      epochs: new EpochHistory(
        (await view.entries(rangeOf('e!'))).map(([key, value]) => decodeEpoch(key, unseal(key, value))),
      ),
    }));
    // A process that ended while it took a new identity left the old one in format.json.
    if (expectedHub !== null && found !== expectedHub && before !== expectedHub)
      throw damagedAt(KEYS.hub, 'the database is not the one that was here');
    await checkHead(directory, changesIn(spaces));
    const hub = newIdentity ? randomId() : (found ?? randomId());
    const record = epochs.next(
      randomId(),
      [...spaces].map(([space, { number }]) => [space, number] as const),
    );
    const epochKey = KEYS.epoch(epochs.length);
    await database.write([
      putText(KEYS.hub, hub),
      { type: 'put', key: epochKey, value: seal(epochKey, encodeEpoch(record)) },
      ...(newIdentity && found ? [putText(KEYS.hubBefore, found)] : []),
      ...progress.map((key) => ({ type: 'del', key }) as const),
    ]);
    epochs.add(record);
    await writeHead(directory, changesIn(spaces));
    // Last: a crash before this line leaves a new folder without a format, which the next opening completes.
    if (expectedHub !== hub) await writeFormat(directory, { format: STORE_FORMAT, hub });
    return new LevelDocStore(directory, database, { hub, epoch: record.epoch }, spaces, epochs, history);
  }

  async load(room: string): Promise<StoredRoom | null> {
    await this.#commits.settled(room);
    return this.#database.read(async (view) => {
      const { doubtful } = this.#commits;
      const key = KEYS.room(room);
      const value = await view.get(key);
      if (!value) return null;
      const found = decodeRoomRecord(key, unseal(key, value));
      const record = doubtful ? doubtful.without(room, found) : found;
      if (record.number === NO_ROOM.number) return null;
      const stateBytes = await readValue(view, KEYS.state(room));
      if ((stateBytes !== null) !== record.hasState) throw damagedAt(KEYS.state(room), 'the merged state is missing');
      const tail = await readTail(view, room, record);
      if (tail.length !== record.next - record.first) throw damagedAt(key, 'updates of this room are missing');
      return {
        state: stateBytes && decodeRoomState(KEYS.state(room), stateBytes),
        tail,
        first: record.first,
        number: record.number,
      };
    });
  }

  append(room: string, update: Uint8Array, alongside: readonly FreshValue[] = []): Promise<Appended> {
    return this.#commits.add({
      rooms: [room],
      tokens: areaTokens(alongside),
      size: update.length + sizeOfValues(alongside),
      plan: (plan) => plan.append(room, update, alongside),
    });
  }

  compact(room: string, through: number, state: RoomState, kept: readonly Uint8Array[] = []): Promise<void> {
    const size = state.update.length + state.deleteSet.length + state.stateVector.length;
    return this.#commits.add({ rooms: [room], size, plan: (plan) => plan.compact(room, through, state, kept) });
  }

  async purge(room: string): Promise<void> {
    const segments = await this.#segments.refsOf(room);
    await this.#commits.add({
      rooms: [room],
      reads: segments.map(placeKeyOf),
      size: 0,
      alone: true,
      plan: (plan) => {
        plan.purge(room);
        plan.segments.remove(segments, false);
      },
    });
  }

  settle(): Promise<void> {
    // LevelDB writes what it has in memory into a table as it is, a value beside its deletion; only a deletion in a later
    // table takes the value away. Compacting next to nothing empties its memory.
    return this.#database.compact({ gte: KEYS.hub, lt: `${KEYS.hub}\u0000` });
  }

  sweep(): Promise<void> {
    return this.#database.compact({ gte: '', lt: '\u007f' });
  }

  async *rooms(workspace?: string): AsyncIterable<string> {
    const range = rangeOf(workspace === undefined ? 'r!' : `r!${workspace}/`);
    for await (const { room, listed } of pageThrough(
      (from) => this.#roomsListed(from),
      range,
      ({ key }) => key,
    )) {
      if (listed) yield room;
    }
  }

  async changes(workspace: string, space: string, after: number, limit: number): Promise<readonly Change[]> {
    const name = `${workspace}/${space}`;
    const range = { gte: KEYS.change(name, Math.max(0, after) + 1), lt: rangeOf(`c!${name}!`).lt };
    return this.#database.read(async (view) => {
      const { doubtful } = this.#commits;
      // Without a doubtful batch a page is a page; with one, what it moved stands elsewhere than the index says.
      const entries = await view.entries(doubtful ? range : { ...range, limit });
      const listed = entries.map(([key, value]) => ({
        room: new TextDecoder().decode(unseal(key, value)),
        number: Number.parseInt(key.slice(key.lastIndexOf('!') + 1), 16),
      }));
      if (!doubtful) return listed;
      return doubtful
        .listWithout(name, listed)
        .filter(({ number }) => number > after)
        .slice(0, limit);
    });
  }

  async heads(workspace: string): Promise<readonly SpaceHead[]> {
    this.#mustBeOpen();
    const prefix = `${workspace}/`;
    return [...this.#spaces]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, { number }]) => ({ workspace, space: name.slice(prefix.length), number }));
  }

  async knowsCursor(epoch: string, workspace: string, space: string, number: number): Promise<boolean> {
    this.#mustBeOpen();
    const name = `${workspace}/${space}`;
    return this.#epochs.knows(epoch, name, number, (this.#spaces.get(name) ?? NO_SPACE).number);
  }

  readonly values: ValueStore = {
    get: async (area, key) => {
      await this.#commits.settled(areaToken(area));
      return this.#database.read(async (view) => {
        return readValue(this.#valuesOf(view), KEYS.value(area, key));
      });
    },
    write: (writes) => this.#writeValues(writes),
    entries: (area, prefix = '') => this.#valueEntries(area, prefix),
    keys: (area, prefix = '') => this.#valueKeys(area, prefix),
  };

  get segments(): SegmentRows {
    return this.#segments;
  }

  /** The store's own folder. */
  get directory(): string {
    return this.#directory;
  }

  /**
   * Rule SN1: every row as it stands at one moment, with its seal, in pages; writing goes on meanwhile. Throws `damaged` at a
   * row that fails its checksum, and `internal` while a failed write is not cleared up.
   */
  copyRows(
    take: (rows: readonly [string, Uint8Array][]) => Promise<void>,
  ): Promise<{ readonly rooms: number; readonly changes: number }> {
    return this.#database.read(async (view) => {
      if (this.#commits.doubtful || this.#database.broken) {
        throw new AppError('internal', 'A write failed a moment ago, so nothing was copied. It is tried again later.');
      }
      return copyAllRows(view, take);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#commits.close();
    try {
      await writeHead(this.#directory, changesIn(this.#spaces));
    } catch {
      // On a full disk the older bound stays, which is as true as before and only notices less.
    }
    await this.#database.close();
    try {
      await markClosed(this.#directory);
    } catch {
      // Then the next opening reads every file with its checksums.
    }
  }

  async #writeValues(writes: readonly ValueWrite[]): Promise<void> {
    // What is only deleted may be much, and is to go: it is not taken back (rule VA2).
    const onlyDeletes = writes.every(({ value }) => value === null);
    await this.#commits.add({
      rooms: [],
      tokens: areaTokens(writes),
      size: sizeOfValues(writes),
      plan: (plan) => {
        if (onlyDeletes) return planValues(plan, writes);
        for (const { area, key, value } of writes) plan.setValue(KEYS.value(area, key), value);
      },
    });
  }

  /** What `read` finds of an area's values, page by page, without those of a rejected batch (rule GC4). */
  async *#valuePages<T>(
    area: string,
    prefix: string,
    read: (view: ReadView, range: KeyRange) => Promise<T[]>,
    keyOf: (item: T) => string,
  ): AsyncIterable<readonly [key: string, item: T]> {
    await this.#commits.settled(areaToken(area));
    const start = KEYS.value(area, '');
    // Nothing behind the prefix is read: with a thousand sessions' rows behind one, a page of theirs was.
    const range = rangeOf(KEYS.value(area, prefix));
    const page = (from: KeyRange): Promise<T[]> => this.#database.read((view) => read(this.#valuesOf(view), from));
    for await (const item of pageThrough(page, range, keyOf)) yield [keyOf(item).slice(start.length), item];
  }

  /** Without what a rejected batch brought (rule GC4). */
  #valuesOf(view: ReadView): ReadView {
    const { doubtful } = this.#commits;
    return doubtful ? viewBefore(view, doubtful.before) : view;
  }

  async *#valueEntries(area: string, prefix: string): AsyncIterable<readonly [string, Uint8Array]> {
    const pages = this.#valuePages(area, prefix, (view, range) => view.entries(range), entryKey);
    for await (const [key, [whole, value]] of pages) yield [key, unseal(whole, value)];
  }

  async *#valueKeys(area: string, prefix: string): AsyncIterable<string> {
    for await (const [key] of this.#valuePages(area, prefix, (view, range) => view.keys(range), String)) yield key;
  }

  /** Rooms that a rejected batch brought (rule GC4) are marked and not left out: a page must stay a page. */
  #roomsListed(range: Parameters<ReadView['keys']>[0]): Promise<{ key: string; room: string; listed: boolean }[]> {
    return this.#database.read(async (view) => {
      const { doubtful } = this.#commits;
      const keys = await view.keys(range);
      return keys.map((key) => {
        const room = key.slice(2);
        return { key, room, listed: doubtful?.rooms.get(room)?.before.number !== NO_ROOM.number };
      });
    });
  }

  #mustBeOpen(): void {
    if (this.#closing) throw new AppError('closed', 'The store is closed.');
  }
}

function changesIn(spaces: ReadonlyMap<string, SpaceRecord>): number {
  return [...spaces.values()].reduce((sum, { number }) => sum + number, 0);
}

const entryKey = ([key]: readonly [string, Uint8Array]): string => key;

/** Beyond this, one iterator is cheaper than a read for each. */
const READ_SINGLY = 32;

/** The updates that are there of those that the record counts. */
async function readTail(view: ReadView, room: string, { first, next }: RoomRecord): Promise<readonly Uint8Array[]> {
  if (next - first > READ_SINGLY) {
    const entries = await view.entries({ gte: KEYS.tail(room, first), lt: KEYS.tail(room, next) });
    return entries.map(([key, bytes]) => unseal(key, bytes));
  }
  const tail: Uint8Array[] = [];
  for (let sequence = first; sequence < next; sequence += 1) {
    const update = await readValue(view, KEYS.tail(room, sequence));
    if (update) tail.push(update);
  }
  return tail;
}

async function readText(view: ReadView, key: string): Promise<string | null> {
  const value = await readValue(view, key);
  return value && new TextDecoder().decode(value);
}

function putText(key: string, text: string): Write {
  return { type: 'put', key, value: seal(key, new TextEncoder().encode(text)) };
}

async function readValue(view: ReadView, key: string): Promise<Uint8Array | null> {
  const value = await view.get(key);
  return value ? unseal(key, value) : null;
}
