// What the screen of one board works with: the arrangement that is shown, what is in hand, and the moves between. It draws nothing.
/* eslint-disable svelte/prefer-svelte-reactivity -- sets and maps here are replaced as a whole, or belong to one call */
import {
  addCards,
  archiveCards,
  moveCards,
  removeCards,
  restoreCard,
  unarchiveCard,
} from '../../../../shared/model/board/card-commands.ts';
import type { Card } from '../../../../shared/model/board/card.ts';
import type { Lane, LaneValue } from '../../../../shared/model/board/lanes.ts';
import type { LaneKind, Mark } from '../../../../shared/model/board/look.ts';
import type { Board, Elsewhere } from '../../../../shared/model/board/read.ts';
import type { BoardView } from '../../documents/board-view.svelte.ts';
import { count } from '../../window/times.ts';
import type { Services } from '../../window/services.ts';
import { arrange, findCard, stepped, type Arrangement, type Cell, type CellPlace, type Direction } from './arrange.ts';
import type { BoardActions } from './board-actions.ts';
import { BoardHands } from './board-hands.svelte.ts';
import type { CardMarks } from './card-marks.svelte.ts';
import type { BoardSettings } from './board-settings.svelte.ts';
import type { CardFacts, FaceContext } from '../../documents/cards/card-face.ts';
import { cardTest, isFiltering } from '../../documents/cards/card-filter.ts';

export interface BoardParts {
  readonly view: BoardView;
  readonly actions: BoardActions;
  readonly settings: BoardSettings;
  readonly marks: CardMarks;
  readonly services: Pick<Services, 'announcer' | 'toasts'>;
  readonly memberName: (id: string) => string;
  readonly facts: (card: string) => CardFacts | null;
  readonly now: () => number;
  /** What draws the cover of a card. */
  readonly Cover: FaceContext['Cover'];
}

