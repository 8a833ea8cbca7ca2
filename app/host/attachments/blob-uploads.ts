// Files that windows are handing over, piece by piece. What nobody goes on with is dropped after a while; nothing of it is shown before its end.
import { AppError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import type { BlobStore, NewBlob } from '../../../shared/hub/blob-store.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { tooLarge, type Attachments } from './attachments.ts';

/** A window that reads from a slow stick still comes by more often. */
const PATIENCE = 5 * 60_000;
/** A hundred photographs dropped at once are handed over a few at a time. */
const MOST = 32;

interface Upload {
  readonly workspace: string;
  readonly space: string;
  readonly size: number;
  readonly file: NewBlob;
  work: Promise<unknown>;
  timer: Disposable;
}

export class BlobUploads {
  readonly #blobs: BlobStore;
  readonly #attachments: Attachments;
  readonly #clock: Clock;
  readonly #uploads = new Map<string, Upload>();

  constructor(blobs: BlobStore, attachments: Attachments, clock: Clock) {
    this.#blobs = blobs;
    this.#attachments = attachments;
    this.#clock = clock;
  }

  async begin(workspace: string, space: string, size: number): Promise<string> {
    this.#attachments.demandRight(workspace, space);
    if (size > LIMITS.blob) throw tooLarge();
    if (this.#uploads.size >= MOST) {
      throw new AppError(
        'locked',
        'Too many files are being added at once. This one was not taken; add it again in a moment.',
      );
    }
    const file = await this.#blobs.create(workspace);
    const id = randomId();
    const drop = (): void => void this.cancel(id);
    const timer = this.#clock.after(PATIENCE, drop);
    this.#uploads.set(id, { workspace, space, size, file, work: Promise.resolve(), timer });
    return id;
  }

  async append(id: string, bytes: Uint8Array): Promise<number> {
    const upload = this.#get(id);
    upload.timer.dispose();
    upload.timer = this.#clock.after(PATIENCE, () => void this.cancel(id));
    const next = upload.work.then(async () => {
      if (upload.file.size + bytes.length > upload.size)
        throw new AppError('bad-input', 'More bytes came than the file has.');
      await upload.file.append(bytes);
      return upload.file.size;
    });
    upload.work = next.catch(() => undefined); // The caller hears of it, and ends it.
    try {
      return await next;
    } catch (error) {
      await this.cancel(id);
      throw error;
    }
  }

  async finish(id: string): Promise<{ blob: string; size: number }> {
    const upload = this.#get(id);
    await upload.work;
    if (upload.file.size !== upload.size) {
      await this.cancel(id);
      throw new AppError('bad-input', 'The file changed while it was read. It was not taken; add it again.');
    }
    this.#uploads.delete(id);
    upload.timer.dispose();
    // Rights may have gone meanwhile.
    this.#attachments.demandRight(upload.workspace, upload.space);
    const { name, size } = await upload.file.finish();
    await this.#attachments.register({ workspace: upload.workspace, space: upload.space, blob: name }, size);
    return { blob: name, size };
  }

  async cancel(id: string): Promise<void> {
    const upload = this.#uploads.get(id);
    if (!upload) return;
    this.#uploads.delete(id);
    upload.timer.dispose();
    await upload.work;
    await upload.file.discard();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#uploads.keys()].map((id) => this.cancel(id)));
  }

  #get(id: string): Upload {
    const upload = this.#uploads.get(id);
    if (!upload) {
      throw new AppError('not-found', 'Adding this file took too long and was ended. It was not taken; add it again.');
    }
    return upload;
  }
}
