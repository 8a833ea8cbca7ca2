// Reads every row of a store's database with its checksum and says what is there; it judges nothing and mends nothing.
import { ClassicLevel } from 'classic-level';
import { AppError, toWireError } from '../base/app-error.ts';
import { parseRoomName } from '../protocol/room-name.ts';
import { unseal } from './checksummed.ts';
import { ContentSurvey, knowledgeOfState, type RoomContent } from './content-survey.ts';
import { scanDamaged } from './damaged-scan.ts';
import { emptyHistory, takeHistoryRow, type HistorySurvey } from './segment-survey.ts';
import {
  decodeEpoch,
  decodeRoomRecord,
  decodeRoomState,
  decodeSpaceRecord,
  KEYS,
  type RoomRecord,
  type SpaceRecord,
} from './store-records.ts';

/** The area of values in which a repair keeps updates that build on something lost. */
export const SET_ASIDE = 'set-aside';

export interface RoomFinding extends RoomContent {
  record: RoomRecord | null;
  /** Of the updates whose checksum holds, rising. */
  readonly sequences: number[];
  /** The number under which its space's index lists it; null where it does not. */
  indexed: number | null;
  bytes: number;
  /** Updates that an earlier repair set aside. */
  setAside: number;
}

export interface Survey {
  hub: string | null;
  /** The newest. */
  epoch: string | null;
  readonly spaces: Map<string, SpaceRecord>;
  readonly rooms: Map<string, RoomFinding>;
  /** Index entries by space: one a room, in a sound store. */
  readonly indexed: Map<string, number>;
  values: number;
  /** Rows of families that this version does not know: a newer one's. */
  others: number;
  readonly history: HistorySurvey;
  /** Keys of rows that fail their checks. */
  readonly badRows: string[];
  /** Keys of rows that are there and that a direct look does not find: the damage is in a table's filter or index. */
  readonly unfound: string[];
  /** What LevelDB said at each place that it could not read. */
  readonly unreadable: string[];
}

export type OpenedLevel = ClassicLevel<string, Uint8Array>;

/** Opens the database of a copy that may be thrown away. Errors are LevelDB's own. */
export async function openCopy(database: string, create = false): Promise<OpenedLevel> {
  const level: OpenedLevel = new ClassicLevel(database, {
    keyEncoding: 'utf8',
    valueEncoding: 'view',
    createIfMissing: create,
  });
  await level.open();
  return level;
}

export const EVERYTHING = Object.freeze({ gte: '', lt: '\u007f' });
/** Rows that a store asks for by their key; updates and changes it reads in ranges. */
const READ_DIRECTLY = /^[dghjrv]!/;

async function isFound(level: OpenedLevel, key: string): Promise<boolean> {
  try {
    return (await level.get(key)) !== undefined;
  } catch {
    // What a look runs into is the same damage, however LevelDB words it.
    return false;
  }
}

/** One pass over everything; memory grows with rooms and rows, not with their bytes. Never throws for damage. */
export async function surveyDatabase(level: OpenedLevel): Promise<Survey> {
  const survey: Survey = {
    hub: null,
    epoch: null,
    spaces: new Map(),
    rooms: new Map(),
    indexed: new Map(),
    values: 0,
    others: 0,
    history: emptyHistory(),
    badRows: [],
    unfound: [],
    unreadable: [],
  };
  const content = new ContentSurvey(level);
  const damaged = (cause: unknown): void => void survey.unreadable.push(toWireError(cause).message);
  for await (const [key, sealed] of scanDamaged(level, EVERYTHING, damaged)) {
    try {
      const bytes = unseal(key, sealed);
      takeRow(survey, key, bytes);
      if (key.startsWith('t!')) {
        const room = key.slice(2, key.lastIndexOf('!'));
        await content.take(room, findingOf(survey, room), bytes);
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      survey.badRows.push(key);
    }
    if (READ_DIRECTLY.test(key) && !(await isFound(level, key))) survey.unfound.push(key);
  }
  content.end();
  return survey;
}

/** Rule ST8: whether a row belongs to a family of keys that this version does not know, and is to be kept as it is. */
export function isUnknownRow(key: string): boolean {
  return key !== KEYS.hub && /^[a-z][a-z0-9]*![\x20-\x7e]*$/.test(key) && !/^[cdegijkrstv]!/.test(key);
}

/** All changes ever counted, by what the spaces say. */
export function changesOf(survey: Survey): number {
  return [...survey.spaces.values()].reduce((sum, { number }) => sum + number, 0);
}

/** `<room>/<name>` of a value that was set aside, or null. */
export function setAsideRoom(key: string): string | null {
  const prefix = KEYS.value(SET_ASIDE, '');
  return key.startsWith(prefix) ? key.slice(prefix.length, key.lastIndexOf('/')) : null;
}

function takeRow(survey: Survey, key: string, bytes: Uint8Array): void {
  const rest = key.slice(2);
  switch (key.slice(0, 2)) {
    case 'c!':
      return takeIndex(survey, rest, new TextDecoder().decode(bytes));
    case 'd!': {
      const state = decodeRoomState(key, bytes);
      const room = findingOf(survey, rest);
      room.hasState = true;
      room.isStateSound = knowledgeOfState(state) !== null;
      room.bytes += bytes.length;
      return;
    }
    case 'e!':
      survey.epoch = decodeEpoch(key, bytes).epoch;
      return;
    case 'h!':
      if (key !== KEYS.hub) break;
      survey.hub = new TextDecoder().decode(bytes);
      return;
    case 'r!':
      findingOf(survey, rest).record = decodeRoomRecord(key, bytes);
      return;
    case 's!':
      survey.spaces.set(rest, decodeSpaceRecord(key, bytes));
      return;
    case 't!': {
      const end = rest.lastIndexOf('!');
      const room = findingOf(survey, rest.slice(0, end));
      room.sequences.push(Number.parseInt(rest.slice(end + 1), 16));
      room.bytes += bytes.length;
      return;
    }
    case 'v!': {
      survey.values += 1;
      const room = setAsideRoom(key);
      if (room !== null) findingOf(survey, room).setAside += 1;
      return;
    }
  }
  if (takeHistoryRow(survey.history, key, bytes)) return;
  // Rule ST8. What no version can have written is damage.
  if (!isUnknownRow(key)) throw unknownRow();
  survey.others += 1;
}

function takeIndex(survey: Survey, rest: string, name: string): void {
  const end = rest.lastIndexOf('!');
  const space = rest.slice(0, end);
  if (!name.startsWith(`${space}/`)) throw unknownRow();
  findingOf(survey, name).indexed = Number.parseInt(rest.slice(end + 1), 16);
  survey.indexed.set(space, (survey.indexed.get(space) ?? 0) + 1);
}

function findingOf(survey: Survey, name: string): RoomFinding {
  const known = survey.rooms.get(name);
  if (known) return known;
  if (!parseRoomName(name)) throw unknownRow();
  const room: RoomFinding = {
    record: null,
    hasState: false,
    isStateSound: true,
    waiting: 0,
    sequences: [],
    indexed: null,
    bytes: 0,
    setAside: 0,
  };
  survey.rooms.set(name, room);
  return room;
}

function unknownRow(): AppError {
  return new AppError('damaged', 'A row of the database is none that Caravan writes.');
}
