// Builds one document, nothing collected, from raw updates that may come before what they build on. Its input is hostile.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { Knowledge } from '../knowledge.ts';
import { readBoundedFacts, type UpdateFacts } from '../update-facts.ts';

/** Updates taken in within one transaction. */
const AT_ONCE = 1000;
/** Rounds over what builds on something that comes later (clocks of two hubs differ), before Yjs is left to hold it. */
const ROUNDS = 50;

/** Takes in updates whose neighbours are there, and holds the others until they are. */
export class PastBuilder {
  readonly #doc: Y.Doc;
  readonly #known = new Knowledge();
  #ready: Uint8Array[] = [];
  #held: { readonly update: Uint8Array; readonly facts: UpdateFacts }[] = [];

  constructor(doc: Y.Doc) {
    this.#doc = doc;
  }

  take(update: Uint8Array): void {
    const facts = safeFacts(update);
    if (!facts) return;
    // The caller's bytes may be a view into something that is gone before the transaction.
    const own = new Uint8Array(update);
    if (!this.#takes(own, facts)) this.#held.push({ update: own, facts });
    else if (this.#ready.length >= AT_ONCE) this.#flush();
  }

  /** @param whole stands in for what is missing. Whether every update found its place without that. */
  finish(whole: Uint8Array): boolean {
    this.#settle();
    this.#flush();
    // What is left may build on each other piece by piece, as Yjs can tell; or on something that is gone.
    this.#ready = this.#held.map(({ update }) => update);
    this.#held = [];
    this.#flush();
    if (!this.#doc.store.pendingStructs && !this.#doc.store.pendingDs) return true;
    this.#ready = [whole];
    this.#flush();
    return false;
  }

  #settle(): void {
    for (let round = 0, before = -1; round < ROUNDS && before !== this.#held.length; round += 1) {
      before = this.#held.length;
      this.#held = this.#held.filter(({ update, facts }) => !this.#takes(update, facts));
    }
  }

  #takes(update: Uint8Array, facts: UpdateFacts): boolean {
    const fit = this.#known.fit(facts);
    if (fit === 'gap') return false;
    if (fit === 'unchanged') return true;
    this.#known.add(facts);
    this.#ready.push(update);
    return true;
  }

  #flush(): void {
    const ready = this.#ready;
    this.#ready = [];
    mustWork(() => {
      this.#doc.transact(() => {
        for (const update of ready) Y.applyUpdate(this.#doc, update);
      });
    });
  }
}

/** Null for what nobody may be made to read. */
export function safeFacts(update: Uint8Array): UpdateFacts | null {
  const facts = readBoundedFacts(update, LIMITS.items);
  return facts === 'too many' ? null : facts;
}

/** Runs what walks through structures of others. Throws `damaged` in words. */
export function mustWork(run: () => void): void {
  try {
    run();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    // Yjs recursing through a forged structure, or meeting one that no honest program writes.
    throw unsafe(cause);
  }
}

export function unsafe(cause?: unknown): AppError {
  return new AppError(
    'damaged',
    `The history of this document cannot be read safely (its structure is nested deeper than ${LIMITS.typeDepth}, or no honest program wrote it). It is kept as it is, and so is the document.`,
    { cause },
  );
}
