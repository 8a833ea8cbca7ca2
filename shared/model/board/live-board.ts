// A board that is followed while it changes: after a change only the cards that it touched are read again, and only their lists are others. It writes nothing.
import type * as Y from 'yjs';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { cardsOf, columnsOf, fieldsOf, labelsOf, peopleOf, viewsOf } from '../document/roots.ts';
import { readCard, type Card } from './card.ts';
import type { Definitions } from './definitions.ts';
import { readBoard, type Board } from './read.ts';
import { stepBoard, type CardStep } from './step-board.ts';

/** Where more became different between two looks all of it is read. */
const MOST_STEPS = 256;

export class LiveBoard implements Disposable {
  readonly #doc: Y.Doc;
  readonly #changed = new Emitter<void>();
  readonly #cards = new Map<string, { readonly stored: Y.Map<unknown>; readonly card: Card }>();
  #board: Board | null = null;
  /** Cards as they were when the board was read, by the keys of those that were written in since. */
  readonly #before = new Map<string, { readonly stored: Y.Map<unknown>; readonly card: Card }>();
  /** Cards of which the board has more than one map. */
  #several: ReadonlySet<string> = new Set();

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    cardsOf(doc).observeDeep(this.#cardsChanged);
    columnsOf(doc).observeDeep(this.#columnsChanged);
    peopleOf(doc).observe(this.#columnsChanged);
    viewsOf(doc).observeDeep(this.#columnsChanged);
    labelsOf(doc).observeDeep(this.#definitionsChanged);
    fieldsOf(doc).observeDeep(this.#definitionsChanged);
  }

  /** Fires once for each root that a transaction changed. */
  readonly onChange = this.#changed.event;

  /** As readBoard() has it; the same object until something changes, and the same card objects for those that did not. */
  get board(): Board {
    if (this.#board && this.#before.size === 0) return this.#board;
    const stepped = this.#board && this.#stepped(this.#board);
    this.#board = stepped ?? this.#readWhole();
    this.#before.clear();
    return this.#board;
  }

  dispose(): void {
    this.#changed.clear();
    cardsOf(this.#doc).unobserveDeep(this.#cardsChanged);
    columnsOf(this.#doc).unobserveDeep(this.#columnsChanged);
    peopleOf(this.#doc).unobserve(this.#columnsChanged);
    viewsOf(this.#doc).unobserveDeep(this.#columnsChanged);
    labelsOf(this.#doc).unobserveDeep(this.#definitionsChanged);
    fieldsOf(this.#doc).unobserveDeep(this.#definitionsChanged);
  }

  readonly #cardOf = (key: string, stored: Y.Map<unknown>, definitions: Definitions): Card => {
    const known = this.#cards.get(key);
    if (known?.stored === stored) return known.card;
    const card = readCard(key, stored, definitions);
    this.#cards.set(key, { stored, card });
    return card;
  };

  #readWhole(): Board {
    const board = readBoard(this.#doc, this.#cardOf);
    this.#several = doubled([...this.#cards.values()].map(({ card }) => card.id));
    return board;
  }

  /** Null where more than some cards became different. */
  #stepped(board: Board): Board | null {
    if (this.#before.size > MOST_STEPS) return null;
    const definitions: Definitions = { labels: board.labels, fields: board.fields };
    const steps: CardStep[] = [];
    for (const [key, { stored, card }] of this.#before) {
      if (this.#several.has(card.id)) return null;
      steps.push({ before: card, after: this.#cardOf(key, stored, definitions) });
    }
    return stepBoard(board, steps);
  }

  readonly #cardsChanged = (events: readonly Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    for (const event of events) {
      const key = event.path[0];
      if (key !== undefined) this.#wroteIn(String(key));
      else {
        for (const id of event.changes.keys.keys()) this.#cards.delete(id);
        this.#board = null;
      }
    }
    this.#changed.fire();
  };

  #wroteIn(key: string): void {
    const known = this.#cards.get(key);
    this.#cards.delete(key);
    if (known && !this.#before.has(key)) this.#before.set(key, known);
    else if (!this.#before.has(key)) this.#board = null;
  }

  readonly #columnsChanged = (): void => this.#tell();

  /** What a card may say depends on the labels and fields that there are. */
  readonly #definitionsChanged = (): void => {
    this.#cards.clear();
    this.#tell();
  };

  #tell(): void {
    this.#board = null;
    this.#changed.fire();
  }
}

function doubled(ids: readonly string[]): ReadonlySet<string> {
  const [once, twice] = [new Set<string>(), new Set<string>()];
  for (const id of ids) (once.has(id) ? twice : once).add(id);
  return twice;
}
