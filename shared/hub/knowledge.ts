// What a room has, without its content: the clocks of every client and the delete set; it judges whether an update fits.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { DeleteSet, type ClockRange } from './delete-set.ts';
import type { Gain } from './gain.ts';
import type { ClockId, StructFact, UpdateFacts } from './update-facts.ts';
import type { UpdateLayout } from './update-layout.ts';

export type Fit =
  /** Something of it is new, and everything that it builds on is here. */
  | 'new'
  /** All of it is here already. */
  | 'unchanged'
  /** It builds on something that is missing. */
  | 'gap';

export class Knowledge {
  readonly #clocks: Map<number, number>;
  readonly #deletes: DeleteSet;
  /** Of stored updates, not put in order yet: most rooms are opened to be asked for everything, which needs the clocks alone. */
  #unordered: [client: number, ranges: readonly ClockRange[]][] = [];

  constructor(clocks: ReadonlyMap<number, number> = new Map(), deletes: DeleteSet = new DeleteSet()) {
    this.#clocks = new Map(clocks);
    this.#deletes = deletes;
  }

  get clocks(): ReadonlyMap<number, number> {
    return this.#clocks;
  }

  get deletes(): DeleteSet {
    if (this.#unordered.length > 0) {
      for (const [client, ranges] of this.#unordered) this.#deletes.add(client, ranges);
      this.#unordered = [];
    }
    return this.#deletes;
  }

  copy(): Knowledge {
    return new Knowledge(this.#clocks, this.deletes.copy());
  }

  fit(facts: UpdateFacts): Fit {
    if (this.#hasAll(facts)) return 'unchanged';
    // What people type is one client's: nothing waits for anything, and no tables are made for it.
    if (facts.structs.size === 1) return this.#fitOfOne(facts);
    const reached = integrate(facts, this.#clocks);
    if (!reached) return 'gap';
    for (const [client, ranges] of facts.deletes) {
      const known = reached.get(client) ?? this.#clocks.get(client) ?? 0;
      if (isBeyond(ranges, known)) return 'gap';
    }
    return 'new';
  }

  #fitOfOne({ structs, deletes }: UpdateFacts): Fit {
    for (const [client, list] of structs) {
      let reached = this.#clocks.get(client) ?? 0;
      for (const struct of list) {
        if (struct.start > reached) return 'gap';
        if (struct.end <= reached) continue;
        if (!this.#has(struct.origin, client, reached)) return 'gap';
        if (!this.#has(struct.rightOrigin, client, reached)) return 'gap';
        if (!this.#has(struct.parent, client, reached)) return 'gap';
        reached = struct.end;
      }
      for (const [deleted, ranges] of deletes) {
        if (isBeyond(ranges, deleted === client ? reached : (this.#clocks.get(deleted) ?? 0))) return 'gap';
      }
    }
    return 'new';
  }

  /** `reached`: up to where `client` is there by now. */
  #has(id: ClockId | null, client: number, reached: number): boolean {
    return id === null || id.clock < (id.client === client ? reached : (this.#clocks.get(id.client) ?? 0));
  }

  /** Takes in an update that fits; `gain` takes down what it adds. */
  add(facts: UpdateFacts, gain: Gain | null = null): void {
    gain?.count(facts);
    for (const [client, structs] of facts.structs) {
      const known = this.#clocks.get(client) ?? 0;
      let end = known;
      let emptied: StructFact[] | null = null;
      for (const struct of structs) {
        end = Math.max(end, struct.end);
        if (struct.empty && struct.start >= known) (emptied ??= []).push(struct);
      }
      if (emptied) {
        this.deletes.add(client, emptied);
        gain?.deletes(client, emptied);
      }
      this.#clocks.set(client, end);
      gain?.reached(client, end);
    }
    for (const [client, ranges] of facts.deletes) {
      this.deletes.add(client, ranges);
      gain?.deletes(client, ranges);
    }
  }

  /** Takes in what updates added elsewhere to what is known here. */
  take(gain: Gain): void {
    for (const [client, ranges] of gain.deleted) this.deletes.add(client, ranges);
    for (const [client, end] of gain.clocks) this.#clocks.set(client, Math.max(this.#clocks.get(client) ?? 0, end));
  }

  /** Takes in an update that was judged when it was stored; false where it goes on from clocks that are not here (rule RO5). */
  addStored({ sections, deletions }: UpdateLayout): boolean {
    let follows = true;
    for (const { client, start, end, emptied } of sections) {
      const known = this.#clocks.get(client) ?? 0;
      if (start > known) follows = false;
      const ranges = known === 0 ? emptied : emptied.filter(({ start }) => start >= known);
      if (ranges.length > 0) this.#unordered.push([client, ranges]);
      this.#clocks.set(client, Math.max(known, end));
    }
    for (const [client, ranges] of deletions) this.#unordered.push([client, ranges]);
    return follows;
  }

  #hasAll(facts: UpdateFacts): boolean {
    for (const [client, structs] of facts.structs) {
      if (isBeyond(structs, this.#clocks.get(client) ?? 0)) return false;
    }
    for (const [client, ranges] of facts.deletes) {
      for (const range of ranges) if (!this.deletes.covers(client, range)) return false;
    }
    return true;
  }
}

/** Whether one of them ends behind `clock`. */
function isBeyond(ranges: readonly ClockRange[], clock: number): boolean {
  for (const { end } of ranges) if (end > clock) return true;
  return false;
}

/** Visits per struct beyond which an update is called unreadable: honest ones need two or three. */
const PATIENCE = 50;

/**
 * Walks the update as Yjs would integrate it: each client's structs in order, each only when what it builds on is there.
 * The clocks reached, or null when something would stay pending (a hole, an unknown neighbour, a circle). A client that waits
 * is woken when the client that it waits for has got there.
 */
function integrate(facts: UpdateFacts, known: ReadonlyMap<number, number>): Map<number, number> | null {
  const reached = new Map<number, number>();
  const position = new Map<number, number>();
  const waiting = new Map<number, { readonly client: number; readonly needs: number }[]>();
  const clockOf = (client: number): number => reached.get(client) ?? known.get(client) ?? 0;
  const ready = [...facts.structs.keys()];
  let structsLeft = [...facts.structs.values()].reduce((sum, list) => sum + list.length, 0);
  let work = PATIENCE * (structsLeft + 100);
  for (let client = ready.pop(); client !== undefined; client = ready.pop()) {
    const structs = facts.structs.get(client) ?? [];
    const before = clockOf(client);
    let at = position.get(client) ?? 0;
    for (let struct = structs[at]; struct; struct = structs[++at]) {
      if (struct.start > clockOf(client)) return null;
      const missing = struct.end <= clockOf(client) ? null : firstMissing(struct, clockOf);
      if (missing) {
        const others = waiting.get(missing.client);
        if (others) others.push({ client, needs: missing.clock });
        else waiting.set(missing.client, [{ client, needs: missing.clock }]);
        break;
      }
      reached.set(client, Math.max(clockOf(client), struct.end));
      structsLeft -= 1;
    }
    position.set(client, at);
    const others = waiting.get(client) ?? [];
    work -= 1 + others.length;
    if (work < 0) return null;
    if (clockOf(client) === before || others.length === 0) continue;
    const now = clockOf(client);
    ready.push(...others.filter(({ needs }) => needs < now).map((other) => other.client));
    waiting.set(
      client,
      others.filter(({ needs }) => needs >= now),
    );
  }
  return structsLeft === 0 ? reached : null;
}

function firstMissing(struct: StructFact, clockOf: (client: number) => number): ClockId | null {
  for (const id of [struct.origin, struct.rightOrigin, struct.parent]) {
    if (id !== null && id.clock >= clockOf(id.client)) return id;
  }
  return null;
}

/** The clocks, or null when the bytes are no state vector. */
export function decodeStateVector(bytes: Uint8Array): Map<number, number> | null {
  try {
    const clocks = new Map<number, number>();
    const decoder = decoding.createDecoder(bytes);
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const client = decoding.readVarUint(decoder);
      clocks.set(client, decoding.readVarUint(decoder));
    }
    return clocks;
  } catch {
    // lib0 throws plain errors of several kinds for a short read.
    return null;
  }
}

export function encodeStateVector(clocks: ReadonlyMap<number, number>): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, clocks.size);
  for (const [client, clock] of [...clocks].sort(([a], [b]) => b - a)) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
  }
  return encoding.toUint8Array(encoder);
}
