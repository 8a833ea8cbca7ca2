// Figures of a community by weeks: pure, of rows that say what people did on which day of UTC. No clock is asked, and nobody is ranked: only numbers of people leave here.
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { INSIGHT_WEEKS, type InsightFigures, type Insights } from '../../contract/insights.ts';
import { DAY, type DoingRow } from '../doings/doing-row.ts';

/** A day of UTC as its number since 1970; the week begins on Monday. Null for what is no day. */
export function weekOf(day: string): number | null {
  const at = Date.parse(`${day}T00:00:00Z`);
  // The 1st of January 1970 was a Thursday.
  return Number.isNaN(at) ? null : Math.floor((at / DAY + 3) / 7);
}

export function firstDay(week: number): string {
  return new Date((week * 7 - 3) * DAY).toISOString().slice(0, 10);
}

const weekOfDay = (day: number): number => Math.floor((day + 3) / 7);

interface Counting {
  readonly active: Set<string>;
  asked: number;
  readonly times: number[];
  replies: number;
  across: number;
}

export interface Counted {
  /** All that may be read: where people are at home is asked of all of it. */
  readonly rows: readonly DoingRow[];
  /** Those that are counted. */
  readonly spaces: readonly string[];
  /** Whoever is or was a member; what names anybody else does not count. */
  readonly people: { has(member: string): boolean };
  /** The last one that counts. */
  readonly week: number;
}

export function figuresOf({ rows, spaces, people, week }: Counted): Omit<Insights, 'waiting'> {
  const first = week - INSIGHT_WEEKS + 1;
  const counts = (of: number): boolean => of >= first && of <= week;
  const homes = homesOf(rows, people, counts);
  const weeks = Array.from({ length: INSIGHT_WEEKS }, begun);
  const total = begun();
  const counted = new Set(spaces);
  for (const row of rows) {
    const space = parseRoomName(row.room)?.space ?? '';
    if (!counted.has(space)) continue;
    for (const [member, days] of Object.entries(row.days)) {
      if (!people.has(member)) continue;
      for (const [day, , replies] of days) {
        const of = weekOfDay(day);
        if (!counts(of)) continue;
        for (const counting of [weeks[of - first], total]) {
          if (!counting) continue;
          counting.active.add(member);
          counting.replies += replies;
          if (homes.get(member) !== space) counting.across += replies;
        }
      }
    }
    const { question } = row;
    const of = question ? weekOfDay(Math.floor(question.at / DAY)) : NaN;
    if (!question || !counts(of)) continue;
    for (const counting of [weeks[of - first], total]) {
      if (!counting) continue;
      counting.asked += 1;
      if (question.answered !== null) counting.times.push(question.answered - question.at);
    }
  }
  return {
    from: firstDay(first),
    to: firstDay(week + 1),
    spaces: [...spaces].sort(),
    weeks: weeks.map((counting, at) => ({ from: firstDay(first + at), ...told(counting) })),
    total: told(total),
  };
}

/** Where each did most in these weeks; of several spaces the one with the smallest id. */
function homesOf(
  rows: readonly DoingRow[],
  people: Counted['people'],
  counts: (week: number) => boolean,
): ReadonlyMap<string, string> {
  const did = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const space = parseRoomName(row.room)?.space ?? '';
    for (const [member, days] of Object.entries(row.days)) {
      if (!people.has(member)) continue;
      const known = did.get(member) ?? new Map<string, number>();
      did.set(member, known);
      for (const [day, doings] of days) {
        if (counts(weekOfDay(day))) known.set(space, (known.get(space) ?? 0) + doings);
      }
    }
  }
  const homes = new Map<string, string>();
  for (const [member, known] of did) {
    const [home] = [...known].sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1));
    if (home) homes.set(member, home[0]);
  }
  return homes;
}

function begun(): Counting {
  return { active: new Set(), asked: 0, times: [], replies: 0, across: 0 };
}

function told({ active, asked, times, replies, across }: Counting): InsightFigures {
  const sorted = times.toSorted((a, b) => a - b);
  return {
    active: active.size,
    asked,
    answered: times.length,
    median: sorted[Math.floor((sorted.length - 1) / 2)] ?? null,
    replies,
    across,
  };
}
