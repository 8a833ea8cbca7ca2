// What the calendar of a board shows, and the card that is carried over its days by keyboard or mouse. It draws nothing.
import type { Card } from '../../../../../shared/model/board/card.ts';
import { setCardDue, setCardStart } from '../../../../../shared/model/board/card-details.ts';
import { fullDay, isoDay } from '../../../window/times.ts';
import type { Direction } from '../arrange.ts';
import type { BoardModel } from '../board-model.svelte.ts';
import { compareDated, datedOf, layWeek, rescheduled, type Dated, type Week } from './calendar-bars.ts';
import type { Stretch } from '../../../../../shared/model/board/look.ts';
import { addDays, dayOf, firstWeekday, step, weeksAround } from './calendar-days.ts';
import type { Group } from './card-order.ts';

/** Days that an arrow carries. */
const CARRIES: Readonly<Record<Direction, number>> = { left: -1, right: 1, up: -7, down: 7 };

interface Lifted {
  readonly id: string;
  /** Its due day when it was lifted; null from the tray. */
  readonly from: string | null;
  readonly to: string;
}

export class CalendarModel {
  readonly board: BoardModel;
  readonly #first: number;
  readonly #say: (words: string) => void;
  /** A day of what is shown. */
  #day = $state('');
  #lifted = $state.raw<Lifted | null>(null);
  /** How many cards a day has room for; set by what draws it. */
  room = $state(3);

  constructor(board: BoardModel, language: string, say: (words: string) => void) {
    this.board = board;
    this.#first = firstWeekday(language);
    this.#say = say;
    this.#day = isoDay(board.context.now);
  }

  readonly today = $derived.by(() => isoDay(this.board.context.now));
  readonly weeks = $derived.by(() => weeksAround(this.#day, this.stretch, this.#first));
  readonly #dated = $derived.by((): readonly Dated[] => {
    const lifted = this.#lifted;
    const all = this.board.order.flatMap((card) => {
      const carried = lifted?.id === card.id ? rescheduled(card, lifted.from ?? '', lifted.to) : card;
      return datedOf(card, carried.due, carried.start) ?? [];
    });
    // What is carried stands on top, where there is always room.
    const rank = ({ card }: Dated): number => Number(card.id !== lifted?.id);
    return all.sort((a, b) => rank(a) - rank(b) || compareDated(a, b));
  });
  readonly laid = $derived.by((): readonly Week[] => {
    const room = this.stretch === 'week' ? Infinity : this.room;
    return this.weeks.map((days) => layWeek(days, this.#dated, room));
  });
  readonly unscheduled = $derived.by(() =>
    this.board.order.filter((card) => card.due === null && card.id !== this.#lifted?.id),
  );
  /** The cards by the day on which they begin to show, and those without one. */
  readonly groups = $derived.by((): readonly Group<Card>[] => {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- local to this call
    const seen = new Set<string>();
    const days = this.laid.flatMap(({ segments }, week) =>
      (this.weeks[week] ?? []).map((id, at) => ({
        id,
        cards: segments
          .filter((one) => one.at === at && !seen.has(one.card.id))
          .sort((a, b) => a.lane - b.lane)
          .map(({ card }) => (seen.add(card.id), card)),
      })),
    );
    return [...days, { id: 'unscheduled', cards: this.trayOpen ? this.unscheduled : [] }];
  });

  get stretch(): Stretch {
    return this.board.settings.calendar;
  }
  set stretch(stretch: Stretch) {
    this.board.settings.calendar = stretch;
  }
  get day(): string {
    return this.#day;
  }
  get trayOpen(): boolean {
    return !this.board.settings.isFolded('calendar:unscheduled');
  }
  get lifted(): string | null {
    return this.#lifted?.id ?? null;
  }

  go(by: 1 | -1): void {
    this.#day = step(this.#day, this.stretch, by);
  }
  goToday(): void {
    this.#day = this.today;
  }

  cardsOn(day: string): readonly Dated[] {
    return this.#dated.filter(({ from, to }) => from <= day && day <= to);
  }

  lift(id: string): void {
    const card = this.board.card(id);
    if (!card || !this.board.actions.writable) return;
    const from = card.due === null ? null : dayOf(card.due);
    this.#lifted = { id, from, to: from ?? this.today };
    this.#show(this.#lifted.to);
    this.#say(`Lifted ${this.#where()}. Arrows move it by a day or a week, Space puts it down, Escape puts it back.`);
  }

  carry(direction: Direction): void {
    if (!this.#lifted) return;
    this.#lifted = { ...this.#lifted, to: addDays(this.#lifted.to, CARRIES[direction]) };
    this.#show(this.#lifted.to);
    this.#say(this.#where());
  }

  cancel(): void {
    const lifted = this.#lifted;
    this.#lifted = null;
    if (!lifted) return;
    if (lifted.from !== null) this.#show(lifted.from);
    this.#say(`Put back: ${this.#title(lifted.id)}, ${lifted.from === null ? 'unscheduled' : fullDay(lifted.from)}`);
  }

  putDown(): void {
    const lifted = this.#lifted;
    if (!lifted) return;
    const words = this.#where();
    const done = this.put(lifted.id, lifted.from ?? '', lifted.to);
    this.#lifted = null;
    this.#say(`${done ? 'Put down' : 'Put back'}: ${words}`);
  }

  /** From the day at which it was taken to another; both ends of a bar go along. */
  put(id: string, from: string, to: string): boolean {
    const card = this.board.card(id);
    if (!card) return false;
    const { start, due } = rescheduled(card, from, to);
    return this.#write(id, start, due);
  }

  takeOff(id: string): void {
    if (this.#write(id, null, null)) this.#say(`${this.#title(id)}: unscheduled`);
  }

  #write(id: string, start: Card['start'], due: Card['due']): boolean {
    const done = this.board.actions.do((doc, origin) => {
      doc.transact(() => {
        setCardStart(doc, id, start, origin);
        setCardDue(doc, id, due, origin);
      }, origin);
      return true;
    });
    return done === true;
  }

  #show(day: string): void {
    if (!this.weeks.some((days) => days.includes(day))) this.#day = day;
  }

  #title(id: string): string {
    return this.board.card(id)?.title || 'Untitled';
  }

  #where(): string {
    return this.#lifted ? `${this.#title(this.#lifted.id)}, due ${fullDay(this.#lifted.to)}` : '';
  }
}
