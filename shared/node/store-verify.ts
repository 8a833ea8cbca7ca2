// Verifies a store without changing it: everything is read, from a copy, while nobody else can open it.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, toWireError } from '../base/app-error.ts';
import { checkRowFiles, rowFiles } from './leveldb/database-files.ts';
import { checkFormat } from './store-format.ts';
import { copyToRead } from './store-copy.ts';
import { toStoreError } from './store-errors.ts';
import { holdStore } from './store-guard.ts';
import { salvageRows } from './store-salvage.ts';
import { lostAtEnd, problemsOf, type StoreProblem } from './store-problems.ts';
import { changesOf, openCopy, surveyDatabase, type Survey } from './store-survey.ts';

export interface StoreReport {
  readonly hub: string | null;
  readonly format: number | null;
  readonly epoch: string | null;
  readonly workspaces: number;
  readonly spaces: number;
  readonly rooms: number;
  /** Of documents, as stored. */
  readonly bytes: number;
  readonly changes: number;
  readonly history: { readonly segments: number; readonly bytes: number; readonly oldest: number | null };
  /** Updates that a repair set aside because what they build on is missing. */
  readonly setAside: number;
  /** Empty: all is well. */
  readonly problems: readonly StoreProblem[];
}

/** Rules UP1 and UP2. Throws `not-found`, `locked`, `too-new`, `unsupported`, `read-only`, `disk-full`; damage is in the report. */
export async function verifyStore(directory: string): Promise<StoreReport> {
  const held = await holdStore(directory);
  try {
    return (await inspectStore(directory, join(held.work, 'copy'))).report;
  } catch (error) {
    throw toStoreError(error, directory);
  } finally {
    await held.release();
  }
}

export interface Inspection {
  readonly report: StoreReport;
  /** Null when the database does not open. */
  readonly survey: Survey | null;
  /** The changes that head.json promises; null where it says nothing. */
  readonly head: number | null;
  readonly hub: string | null;
}

/** The same for a store that is held, or that is nobody's yet. `copy` must not exist. */
export async function inspectStore(directory: string, copy: string): Promise<Inspection> {
  const problems: StoreProblem[] = [];
  const format = await readFormatFile(directory, problems);
  const head = await readHeadFile(directory, problems);
  let survey: Survey | null = null;
  await copyToRead(directory, copy);
  const database = join(copy, 'db');
  const broken = await checkRowFiles(database, await rowFiles(database));
  for (const { file, what } of broken) problems.push({ kind: 'files', what: `The file db/${file}: ${what}.` });
  if (!existsSync(join(database, 'CURRENT'))) {
    problems.push({ kind: 'database', what: 'The database’s own table of contents (CURRENT) is missing.' });
  } else if (broken.some(({ deadly }) => deadly)) {
    survey = await surveySalvaged(database, join(copy, 'salvaged'));
  } else {
    survey = await openAndSurvey(database, problems);
  }
  if (survey) problems.push(...problemsOf(survey, format?.hub ?? null), ...lostAtEnd(survey, head));
  const hub = survey?.hub ?? format?.hub ?? null;
  return { report: reportOf(survey, { hub, format: format?.format ?? null, problems }), survey, head, hub };
}

/** Rule UP7: a table that fails its checksums is never given to LevelDB, whose code may end the process on it. */
async function surveySalvaged(database: string, target: string): Promise<Survey> {
  const level = await salvageRows(database, target);
  try {
    return await surveyDatabase(level);
  } finally {
    await level.close();
  }
}

async function openAndSurvey(database: string, problems: StoreProblem[]): Promise<Survey | null> {
  let level;
  try {
    level = await openCopy(database);
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : toWireError(error).message;
    problems.push({ kind: 'database', what: `The database does not open: ${cause.replaceAll(database, 'db')}` });
    return null;
  }
  try {
    return await surveyDatabase(level);
  } finally {
    await level.close();
  }
}

async function readFormatFile(directory: string, problems: StoreProblem[]) {
  try {
    const format = await checkFormat(directory, join(directory, 'db'));
    if (!format) problems.push({ kind: 'files', what: 'The file format.json is missing.' });
    return format;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'damaged') throw error;
    problems.push({ kind: 'files', what: 'The file format.json cannot be read.' });
    return null;
  }
}

async function readHeadFile(directory: string, problems: StoreProblem[]): Promise<number | null> {
  const path = join(directory, 'head.json');
  if (!existsSync(path)) return null;
  const digits = /^\{"changes":(\d+)\}\n$/.exec(await readFile(path, 'utf8'))?.[1];
  if (digits !== undefined) return Number(digits);
  problems.push({ kind: 'files', what: 'The file head.json cannot be read.' });
  return null;
}

function reportOf(survey: Survey | null, known: Pick<StoreReport, 'hub' | 'format' | 'problems'>): StoreReport {
  const rooms = [...(survey?.rooms ?? [])].filter(([, { record }]) => record !== null);
  const all = [...(survey?.rooms.values() ?? [])];
  return {
    ...known,
    epoch: survey?.epoch ?? null,
    workspaces: new Set(rooms.map(([room]) => room.slice(0, room.indexOf('/')))).size,
    spaces: survey?.spaces.size ?? 0,
    rooms: rooms.length,
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    changes: survey ? changesOf(survey) : 0,
    history: historyOf(survey),
    setAside: all.reduce((sum, { setAside }) => sum + setAside, 0),
  };
}

function historyOf(survey: Survey | null): StoreReport['history'] {
  if (!survey) return { segments: 0, bytes: 0, oldest: null };
  const { listed, bytes, oldest } = survey.history;
  return { segments: [...listed.values()].reduce((sum, count) => sum + count, 0), bytes, oldest };
}
