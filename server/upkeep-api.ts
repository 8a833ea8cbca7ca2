// What a running relay does for the commands of its own computer: a backup, asked for with the secret of its data folder.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { dirname, resolve, sep } from 'node:path';
import { z } from 'zod';
import { AppError } from '../shared/base/app-error.ts';
import type { LevelDocStore } from '../shared/node/level-doc-store.ts';
import type { BackupReport } from '../shared/node/store-backup.ts';
import { snapshotStore } from '../shared/node/store-snapshot.ts';

export const BACKUP_PATH = '/v1/upkeep/backup';

const asked = z.strictObject({ folder: z.string().min(1).max(4_096) });
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

export class UpkeepApi {
  readonly #store: LevelDocStore;
  readonly #secret: string;
  #making: Promise<unknown> = Promise.resolve();

  /** @param secret stands in relay.json, which only the relay's user can read. */
  constructor(store: LevelDocStore, secret: string) {
    this.#store = store;
    this.#secret = secret;
  }

  /** Rule RE44: from this computer, with the folder's secret; to everybody else it is not there. */
  isFor({ method, url, socket, headers }: IncomingMessage): boolean {
    if (method !== 'POST' || url !== BACKUP_PATH || !LOOPBACK.test(socket.remoteAddress ?? '')) return false;
    return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${this.#secret}`));
  }

  /** One after the other. Throws what snapshotStore throws, and `bad-input`. */
  backup(body: unknown, now: Date): Promise<BackupReport> {
    const made = this.#making.then(() => {
      const read = asked.safeParse(body);
      if (!read.success) throw new AppError('bad-input', 'The body must be {"folder": "..."}. Nothing was written.');
      const folder = resolve(read.data.folder);
      if (`${folder}${sep}`.startsWith(`${resolve(dirname(this.#store.directory))}${sep}`)) {
        throw new AppError(
          'bad-input',
          'A backup inside the data folder would go with it. Nothing was written; name a folder elsewhere.',
        );
      }
      return snapshotStore(this.#store, folder, now);
    });
    this.#making = made.catch(() => undefined); // Who asked hears of it; the next one must still run.
    return made;
  }

  /** Waits for what is being made: the store is closed after that. */
  async close(): Promise<void> {
    await this.#making;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
