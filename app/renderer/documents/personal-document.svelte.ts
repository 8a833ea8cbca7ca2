// One of my own documents, open in this window (docs/documents.md, PS1): read through, and begun with the first thing that is written in it.
import { createSubscriber } from 'svelte/reactivity';
import type { Clock } from '../../../shared/base/clock.ts';
import { disposable, type Disposable } from '../../../shared/base/disposable.ts';
import { createPersonal, personalRoom, type PersonalMatter } from '../../../shared/model/personal/personal.ts';
import type * as Y from 'yjs';
import type { DocumentPool, DocumentReference } from './document-pool.ts';

export class PersonalDocument implements Disposable {
  readonly #reference: DocumentReference;
  readonly #member: string;
  readonly #clock: Clock;
  readonly #subscribe: () => void;

  constructor(
    parts: { readonly documents: DocumentPool; readonly clock: Clock },
    of: { readonly workspace: string; readonly member: string; readonly matter: PersonalMatter },
  ) {
    this.#reference = parts.documents.open(personalRoom(of.workspace, of.member, of.matter));
    this.#member = of.member;
    this.#clock = parts.clock;
    this.#subscribe = createSubscriber((update) => {
      const held = this.onChange(update);
      return () => held.dispose();
    });
  }

  /** Something stands in it that did not, or the host said what does. */
  onChange(listener: () => void): Disposable {
    const { doc } = this;
    doc.on('update', listener);
    const state = this.#reference.handle.onChange(listener);
    return disposable(() => {
      doc.off('update', listener);
      state.dispose();
    });
  }

  /** As it is now; whoever reads it while drawing is drawn again when it changes. */
  get current(): Y.Doc {
    this.#subscribe();
    return this.doc;
  }

  get doc(): Y.Doc {
    return this.#reference.handle.doc;
  }

  /** False until the host has said what stands in it. It is not watched. */
  get isKnown(): boolean {
    return this.#reference.handle.synced;
  }

  /** False: this device writes here no more. */
  get writable(): boolean {
    this.#subscribe();
    return this.#reference.handle.refusal === null;
  }

  /** Carries out a command of the model. Throws what it throws. */
  write<T>(change: (doc: Y.Doc, origin: object) => T): T {
    const { doc } = this;
    return doc.transact(() => {
      const result = change(doc, this);
      createPersonal(doc, { createdBy: this.#member, createdAt: this.#clock.now() }, this);
      return result;
    }, this);
  }

  dispose(): void {
    this.#reference.dispose();
  }
}
