// Whether an open page is a consultation, and what was decided of its comments, read again when either changed. It never writes.
import { createSubscriber } from 'svelte/reactivity';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { decisionsOf, metaOf } from '../../../shared/model/document/roots.ts';
import {
  readConsultation,
  readDecisions,
  type CommentDecision,
  type Consultation,
} from '../../../shared/model/page/consultation.ts';
import type { DocumentHandle } from './document-handle.ts';

export class PageConsultation implements Disposable {
  readonly #handle: DocumentHandle;
  readonly #meta: () => void;
  readonly #decided: () => void;

  constructor(handle: DocumentHandle) {
    this.#handle = handle;
    this.#meta = createSubscriber((update) => {
      const meta = metaOf(handle.doc);
      meta.observe(update);
      return () => meta.unobserve(update);
    });
    this.#decided = createSubscriber((update) => {
      const decisions = decisionsOf(handle.doc);
      decisions.observe(update);
      return () => decisions.unobserve(update);
    });
  }

  /** Null: it is none. */
  get consultation(): Consultation | null {
    this.#meta();
    return readConsultation(this.#handle.doc);
  }

  /** By comment, oldest first; the last one counts. */
  get decisions(): ReadonlyMap<string, readonly CommentDecision[]> {
    this.#decided();
    return readDecisions(this.#handle.doc);
  }

  /** It holds nothing: who reads it subscribes. */
  dispose(): void {
    return;
  }
}
