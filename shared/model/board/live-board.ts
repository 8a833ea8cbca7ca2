// A board that is followed while it changes: after a change only the cards that it touched are read again. It writes nothing.
import type * as Y from 'yjs';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { cardsOf, columnsOf, fieldsOf, labelsOf, peopleOf, viewsOf } from '../document/roots.ts';
import { readCard, type Card } from './card.ts';
import type { Definitions } from './definitions.ts';
import { readBoard, type Board } from './read.ts';

export class LiveBoard implements Disposable {
  readonly #doc: Y.Doc;
  readonly #changed = new Emitter<void>();
  readonly #cards = new Map<string, { readonly stored: Y.Map<unknown>; readonly card: Card }>();
  #board: Board | null = null;

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
    this.#board ??= readBoard(this.#doc, this.#cardOf);
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

  readonly #cardsChanged = (events: readonly Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    for (const event of events) {
      const card = event.path[0];
      if (card !== undefined) this.#cards.delete(String(card));
      else for (const id of event.changes.keys.keys()) this.#cards.delete(id);
    }
    this.#tell();
  };

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
