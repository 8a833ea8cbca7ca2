// The ways out of a damaged store, on a data folder that nobody has open: repair, restore a snapshot, fill again from others.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/base/app-error.ts';
import { replaceByBackup, replaceByEmpty } from '../../shared/node/store-replace.ts';
import { repairStore, type RepairReport } from '../../shared/node/store-repair.ts';
import { verifyStore } from '../../shared/node/store-verify.ts';
import type { CallResult } from '../contract/calls.ts';
import type { DataFolder } from './data-folder.ts';
import { demandNewIdentity } from './place.ts';
import { minuteInWords } from './plain-date.ts';
import { readWorkspaces, type StoredWorkspace } from './workspace-folder.ts';

/** More are in the kept store; a thousand lines help nobody. */
const MOST_LINES = 20;

/** What a way did: sentences for people, and the plain data for --json. */
export interface WayResult {
  readonly report: readonly string[];
  readonly value: unknown;
}

export type Way =
  { readonly kind: 'repair' } | { readonly kind: 'restore'; readonly snapshot: string } | { readonly kind: 'refill' };

/** Throws what repairStore and its like throw; the store then stands as it was. */
export function goWay(folder: DataFolder, way: Way, now: Date): Promise<WayResult> {
  switch (way.kind) {
    case 'repair':
      return repair(folder, now);
    case 'restore':
      return restoreSnapshot(folder, way.snapshot, now);
    case 'refill':
      return refill(folder, now);
  }
}

/**
 * Rule RE40 for a host: workspaces without any store were in one that is gone, and an empty one would look like theirs.
 * Throws `damaged`; whoever opens the folder offers the ways.
 */
export async function refuseForgottenStore(folder: DataFolder): Promise<void> {
  if (existsSync(folder.store)) return;
  const workspaces = await readWorkspaces(folder);
  if (workspaces.length === 0) return;
  throw new AppError(
    'damaged',
    `The store of this data folder is gone (${folder.store}), while its workspaces are here. Nothing was changed, and no empty store was made in its place.`,
    { details: { directory: folder.store } },
  );
}

/** What is wrong with a store that does not open, in the form of a doctor's findings. */
export async function damageOf(folder: DataFolder): Promise<CallResult<'doctor'>> {
  const bad = (detail: string) => ({ check: 'store', ok: false, detail: detail.slice(0, 9_000) });
  try {
    const { problems, rooms } = await verifyStore(folder.store);
    const last = bad(`${count(rooms, 'document')} can be read. To mend it: caravan repair`);
    return [...problems.map(({ what }) => bad(what)), last];
  } catch (error) {
    if (error instanceof AppError) return [bad(error.message)];
    throw error;
  }
}

export function soundAlready(): AppError {
  return new AppError('not-allowed', 'The stored data is sound and open. Nothing was changed.');
}

async function repair(folder: DataFolder, now: Date): Promise<WayResult> {
  const value = await repairStore(folder.store, now);
  return { value, report: value.kind === 'repaired' ? repairLines(value) : ['All is well: nothing was changed.'] };
}

async function restoreSnapshot(folder: DataFolder, snapshot: string, now: Date): Promise<WayResult> {
  if (!/^[0-9A-Za-z][0-9A-Za-z-]*$/.test(snapshot)) {
    throw new AppError('bad-input', 'This is not the name of a snapshot. Nothing was changed.');
  }
  return restoreOver(folder, join(folder.snapshots, snapshot), now);
}

/** Puts a backup's store in the place of this folder's, which is kept. */
export async function restoreOver(folder: DataFolder, backup: string, now: Date): Promise<WayResult> {
  const { original, report } = await replaceByBackup(backup, folder.store, now);
  const day = minuteInWords(Date.parse(report.createdAt));
  await demandNewIdentity(folder, `The documents of this data folder were restored as they were on ${day}.`);
  return {
    value: { ...report, original },
    report: [
      `Restored ${count(report.rooms, 'document')} as ${report.rooms === 1 ? 'it was' : 'they were'} on ${day}.`,
      ...kept(original),
      'What came after that day and had reached the relay comes back from there by itself. What had not is only in the kept store: a repair of it may bring it back.',
    ],
  };
}

async function refill(folder: DataFolder, now: Date): Promise<WayResult> {
  const workspaces = await readWorkspaces(folder);
  const { original } = await replaceByEmpty(folder.store, now);
  await demandNewIdentity(folder, 'The store of this data folder was emptied, to be filled again from others.');
  return {
    value: { original, workspaces: workspaces.map(({ id, about }) => ({ id, relay: about.relay })) },
    report: [
      'An empty store was made. The documents come from the relay again, the open one first.',
      ...aloneLines(workspaces),
      ...kept(original),
      'What this computer had not yet handed to the relay is only in that kept store; how much that is cannot be said.',
    ],
  };
}

function aloneLines(workspaces: readonly StoredWorkspace[]): string[] {
  const alone = workspaces.filter(({ about }) => about.relay === null).map(({ about }) => about.title);
  return alone.length === 0 ? [] : [`Nobody else has these workspaces; they stay empty: ${alone.join(', ')}.`];
}

function kept(original: string | null): string[] {
  return original === null ? [] : [`The store as it was is kept in ${original}.`];
}

function repairLines({ losses, unknownRooms, unknownChanges, history, store, original }: RepairReport): string[] {
  const shown = losses.map(({ room, kind, missing, setAside }) => {
    const what = kind === 'gone' ? 'nothing could be read' : `${count(missing, 'piece')} missing`;
    return `Document ${room}: ${what}, ${count(setAside, 'change')} set aside.`;
  });
  return [
    `Repaired. ${count(store.rooms, 'document')} can be read; ${count(losses.length, 'document')} lost something.`,
    ...firstOf(shown),
    ...(unknownRooms > 0 ? [`${count(unknownRooms, 'more document')} of which not even the name is left.`] : []),
    ...(unknownChanges > 0
      ? [`At least ${count(unknownChanges, 'change')} at the end are lost; in which documents is not known.`]
      : []),
    ...historyLines(history),
    ...kept(original),
    'Whatever the relay has of what is missing comes back from there by itself.',
  ];
}

function historyLines({ rooms, unknown, unbounded }: RepairReport['history']): string[] {
  return [
    ...(rooms.length > 0 ? [`${count(rooms.length, 'document')} lost something of their history.`] : []),
    ...firstOf(rooms.map(({ room, segments }) => `Document ${room}: ${count(segments, 'editing session')} lost.`)),
    ...firstOf(
      unknown.map(
        ({ space, segments }) =>
          `Space ${space}: ${count(segments, 'more editing session')} of its history lost; of which documents is not known.`,
      ),
    ),
    ...firstOf(
      unbounded.map((space) => `Space ${space}: what was removed of its history before may come again from others.`),
    ),
  ];
}

function firstOf(lines: readonly string[]): string[] {
  const left = lines.length - MOST_LINES;
  return left > 0 ? [...lines.slice(0, MOST_LINES), `And ${left} more.`] : [...lines];
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}
