// Small copies of large pictures, as windows made them (rule BS13): a bounded folder beside the attachments that may be deleted at any time. It makes none.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomId } from '../../../shared/base/random-id.ts';
import { LARGEST_SMALL, SMALL_HEIGHT, SMALL_WIDTH } from '../../contract/attachments.ts';
import type { Attachments } from './attachments.ts';
import type { BlobAt } from './blob-rows.ts';
import { mediaOf } from './media-type.ts';

const WORKSPACE = /^[\w-]{1,64}$/;
/** All of them together; a photograph's is about 200 kB. */
const MOST_BYTES = 192 * 1024 * 1024;

export class SmallPictures {
  readonly #folder: string;
  readonly #attachments: Pick<Attachments, 'open'>;
  readonly #most: number;
  /** Counted once by looking; keeping and removing stand in a row. */
  #bytes: number | null = null;
  #work: Promise<unknown> = Promise.resolve();

  constructor(folder: string, attachments: Pick<Attachments, 'open'>, most = MOST_BYTES) {
    this.#folder = folder;
    this.#attachments = attachments;
    this.#most = most;
  }

  /** Null where there is none, where the picture is not here, and for who may not see it. */
  async get(at: BlobAt): Promise<Uint8Array | null> {
    if (!WORKSPACE.test(at.workspace) || !(await this.#attachments.open(at))) return null;
    const bytes = await readFile(this.#place(at)).catch(() => null); // It is made again.
    return bytes && isSmall(bytes) ? bytes : null;
  }

  /** False: it was not taken. Nothing depends on it: a full disk or a folder that cannot be written only costs the work again. */
  keep(at: BlobAt, bytes: Uint8Array): Promise<boolean> {
    const kept = this.#work.then(async () => {
      const open = WORKSPACE.test(at.workspace) ? await this.#attachments.open(at) : null;
      if (!open?.shown || open.media.kind !== 'image' || !isSmall(bytes)) return false;
      return this.#write(this.#place(at), bytes).catch(() => false);
    });
    this.#work = kept.catch(() => undefined); // Whoever handed it over hears of it.
    return kept;
  }

  async forget(workspace: string): Promise<void> {
    if (!WORKSPACE.test(workspace)) return;
    await this.#work;
    this.#bytes = null;
    await rm(path.join(this.#folder, workspace), { recursive: true, force: true });
  }

  /** Waits for what is being kept. */
  async close(): Promise<void> {
    await this.#work;
  }

  async #write(place: string, bytes: Uint8Array): Promise<boolean> {
    this.#bytes ??= (await this.#list()).reduce((sum, { size }) => sum + size, 0);
    if (this.#bytes + bytes.length > this.#most) await this.#makeRoom();
    await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
    const beside = `${place}.${randomId()}`;
    try {
      await writeFile(beside, bytes, { mode: 0o600 });
      await rename(beside, place);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
    this.#bytes += bytes.length;
    return true;
  }

  /** The oldest go until half of the room is free. */
  async #makeRoom(): Promise<void> {
    const all = (await this.#list()).sort((a, b) => a.at - b.at);
    let bytes = all.reduce((sum, { size }) => sum + size, 0);
    for (const one of all) {
      if (bytes <= this.#most / 2) break;
      await rm(one.file, { force: true });
      bytes -= one.size;
    }
    this.#bytes = bytes;
  }

  async #list(): Promise<{ readonly file: string; readonly size: number; readonly at: number }[]> {
    const files: { file: string; size: number; at: number }[] = [];
    for (const name of await readdir(this.#folder, { recursive: true }).catch(() => [])) {
      const file = path.join(this.#folder, name);
      const found = await stat(file).catch(() => null);
      if (found?.isFile()) files.push({ file, size: found.size, at: found.mtimeMs });
    }
    return files;
  }

  #place({ workspace, blob }: BlobAt): string {
    return path.join(this.#folder, workspace, `${blob}-${SMALL_WIDTH}.webp`);
  }
}

/** What windows make, and nothing else: WebP of the one width. */
function isSmall(bytes: Uint8Array): boolean {
  if (bytes.length > LARGEST_SMALL) return false;
  const { type, width, height } = mediaOf(bytes);
  return type === 'image/webp' && width === SMALL_WIDTH && height !== null && height > 0 && height <= SMALL_HEIGHT;
}
