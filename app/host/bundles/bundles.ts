// The bundles of a host: jobs that write and read them, files that windows hand over and take, what devices are known to hold. No format here.
import { mkdir, open, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import type { BundleReport } from '../../contract/bundles.ts';
import type { DataFolder } from '../data-folder.ts';
import { fileError } from '../file-error.ts';
import { BundleKnowledge } from './bundle-knowledge.ts';
import { BUNDLE_LIMITS } from './bundle-limits.ts';

/** A window that reads from a slow stick, or whose person reads the preview, still comes by more often. */
const PATIENCE = 30 * 60_000;
/** Files that windows hand over at once, and reports that are remembered. */
const MOST = 8;
const REMEMBERED = 50;

interface Upload {
  readonly path: string;
  readonly file: FileHandle;
  size: number;
  /** Being read by a job: it goes when that has ended. */
  readers: number;
  dropped: boolean;
  work: Promise<unknown>;
  timer: Disposable;
}

const NOTHING: BundleReport = Object.freeze({ written: null, look: null, taken: null });

export class Bundles {
  readonly knowledge: BundleKnowledge;
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #uploads = new Map<string, Upload>();
  readonly #reports = new Map<string, BundleReport>();
  /** Written for windows, by job. */
  readonly #made = new Map<string, { readonly path: string; readonly timer: Disposable }>();

  private constructor(folder: string, values: ValueStore, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
    this.knowledge = new BundleKnowledge(values);
  }

  /** Takes away what an earlier run left half handed over. */
  static async open(folder: DataFolder, values: ValueStore, clock: Clock): Promise<Bundles> {
    await rm(folder.bundles, { recursive: true, force: true }).catch(() => undefined); // A folder that cannot be written: reading goes on.
    return new Bundles(folder.bundles, values, clock);
  }

  report(job: string): BundleReport {
    return this.#reports.get(job) ?? NOTHING;
  }

  tell(job: string, report: Partial<BundleReport>): void {
    this.#reports.set(job, { ...this.report(job), ...report });
    for (const oldest of this.#reports.keys()) {
      if (this.#reports.size <= REMEMBERED) return;
      this.#reports.delete(oldest);
    }
  }

  /** A path for one that is written for a window. */
  async room(): Promise<string> {
    await this.#prepare();
    return path.join(this.#folder, `${randomId()}.made`);
  }

  /** The file is the window's to take. */
  made(job: string, file: string): void {
    const timer = this.#clock.after(PATIENCE, () => void this.#forget(job));
    this.#made.set(job, { path: file, timer });
  }

  /** Bytes from `start` on; empty at the end, when the file goes. */
  async take(job: string, start: number): Promise<Uint8Array> {
    const made = this.#made.get(job);
    if (!made)
      throw new AppError('not-found', 'This bundle is not here any more. Nothing was changed; write it again.');
    const file = await open(made.path, 'r');
    try {
      const buffer = Buffer.alloc(BUNDLE_LIMITS.call);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
      if (bytesRead > 0) return new Uint8Array(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
    await this.#forget(job);
    return new Uint8Array();
  }

  async begin(): Promise<string> {
    if (this.#uploads.size >= MOST) {
      throw new AppError('locked', 'Too many bundles are being read at once. Nothing was changed; try it in a moment.');
    }
    await this.#prepare();
    const id = randomId();
    const place = path.join(this.#folder, `${id}.given`);
    const file = await open(place, 'wx', 0o600).catch((error: unknown) => {
      throw fileError(error, 'The bundle cannot be taken over.');
    });
    const timer = this.#clock.after(PATIENCE, () => void this.drop(id));
    this.#uploads.set(id, { path: place, file, size: 0, readers: 0, dropped: false, work: Promise.resolve(), timer });
    return id;
  }

  async append(id: string, bytes: Uint8Array): Promise<number> {
    const upload = this.#get(id);
    this.#touch(id, upload);
    if (upload.size + bytes.length > BUNDLE_LIMITS.upload) {
      await this.drop(id);
      throw new AppError(
        'too-large',
        'A bundle of more than 4 GiB is not read through a window. Nothing was changed. Read it with: caravan bundle read FILE',
      );
    }
    upload.size += bytes.length;
    const next = upload.work.then(() => upload.file.writeFile(bytes));
    upload.work = next.catch(() => undefined); // The caller hears of it, and ends it.
    try {
      await next;
    } catch (error) {
      await this.drop(id);
      throw fileError(error, 'The bundle cannot be taken over.');
    }
    return upload.size;
  }

  /** Where it is, for as long as `work` runs. */
  async reading<T>(id: string, work: (file: string) => Promise<T>): Promise<T> {
    const upload = this.#get(id);
    this.#touch(id, upload);
    upload.readers += 1;
    try {
      await upload.work;
      return await work(upload.path);
    } finally {
      upload.readers -= 1;
      if (upload.dropped) await this.#remove(upload);
    }
  }

  async drop(id: string): Promise<void> {
    const upload = this.#uploads.get(id);
    if (!upload) return;
    this.#uploads.delete(id);
    upload.timer.dispose();
    upload.dropped = true;
    await this.#remove(upload);
  }

  /** After the jobs. */
  async close(): Promise<void> {
    await Promise.all([...this.#uploads.keys()].map((id) => this.drop(id)));
    for (const { timer } of this.#made.values()) timer.dispose();
    this.#made.clear();
    await rm(this.#folder, { recursive: true, force: true }).catch(() => undefined); // The next start takes it away.
  }

  async #remove(upload: Upload): Promise<void> {
    if (upload.readers > 0) return;
    await upload.work;
    await upload.file.close().catch(() => undefined); // It was closed by the other of two that ended.
    await rm(upload.path, { force: true });
  }

  async #forget(job: string): Promise<void> {
    const made = this.#made.get(job);
    if (!made) return;
    this.#made.delete(job);
    made.timer.dispose();
    await rm(made.path, { force: true });
  }

  #touch(id: string, upload: Upload): void {
    upload.timer.dispose();
    upload.timer = this.#clock.after(PATIENCE, () => void this.drop(id));
  }

  #get(id: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload) return upload;
    throw new AppError('not-found', 'This bundle was put away meanwhile. Nothing was changed; choose its file again.');
  }

  async #prepare(): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw fileError(error, 'The bundle cannot be taken over.');
    }
  }
}

/** Whether a path may be written to: nobody's file is written over. */
export async function demandNoFile(file: string): Promise<void> {
  const there = await stat(file).catch(() => null); // Whatever is in its way is said when it is written.
  if (!there) return;
  throw new AppError('already-exists', `${file} is there already. Nothing was written; choose another name.`);
}
