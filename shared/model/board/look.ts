// How somebody looks at a board: view, lanes, filter, the table's columns and order, the calendar's stretch. Plain data; reading is total.
import { isJson } from '../document/plain-maps.ts';

/** By what lanes are made (BD14). */
export const LANE_KINDS = ['person', 'label', 'priority'] as const;
export type LaneKind = (typeof LANE_KINDS)[number];

export const VIEWS = ['board', 'table', 'calendar', 'list', 'figures'] as const;
export type View = (typeof VIEWS)[number];

export const STRETCHES = ['month', 'week'] as const;
export type Stretch = (typeof STRETCHES)[number];

export const DUE_CHOICES = ['overdue', 'soon', 'later', 'none', 'done'] as const;
export type DueChoice = (typeof DUE_CHOICES)[number];

/** What a card is to whoever looks: changed by somebody else, changed while they were away, watched, nowhere else yet. */
export const MARKS = ['unread', 'away', 'watched', 'unsent'] as const;
export type Mark = (typeof MARKS)[number];

/** Within one list any of it is enough; the lists all have to hold. */
export interface CardFilter {
  readonly words: string;
  /** Member ids; '' for cards of nobody. */
  readonly members: readonly string[];
  /** Label ids; '' for cards without any. */
  readonly labels: readonly string[];
  readonly due: readonly DueChoice[];
  readonly marks: readonly Mark[];
}

export const NO_FILTER: CardFilter = { words: '', members: [], labels: [], due: [], marks: [] };

export interface TableSort {
  /** The key of a column of the table. */
  readonly by: string;
  readonly down: boolean;
}

/** How the table is shown: by which column it is sorted, and which it leaves out, by their keys. */
export interface TableLook {
  readonly sort: TableSort | null;
  readonly hidden: readonly string[];
}

export interface BoardLook {
  readonly view: View;
  readonly lanes: LaneKind | null;
  readonly filter: CardFilter;
  readonly table: TableLook;
  readonly calendar: Stretch;
}

export const PLAIN_LOOK: BoardLook = {
  view: 'board',
  lanes: null,
  filter: NO_FILTER,
  table: { sort: null, hidden: [] },
  calendar: 'month',
};

const LONGEST_WORDS = 200;
const MOST_CHOSEN = 100;
const MOST_HIDDEN = 500;
const LONGEST_ID = 300;

/** What a window remembered, or a saved view says; anything may stand there, and what is not known is passed over. */
export function readLook(value: unknown): BoardLook {
  const { view, lanes, filter, table, calendar } = parts(value);
  return {
    view: VIEWS.find((one) => one === view) ?? PLAIN_LOOK.view,
    lanes: LANE_KINDS.find((one) => one === lanes) ?? null,
    filter: readFilter(filter),
    table: readTable(table),
    calendar: STRETCHES.find((one) => one === calendar) ?? PLAIN_LOOK.calendar,
  };
}

export function readFilter(value: unknown): CardFilter {
  const { words, members, labels, due, marks } = parts(value);
  return {
    words: typeof words === 'string' ? words.slice(0, LONGEST_WORDS) : '',
    members: texts(members, MOST_CHOSEN),
    labels: texts(labels, MOST_CHOSEN),
    due: known(due, DUE_CHOICES),
    marks: known(marks, MARKS),
  };
}

function readTable(value: unknown): TableLook {
  const { sort, hidden } = parts(value);
  const { by, down } = parts(sort);
  return {
    sort: typeof by === 'string' && by.length <= LONGEST_ID ? { by, down: down === true } : null,
    hidden: texts(hidden, MOST_HIDDEN),
  };
}

/** Whether two show the same: of what is chosen, the order says nothing. */
export function sameLook(a: BoardLook, b: BoardLook): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
}

function inOrder({ view, lanes, filter, table, calendar }: BoardLook): unknown {
  const { words, members, labels, due, marks } = filter;
  const chosen = [members, labels, due, marks, table.hidden].map((list) => list.toSorted());
  return [view, lanes, words.trim(), chosen, table.sort?.by ?? null, table.sort?.down ?? null, calendar];
}

/** Longer than this nothing that a version does not know is carried along. */
const LONGEST_UNKNOWN = 4_000;

/** As it is stored: what `before` says and this version does not know stays in it. */
export function storedLook(look: BoardLook, before: unknown): unknown {
  const whole = isJson(before) ? parts(before) : {};
  const filter = parts(whole['filter']);
  const unknown = (key: string, all: readonly string[]): readonly string[] =>
    texts(filter[key], MOST_CHOSEN).filter((one) => !all.includes(one));
  return {
    ...foreign(whole, ['view', 'lanes', 'filter', 'table', 'calendar']),
    ...look,
    filter: {
      ...foreign(filter, ['words', 'members', 'labels', 'due', 'marks']),
      ...look.filter,
      due: [...look.filter.due, ...unknown('due', DUE_CHOICES)],
      marks: [...look.filter.marks, ...unknown('marks', MARKS)],
    },
  };
}

function foreign(value: Readonly<Record<string, unknown>>, ours: readonly string[]): Readonly<Record<string, unknown>> {
  const others = Object.entries(value).filter(([key]) => !ours.includes(key) && key !== '__proto__');
  return JSON.stringify(others).length > LONGEST_UNKNOWN ? {} : Object.fromEntries(others);
}

function parts(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function texts(value: unknown, most: number): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is string => typeof one === 'string' && one.length <= LONGEST_ID).slice(0, most);
}

function known<T extends string>(value: unknown, all: readonly T[]): readonly T[] {
  const said = texts(value, MOST_CHOSEN);
  return all.filter((one) => said.includes(one));
}
