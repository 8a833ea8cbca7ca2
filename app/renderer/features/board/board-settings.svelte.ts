// How I look at one board in this window: view, lanes, filter, folded columns, and a card that is being written. Kept by the window's profile.
import { LANE_KINDS, type LaneKind } from '../../../../shared/model/board/lanes.ts';
import { Remembered } from '../../window/remembered.ts';
import type { Stretch } from './views/calendar-days.ts';
import type { TableSort } from './views/table-columns.ts';
import { NO_FILTER, readFilter, type CardFilter } from './card-filter.ts';

export const VIEWS = ['board', 'table', 'calendar', 'list', 'figures'] as const;
export type View = (typeof VIEWS)[number];

/** How the table is shown: by which column it is sorted, and which it leaves out, by their keys. */
export interface TableSettings {
  readonly sort: TableSort | null;
  readonly hidden: readonly string[];
}

interface Kept {
  readonly view: View;
  readonly lanes: LaneKind | null;
  readonly filter: CardFilter;
  readonly table: TableSettings;
  readonly calendar: Stretch;
  /** Ids of columns, and of lanes as `lane:` and their value. */
  readonly folded: readonly string[];
  /** What stands in the fields for new cards, by column: nothing typed is lost with the window. */
  readonly drafts: Readonly<Record<string, string>>;
}

const NOTHING: Kept = {
  view: 'board',
  lanes: null,
  filter: NO_FILTER,
  table: { sort: null, hidden: [] },
  calendar: 'month',
  folded: [],
  drafts: {},
};
const MOST_FOLDED = 500;
const LONGEST_DRAFT = 20_000;

export class BoardSettings {
  readonly #remembered: Remembered<Kept>;
  #kept = $state.raw<Kept>(NOTHING);

  constructor(board: string) {
    this.#remembered = new Remembered(`board.${board}`, readKept);
    this.#kept = this.#remembered.get();
  }

  get view(): View {
    return this.#kept.view;
  }
  set view(view: View) {
    this.#keep({ view });
  }

  get lanes(): LaneKind | null {
    return this.#kept.lanes;
  }
  set lanes(lanes: LaneKind | null) {
    this.#keep({ lanes });
  }

  get filter(): CardFilter {
    return this.#kept.filter;
  }
  set filter(filter: CardFilter) {
    this.#keep({ filter });
  }

  get table(): TableSettings {
    return this.#kept.table;
  }
  set table(table: TableSettings) {
    this.#keep({ table });
  }

  get calendar(): Stretch {
    return this.#kept.calendar;
  }
  set calendar(calendar: Stretch) {
    this.#keep({ calendar });
  }

  isFolded(id: string): boolean {
    return this.#kept.folded.includes(id);
  }
  fold(id: string, folded: boolean): void {
    const others = this.#kept.folded.filter((one) => one !== id);
    this.#keep({ folded: folded ? [...others, id].slice(-MOST_FOLDED) : others });
  }

  draft(column: string): string {
    return Object.hasOwn(this.#kept.drafts, column) ? (this.#kept.drafts[column] ?? '') : '';
  }
  setDraft(column: string, text: string): void {
    const others = Object.entries(this.#kept.drafts).filter(([id]) => id !== column);
    this.#keep({ drafts: Object.fromEntries(text === '' ? others : [...others, [column, text]]) });
  }

  #keep(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    this.#remembered.set(this.#kept);
  }
}

function readKept(value: unknown): Kept {
  if (typeof value !== 'object' || value === null) return NOTHING;
  const { view, lanes, filter, table, calendar, folded, drafts } = value as Record<string, unknown>;
  const texts = typeof drafts === 'object' && drafts !== null ? Object.entries(drafts) : [];
  return {
    view: VIEWS.find((one) => one === view) ?? 'board',
    lanes: LANE_KINDS.find((one) => one === lanes) ?? null,
    filter: readFilter(filter),
    table: readTable(table),
    calendar: calendar === 'week' ? 'week' : 'month',
    folded: Array.isArray(folded)
      ? folded.filter((one): one is string => typeof one === 'string').slice(-MOST_FOLDED)
      : [],
    drafts: Object.fromEntries(
      texts.flatMap(([id, text]) => (typeof text === 'string' ? [[id, text.slice(0, LONGEST_DRAFT)]] : [])),
    ),
  };
}

function readTable(value: unknown): TableSettings {
  if (typeof value !== 'object' || value === null) return NOTHING.table;
  const { sort, hidden } = value as Record<string, unknown>;
  const { by, down } = (typeof sort === 'object' && sort !== null ? sort : {}) as Record<string, unknown>;
  return {
    sort: typeof by === 'string' ? { by, down: down === true } : null,
    hidden: Array.isArray(hidden)
      ? hidden.filter((one): one is string => typeof one === 'string').slice(0, MOST_FOLDED)
      : [],
  };
}
