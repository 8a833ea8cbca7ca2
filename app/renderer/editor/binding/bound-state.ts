// An editor without a screen: a state with a binding, for tests and for work on a page in the background.
import { EditorState, type Command, type Plugin, type Transaction } from 'prosemirror-state';
import type * as Y from 'yjs';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import { PageBinding, type EditorHost } from './page-binding.ts';

export class BoundState implements EditorHost, Disposable {
  readonly binding: PageBinding;
  readonly #connection: Disposable;
  #state: EditorState;

  constructor(body: Y.Text, plugins: readonly Plugin[] = [], onError?: (error: unknown) => void, within?: PageBinding) {
    this.binding = new PageBinding({ body, ...(onError ? { onError } : {}), ...(within ? { within } : {}) });
    this.#state = EditorState.create({
      doc: this.binding.initialDoc(),
      plugins: [this.binding.plugin(), ...plugins],
    });
    this.#connection = this.binding.connect(this);
  }

  get state(): EditorState {
    return this.#state;
  }

  readonly dispatch = (transaction: Transaction): void => {
    this.#state = this.#state.apply(transaction);
    this.binding.flush();
  };

  /** Runs an editor command; false when it did not apply. */
  run(command: Command): boolean {
    return command(this.#state, this.dispatch);
  }

  dispose(): void {
    this.#connection.dispose();
    this.binding.dispose();
  }
}
