// Backups of a whole data folder: its store, its device key, its workspaces; whole or not at all, both ways. No caches, no settings.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readDeviceKey } from '../../shared/access/device-key.ts';
import type { DeviceKey } from '../../shared/access/identity.ts';
import { AppError } from '../../shared/base/app-error.ts';
import type { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { copyBlobs } from '../../shared/node/blob-copy.ts';
import { moveIntoPlace, mustBeEmpty, type BackupReport } from '../../shared/node/store-backup.ts';
import { replaceByBackup } from '../../shared/node/store-replace.ts';
import { snapshotStore } from '../../shared/node/store-snapshot.ts';
import { presentDevice } from './device.ts';
import { parseJson, prepareDataFolder, readText, writeText, type DataFolder } from './data-folder.ts';
import { fileError } from './file-error.ts';
import { demandNewIdentity } from './place.ts';
import { minuteInWords } from './plain-date.ts';
import { restoreOver, type WayResult } from './recovery-ways.ts';
import { readWorkspaces, workspaceAbout, writeAbout, writeLog } from './workspace-folder.ts';

const FILE = 'profile.json';
const STORE = 'store';
const BLOBS = 'blobs';

const profile = z.object({
  kind: z.literal('caravan-profile-backup'),
  /** Raised with every change that an older version cannot read. */
  version: z.literal(1),
  device: z.record(z.string(), z.unknown()),
  workspaces: z
    .array(
      z.object({
        id: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
        about: workspaceAbout,
        records: z.array(z.string().max(8_192)).max(100_000),
      }),
    )
    .max(10_000),
});
type Profile = z.output<typeof profile>;
const envelope = z.object({ profile: z.record(z.string(), z.unknown()), sha256: z.string() });

/** Of a host. */
interface BackupParts {
  readonly folder: DataFolder;
  readonly levelStore: LevelDocStore;
  readonly device: DeviceKey;
}

/**
 * Rule BA9, of a host that runs and goes on. The key is in it: whoever has the backup can be this device. Throws
 * `already-exists`, `bad-input`, `damaged`, `disk-full`, `read-only`.
 */
export async function backupHost(
  { folder, levelStore: store, device }: BackupParts,
  target: string,
  now: Date,
): Promise<BackupReport & { readonly damaged?: number }> {
  const place = path.resolve(target);
  if (device.d === '') {
    throw new AppError(
      'not-allowed',
      'The key of this computer would be in the backup, and it cannot be opened now. Nothing was written. What is here can be exported; "caravan device key" says what to do about the key.',
    );
  }
  if (`${place}${path.sep}`.startsWith(`${path.resolve(folder.root)}${path.sep}`)) {
    throw new AppError(
      'bad-input',
      'A backup inside the data folder would go with it. Nothing was written; name a folder elsewhere.',
    );
  }
  await mustBeEmpty(place, `${place} is not empty. Nothing was written; name a folder that is new or empty.`);
  let beside: string | null = null;
  try {
    await mkdir(path.dirname(place), { recursive: true });
    beside = await mkdtemp(path.join(path.dirname(place), `.${path.basename(place)}-`));
    const report = await snapshotStore(store, path.join(beside, STORE), now);
    const files = await copyBlobs(folder.blobs, path.join(beside, BLOBS));
    const content = JSON.stringify(await readProfile(folder, device));
    const sha256 = createHash('sha256').update(content).digest('hex');
    // Readable by its owner alone, and written last: a folder without it is no backup.
    await writeText(path.join(beside, FILE), `{"profile":${content},"sha256":"${sha256}"}\n`);
    await moveIntoPlace(beside, place);
    const damaged = files.damaged.length;
    return {
      ...report,
      folder: place,
      files: report.files + files.blobs,
      bytes: report.bytes + files.bytes,
      ...(damaged > 0 ? { damaged } : {}),
    };
  } catch (error) {
    if (beside !== null) await rm(beside, { recursive: true, force: true });
    throw error instanceof AppError ? error : fileError(error, `The backup ${place} cannot be written.`);
  }
}

/**
 * Rule BA10. Into a data folder that is new or empty: everything. Into one of the same device (or from a snapshot, which is a
 * store alone): the store takes the place of the one there, which is kept. The folder must be nobody's.
 */
export async function restoreHost(folder: DataFolder, source: string, now: Date): Promise<WayResult> {
  const backup = path.resolve(source);
  const saved = await readBackup(backup);
  const present = await presentDevice(folder);
  const store = saved ? path.join(backup, STORE) : backup;
  if (present === null) return restoreAll(folder, backup, saved, now);
  if (saved && saved.device['id'] !== present) {
    throw new AppError(
      'already-exists',
      `${folder.root} belongs to another device than this backup. Nothing was changed; restore it into a folder that is new or empty.`,
    );
  }
  if (saved) await copyBlobs(path.join(backup, BLOBS), folder.blobs);
  return restoreOver(folder, store, now);
}

async function restoreAll(folder: DataFolder, backup: string, saved: Profile | null, now: Date): Promise<WayResult> {
  if (!saved) {
    throw new AppError(
      'bad-input',
      'This is a snapshot of a store alone; it is restored into the data folder that it came from. Nothing was changed.',
    );
  }
  const others = existsSync(folder.root) ? await readdir(folder.root) : [];
  if (others.length > 0) {
    throw new AppError(
      'already-exists',
      `${folder.root} is not empty. Nothing was changed; a backup is restored into a folder that is new or empty.`,
    );
  }
  try {
    await prepareDataFolder(folder);
    const { report } = await replaceByBackup(path.join(backup, STORE), folder.store, now);
    for (const name of await readdir(folder.root)) {
      // The empty folder that the store took the place of.
      if (name.startsWith('store-before-repair-')) await rm(path.join(folder.root, name), { recursive: true });
    }
    for (const { id, records, about } of saved.workspaces) {
      await writeLog(folder, id, records);
      await writeAbout(folder, id, about);
    }
    await copyBlobs(path.join(backup, BLOBS), folder.blobs);
    const day = minuteInWords(Date.parse(report.createdAt));
    await demandNewIdentity(folder, `This data folder was restored as it was on ${day}.`);
    // Last: without a key the folder is nobody's, and the next try begins anew.
    await writeText(folder.deviceFile, `${JSON.stringify(saved.device)}\n`);
    return {
      value: { ...report, original: null },
      report: [
        `Restored ${report.rooms} ${report.rooms === 1 ? 'document as it was' : 'documents as they were'} on ${day} into ${folder.root}.`,
        'What came after that day and had reached the relay comes back from there by itself.',
      ],
    };
  } catch (error) {
    for (const name of await readdir(folder.root).catch(() => [])) {
      await rm(path.join(folder.root, name), { recursive: true, force: true });
    }
    throw error instanceof AppError ? error : fileError(error, `The backup could not be restored into ${folder.root}.`);
  }
}

/** The key is plain there, wherever this computer keeps it: a backup is for the day when this computer is gone. */
async function readProfile(folder: DataFolder, key: DeviceKey): Promise<Profile> {
  const workspaces = (await readWorkspaces(folder)).map(({ id, about, records }) => ({
    id,
    about,
    records: [...records],
  }));
  return { kind: 'caravan-profile-backup', version: 1, device: { ...key }, workspaces };
}

/** Null where there is a snapshot of a store and no profile. Throws `not-found` and `damaged`. */
async function readBackup(backup: string): Promise<Profile | null> {
  const text = await readText(path.join(backup, FILE));
  if (text === null) {
    if (existsSync(path.join(backup, 'backup.json'))) return null;
    throw new AppError('not-found', `${backup} holds no backup (no ${FILE}). Nothing was changed.`);
  }
  const outer = envelope.safeParse(parseJson(text));
  const inner = outer.success ? profile.safeParse(outer.data.profile) : null;
  const hash = outer.success ? createHash('sha256').update(JSON.stringify(outer.data.profile)).digest('hex') : '';
  if (outer.success && inner?.success && hash === outer.data.sha256 && (await readDeviceKey(inner.data.device))) {
    return inner.data;
  }
  throw new AppError('damaged', `The file ${FILE} of the backup ${backup} is damaged. Nothing was changed.`);
}

/** Where a backup cannot be restored any more. */
export function hasWorkspaces(): AppError {
  return new AppError(
    'already-exists',
    'There are workspaces on this computer already. Nothing was changed. A backup is restored where there is none: start Caravan with another data folder (--data).',
  );
}
