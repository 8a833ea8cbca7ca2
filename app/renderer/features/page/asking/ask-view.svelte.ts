// What one block of a page asks and who answered, read again when either changed. It never writes.
import { createSubscriber } from 'svelte/reactivity';
import type * as Y from 'yjs';
import { answersOf } from '../../../../../shared/model/document/roots.ts';
import { answersTo, type Answer } from '../../../../../shared/model/page/answers.ts';
import { readAskOf, type Ask } from '../../../../../shared/model/page/ask.ts';
import type { DrawnNode } from '../../../editor/node-views.ts';

interface Read {
  readonly id: string;
  /** Null for a moment, while a new block is drawn and not stored yet. */
  readonly marker: Y.Map<unknown> | null;
  readonly ask: Ask | null;
  readonly answers: ReadonlyMap<string, Answer>;
}

export class AskView {
  readonly #node: DrawnNode;
  readonly #doc: Y.Doc;
  readonly #subscribe: () => void;
  #read: Read | null = null;

  constructor(node: DrawnNode, doc: Y.Doc) {
    this.#node = node;
    this.#doc = doc;
    this.#subscribe = createSubscriber((update) => {
      const changed = (transaction: Y.Transaction): void => {
        if (!this.#concerns(transaction)) return;
        this.#read = null;
        update();
      };
      this.#read = null;
      doc.on('afterTransaction', changed);
      return () => doc.off('afterTransaction', changed);
    });
  }

  get ask(): Ask | null {
    return this.#now().ask;
  }

  get answers(): ReadonlyMap<string, Answer> {
    return this.#now().answers;
  }

  /** To write in; null where the block is not stored. */
  get marker(): Y.Map<unknown> | null {
    return this.#now().marker;
  }

  #now(): Read {
    this.#subscribe();
    const id = this.#node.id();
    if (this.#read?.id !== id) {
      const marker = this.#node.binding.marker(id);
      this.#read = { id, marker, ask: marker && readAskOf(marker), answers: answersTo(this.#doc, id) };
    }
    return this.#read;
  }

  /** A key press elsewhere on the page is none of its business. */
  #concerns({ changedParentTypes, changed }: Y.Transaction): boolean {
    const changes = (types: ReadonlyMap<unknown, unknown>, type: unknown): boolean => types.has(type);
    if (changes(changed, answersOf(this.#doc))) return true;
    // A new block is stored a moment after it is drawn; an undo of a deletion makes a new marker.
    const marker = this.#read?.marker;
    return !marker || marker._item?.deleted !== false || changes(changedParentTypes, marker);
  }
}
