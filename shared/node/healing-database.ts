// A database that is reopened in place after a failed write, while reading goes on as long as it can. No meaning of keys.
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/app-error.ts';
import type { Database, OpenDatabase, ReadView, Write } from './level-database.ts';
import { toStoreError } from './store-errors.ts';

/**
 * LevelDB flushes its log (4 MiB) into a table when it opens: with less room than this a reopening would fail halfway, and
 * reading would end with it.
 */
const ROOM_TO_REOPEN = 6 * 1024 * 1024;

/** Errors are AppErrors. A failed write leaves it `broken`: it refuses writes until heal() has succeeded. */
export class HealingDatabase {
  readonly #directory: string;
  readonly #openDatabase: OpenDatabase;
  readonly #spaceNeeded: number;
  readonly #reads = new Set<Promise<unknown>>();
  #database: Database | null;
  #reopening: Promise<Database> | null = null;
  #broken = false;
  #closed = false;

  private constructor(directory: string, openDatabase: OpenDatabase, database: Database, spaceNeeded: number) {
    this.#directory = directory;
    this.#openDatabase = openDatabase;
    this.#database = database;
    this.#spaceNeeded = spaceNeeded;
  }

  static async open(
    directory: string,
    openDatabase: OpenDatabase,
    options: { readonly create: boolean; readonly spaceNeeded?: number },
  ): Promise<HealingDatabase> {
    try {
      const database = await openDatabase(directory, { create: options.create });
      return new HealingDatabase(directory, openDatabase, database, options.spaceNeeded ?? ROOM_TO_REOPEN);
    } catch (error) {
      throw toStoreError(error, directory);
    }
  }

  get broken(): boolean {
    return this.#broken;
  }

  async read<T>(run: (view: ReadView) => Promise<T>): Promise<T> {
    try {
      const database = await this.#readable();
      const reading = database.read(run);
      this.#reads.add(reading);
      try {
        return await reading;
      } finally {
        this.#reads.delete(reading);
      }
    } catch (error) {
      throw toStoreError(error, this.#directory);
    }
  }

  async write(writes: readonly Write[]): Promise<void> {
    if (this.#closed || !this.#database) throw new AppError('closed', 'The store is closed.');
    try {
      await this.#database.write(writes);
    } catch (error) {
      this.#broken = true;
      throw toStoreError(error, this.#directory);
    }
  }

  /** Writes what lies in the range anew, so that what was deleted leaves the disk; where it fails, all is as before. */
  async compact({ gte, lt }: { readonly gte: string; readonly lt: string }): Promise<void> {
    if (this.#closed || !this.#database) throw new AppError('closed', 'The store is closed.');
    const sweeping = this.#database.compactRange?.(gte, lt) ?? Promise.resolve();
    this.#reads.add(sweeping);
    try {
      await sweeping;
    } catch (error) {
      throw toStoreError(error, this.#directory);
    } finally {
      this.#reads.delete(sweeping);
    }
  }

  /**
   * Rule GC3: after a failed write LevelDB's log may end in a torn record behind which later ones would be lost, so nothing is
   * written before a new log was begun. Throws while the disk has no room; reading then goes on with the old handle.
   */
  async heal(): Promise<void> {
    try {
      await this.#probe();
      await this.#reopen();
      this.#broken = false;
    } catch (error) {
      throw toStoreError(error, this.#directory);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled([...this.#reads]);
    await this.#reopening?.catch(() => null);
    await this.#database?.close();
    this.#database = null;
  }

  async #readable(): Promise<Database> {
    if (this.#closed) throw new AppError('closed', 'The store is closed.');
    if (this.#reopening) return this.#reopening;
    return this.#database ?? this.#reopen();
  }

  #reopen(): Promise<Database> {
    this.#reopening ??= this.#closeAndOpen().finally(() => {
      this.#reopening = null;
    });
    return this.#reopening;
  }

  async #closeAndOpen(): Promise<Database> {
    await Promise.allSettled([...this.#reads]);
    const old = this.#database;
    this.#database = null;
    await old?.close();
    this.#database = await this.#openDatabase(this.#directory, { create: false });
    return this.#database;
  }

  async #probe(): Promise<void> {
    const path = join(this.#directory, '..', '.space-probe.tmp');
    try {
      const file = await open(path, 'w');
      try {
        await file.writeFile(new Uint8Array(this.#spaceNeeded));
        await file.sync();
      } finally {
        await file.close();
      }
    } finally {
      await rm(path, { force: true });
    }
  }
}
