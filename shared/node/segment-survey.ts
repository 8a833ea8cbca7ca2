// What a survey of a store finds of its history, and what is wrong with it; row by row, nothing is mended.
import type { SpaceHistory } from '../hub/segment-rows.ts';
import { parseRoomName } from '../protocol/room-name.ts';
import { damagedAt } from './checksummed.ts';
import { sha256 } from './segment-signer.ts';
import { decodeIndexed, decodePlace, decodeSpaceHistory } from './segment-records.ts';

/** The three rows of a segment, as bits. */
const [BYTES, LISTED, PLACED] = [1, 2, 4];
const WHOLE = BYTES | LISTED | PLACED;

/** What is known of a segment by those of its rows that hold. */
export interface SegmentFinding {
  readonly room: string;
  /** Which rows are there. */
  readonly rows: number;
  /** As its list says; null where that row is not there. */
  readonly endedAt: number | null;
}

export interface HistorySurvey {
  readonly spaces: Map<string, SpaceHistory>;
  /** By `<workspace>/<hash>`. */
  readonly segments: Map<string, SegmentFinding>;
  /** Of each space, how many segments its list names. */
  readonly listed: Map<string, number>;
  bytes: number;
  /** When the oldest one ended. */
  oldest: number | null;
}

export interface HistoryProblem {
  /** For people. */
  readonly what: string;
  readonly room?: string;
  readonly space?: string;
}

export function emptyHistory(): HistorySurvey {
  return { spaces: new Map(), segments: new Map(), listed: new Map(), bytes: 0, oldest: null };
}

/** Whether the segment's own bytes are there and are what its name says. */
export function hasBytes({ rows }: SegmentFinding): boolean {
  return (rows & BYTES) !== 0;
}

/** Takes a row whose checksum holds; false for one that is not of history. Throws `damaged` for bytes that are not what their name says. */
export function takeHistoryRow(survey: HistorySurvey, key: string, bytes: Uint8Array): boolean {
  const rest = key.slice(2);
  switch (key.slice(0, 2)) {
    case 'g!': {
      const [room = '', hash = ''] = rest.split('!');
      if (sha256(bytes) !== hash) throw damagedAt(key, 'a segment is not what its name says');
      add(survey, key, { room, hash, row: BYTES, endedAt: null });
      survey.bytes += bytes.length;
      return true;
    }
    case 'i!': {
      const { room, hash, endedAt } = decodeIndexed(key, bytes);
      const space = rest.slice(0, rest.lastIndexOf('!'));
      add(survey, key, { room, hash, row: LISTED, endedAt });
      survey.listed.set(space, (survey.listed.get(space) ?? 0) + 1);
      survey.oldest = Math.min(survey.oldest ?? endedAt, endedAt);
      return true;
    }
    case 'j!':
      add(survey, key, {
        room: decodePlace(key, bytes).room,
        hash: rest.slice(rest.indexOf('!') + 1),
        row: PLACED,
        endedAt: null,
      });
      return true;
    case 'k!':
      survey.spaces.set(rest, decodeSpaceHistory(key, bytes));
      return true;
    default:
      return false;
  }
}

/** What segments are called where a workspace is not known otherwise. */
export function segmentName(room: string, hash: string): string {
  return `${room.slice(0, room.indexOf('/'))}/${hash}`;
}

/** Rule CO5, and that every segment has all its rows. */
export function historyProblems({ spaces, segments, listed }: HistorySurvey): readonly HistoryProblem[] {
  const problems: HistoryProblem[] = [];
  const rooms = new Map<string, { all: number; broken: number }>();
  for (const { room, rows } of segments.values()) {
    const { all, broken } = rooms.get(room) ?? { all: 0, broken: 0 };
    rooms.set(room, { all: all + 1, broken: broken + (rows === WHOLE ? 0 : 1) });
  }
  for (const [room, { all, broken }] of rooms) {
    if (broken === 0) continue;
    problems.push({
      room,
      what: `Room ${room}: ${broken} of ${all} segments of its history lack a part or a list entry`,
    });
  }
  for (const space of new Set([...spaces.keys(), ...listed.keys()])) {
    const [expected, found] = [spaces.get(space)?.count ?? 0, listed.get(space) ?? 0];
    if (expected === found) continue;
    problems.push({ space, what: `Space ${space}: ${expected} segments of history were stored, ${found} are there` });
  }
  return problems;
}

interface FoundRow {
  readonly room: string;
  readonly hash: string;
  readonly row: number;
  readonly endedAt: number | null;
}

function add(survey: HistorySurvey, key: string, { room, hash, row, endedAt }: FoundRow): void {
  if (!parseRoomName(room)) throw damagedAt(key, 'a segment is of no room');
  const name = segmentName(room, hash);
  const known = survey.segments.get(name);
  survey.segments.set(name, { room, rows: (known?.rows ?? 0) | row, endedAt: known?.endedAt ?? endedAt });
}
