// Mends a damaged store: a new one is built from what can be read, checked, and put in its place; the old one is kept whole.
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../base/app-error.ts';
import { syncFolder } from './atomic-file.ts';
import { keptOriginals, nameToKeep } from './kept-originals.ts';
import { historyLosses, NO_HISTORY_LOST, type HistoryLosses } from './segment-losses.ts';
import { copyToRead } from './store-copy.ts';
import { toStoreError } from './store-errors.ts';
import { holdStore, type HeldStore } from './store-guard.ts';
import { missingUpdates, type StoreProblem } from './store-problems.ts';
import { rebuildStore, type Rebuilt } from './store-rebuild.ts';
import { salvageRows } from './store-salvage.ts';
import { changesOf, surveyDatabase, type Survey } from './store-survey.ts';
import { inspectStore, type Inspection, type StoreReport } from './store-verify.ts';

export interface RoomLoss {
  readonly room: string;
  /** `gone`: nothing of it is left but its name. */
  readonly kind: 'gone' | 'incomplete';
  /** Updates that could not be read. */
  readonly missing: number;
  /** Updates that are kept beside the room because what they build on is missing. */
  readonly setAside: number;
}

export interface RepairReport {
  readonly kind: 'repaired' | 'nothing-to-do';
  /** The folder with the store as it was; null when nothing was changed. */
  readonly original: string | null;
  readonly problems: readonly StoreProblem[];
  /** As it is now. */
  readonly store: StoreReport;
  readonly losses: readonly RoomLoss[];
  /** Rooms that were counted and of which not even the name is left. */
  readonly unknownRooms: number;
  /** Changes at the end of the database that were lost and whose rooms are not known. */
  readonly unknownChanges: number;
  readonly history: HistoryLosses;
}

/**
 * Rules UP3 to UP6. Throws like verifyStore, and `damaged` when nothing at all could be read; the store then stands as it was.
 * @param now names the folder that the original is kept in.
 */
export async function repairStore(directory: string, now: Date): Promise<RepairReport> {
  await finishInterrupted(directory);
  const held = await holdStore(directory);
  try {
    const before = await inspectStore(directory, join(held.work, 'copy'));
    const { problems } = before.report;
    if (problems.length === 0 && before.report.setAside === 0) {
      return { ...NO_LOSS, kind: 'nothing-to-do', original: null, problems, store: before.report };
    }
    const { rebuilt, survey } = await rebuild(directory, held, before);
    const fresh = join(held.work, 'store');
    const after = await inspectStore(fresh, join(held.work, 'proof'));
    if (after.report.problems.length > 0) {
      throw new AppError('internal', 'The repaired store does not pass its own checks. Nothing was changed.', {
        details: { problems: after.report.problems.map(({ what }) => what) },
      });
    }
    const losses = lossesOf(survey, before.survey, rebuilt);
    const unknownRooms = unknownRoomsOf([survey, before.survey]);
    // A store that comes up empty in the place of a full one is what must never happen in silence.
    const wasEmpty = before.head === 0 && losses.length === 0 && unknownRooms === 0;
    if (after.report.rooms === 0 && !wasEmpty) throw nothingLeft(problems);
    const original = nameToKeep(directory, now);
    await rename(directory, original);
    await rename(fresh, directory);
    await syncFolder(dirname(directory));
    const unknownChanges = Math.max(0, (before.head ?? 0) - changesOf(survey));
    const history = historyLosses(survey.history, before.survey?.history ?? null, rebuilt.segments);
    return { kind: 'repaired', original, problems, store: after.report, losses, unknownRooms, unknownChanges, history };
  } catch (error) {
    throw toStoreError(error, directory);
  } finally {
    await held.release();
  }
}

const NO_LOSS = Object.freeze({ losses: [], unknownRooms: 0, unknownChanges: 0, history: NO_HISTORY_LOST });

/** A process that was killed between the two renames left no store at all: the original goes back, and is repaired again. */
async function finishInterrupted(directory: string): Promise<void> {
  const newest = (await keptOriginals(directory)).at(-1);
  if (newest !== undefined && !existsSync(directory)) await rename(newest, directory);
}

async function rebuild(
  directory: string,
  held: HeldStore,
  before: Inspection,
): Promise<{ readonly rebuilt: Rebuilt; readonly survey: Survey }> {
  const copy = join(held.work, 'repaired');
  await copyToRead(directory, copy);
  // What an opening refuses is read too: tables that no list names, logs behind a lost table of contents.
  const source = await salvageRows(join(copy, 'db'), join(copy, 'salvaged'));
  try {
    const survey = await surveyDatabase(source);
    // Another hub's database in this folder is kept under the id that it says itself.
    const hub = survey.hub ?? before.hub;
    return { rebuilt: await rebuildStore(source, survey, join(held.work, 'store'), hub), survey };
  } finally {
    await source.close();
  }
}

function lossesOf(survey: Survey, opened: Survey | null, rebuilt: Rebuilt): RoomLoss[] {
  const losses: RoomLoss[] = [];
  for (const room of new Set([...survey.rooms.keys(), ...(opened?.rooms.keys() ?? [])])) {
    const { kept, setAside, hasState } = rebuilt.rooms.get(room) ?? { kept: 0, setAside: 0, hasState: false };
    const finding = survey.rooms.get(room);
    const missing = finding ? missingUpdates(finding) : 0;
    const stateLost = finding?.record?.hasState === true && !hasState;
    const recordLost = finding !== undefined && finding.record === null;
    if (kept === 0 && !hasState) losses.push({ room, kind: 'gone', missing, setAside });
    else if (missing > 0 || setAside > 0 || stateLost || recordLost) {
      losses.push({ room, kind: 'incomplete', missing: missing + (stateLost ? 1 : 0), setAside });
    }
  }
  return losses;
}

/** Rooms that a space counts beyond those of which at least the name was found. */
function unknownRoomsOf(surveys: readonly (Survey | null)[]): number {
  const counted = new Map<string, number>();
  const named = new Map<string, Set<string>>();
  for (const survey of surveys) {
    for (const [space, { rooms }] of survey?.spaces ?? []) counted.set(space, Math.max(counted.get(space) ?? 0, rooms));
    for (const room of survey?.rooms.keys() ?? []) {
      const space = room.slice(0, room.lastIndexOf('/'));
      named.set(space, (named.get(space) ?? new Set()).add(room));
    }
  }
  return [...counted].reduce((sum, [space, rooms]) => sum + Math.max(0, rooms - (named.get(space)?.size ?? 0)), 0);
}

function nothingLeft(problems: readonly StoreProblem[]): AppError {
  return new AppError(
    'damaged',
    'Not one room of this store can be read. Nothing was changed. Restore a backup into an empty folder; or move the store away and start an empty relay, which members fill again.',
    { details: { problems: problems.map(({ what }) => what) } },
  );
}
