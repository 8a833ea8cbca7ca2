// The relay's commands beside `serve`: each gives plain data and the lines that say it to people. It prints nothing itself.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError, fromWireError, type WireError } from '../shared/base/app-error.ts';
import { copyBlobs, type CopiedBlobs } from '../shared/node/blob-copy.ts';
import { FileBlobStore } from '../shared/node/file-blob-store.ts';
import { refuseLostStore, refuseRemovedStore } from '../shared/node/lost-store.ts';
import { backupStore, restoreStore, type BackupReport } from '../shared/node/store-backup.ts';
import { repairStore, type RepairReport } from '../shared/node/store-repair.ts';
import { verifyStore, type StoreReport } from '../shared/node/store-verify.ts';
import { blobsOf, readRunning, storeOf, type RunningRelay } from './relay-folder.ts';
import { BACKUP_PATH } from './upkeep-api.ts';

export interface UpkeepResult {
  /** For `--json`. */
  readonly value: unknown;
  readonly lines: readonly string[];
  /** False where the command did its work and the answer is bad: exit code 1. */
  readonly well: boolean;
}

/** More are in `--json`; a thousand lines help nobody. */
const MOST_LINES = 20;
/** A relay on this computer that does not answer by then is said not to answer. */
const HEALTH_PATIENCE = 3_000;

export async function status(data: string): Promise<UpkeepResult> {
  await refuseLostStore(storeOf(data));
  if (!existsSync(storeOf(data))) {
    return { value: { data, state: 'empty' }, lines: [`${data} holds no relay's data yet.`], well: true };
  }
  try {
    const report = await verifyStore(storeOf(data));
    const state = report.problems.length === 0 ? 'ok' : 'damaged';
    const lines = [`No relay is running on ${data}.`, ...factLines(report), verdictLine(report)];
    return { value: { data, state, ...report }, lines, well: true };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'locked') throw error;
    return runningStatus(data);
  }
}

/** Rules UP1 and UP2. */
export async function verify(data: string): Promise<UpkeepResult> {
  await refuseRemovedStore(storeOf(data));
  const report = await stopped('verify', () => verifyStore(storeOf(data)));
  const files = await lookAtBlobs(data);
  const well = report.problems.length === 0 && files.damaged.length === 0;
  const hint = well ? [] : [`Nothing was changed. To mend it: caravan-relay repair --data ${data}`];
  return {
    value: { data, state: well ? 'ok' : 'damaged', ...report, attachments: files },
    lines: [
      ...factLines(report),
      ...attachmentLines(files),
      verdictLine(report),
      ...listed(report.problems.map(({ what }) => what)),
      ...hint,
    ],
    well,
  };
}

export async function repair(data: string, now: Date): Promise<UpkeepResult> {
  const report = await stopped('repair', () => repairStore(storeOf(data), now));
  const files = await lookAtBlobs(data);
  const store = FileBlobStore.look(blobsOf(data));
  for (const one of files.damaged)
    await store.setAside(one.slice(0, one.indexOf('/')), one.slice(one.indexOf('/') + 1));
  if (files.damaged.length > 0) {
    const lines = [
      ...(report.kind === 'nothing-to-do'
        ? ['The documents are well, and nothing was changed in them.']
        : repairLines(report)),
      `${count(files.damaged.length, 'attachment')} lost the name that their bytes do not fit, and lie beside it (.damaged). Start the relay: members bring them again.`,
    ];
    return { value: { data, ...report, attachments: files }, lines, well: true };
  }
  if (report.kind === 'nothing-to-do') {
    const lines = ['All is well: there was nothing to repair, and nothing was changed.', ...factLines(report.store)];
    return { value: { data, ...report }, lines, well: true };
  }
  return { value: { data, ...report }, lines: repairLines(report), well: true };
}

export async function backup(data: string, folder: string, now: Date): Promise<UpkeepResult> {
  await refuseLostStore(storeOf(data));
  const report = await backupStore(storeOf(data), folder, now).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'locked') throw error;
    return backupRunning(data, folder);
  });
  const files = await copyBlobs(blobsOf(data), join(folder, 'blobs'));
  return {
    value: { ...report, attachments: files.blobs, attachmentBytes: files.bytes },
    lines: [
      ...attachmentLines(files),
      `Backed up ${report.rooms} rooms (${size(report.bytes)} in ${report.files} files) to ${report.folder}.`,
    ],
    well: true,
  };
}

