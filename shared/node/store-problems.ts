// What is wrong with a store, judged from its survey and the files beside its database; pure, every finding is a sentence.
import { historyProblems } from './segment-survey.ts';
import type { RoomFinding, Survey } from './store-survey.ts';
import { changesOf } from './store-survey.ts';

export interface StoreProblem {
  readonly kind: 'files' | 'database' | 'row' | 'room' | 'space' | 'changes' | 'history';
  /** For people. */
  readonly what: string;
  readonly room?: string;
  readonly space?: string;
  readonly key?: string;
}

/** The rules RO2, ST2, FO4 and CO1 to CO3 of docs/storage.md, all of them and not only the first that fails. */
export function problemsOf(survey: Survey, expectedHub: string | null): readonly StoreProblem[] {
  const problems: StoreProblem[] = [];
  for (const said of survey.unreadable) {
    problems.push({ kind: 'database', what: `A place in the database cannot be read: ${said}` });
  }
  if (survey.hub === null) problems.push({ kind: 'database', what: 'The database does not say which hub it is.' });
  else if (expectedHub !== null && survey.hub !== expectedHub) {
    problems.push({ kind: 'database', what: 'The database is not the one that belongs in this folder.' });
  }
  for (const key of survey.badRows) {
    problems.push({ kind: 'row', key, what: `A row fails its checks: ${printable(key)}` });
  }
  for (const key of survey.unfound) {
    problems.push({
      kind: 'row',
      key,
      what: `A row is there but is not found when it is asked for: ${printable(key)}`,
    });
  }
  for (const [room, finding] of survey.rooms) {
    const what = roomProblem(finding);
    if (what !== null) problems.push({ kind: 'room', room, what: `Room ${room}: ${what}` });
  }
  return [...problems, ...spaceProblems(survey), ...historyOf(survey)];
}

/** Updates that a room's record counts and that are not there. */
export function missingUpdates({ record, sequences }: RoomFinding): number {
  if (record) {
    return record.next - record.first - sequences.filter((at) => at >= record.first && at < record.next).length;
  }
  // Without the record, only holes between those that are there can be seen.
  const [first, last] = [sequences[0], sequences.at(-1)];
  return first === undefined || last === undefined ? 0 : last - first + 1 - sequences.length;
}

function historyOf({ history }: Survey): StoreProblem[] {
  return historyProblems(history).map((problem) => ({ ...problem, kind: 'history' }));
}

function roomProblem(finding: RoomFinding): string | null {
  const { record, hasState, isStateSound, waiting, sequences, indexed } = finding;
  if (!record) {
    const bare = !hasState && sequences.length === 0 && indexed === null;
    // A room of which nothing is left but what a repair set aside is waiting for its members.
    return bare ? null : 'its record is missing';
  }
  const missing = missingUpdates(finding);
  if (missing > 0) return `${missing} of ${record.next - record.first} updates are missing`;
  if (sequences.length > record.next - record.first) return 'it has more updates than it counts';
  if (record.hasState !== hasState) return record.hasState ? 'its merged state is missing' : 'it has a state uncounted';
  if (indexed !== record.number) return 'the list of changes does not name it under its number';
  if (!isStateSound) return 'its merged state cannot be read, or does not hold what it says';
  if (waiting > 0) return `${waiting} of its updates build on something that is missing, or cannot be read`;
  return null;
}

function spaceProblems(survey: Survey): StoreProblem[] {
  const counts = new Map<string, { rooms: number; appends: number }>();
  for (const [room, { record }] of survey.rooms) {
    if (!record) continue;
    const space = room.slice(0, room.lastIndexOf('/'));
    const count = counts.get(space) ?? { rooms: 0, appends: 0 };
    counts.set(space, { rooms: count.rooms + 1, appends: count.appends + record.appends });
  }
  const problems: StoreProblem[] = [];
  const say = (space: string, what: string): void => {
    problems.push({ kind: 'space', space, what: `Space ${space}: ${what}` });
  };
  for (const space of new Set([...survey.spaces.keys(), ...counts.keys(), ...survey.indexed.keys()])) {
    const record = survey.spaces.get(space);
    const { rooms, appends } = counts.get(space) ?? { rooms: 0, appends: 0 };
    const listed = survey.indexed.get(space) ?? 0;
    if (!record) say(space, `its count is missing; ${rooms} rooms are there`);
    else if (record.rooms !== rooms) say(space, `${record.rooms} rooms were stored, ${rooms} are there`);
    else if (listed !== rooms) say(space, `its list of changes names ${listed} of ${rooms} rooms`);
    else if (record.number - record.gone !== appends) {
      say(space, `${record.number - record.gone} changes were stored, ${appends} are there`);
    }
  }
  return problems;
}

/** Rule CO4: fewer changes than there were at the last opening or close. */
export function lostAtEnd(survey: Survey, head: number | null): StoreProblem[] {
  const found = changesOf(survey);
  if (head === null || found >= head) return [];
  const what = `At least ${head - found} changes are missing at the end of the database; which rooms they were in is not known.`;
  return [{ kind: 'changes', what }];
}

/** A key from a damaged place may hold anything. */
function printable(key: string): string {
  return key.slice(0, 200).replace(/[^\x20-\x7e]/g, '?');
}
