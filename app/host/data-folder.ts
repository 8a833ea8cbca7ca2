// The data folder: where it is, what lies in it, and its format guard. It opens no store and keeps nothing in memory.
import { constants, existsSync } from 'node:fs';
import { access, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/base/app-error.ts';
import { writeFileAtomic } from '../../shared/node/atomic-file.ts';
import { fileError } from './file-error.ts';

/** The number of the folder's layout. Older ones are migrated with a backup, newer ones are refused untouched. */
export const FOLDER_FORMAT = 1;

export interface FolderEnvironment {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `--data`, else CARAVAN_DATA, else the place that the system has for an application's data. */
export function chooseDataFolder(flag: string | undefined, from: FolderEnvironment): string {
  const given = flag ?? from.env['CARAVAN_DATA'];
  if (given !== undefined && given !== '') return path.resolve(given);
  if (from.platform === 'win32') {
    return path.join(from.env['APPDATA'] ?? path.join(from.home, 'AppData', 'Roaming'), 'Caravan');
  }
  if (from.platform === 'darwin') return path.join(from.home, 'Library', 'Application Support', 'Caravan');
  const shared = from.env['XDG_DATA_HOME'];
  // The XDG specification: a relative path there is to be ignored.
  const base = shared && path.isAbsolute(shared) ? shared : path.join(from.home, '.local', 'share');
  return path.join(base, 'caravan');
}

/** The places in a data folder. */
export interface DataFolder {
  readonly root: string;
  readonly store: string;
  readonly deviceFile: string;
  readonly settingsFile: string;
  /** Workspaces into which this computer waits to be let. */
  readonly pendingFile: string;
  /** Says where the running host listens; there only while one runs. */
  readonly hostFile: string;
  readonly workspaces: string;
  /** Rolling snapshots of the store, a folder each. */
  readonly snapshots: string;
  /** Attachments, as files named by their hash. */
  readonly blobs: string;
  /** Bundles that windows hand over or take: it is emptied at each start. */
  readonly bundles: string;
  /** Small copies of large pictures: they may be deleted at any time. */
  readonly smallPictures: string;
  /** The search index: it may be deleted at any time that no host runs. */
  readonly search: string;
  readonly formatFile: string;
}

export function dataFolderAt(root: string): DataFolder {
  return {
    root,
    store: path.join(root, 'store'),
    deviceFile: path.join(root, 'device.json'),
    settingsFile: path.join(root, 'settings.json'),
    pendingFile: path.join(root, 'pending.json'),
    hostFile: path.join(root, 'host.json'),
    workspaces: path.join(root, 'workspaces'),
    snapshots: path.join(root, 'snapshots'),
    blobs: path.join(root, 'blobs'),
    bundles: path.join(root, 'bundles'),
    smallPictures: path.join(root, 'small-pictures'),
    search: path.join(root, 'search'),
    formatFile: path.join(root, 'format.json'),
  };
}

const format = z.object({ program: z.literal('caravan'), format: z.int().positive() });

/** Makes the folder where it is missing (for its owner alone) and checks that this version may touch what is in it. */
export async function prepareDataFolder(folder: DataFolder): Promise<void> {
  try {
    await mkdir(folder.root, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileError(await reasonOf(error, folder.root), `The data folder ${folder.root} cannot be made.`);
  }
  const text = await readText(folder.formatFile);
  if (text === null) {
    const content = JSON.stringify({ program: 'caravan', format: FOLDER_FORMAT });
    await writeText(folder.formatFile, `${content}\n`);
    return;
  }
  const read = format.safeParse(parseJson(text));
  if (!read.success) {
    throw new AppError(
      'damaged',
      `${folder.formatFile} does not say which format this folder has. Nothing was changed. Restore that file from a backup, or choose another folder with --data.`,
    );
  }
  if (read.data.format > FOLDER_FORMAT) {
    throw new AppError(
      'too-new',
      `${folder.root} was written by a newer version of Caravan (format ${read.data.format}, this one knows ${FOLDER_FORMAT}). Nothing was changed. Use the newer version.`,
    );
  }
}

/** On a read-only disk Node says that the folder is not there; what its nearest parent says is the reason. */
async function reasonOf(error: unknown, folder: string): Promise<unknown> {
  let parent = path.dirname(folder);
  while (!existsSync(parent) && parent !== path.dirname(parent)) parent = path.dirname(parent);
  return access(parent, constants.W_OK).then(
    () => error,
    (reason: unknown) => reason,
  );
}

/** The file's text, or null when there is no such file. */
export async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw fileError(error, `${file} cannot be read.`);
  }
}

/** Replaces the file at once and for its owner alone; after a crash it is the old one or the new one. */
export async function writeText(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFileAtomic(file, text, 0o600);
  } catch (error) {
    throw fileError(error, `${file} cannot be written.`);
  }
}

/** The value, or undefined for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