export async function restore(data: string, folder: string): Promise<UpkeepResult> {
  const report = await restoreStore(folder, storeOf(data));
  const files = await copyBlobs(join(folder, 'blobs'), blobsOf(data));
  return {
    value: { data, ...report, attachments: files.blobs },
    lines: [
      ...attachmentLines(files),
      `Restored ${report.rooms} rooms as of ${report.createdAt} into ${data}.`,
      'Start the relay: members notice that it is older than what they knew, and fill it again.',
    ],
    well: true,
  };
}

/** Rule BS12: every attachment is read whole. */
async function lookAtBlobs(data: string): Promise<CopiedBlobs> {
  const store = FileBlobStore.look(blobsOf(data));
  const counted = { blobs: 0, bytes: 0, damaged: [] as string[] };
  for (const workspace of await store.workspaces()) {
    for await (const { name, size: bytes } of store.list(workspace)) {
      counted.blobs += 1;
      counted.bytes += bytes;
      if (!(await store.verify(workspace, name))) counted.damaged.push(`${workspace}/${name}`);
    }
  }
  return counted;
}

function attachmentLines({ blobs, bytes, damaged }: CopiedBlobs): string[] {
  const lines = blobs > 0 ? [`Attachments: ${count(blobs, 'file')} in ${size(bytes)}.`] : [];
  if (damaged.length === 0) return lines;
  return [...lines, `Damaged attachments: ${damaged.length}.`, ...listed(damaged)];
}

/** Rule RE44: the process that has the store open makes the backup, and serves on. */
async function backupRunning(data: string, folder: string): Promise<BackupReport> {
  const relay = await readRunning(data);
  if (relay?.secret === undefined) {
    throw new AppError(
      'locked',
      `Another process is using ${data} and does not say where it is. Nothing was written; stop it, run backup, and start it again.`,
    );
  }
  const answered = await fetch(new URL(BACKUP_PATH, relay.url.replace(/^ws/, 'http')), {
    method: 'POST',
    headers: { authorization: `Bearer ${relay.secret}` },
    body: JSON.stringify({ folder: resolve(folder) }),
    redirect: 'error',
  }).catch((cause: unknown) => {
    throw new AppError(
      'unreachable',
      `The relay at ${relay.url} did not answer. No backup was made; look at its log.`,
      {
        cause,
      },
    );
  });
  const body: unknown = await answered.json();
  const made = backupAnswer.safeParse(body);
  if (made.success) return made.data;
  const said = refusal.safeParse(body);
  if (said.success) throw fromWireError(said.data.error as WireError);
  throw new AppError('internal', `The relay at ${relay.url} answered ${answered.status}. No backup was made.`);
}

const backupAnswer = z.object({
  folder: z.string(),
  rooms: z.number(),
  changes: z.number(),
  files: z.number(),
  bytes: z.number(),
  createdAt: z.string(),
});
const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

async function runningStatus(data: string): Promise<UpkeepResult> {
  const { url, pid } = (await readRunning(data)) ?? {};
  const relay = url !== undefined && pid !== undefined ? { url, pid } : null;
  const health = relay && (await askHealth(relay));
  const said =
    health === null ? 'it does not say how it is' : health.reason ? `degraded: ${health.reason}` : health.status;
  const where = relay ? ` at ${relay.url} (process ${relay.pid})` : '';
  return {
    value: { data, state: 'running', relay, health, ...(await readFormat(data)) },
    lines: [
      `A relay is running on ${data}${where}: ${said}.`,
      ...(health?.history ? [historyLine({ ...health.history, oldest: null }), ...keepLine(health.history)] : []),
      ...(health?.largeDocuments
        ? [`Documents over half their limit: ${health.largeDocuments}; the log names them.`]
        : []),
      'What it holds can be counted when it is stopped; GET /metrics counts while it runs.',
    ],
    well: true,
  };
}

const health = z.object({
  status: z.enum(['ok', 'degraded']),
  reason: z.string().optional(),
  code: z.string().optional(),
  history: z
    .object({
      segments: z.number(),
      bytes: z.number(),
      historyDays: z.number().optional(),
      historyBytes: z.number().optional(),
    })
    .optional(),
  largeDocuments: z.number().optional(),
});

/** How much history is kept; nothing of a relay that is older than this line. */
function keepLine(kept: {
  readonly historyDays?: number | undefined;
  readonly historyBytes?: number | undefined;
}): string[] {
  const { historyDays, historyBytes } = kept;
  if (historyDays === undefined || historyBytes === undefined) return [];
  const days = historyDays === 0 ? 'never by age' : `after ${count(historyDays, 'day')}`;
  const bytes = historyBytes === 0 ? 'without a bound on its size' : `up to ${size(historyBytes)} (--history-bytes)`;
  return [`History is removed ${days} (--history-days), and kept ${bytes}.`];
}

