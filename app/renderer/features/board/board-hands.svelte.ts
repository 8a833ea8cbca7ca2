// What a person at a board has in their hands: the card with the focus, those that are chosen, and those that the keyboard lifted. It writes nothing.
/* eslint-disable svelte/prefer-svelte-reactivity -- sets and maps here are replaced as a whole, or belong to one call */
import type { Card } from '../../../../shared/model/board/card.ts';
import type { CellPlace, Lifted } from './arrange.ts';

export class BoardHands {
  #focused = $state<string | null>(null);
  #chosen = $state.raw<ReadonlySet<string>>(new Set());
  #lifted = $state.raw<Lifted | null>(null);
  /** Cards that hang on the pointer. */
  #dragged = $state.raw<readonly string[]>([]);
  /** From which card Shift chooses on. */
  #anchor: string | null = null;

  get focused(): string | null {
    return this.#focused;
  }
  set focused(id: string | null) {
    this.#focused = id;
  }

  get chosen(): ReadonlySet<string> {
    return this.#chosen;
  }
  get lifted(): Lifted | null {
    return this.#lifted;
  }
  get dragged(): readonly string[] {
    return this.#dragged;
  }
  set dragged(ids: readonly string[]) {
    this.#dragged = ids;
  }

  /** What an action at this card is for: all that are chosen where it is one of them, else it alone. In the order of the board. */
  at(id: string, order: readonly Card[]): readonly string[] {
    if (!this.#chosen.has(id)) return [id];
    return order.filter((card) => this.#chosen.has(card.id)).map((card) => card.id);
  }

  toggle(id: string): void {
    const next = new Set(this.#chosen);
    if (!next.delete(id)) next.add(id);
    this.#chosen = next;
    this.#anchor = id;
    this.#focused = id;
  }

  /** Everything between the last one that was chosen or had the focus and this one, in one cell. */
  extend(id: string, cell: readonly Card[]): void {
    const from = cell.findIndex((card) => card.id === (this.#anchor ?? this.#focused));
    const to = cell.findIndex((card) => card.id === id);
    if (to < 0) return;
    const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    this.#anchor ??= this.#focused ?? id;
    this.#chosen = new Set([...this.#chosen, ...cell.slice(first, last + 1).map((card) => card.id)]);
    this.#focused = id;
  }

  chooseNone(): void {
    this.#anchor = null;
    if (this.#chosen.size > 0) this.#chosen = new Set();
  }

  /** Those that are gone are let go of. */
  keepOnly(there: ReadonlySet<string>): void {
    if ([...this.#chosen].some((id) => !there.has(id)))
      this.#chosen = new Set([...this.#chosen].filter((id) => there.has(id)));
    if (this.#lifted?.ids.some((id) => !there.has(id))) this.#lifted = null;
  }

  lift(ids: readonly string[], at: CellPlace): void {
    this.#lifted = { ids, at };
  }
  carry(at: CellPlace): void {
    if (this.#lifted) this.#lifted = { ...this.#lifted, at };
  }
  /** Lets go of what was lifted; it is the caller's to put it there. */
  letGo(): Lifted | null {
    const lifted = this.#lifted;
    this.#lifted = null;
    return lifted;
  }
}
