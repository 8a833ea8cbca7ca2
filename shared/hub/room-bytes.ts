// The durable content of one open room as bytes: merged state, tail, and differences made from them; never a Y.Doc.
import * as Y from 'yjs';
import { AppError } from '../base/app-error.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { RoomState, StoredRoom } from './doc-store.ts';
import { DeleteSet } from './delete-set.ts';
import { fittingUpdates } from './fitting-updates.ts';
import type { Gain } from './gain.ts';
import { decodeStateVector, encodeStateVector, Knowledge } from './knowledge.ts';
import { joinBeyond, joinUpdates, type Layouts } from './join-updates.ts';
import { mergeUpdates } from './merge-updates.ts';
import { digestOf } from './room-digest.ts';
import { readUpdateFacts } from './update-facts.ts';
import { readLayout, type UpdateLayout } from './update-layout.ts';
import { countItems } from './update-skim.ts';

/** An item takes a byte at least: smaller states need no counting. */
const UNCOUNTED = LIMITS.items / 2;

const NOTHING = Y.encodeStateAsUpdate(new Y.Doc());

export class RoomBytes {
  #state: RoomState | null;
  #tail: Uint8Array[];
  /** What builds on something that is not stored any more (rule RO5): it is kept, and in nothing that is said or given. */
  #waiting: readonly Uint8Array[] = [];
  /** The place of the oldest of tail and waiting. */
  #first: number;
  #known: Knowledge;
  #size: number;
  #types = 0;
  #tailItems = 0;
  /** Of the merged state; null until it is asked for. */
  #stateItems: number | null = null;
  /** Of the tail as it was read, for the first answer: most rooms are opened to be asked once. */
  #layouts: Layouts | null = null;
  #whole: Uint8Array | null = null;
  #digest: Uint8Array | null = null;

  /** Throws `damaged` when what was stored cannot be read. */
  constructor(stored: StoredRoom | null) {
    this.#state = stored?.state ?? null;
    this.#tail = [...(stored?.tail ?? [])];
    this.#first = stored?.first ?? 0;
    this.#known = this.#read();
    this.#size = sizeOf(this.#state, this.#tail);
  }

  get clocks(): ReadonlyMap<number, number> {
    return this.#known.clocks;
  }

  get tail(): readonly Uint8Array[] {
    return this.#tail;
  }

  /** The place that the next update of the room is to be given. */
  get next(): number {
    return this.#first + this.#tail.length + this.#waiting.length;
  }

  get waiting(): readonly Uint8Array[] {
    return this.#waiting;
  }

  get state(): RoomState | null {
    return this.#state;
  }

  /** Bytes of state and tail. */
  get size(): number {
    return this.#size;
  }

  get tailSize(): number {
    return this.#size - (this.#state?.update.length ?? 0);
  }

  /** Shared types that the tail creates: nesting that no compaction has looked at yet. */
  get tailTypes(): number {
    return this.#types;
  }

  /** Objects that a reader of all of it builds: an upper bound while it is small, exact where it comes near the limit. */
  get items(): number {
    const state = this.#state?.update;
    if (!state || state.length <= UNCOUNTED) return (state?.length ?? 0) + this.#tailItems;
    this.#stateItems ??= countItems(state, Infinity) ?? 0;
    return this.#stateItems + this.#tailItems;
  }

  /** What is durable; a copy is the caller's to change. */
  readKnowledge(): Knowledge {
    return this.#known.copy();
  }

  /** What waits is told apart only where something is missing: most rooms are whole. */
  #read(): Knowledge {
    const whole = this.#readTail();
    if (whole) return whole;
    const { fits, waiting } = fittingUpdates(this.#readState(), this.#tail);
    this.#tail = fits.map(({ update }) => update);
    this.#waiting = [...this.#waiting, ...waiting];
    const readable = this.#readTail();
    if (!readable) throw unreadable();
    return readable;
  }

