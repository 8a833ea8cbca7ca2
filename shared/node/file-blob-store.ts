// The BlobStore over files named by their hash (rules BS in docs/storage.md). It knows no space, no right and no limit of its own.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/app-error.ts';
import { isBlobName } from '../base/blob-name.ts';
import { randomId } from '../base/random-id.ts';
import type { BlobStore, BlobUsage, NewBlob, StoredBlob } from '../hub/blob-store.ts';
import { syncFolder, writeFileAtomic } from './atomic-file.ts';
import { toStoreError } from './store-errors.ts';

const PARTIAL = 'partial';
const SHELF = 'shelf';
const NEW = 'new-';
/** Whoever was interrupted comes back within days; what is older is nobody's any more. */
const OLDEST_PARTIAL = 7 * 24 * 3_600_000;
const WORKSPACE = /^[A-Za-z0-9_-]{1,64}$/;
const FOLDER = /^[0-9a-f]{2}$/;

interface Counted {
  blobs: number;
  bytes: number;
  partialBytes: number;
}

export class FileBlobStore implements BlobStore {
  readonly directory: string;
  readonly shelf: string;
  /** Counted once by looking, and kept true from then on. */
  readonly #usage = new Map<string, Promise<Counted>>();

  private constructor(directory: string, shelf: string) {
    this.directory = directory;
    this.shelf = shelf;
  }

  /** Sweeps what earlier runs left (rule BS4). A folder that cannot be written opens all the same: reading goes on. */
  static async open(directory: string, now: number): Promise<FileBlobStore> {
    const shelf = await readShelf(directory);
    for (const workspace of await foldersIn(directory)) await sweep(join(directory, workspace, PARTIAL), now);
    return new FileBlobStore(directory, shelf);
  }

  /** For looking and copying: it makes nothing, sweeps nothing, and what it has of a shelf is not told. */
  static look(directory: string): FileBlobStore {
    return new FileBlobStore(directory, '');
  }

  async size(workspace: string, name: string): Promise<number | null> {
    if (!isBlobName(name) || !WORKSPACE.test(workspace)) return null;
    return sizeOf(this.#place(workspace, name));
  }

  async *read(workspace: string, name: string, start: number, end: number): AsyncGenerator<Uint8Array> {
    const file = await open(this.#place(workspace, name), 'r').catch((error: unknown) => {
      throw isMissing(error) ? notHere() : toStoreError(error, this.directory);
    });
    try {
      if (end <= start) return;
      // Closed by the stream's own end, also when whoever reads stops early.
      for await (const part of file.createReadStream({ start, end: end - 1, autoClose: false })) {
        if (part instanceof Uint8Array) yield part;
      }
    } catch (error) {
      throw toStoreError(error, this.directory);
    } finally {
      await file.close();
    }
  }

