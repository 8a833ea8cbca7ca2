// A copy of a data folder that cannot be written, elsewhere on this computer, for a command that only reads; it goes with the command.
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readdir, rm, stat, statfs, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppError } from '../../shared/base/app-error.ts';
import { copyToRead, storeFiles } from '../../shared/node/store-copy.ts';
import { size } from '../contract/sizes.ts';
import { dataFolderAt, type DataFolder } from './data-folder.ts';
import { bytesIn } from './disk-use.ts';
import { fileError } from './file-error.ts';
import { startHost, type HostOptions } from './host.ts';
import type { HostCaller } from './running-host.ts';

/** With the number of the process that reads: what a killed one left is removed by the next. */
const PREFIX = 'caravan-reading-';
/** Bytes beside the copied ones that an opening takes: LevelDB writes its log anew, and lists are brought up to date. */
const ROOM_TO_OPEN = 32 * 1024 * 1024;
/** Of the folder it was and of the host that ran there; a copy is neither. */
const NOT_COPIED = new Set(['place.json', 'host.json']);

export interface ReadingCopy {
  readonly folder: DataFolder;
  /** Takes the copy away; nothing may be open in it. */
  dispose(): Promise<void>;
}

/** Whether there is something to read where an opening failed so: the folder cannot be written, and a store is in it. */
export function mayBeRead(error: unknown, folder: DataFolder): error is AppError {
  if (!(error instanceof AppError) || !['read-only', 'disk-full'].includes(error.code)) return false;
  return existsSync(path.join(folder.store, 'format.json'));
}

/** A host on such a copy, which goes with it: no relay and no other computer hears of it. Throws as a start, and as said below. */
export async function hostOnCopy(folder: DataFolder, options: HostOptions, reason: AppError): Promise<HostCaller> {
  const copy = await copyToReadFolder(folder, reason);
  const host = await startHost({ ...options, dataFolder: copy.folder.root, links: false }).catch(
    async (error: unknown) => {
      await copy.dispose();
      throw error;
    },
  );
  return {
    call: (name, params) => host.call(name, params),
    onAnnouncement: host.onAnnouncement,
    close: () => host.close().finally(copy.dispose),
  };
}

/**
 * Documents and lists are copied; attachments, snapshots and the device's key are only named there. Nobody but this user can look
 * into it. Throws `reason`, with what a copy would take, where there is no room, and `locked` where somebody writes meanwhile.
 * @param places where it may be made; the first with room is taken.
 */
export async function copyToReadFolder(
  folder: DataFolder,
  reason: AppError,
  places: readonly string[] = placesToCopy(),
): Promise<ReadingCopy> {
  for (const place of places) await removeLeft(place);
  const needed = (await bytesIn(folder.store)) + (await bytesIn(folder.workspaces)) + ROOM_TO_OPEN;
  const place = await firstWithRoom(places, needed);
  if (place === null) throw cannotCopy(reason, needed, places);
  const root = await mkdtemp(path.join(place, `${PREFIX}${String(process.pid)}-`));
  const dispose = (): Promise<void> => rm(root, { recursive: true, force: true });
  try {
    const before = await facts(folder);
    await copyParts(folder, dataFolderAt(root));
    if (before !== (await facts(folder))) throw writtenMeanwhile(folder);
    return { folder: dataFolderAt(root), dispose };
  } catch (error) {
    await dispose();
    throw fileError(error, `A copy of ${folder.root} cannot be made to read from.`);
  }
}

/** What is said where something is read in this way. */
export function readFromCopy({ code }: AppError, { root }: DataFolder): string {
  const [why, until] =
    code === 'disk-full'
      ? [`The disk with ${root} is full.`, 'there is room again']
      : [`${root} cannot be written: the disk is read-only, or this user has no right there.`, 'it can be written'];
  return `${why} It is read from a copy, which goes with this command. Nothing was changed, and nothing new can be stored until ${until}.`;
}

/** Where windows cannot be opened on such a folder, what can be done meanwhile (RD1). */
export function withReading(error: unknown, folder: DataFolder): unknown {
  if (!mayBeRead(error, folder)) return error;
  const ways = 'caravan doc list, doc show ID, search WORDS, export DIR';
  return new AppError(error.code, `${error.message} What is in it can be read meanwhile: ${ways}`, {
    cause: error,
    details: error.details,
  });
}

/** A folder that lies on a full disk often has the temporary folder on the same disk. */
function placesToCopy(): readonly string[] {
  return process.platform === 'linux' ? [tmpdir(), '/dev/shm'] : [tmpdir()];
}

async function firstWithRoom(places: readonly string[], needed: number): Promise<string | null> {
  for (const place of places) {
    const { bavail, bsize } = await statfs(place).catch(() => ({ bavail: 0, bsize: 0 }));
    if (bavail * bsize >= needed) return place;
  }
  return null;
}

async function copyParts(from: DataFolder, to: DataFolder): Promise<void> {
  for (const entry of await readdir(from.root, { withFileTypes: true })) {
    if (!entry.isFile() || NOT_COPIED.has(entry.name)) continue;
    const [source, target] = [path.join(from.root, entry.name), path.join(to.root, entry.name)];
    // The key of this computer is nowhere written a second time.
    if (source !== from.deviceFile || !(await named(source, target, 'file'))) await copyFile(source, target);
  }
  if (existsSync(from.workspaces)) await cp(from.workspaces, to.workspaces, { recursive: true });
  if (existsSync(from.snapshots)) await named(from.snapshots, to.snapshots, 'junction');
  await nameAttachments(from.blobs, to.blobs);
  await copyToRead(from.store, to.store);
}

/** The folders that hold the bytes; unfinished ones stay out of it. */
async function nameAttachments(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return;
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isFile()) await copyFile(source, target);
    if (!entry.isDirectory()) continue;
    await mkdir(target);
    for (const name of await readdir(source)) {
      if (/^[0-9a-f]{2}$/.test(name)) await named(path.join(source, name), path.join(target, name), 'junction');
    }
  }
}

/** False where this system does not let the user make such names: a file is copied then, a folder is left out. */
async function named(from: string, to: string, kind: 'file' | 'junction'): Promise<boolean> {
  try {
    await symlink(from, to, kind);
    return true;
  } catch {
    return false;
  }
}

/** Names, sizes and times of the store's files, as text: the store is held by nobody, for holding it takes writing. */
async function facts({ store }: DataFolder): Promise<string> {
  const files = [...(await storeFiles(store))];
  const stats = await Promise.all(files.map((file) => stat(path.join(store, file)).catch(() => null)));
  return files.map((file, at) => `${file} ${String(stats[at]?.size)} ${String(stats[at]?.mtimeMs)}`).join('\n');
}

async function removeLeft(place: string): Promise<void> {
  for (const name of await readdir(place).catch(() => [])) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN;
    if (!Number.isInteger(owner) || owner <= 0 || isAlive(owner)) continue;
    await rm(path.join(place, name), { recursive: true, force: true }).catch(() => undefined); // Another user's.
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function cannotCopy(reason: AppError, needed: number, places: readonly string[]): AppError {
  const where = places.join(' or ');
  return new AppError(
    reason.code,
    `${reason.message} To read it all the same, a copy of ${size(needed)} would have to be made in ${where}, and there is no room.`,
    { cause: reason, details: reason.details },
  );
}

function writtenMeanwhile(folder: DataFolder): AppError {
  return new AppError(
    'locked',
    `Another program is writing in ${folder.root} and does not answer. Nothing was changed. Wait until it ends, or end it, then try again.`,
  );
}
