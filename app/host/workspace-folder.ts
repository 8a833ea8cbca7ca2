// One workspace's own files: `workspaces/<id>/log.jsonl` (signed records, one a line) and `workspace.json`. No documents.
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/base/app-error.ts';
import { isDocumentId } from '../../shared/model/document/meta.ts';
import { parseJson, readText, writeText, type DataFolder } from './data-folder.ts';
import { fileError } from './file-error.ts';

export const workspaceAbout = z.strictObject({
  /** My member id there. */
  member: z.string().min(1).max(64),
  relay: z.string().max(2_000).nullable(),
  /** What it was called when I came; shown until its own document has arrived. */
  title: z.string().max(2_000),
  /** Milliseconds since the epoch; workspaces are listed in this order. */
  addedAt: z.number(),
  /** The registration key with which this device attached it: a relay that lost it is handed it again without asking. */
  registration: z.string().max(200).nullish(),
  /** What the relay signed for last. */
  agreed: z.strictObject({ relay: z.string().max(64), length: z.int().positive(), head: z.string().max(64) }).nullish(),
});
export type WorkspaceAbout = Readonly<z.output<typeof workspaceAbout>>;

export interface StoredWorkspace {
  readonly id: string;
  readonly about: WorkspaceAbout;
  /** Compact JWS, oldest first; not verified here. */
  readonly records: readonly string[];
}

function aboutFile(folder: DataFolder, id: string): string {
  return path.join(folder.workspaces, id, 'workspace.json');
}
function logFile(folder: DataFolder, id: string): string {
  return path.join(folder.workspaces, id, 'log.jsonl');
}

/** Replaces the log by `records`, all or nothing. */
export async function writeLog(folder: DataFolder, id: string, records: readonly string[]): Promise<void> {
  await writeText(logFile(folder, id), records.map((record) => `${record}\n`).join(''));
}

/** Written last of all when a workspace is created or joined: a folder without it is not a workspace. */
export async function writeAbout(folder: DataFolder, id: string, value: WorkspaceAbout): Promise<void> {
  await writeText(aboutFile(folder, id), `${JSON.stringify(value, null, 2)}\n`);
}

/** Takes back what a failed create or join had written. A finished workspace is never removed by this. */
export async function removeUnfinished(folder: DataFolder, id: string): Promise<void> {
  if ((await readText(aboutFile(folder, id))) !== null) return;
  await rm(path.join(folder.workspaces, id), { recursive: true, force: true });
}

/** Takes a workspace's own files away; `workspace.json` first, so that a crash in between leaves an unfinished one. */
export async function removeWorkspaceFiles(folder: DataFolder, id: string): Promise<void> {
  await rm(aboutFile(folder, id), { force: true });
  await rm(path.join(folder.workspaces, id), { recursive: true, force: true });
}

/** Every finished workspace; what a crash left half made is cleared away. Throws `damaged` rather than leaving one out. */
export async function readWorkspaces(folder: DataFolder): Promise<readonly StoredWorkspace[]> {
  const found: StoredWorkspace[] = [];
  for (const id of await workspaceFolders(folder)) {
    const text = await readText(aboutFile(folder, id));
    if (text === null) {
      await removeUnfinished(folder, id);
      continue;
    }
    const read = workspaceAbout.safeParse(parseJson(text));
    const log = await readText(logFile(folder, id));
    if (!read.success || log === null) {
      throw new AppError(
        'damaged',
        `The files in ${path.join(folder.workspaces, id)} cannot be understood. Nothing was changed, and the documents are kept. Restore that folder from a backup.`,
      );
    }
    found.push({ id, about: read.data, records: log.split('\n').filter((line) => line !== '') });
  }
  return found.sort((a, b) => a.about.addedAt - b.about.addedAt || (a.id < b.id ? -1 : 1));
}

async function workspaceFolders(folder: DataFolder): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder.workspaces, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && isDocumentId(entry.name)).map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw fileError(error, `${folder.workspaces} cannot be read.`);
  }
}