export class BoardModel {
  readonly actions: BoardActions;
  readonly settings: BoardSettings;
  readonly marks: CardMarks;
  readonly hands = new BoardHands();
  /** Cards that are being sent to another board, while it is asked where to. */
  sending = $state.raw<{ readonly ids: readonly string[]; readonly copy: boolean } | null>(null);
  /** As they were measured; asked for while drawing, never watched. */
  readonly heights = new Map<string, number>();
  readonly #parts: BoardParts;
  /** The same array until labels become different, so that a change of a card leaves the faces of the others alone. */
  readonly #labels = $derived(this.board.labels);
  readonly #open = $derived(
    new Map(this.board.columns.flatMap(({ cards }) => cards.map((card) => [card.id, card] as const))),
  );
  readonly #context = $derived.by((): FaceContext => {
    return {
      labels: new Map(this.#labels.map((label) => [label.id, label])),
      open: () => this.#open,
      facts: this.#parts.facts,
      Cover: this.#parts.Cover,
      isUnread: (id) => this.marks.isUnread(id),
      isUnsent: (id) => this.marks.isUnsent(id),
      memberName: this.#parts.memberName,
      now: this.#parts.now(),
    };
  });
  readonly #arrangement = $derived.by(() => this.#arranged(this.hands.lifted));
  /** Every card that is shown, column by column. */
  readonly #order = $derived.by(() =>
    this.arrangement.columns.flatMap((_, at) => this.arrangement.rows.flatMap(({ cells }) => cells[at]?.cards ?? [])),
  );

  constructor(parts: BoardParts) {
    this.#parts = parts;
    this.actions = parts.actions;
    this.settings = parts.settings;
    this.marks = parts.marks;
  }

  get board(): Board {
    return this.#parts.view.board;
  }
  get context(): FaceContext {
    return this.#context;
  }
  get arrangement(): Arrangement {
    return this.#arrangement;
  }
  /** Lanes are the board's: the other views have none. */
  get lanes(): LaneKind | null {
    return this.settings.view === 'board' ? this.settings.lanes : null;
  }
  get filtering(): boolean {
    return isFiltering(this.settings.filter);
  }
  get order(): readonly Card[] {
    return this.#order;
  }

  /** The card in whatever list it stands. */
  card(id: string): Card | null {
    const { columns, unsorted, restored, archived } = this.board;
    for (const cards of [...columns.map((column) => column.cards), unsorted, restored, archived]) {
      const card = cards.find((one) => one.id === id);
      if (card) return card;
    }
    return null;
  }

  /** What is left here of a card that went to another board: the last of it, or null. */
  gone(id: string): Elsewhere | null {
    const found = this.board.elsewhere.filter(({ card, to }) => card.id === id && to !== null);
    return found.reduce<Elsewhere | null>((a, b) => (a && a.taken.at > b.taken.at ? a : b), null);
  }

  labelName(id: string): string {
    return this.context.labels.get(id)?.name ?? '';
  }

  laneName({ by, value }: Lane): string {
    if (value === null) return by === 'person' ? 'Nobody' : by === 'label' ? 'No label' : 'No priority';
    if (by === 'person') return this.#parts.memberName(value) || 'Someone whose name has not arrived yet';
    if (by === 'label') return this.labelName(value) || 'Label without a name';
    return value.charAt(0).toUpperCase() + value.slice(1);
  }

  /** "Ground the tray, position 2 of 5 in Doing". */
  placeWords(id: string): string {
    const at = findCard(this.arrangement.rows, id);
    const cell = at && this.arrangement.rows[at.row]?.cells[at.cell];
    const title = this.card(id)?.title || 'Untitled';
    if (!at || !cell) return title;
    const lane = cell.lane ? `, ${this.laneName(cell.lane)}` : '';
    return `${title}, position ${at.index + 1} of ${cell.cards.length} in ${cell.column.name || 'a column without a name'}${lane}`;
  }

  lift(id: string): void {
    if (!this.actions.writable) return;
    const ids = this.hands.at(id, this.order);
    const at = findCard(this.arrangement.rows, id);
    const cell = at && this.arrangement.rows[at.row]?.cells[at.cell];
    if (!at || !cell) return;
    const before = cell.cards.slice(0, at.index).filter((card) => !ids.includes(card.id)).length;
    this.hands.lift(ids, { column: cell.column.id, lane: cell.lane?.value, index: before });
    const more = ids.length > 1 ? ` and ${count(ids.length - 1, 'card')} more` : '';
    this.#say(`Lifted ${this.placeWords(id)}${more}. Arrows move it, Space puts it down, Escape puts it back.`);
  }

  step(direction: Direction): void {
    const { lifted } = this.hands;
    const [first] = lifted?.ids ?? [];
    if (!lifted || first === undefined) return;
    const rows = this.#arranged({ ids: lifted.ids, at: { column: '', lane: undefined, index: 0 } }).rows;
    const at = stepped(rows, lifted.at, direction);
    if (at.column === lifted.at.column && at.lane === lifted.at.lane && at.index === lifted.at.index) {
      return this.#say(`${this.placeWords(first)}: it goes no further`);
    }
    this.hands.carry(at);
    this.#say(this.placeWords(first));
  }

  cancel(): void {
    const lifted = this.hands.letGo();
    if (lifted?.ids[0] !== undefined) this.#say(`Put back: ${this.placeWords(lifted.ids[0])}`);
  }

  putDown(): void {
    const { lifted } = this.hands;
    const [first] = lifted?.ids ?? [];
    if (!lifted || first === undefined) return;
    const moved = this.moveTo(lifted.ids, lifted.at);
    this.hands.letGo();
    this.#say(moved ? `Put down: ${this.placeWords(first)}` : `Put back: ${this.placeWords(first)}`);
  }

  /** Puts cards into a cell; false where that was refused, and said. `at.index` counts without them. */
  moveTo(ids: readonly string[], at: CellPlace): boolean {
    const rows = this.#arranged({ ids, at: { column: '', lane: undefined, index: 0 } }).rows;
    const cell = cellAt(rows, at.column, at.lane);
    if (!cell?.column.takes) return false;
    const after = at.index === 0 ? null : cell.cards[at.index - 1]?.id;
    const lane = cell.lane ? { lane: cell.lane } : {};
    const place = { column: at.column, ...(after === undefined ? {} : { after }), ...lane };
    const done = this.actions.do((doc, origin) => {
      moveCards(doc, ids, place, this.actions.doing, origin);
      return true;
    });
    return done === true;
  }

  /** New cards below the one that is named, at the start (null) or at the end of a column; null where that was refused. */
  add(
    column: string,
    titles: readonly string[],
    after: string | null | undefined,
    lane: Lane | null,
  ): readonly string[] | null {
    const place = { column, ...(after === undefined ? {} : { after }), ...(lane ? { lane } : {}) };
    const cards = titles.map((title) => ({ title }));
    const made = this.actions.do((doc, origin) => addCards(doc, cards, place, this.actions.doing, origin));
    if (made) this.#say(made.length === 1 ? `Added ${titles[0] ?? ''}` : `Added ${count(made.length, 'card')}`);
    return made;
  }

  archive(ids: readonly string[]): void {
    const name = this.#named(ids);
    const done = this.actions.do((doc, origin) => {
      archiveCards(doc, ids, this.actions.doing.at, origin);
      return true;
    });
    if (!done) return;
    this.hands.chooseNone();
    this.#parts.services.toasts.show(`Archived ${name}`, {
      label: 'Undo',
      run: () =>
        this.actions.do((doc, origin) =>
          doc.transact(() => ids.forEach((id) => unarchiveCard(doc, id, origin)), origin),
        ),
    });
  }

  remove(ids: readonly string[]): void {
    const name = this.#named(ids);
    const done = this.actions.do((doc, origin) => {
      removeCards(doc, ids, this.actions.doing, origin);
      return true;
    });
    if (!done) return;
    this.hands.chooseNone();
    this.#parts.services.toasts.show(`Deleted ${name}`, {
      label: 'Undo',
      run: () =>
        this.actions.do((doc, origin) => doc.transact(() => ids.forEach((id) => restoreCard(doc, id, origin)), origin)),
    });
  }

  /** To the end of a column, in the order of the board. */
  moveToColumn(ids: readonly string[], column: string): void {
    const done = this.actions.do((doc, origin) => {
      moveCards(doc, ids, { column }, this.actions.doing, origin);
      return true;
    });
    const [first] = ids;
    if (done && first !== undefined) this.#say(this.placeWords(first));
  }

  #named(ids: readonly string[]): string {
    const [first] = ids;
    return ids.length === 1 && first !== undefined
      ? `“${this.card(first)?.title || 'Untitled'}”`
      : count(ids.length, 'card');
  }

  /** What is in hand of cards that are gone is let go of. */
  settle(): void {
    // With empty hands there is nothing to look for among thousands of cards.
    if (this.hands.chosen.size === 0 && this.hands.lifted === null) return;
    this.hands.keepOnly(new Set(this.order.map((card) => card.id)));
  }

  #arranged(lifted: BoardHands['lifted']): Arrangement {
    const { memberName } = this.#parts;
    const { filter } = this.settings;
    const matches = isFiltering(filter) ? cardTest(filter, this.#filterContext()) : null;
    return arrange(this.board, { by: this.lanes, matches, memberName, lifted });
  }

  #filterContext(): Parameters<typeof cardTest>[1] {
    const names = new Map(this.#labels.map((label) => [label.id, label.name]));
    const { memberName, now } = this.#parts;
    return {
      now: now(),
      labelName: (id) => names.get(id) ?? '',
      memberName,
      marked: (card, mark) => this.marks.has(card, mark),
    };
  }

  /** How many of the cards in lists are that to me. */
  counted(mark: Mark): number {
    const { columns, unsorted, restored } = this.board;
    const lists = [...columns.map(({ cards }) => cards), unsorted, restored];
    return lists.reduce((sum, cards) => sum + cards.filter((card) => this.marks.has(card, mark)).length, 0);
  }

  /** Nothing on the board is new to me any more. */
  markAllRead(): void {
    const before = this.counted('unread');
    const back = this.marks.lookAtAll();
    if (!back) return;
    this.#parts.services.toasts.show(`Marked ${count(before, 'card')} as read`, { label: 'Undo', run: back });
  }

  #say(words: string): void {
    this.#parts.services.announcer.say(words);
  }
}

export function cellAt(rows: Arrangement['rows'], column: string, lane: LaneValue | undefined): Cell | null {
  const row = rows.find((one) => (one.lane === null ? lane === undefined : one.lane.value === lane));
  return row?.cells.find((cell) => cell.column.id === column) ?? null;
}
