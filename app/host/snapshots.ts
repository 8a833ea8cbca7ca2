// The rolling snapshots of a running host: one a day into `snapshots/`, old ones removed only after a new one is whole.
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import type { Logger } from '../../shared/base/logger.ts';
import { readManifest } from '../../shared/node/backup-manifest.ts';
import type { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { removeUnfinishedSnapshots, snapshotStore } from '../../shared/node/store-snapshot.ts';
import type { SnapshotEntry } from '../contract/recovery.ts';
import type { DataFolder } from './data-folder.ts';
import { dueIn, tooMany, type SnapshotLimits } from './snapshot-plan.ts';

/** Starting is busy enough; who opens Caravan for less has the snapshot of another day. */
const AFTER_START = 5 * 60_000;
/** After one that failed (a full disk). */
const AGAIN = 60 * 60_000;

/** Those that are whole, newest first; a folder without a manifest that holds is none. */
export async function listSnapshots(folder: DataFolder): Promise<readonly SnapshotEntry[]> {
  if (!existsSync(folder.snapshots)) return [];
  const found: SnapshotEntry[] = [];
  for (const id of await readdir(folder.snapshots)) {
    if (id.startsWith('.')) continue;
    try {
      const { createdAt, rooms, changes, files } = await readManifest(join(folder.snapshots, id));
      const bytes = files.reduce((sum, { size }) => sum + size, 0);
      found.push({ id, at: createdAt, rooms, changes, bytes });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return found.sort((a, b) => (a.at < b.at ? 1 : -1));
}

export interface SnapshotParts {
  readonly folder: DataFolder;
  readonly store: LevelDocStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: SnapshotLimits;
}

export class Snapshots {
  readonly #parts: SnapshotParts;
  readonly #abort = new AbortController();
  #timer: Disposable | null = null;
  #making: Promise<unknown> = Promise.resolve();

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  /** From now on one a day, until close(). */
  start(): void {
    this.#wait(AFTER_START);
  }

  /** Makes one now; one after the other. */
  make(): Promise<void> {
    const next = this.#making.then(() => this.#make());
    this.#making = next.catch(() => undefined); // The caller hears of it; a later one must still run.
    return next;
  }

  /** Stops the one that is being made; what is whole stays. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#timer?.dispose();
    await this.#making;
  }

  #wait(milliseconds: number): void {
    if (this.#abort.signal.aborted) return;
    this.#timer = this.#parts.clock.after(milliseconds, () => void this.#whenDue());
  }

  async #whenDue(): Promise<void> {
    const { folder, clock, logger } = this.#parts;
    try {
      if (dueIn(await listSnapshots(folder), clock.now()) === 0) await this.make();
      this.#wait(Math.max(AGAIN, dueIn(await listSnapshots(folder), clock.now())));
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      logger.log('warn', 'no-snapshot', { reason: error instanceof Error ? error.message : String(error) });
      this.#wait(AGAIN);
    }
  }

  async #make(): Promise<void> {
    const { folder, store, clock, limits, logger } = this.#parts;
    await removeUnfinishedSnapshots(folder.snapshots);
    const now = new Date(clock.now());
    const id = now.toISOString().replace(/[-:]|\.\d+/g, '');
    const { rooms, bytes } = await snapshotStore(store, join(folder.snapshots, id), now, this.#abort.signal);
    logger.log('info', 'snapshot', { id, rooms, bytes });
    for (const old of tooMany(await listSnapshots(folder), limits)) {
      await rm(join(folder.snapshots, old), { recursive: true, force: true });
    }
  }
}
