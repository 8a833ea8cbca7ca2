// What a survey of a store finds of its history, and what is wrong with it; row by row, nothing is mended.
import type { SpaceHistory } from '../hub/segment-rows.ts';
import { damagedAt } from './checksummed.ts';
import { sha256 } from './segment-signer.ts';
import { decodeIndexed, decodePlace, decodeSpaceHistory } from './segment-records.ts';

/** The three rows of a segment, as bits. */
const [BYTES, LISTED, PLACED] = [1, 2, 4];
const WHOLE = BYTES | LISTED | PLACED;

export interface HistorySurvey {
  readonly spaces: Map<string, SpaceHistory>;
  /** Which rows of each segment (`<workspace>/<hash>`) are there. */
  readonly rows: Map<string, number>;
  /** Of each space, how many segments its list names. */
  readonly listed: Map<string, number>;
  bytes: number;
  /** When the oldest one ended. */
  oldest: number | null;
}

export interface HistoryProblem {
  /** For people. */
  readonly what: string;
  readonly space?: string;
}

export function emptyHistory(): HistorySurvey {
  return { spaces: new Map(), rows: new Map(), listed: new Map(), bytes: 0, oldest: null };
}

/** Takes a row whose checksum holds; false for one that is not of history. Throws `damaged` for bytes that are not what their name says. */
export function takeHistoryRow(survey: HistorySurvey, key: string, bytes: Uint8Array): boolean {
  const rest = key.slice(2);
  switch (key.slice(0, 2)) {
    case 'g!': {
      const [room = '', hash = ''] = rest.split('!');
      if (sha256(bytes) !== hash) throw damagedAt(key, 'a segment is not what its name says');
      add(survey, `${room.slice(0, room.indexOf('/'))}/${hash}`, BYTES);
      survey.bytes += bytes.length;
      return true;
    }
    case 'i!': {
      const { room, hash, endedAt } = decodeIndexed(key, bytes);
      const space = rest.slice(0, rest.lastIndexOf('!'));
      add(survey, `${room.slice(0, room.indexOf('/'))}/${hash}`, LISTED);
      survey.listed.set(space, (survey.listed.get(space) ?? 0) + 1);
      survey.oldest = Math.min(survey.oldest ?? endedAt, endedAt);
      return true;
    }
    case 'j!':
      decodePlace(key, bytes);
      add(survey, rest.replace('!', '/'), PLACED);
      return true;
    case 'k!':
      survey.spaces.set(rest, decodeSpaceHistory(key, bytes));
      return true;
    default:
      return false;
  }
}

/** Rule CO5, and that every segment has all its rows. */
export function historyProblems({ spaces, rows, listed }: HistorySurvey): readonly HistoryProblem[] {
  const problems: HistoryProblem[] = [];
  const say = (what: string, space?: string): void => {
    problems.push({ what, ...(space === undefined ? {} : { space }) });
  };
  const broken = [...rows.values()].filter((found) => found !== WHOLE).length;
  if (broken > 0) say(`History: ${broken} segments lack a part of themselves or of their lists.`);
  for (const space of new Set([...spaces.keys(), ...listed.keys()])) {
    const [expected, found] = [spaces.get(space)?.count ?? 0, listed.get(space) ?? 0];
    if (expected !== found)
      say(`Space ${space}: ${expected} segments of history were stored, ${found} are there`, space);
  }
  return problems;
}

function add(survey: HistorySurvey, name: string, row: number): void {
  survey.rows.set(name, (survey.rows.get(name) ?? 0) | row);
}