  #readState(): Knowledge {
    const clocks = this.#state ? decodeStateVector(this.#state.stateVector) : new Map<number, number>();
    const deletes = this.#state ? DeleteSet.decode(this.#state.deleteSet) : new DeleteSet();
    if (!clocks || !deletes) throw unreadable();
    return new Knowledge(clocks, deletes);
  }

  /** Null where an update goes on from something that is missing. */
  #readTail(): Knowledge | null {
    const known = this.#readState();
    let follows = true;
    this.#types = 0;
    this.#tailItems = 0;
    const layouts: UpdateLayout[] = [];
    for (const update of this.#tail) {
      const layout = readLayout(update);
      const facts = layout ? null : readUpdateFacts(update);
      if (layout) follows = known.addStored(layout) && follows;
      else if (facts) {
        follows &&= known.fit(facts) !== 'gap';
        known.add(facts);
      } else throw unreadable();
      if (layout) layouts.push(layout);
      this.#types += (layout ?? facts)?.types ?? 0;
      this.#tailItems += (layout ?? facts)?.items ?? 0;
    }
    this.#layouts = layouts.length === this.#tail.length ? layouts : null;
    return follows ? known : null;
  }

  /** @param gain what it adds. */
  append(update: Uint8Array, gain: Gain): void {
    this.#tail.push(update);
    this.#layouts = null;
    this.#size += update.length;
    this.#whole = null;
    this.#digest = null;
    this.#known.take(gain);
    this.#types += gain.types;
    this.#tailItems += gain.items;
    if (this.#waiting.length > 0) this.#takeBack();
  }

  /** What others brought anew waits no more: it is an update like any other. */
  #takeBack(): void {
    const waiting: Uint8Array[] = [];
    for (const update of this.#waiting) {
      const facts = readUpdateFacts(update);
      if (!facts || this.#known.fit(facts) !== 'unchanged') {
        waiting.push(update);
        continue;
      }
      this.#tail.push(update);
      this.#size += update.length;
      this.#types += facts.types;
      this.#tailItems += facts.items;
    }
    this.#waiting = waiting;
  }

  /** `count` updates of the tail are now inside `state`; the oldest of what is stored beside it has the place `first`. */
  compacted(first: number, count: number, state: RoomState): void {
    this.#state = state;
    this.#stateItems = null;
    this.#tail = this.#tail.slice(count);
    this.#first = first;
    this.#whole = null;
    this.#digest = null;
    this.#known = this.#read();
    this.#size = sizeOf(this.#state, this.#tail);
  }

  stateVector(): Uint8Array {
    return encodeStateVector(this.#known.clocks);
  }

  /** What is here, as a short value: see digestOf(). */
  digest(): Uint8Array {
    this.#digest ??= digestOf(this.#known);
    return this.#digest;
  }

  /** Everything as one update. */
  whole(): Uint8Array {
    this.#whole ??= this.#merged();
    return this.#whole;
  }

  #merged(): Uint8Array {
    const [first, ...others] = this.#tail;
    const layouts = this.#layouts;
    this.#layouts = null;
    if (!first) return this.#state?.update ?? NOTHING;
    // Handed over by another hub in one piece: given on as it is.
    if (!this.#state && others.length === 0) return first;
    if (!this.#state) return (layouts && joinUpdates(this.#tail, layouts)) ?? mergeUpdates([first, ...others]);
    // The tail first: the state, which may be large, is read once.
    return mergeUpdates([this.#state.update, mergeUpdates([first, ...others])]);
  }

  /**
   * What is here beyond `stateVector`, and every clock that has no content here, deleted or empty (HU7). Who has nothing is given
   * the stored bytes as they are: of what they do not hold yet, empty structs speak for themselves. Throws `bad-input` when
   * the bytes are no state vector.
   */
  diff(stateVector: Uint8Array): Uint8Array {
    const clocks = stateVector.length > LIMITS.stateVector ? null : decodeStateVector(stateVector);
    if (!clocks) throw new AppError('bad-input', 'These bytes are not a state vector.');
    if (clocks.size === 0) return this.whole();
    const deletions = this.#known.deletes.encode();
    const behind = [...this.#known.clocks].some(([client, clock]) => (clocks.get(client) ?? 0) < clock);
    // Where nobody lacks a struct, no structs and the delete set are the whole answer.
    if (!behind) return deleting(deletions);
    return (
      this.#beyond(clocks, deletions) ??
      // Yjs names what its bytes name, which is not what is empty under clocks that the other end has.
      Y.mergeUpdates([Y.diffUpdate(this.whole(), encodeStateVector(clocks)), deleting(deletions)])
    );
  }

  /** Cut out of the stored bytes; null where that cannot be done. */
  #beyond(clocks: ReadonlyMap<number, number>, deletions: Uint8Array): Uint8Array | null {
    // Who has the merged state lacks something of the tail: the state, which may be large, is not read.
    if (!this.#state || hasAll(clocks, this.#state)) return joinBeyond(this.#tail, this.#layouts, clocks, deletions);
    return joinBeyond([this.#state.update, ...this.#tail], null, clocks, deletions);
  }
}

/** Whether somebody with these clocks has every struct of the state. */
function hasAll(clocks: ReadonlyMap<number, number>, state: RoomState): boolean {
  return [...(decodeStateVector(state.stateVector) ?? [])].every(([client, end]) => (clocks.get(client) ?? 0) >= end);
}

/** An update with these deletions and no structs. */
function deleting(deletions: Uint8Array): Uint8Array {
  const update = new Uint8Array(1 + deletions.length);
  update.set(deletions, 1);
  return update;
}

function sizeOf(state: RoomState | null, tail: readonly Uint8Array[]): number {
  return tail.reduce((sum, update) => sum + update.length, state?.update.length ?? 0);
}

function unreadable(): AppError {
  return new AppError(
    'damaged',
    'A stored document cannot be read. It is kept as it is; restore it from a backup or another member’s computer.',
  );
}