  async partial(workspace: string, name: string, writer: string): Promise<number> {
    return (await sizeOf(this.#partial(workspace, name, writer))) ?? 0;
  }

  async append(
    workspace: string,
    name: string,
    writer: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    limit: number,
  ): Promise<number> {
    const path = this.#partial(workspace, name, writer);
    const usage = await this.#counted(workspace);
    await this.#guarded(() => mkdir(join(this.directory, workspace, PARTIAL), { recursive: true, mode: 0o700 }));
    const file = await this.#guarded(() => open(path, 'a+', 0o600));
    try {
      let at = (await file.stat()).size;
      if (at !== offset)
        throw new AppError('bad-input', 'These bytes do not follow what is here.', { details: { at } });
      for await (const part of bytes) {
        if (at + part.length > limit) throw new AppError('too-large', 'More bytes came than were named.');
        at += await this.#guarded(() => written(file, part));
        usage.partialBytes += part.length;
      }
      return at;
    } finally {
      await file.close();
    }
  }

  async finish(workspace: string, name: string, writer: string): Promise<'stored' | 'differs'> {
    const path = this.#partial(workspace, name, writer);
    const size = (await sizeOf(path)) ?? 0;
    if ((await this.#hash(path)) !== name) {
      await this.discard(workspace, name, writer);
      return 'differs';
    }
    await this.#guarded(() => this.#keep(workspace, name, path));
    (await this.#counted(workspace)).partialBytes -= size;
    return 'stored';
  }

  async discard(workspace: string, name: string, writer: string): Promise<void> {
    const path = this.#partial(workspace, name, writer);
    const size = (await sizeOf(path)) ?? 0;
    await this.#guarded(() => rm(path, { force: true }));
    (await this.#counted(workspace)).partialBytes -= size;
  }

  async unfinished(workspace: string, writer: string): Promise<number> {
    const ending = `-${writerName(writer)}`;
    return (await namesIn(join(this.#root(workspace), PARTIAL))).filter((name) => name.endsWith(ending)).length;
  }

  async create(workspace: string): Promise<NewBlob> {
    const folder = join(this.#root(workspace), PARTIAL);
    const path = join(folder, `${NEW}${randomId()}`);
    await this.#guarded(() => mkdir(folder, { recursive: true, mode: 0o700 }));
    const file = await this.#guarded(() => open(path, 'wx', 0o600));
    return new NewFile({
      file,
      guarded: (run) => this.#guarded(run),
      keep: (name) => this.#guarded(() => this.#keep(workspace, name, path)),
      drop: () => this.#guarded(() => rm(path, { force: true })),
    });
  }

  async verify(workspace: string, name: string): Promise<boolean> {
    return (await this.#hash(this.#place(workspace, name))) === name;
  }

  /** Rule BS12: damaged bytes lose their name, and the folder its shelf, so that whoever has the blob brings it again. */
  async setAside(workspace: string, name: string): Promise<void> {
    const place = this.#place(workspace, name);
    await this.#guarded(async () => {
      await rename(place, `${place}.damaged`);
      await rm(join(this.directory, SHELF), { force: true });
    });
    this.#usage.delete(workspace);
  }

  async remove(workspace: string, name: string): Promise<void> {
    const size = await this.size(workspace, name);
    if (size === null) return;
    await this.#guarded(() => rm(this.#place(workspace, name), { force: true }));
    const usage = await this.#counted(workspace);
    usage.blobs -= 1;
    usage.bytes -= size;
  }

  async removeAll(workspace: string): Promise<void> {
    const root = this.#root(workspace);
    await this.#guarded(() => rm(root, { recursive: true, force: true }));
    this.#usage.delete(workspace);
  }

  workspaces(): Promise<readonly string[]> {
    return foldersIn(this.directory);
  }

  async *list(workspace: string): AsyncGenerator<StoredBlob> {
    const root = this.#root(workspace);
    for (const folder of await namesIn(root)) {
      if (!FOLDER.test(folder)) continue;
      for (const name of await namesIn(join(root, folder))) {
        const size = isBlobName(name) && name.startsWith(folder) ? await sizeOf(join(root, folder, name)) : null;
        if (size !== null) yield { name, size };
      }
    }
  }

  async usage(workspace: string): Promise<BlobUsage> {
    return { ...(await this.#counted(workspace)) };
  }

  #counted(workspace: string): Promise<Counted> {
    let known = this.#usage.get(workspace);
    if (!known) {
      known = this.#count(workspace);
      this.#usage.set(workspace, known);
    }
    return known;
  }

  async #count(workspace: string): Promise<Counted> {
    const counted = { blobs: 0, bytes: 0, partialBytes: 0 };
    for await (const { size } of this.list(workspace)) {
      counted.blobs += 1;
      counted.bytes += size;
    }
    const folder = join(this.#root(workspace), PARTIAL);
    for (const name of await namesIn(folder)) {
      if (!name.startsWith(NEW)) counted.partialBytes += (await sizeOf(join(folder, name))) ?? 0;
    }
    return counted;
  }

  /** Rule BS1: synced, then renamed, then the name synced. */
  async #keep(workspace: string, name: string, path: string): Promise<void> {
    const usage = await this.#counted(workspace);
    const file = await open(path, 'r+');
    let size: number;
    try {
      await file.sync();
      ({ size } = await file.stat());
    } finally {
      await file.close();
    }
    const isThere = (await this.size(workspace, name)) !== null;
    const root = join(this.directory, workspace);
    const folder = join(root, name.slice(0, 2));
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(path, join(folder, name));
    await syncFolder(folder);
    if (made !== undefined) await syncFolder(root);
    if (isThere) return;
    usage.blobs += 1;
    usage.bytes += size;
  }

  #hash(path: string): Promise<string> {
    return hashOf(path).catch((error: unknown) => {
      throw isMissing(error) ? notHere() : toStoreError(error, this.directory);
    });
  }

  #root(workspace: string): string {
    if (!WORKSPACE.test(workspace)) throw new AppError('bad-input', 'This is no workspace.');
    return join(this.directory, workspace);
  }

  #place(workspace: string, name: string): string {
    if (!isBlobName(name)) throw notHere();
    return join(this.#root(workspace), name.slice(0, 2), name);
  }

  #partial(workspace: string, name: string, writer: string): string {
    if (!isBlobName(name)) throw new AppError('bad-input', 'This is no name of an attachment.');
    return join(this.#root(workspace), PARTIAL, `${name}-${writerName(writer)}`);
  }

  async #guarded<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw toStoreError(error, this.directory);
    }
  }
}

interface NewFileParts {
  readonly file: FileHandle;
  readonly guarded: <T>(run: () => Promise<T>) => Promise<T>;
  readonly keep: (name: string) => Promise<void>;
  readonly drop: () => Promise<void>;
}

class NewFile implements NewBlob {
  readonly #parts: NewFileParts;
  readonly #hash: Hash = createHash('sha256');
  #size = 0;
  #isOpen = true;

  constructor(parts: NewFileParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#size;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#parts.guarded(() => written(this.#parts.file, bytes));
    this.#hash.update(bytes);
    this.#size += bytes.length;
  }

  async finish(): Promise<StoredBlob> {
    await this.#close();
    const name = this.#hash.digest('hex');
    try {
      await this.#parts.keep(name);
    } catch (error) {
      await this.#parts.drop();
      throw error;
    }
    return { name, size: this.#size };
  }

  async discard(): Promise<void> {
    await this.#close();
    await this.#parts.drop();
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#parts.file.close();
  }
}

/** On a full disk a write may take a part: either all of it is there, or it is cut off again, so that offsets stay true. */
async function written(file: FileHandle, bytes: Uint8Array): Promise<number> {
  const { size } = await file.stat();
  try {
    for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at, bytes.length - at)).bytesWritten;
    return bytes.length;
  } catch (error) {
    await file.truncate(size);
    throw error;
  }
}

/** Ids of devices differ in case, file names may not: hashed, and short enough for every file system. */
function writerName(writer: string): string {
  return createHash('sha256').update(writer).digest('hex').slice(0, 24);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Uint8Array);
  return hash.digest('hex');
}

async function readShelf(directory: string): Promise<string> {
  const path = join(directory, SHELF);
  const known = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (/^[A-Za-z0-9_-]{16,64}$/.test(known)) return known;
  const made = randomId();
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFileAtomic(path, `${made}\n`, 0o600);
  } catch {
    // Full or read-only: reading goes on, and what others remember is compared anew at each start.
  }
  return made;
}

async function sweep(folder: string, now: number): Promise<void> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (!found || (!name.startsWith(NEW) && now - found.mtimeMs < OLDEST_PARTIAL)) continue;
    // On a read-only disk it stays; it takes room and nothing else.
    await rm(path, { force: true }).catch(() => undefined);
  }
}

async function foldersIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && WORKSPACE.test(entry.name)).map(({ name }) => name);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw toStoreError(error, folder);
  });
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw toStoreError(error, path);
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function notHere(): AppError {
  return new AppError('not-found', 'These bytes are not here.');
}