async function askHealth({ url }: RunningRelay): Promise<z.infer<typeof health> | null> {
  try {
    const target = new URL('/healthz', url.replace(/^ws/, 'http'));
    const response = await fetch(target, { signal: AbortSignal.timeout(HEALTH_PATIENCE), redirect: 'error' });
    return health.parse(await response.json());
  } catch {
    // The lock says that it runs; that it does not answer is all that can be said beyond that.
    return null;
  }
}

const format = z.object({ format: z.int(), hub: z.string() });

async function readFormat(data: string): Promise<{ format: number | null; hub: string | null }> {
  try {
    return format.parse(JSON.parse(await readFile(join(storeOf(data), 'format.json'), 'utf8')));
  } catch {
    // The relay that runs has read it; if it changed since, `verify` will say so.
    return { format: null, hub: null };
  }
}

/** What needs the store to itself says how to give it. */
async function stopped<T>(command: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'locked') throw error;
    throw new AppError(
      'locked',
      `A relay is running on this folder. Nothing was done; stop it, run ${command}, and start it again.`,
      { cause: error },
    );
  }
}

function factLines(report: StoreReport): string[] {
  const aside =
    report.setAside > 0 ? [`Set aside by a repair: ${count(report.setAside, 'update')}, kept beside their rooms.`] : [];
  return [
    `${count(report.workspaces, 'workspace')}, ${count(report.spaces, 'space')}, ${count(report.rooms, 'room')}; ${size(report.bytes)} of documents, ${count(report.changes, 'change')}.`,
    historyLine(report.history),
    `Hub ${report.hub ?? 'unknown'}, epoch ${report.epoch ?? 'none yet'}, format ${report.format ?? 'unknown'}.`,
    ...aside,
  ];
}

function historyLine({ segments, bytes, oldest }: StoreReport['history']): string {
  const since = oldest === null ? '' : `, the oldest of ${new Date(oldest).toISOString()}`;
  return `History: ${count(segments, 'editing session')} in ${size(bytes)}${since}.`;
}

function verdictLine({ problems }: StoreReport): string {
  return problems.length === 0
    ? 'All is well: every row was read and holds.'
    : `Damaged: ${count(problems.length, 'problem')}.`;
}

function repairLines(report: RepairReport): string[] {
  const { losses, unknownRooms, unknownChanges, history, store, original } = report;
  const lines = [
    `Repaired. ${count(store.rooms, 'room')} can be read; ${count(losses.length, 'room')} lost something.`,
    ...listed(
      losses.map(({ room, kind, missing, setAside }) =>
        kind === 'gone'
          ? `Room ${room}: nothing could be read${setAside > 0 ? `, ${count(setAside, 'update')} set aside` : ''}.`
          : `Room ${room}: ${count(missing, 'piece')} missing, ${count(setAside, 'update')} set aside.`,
      ),
    ),
    ...(unknownRooms > 0 ? [`${count(unknownRooms, 'more room')} of which not even the name is left.`] : []),
    ...(unknownChanges > 0
      ? [`At least ${count(unknownChanges, 'change')} at the end are lost; in which rooms is not known.`]
      : []),
    ...historyLines(history),
    `The store as it was is kept in ${original ?? ''}.`,
    'Start the relay: members compare everything with it and hand over what is missing.',
  ];
  return store.setAside > 0
    ? [...lines, 'Once they have, stop it and repair again: what was set aside then finds its place.']
    : lines;
}

function historyLines({ rooms, unknown, unbounded }: RepairReport['history']): string[] {
  return [
    ...(rooms.length > 0 ? [`${count(rooms.length, 'room')} lost something of their history.`] : []),
    ...listed(rooms.map(({ room, segments }) => `Room ${room}: ${count(segments, 'editing session')} lost.`)),
    ...listed(
      unknown.map(
        ({ space, segments }) =>
          `Space ${space}: ${count(segments, 'more editing session')} of its history lost; of which rooms is not known.`,
      ),
    ),
    ...listed(
      unbounded.map((space) => `Space ${space}: what was removed of its history before may come again from members.`),
    ),
  ];
}

function listed(items: readonly string[]): string[] {
  const shown = items.slice(0, MOST_LINES).map((item) => `  ${item}`);
  return items.length > MOST_LINES ? [...shown, `  and ${items.length - MOST_LINES} more (--json has all)`] : shown;
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}

function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
