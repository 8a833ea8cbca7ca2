// A board that is shown in a page: its document while the block is near the screen, and the cards that the block chose. It writes nothing.
import { createSubscriber } from 'svelte/reactivity';
import type { Disposable } from '../../../../../shared/base/disposable.ts';
import type { Card } from '../../../../../shared/model/board/card.ts';
import { NO_FILTER, type CardFilter, type DueChoice } from '../../../../../shared/model/board/look.ts';
import type { Board } from '../../../../../shared/model/board/read.ts';
import type { SavedView } from '../../../../../shared/model/board/views.ts';
import type { BoardProps, BoardShape } from '../../../../../shared/model/page/block.ts';
import { BoardView } from '../../../documents/board-view.svelte.ts';
import { cardTest } from '../../../documents/cards/card-filter.ts';
import type { DocumentReference } from '../../../documents/document-pool.ts';
import type { Services } from '../../../window/services.ts';

/** A column with those of its cards that are shown. */
export interface ShownColumn {
  readonly id: string;
  readonly name: string;
  readonly cards: readonly Card[];
}

/** What a block says, looked up on the board as it is now. */
export interface Chosen {
  readonly view: SavedView | null;
  /** A view was chosen that is not there any more. */
  readonly lost: boolean;
  readonly shape: BoardShape;
  readonly filter: CardFilter;
  /** The view asks for cards by what its reader has read or watches, which a page does not tell. */
  readonly personal: boolean;
}

export class ShownBoard implements Disposable {
  readonly #reference: DocumentReference;
  readonly #view: BoardView;
  readonly #state: () => void;

  constructor({ documents }: Services, room: string) {
    this.#reference = documents.open(room);
    const { handle } = this.#reference;
    this.#view = new BoardView(handle);
    this.#state = createSubscriber((update) => {
      const held = handle.onChange(update);
      return () => held.dispose();
    });
  }

  /** It has arrived in this window. */
  get here(): boolean {
    this.#state();
    return this.#reference.handle.synced;
  }

  get refused(): boolean {
    this.#state();
    return this.#reference.handle.refusal !== null;
  }

  get board(): Board {
    return this.#view.board;
  }

  dispose(): void {
    this.#view.dispose();
    this.#reference.dispose();
  }
}

export function chosenOf(board: Board, props: BoardProps): Chosen {
  const view = board.views.find(({ id }) => id === props.view) ?? null;
  const lost = props.view !== '' && view === null;
  if (!view) {
    const { words, members, labels } = props;
    const filter = { ...NO_FILTER, words, members, labels, due: props.due as readonly DueChoice[] };
    return { view, lost, shape: props.shape, filter, personal: false };
  }
  const { filter, view: kind } = view.look;
  const shape = kind === 'board' ? 'columns' : kind === 'table' ? 'table' : 'list';
  return { view, lost, shape, filter: { ...filter, marks: [] }, personal: filter.marks.length > 0 };
}

/** The columns in order with the chosen cards; what stands in none comes last, and only where there is any. */
export function columnsOf(
  board: Board,
  filter: CardFilter,
  context: { readonly now: number; readonly memberName: (id: string) => string },
): readonly ShownColumn[] {
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- local to this call
  const labels = new Map(board.labels.map(({ id, name }) => [id, name]));
  const test = cardTest(filter, { ...context, labelName: (id) => labels.get(id) ?? '', marked: () => true });
  const columns = board.columns.map(({ id, name, cards }) => ({
    id,
    name: name || 'Column without a name',
    cards: cards.filter(test),
  }));
  const aside = [...board.restored, ...board.unsorted].filter(test);
  return aside.length === 0 ? columns : [...columns, { id: '', name: 'Unsorted', cards: aside }];
}
