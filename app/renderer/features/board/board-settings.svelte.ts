// How I look at one board in this window: view, lanes, filter, the saved view that I picked, folded columns, and a card that is being written. Kept by the window's profile.
import {
  PLAIN_LOOK,
  readLook,
  type BoardLook,
  type CardFilter,
  type LaneKind,
  type Stretch,
  type TableLook,
  type View,
} from '../../../../shared/model/board/look.ts';
import { Remembered } from '../../window/remembered.ts';

/** The saved view that was picked (its key in saved-views.svelte.ts), and what it showed then. */
export interface Picked {
  readonly key: string;
  readonly base: BoardLook;
}

interface Kept extends BoardLook {
  readonly picked: Picked | null;
  /** Ids of columns, and of lanes as `lane:` and their value. */
  readonly folded: readonly string[];
  /** What stands in the fields for new cards, by column: nothing typed is lost with the window. */
  readonly drafts: Readonly<Record<string, string>>;
}

const NOTHING: Kept = { ...PLAIN_LOOK, picked: null, folded: [], drafts: {} };
const MOST_FOLDED = 500;
const LONGEST_DRAFT = 20_000;
const LONGEST_PICKED = 200;

export class BoardSettings {
  readonly #remembered: Remembered<Kept>;
  #kept = $state.raw<Kept>(NOTHING);

  constructor(board: string) {
    this.#remembered = new Remembered(`board.${board}`, readKept);
    this.#kept = this.#remembered.get();
  }

  get look(): BoardLook {
    const { view, lanes, filter, table, calendar } = this.#kept;
    return { view, lanes, filter, table, calendar };
  }
  get picked(): Picked | null {
    return this.#kept.picked;
  }
  /** Shows what a saved view says; null: goes on as it is, as none. */
  pick(key: string | null, look: BoardLook = this.look): void {
    this.#keep({ ...look, picked: key === null ? null : { key, base: look } });
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

  get table(): TableLook {
    return this.#kept.table;
  }
  set table(table: TableLook) {
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
  const { picked, folded, drafts } = value as Record<string, unknown>;
  const texts = typeof drafts === 'object' && drafts !== null ? Object.entries(drafts) : [];
  return {
    ...readLook(value),
    picked: readPicked(picked),
    folded: Array.isArray(folded)
      ? folded.filter((one): one is string => typeof one === 'string').slice(-MOST_FOLDED)
      : [],
    drafts: Object.fromEntries(
      texts.flatMap(([id, text]) => (typeof text === 'string' ? [[id, text.slice(0, LONGEST_DRAFT)]] : [])),
    ),
  };
}

function readPicked(value: unknown): Picked | null {
  if (typeof value !== 'object' || value === null) return null;
  const { key, base } = value as Record<string, unknown>;
  return typeof key === 'string' && key.length <= LONGEST_PICKED ? { key, base: readLook(base) } : null;
}
