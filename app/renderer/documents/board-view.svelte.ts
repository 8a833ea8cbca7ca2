// A read-through view of an open board for components. It never writes.
import { createSubscriber } from 'svelte/reactivity';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { LiveBoard } from '../../../shared/model/board/live-board.ts';
import type { Board } from '../../../shared/model/board/read.ts';
import type { DocumentHandle } from './document-handle.ts';

export class BoardView implements Disposable {
  readonly #live: LiveBoard;
  readonly #subscribe: () => void;

  constructor(handle: DocumentHandle) {
    this.#live = new LiveBoard(handle.doc);
    this.#subscribe = createSubscriber((update) => {
      const held = this.#live.onChange(update);
      return () => held.dispose();
    });
  }

  get board(): Board {
    this.#subscribe();
    return this.#live.board;
  }

  dispose(): void {
    this.#live.dispose();
  }
}
