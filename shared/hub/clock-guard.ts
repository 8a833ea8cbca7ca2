// Keeps the words of this hub's own windows when somebody else takes the clocks that they were typed under (rules FC). It knows
// which client ids write here, compares what comes for them, and sets words aside; rooms are opened and closed by the hub.
import type { Clock } from '../base/clock.ts';
import { builtStructs } from './built-structs.ts';
import { compactUpdates } from './compaction.ts';
import { DeleteSet, type ClockRange } from './delete-set.ts';
import type { RoomState } from './doc-store.ts';
import type { ValueStore } from './value-store.ts';
import type { EditRecorder } from './edit-recorder.ts';
import { decodeStateVector, encodeStateVector } from './knowledge.ts';
import { endOf, OwnClients } from './own-clients.ts';
import { cutOf, pieceAt, reachingTo, type Moved, type Moves } from './moved-clocks.ts';
import { SetAside, type AsidePassage } from './set-aside.ts';
import { firstDifference } from './struct-difference.ts';
import { isEmpty, isItemAt, readStructs, writeUpdate, type StructLists, type StructPart } from './struct-lists.ts';
import { closeOver, split, type Cut } from './transplant.ts';
import type { ClockId, UpdateFacts } from './update-facts.ts';
import * as Y from 'yjs';

/** What the guard needs to see of a room. */
export interface GuardedRoom {
  readonly name: string;
  /** What is durable or on its way, by client. */
  readonly clocks: ReadonlyMap<number, number>;
  /** The same as updates, oldest first. */
  contents(): readonly Uint8Array[];
}

type Words = Pick<AsidePassage, 'room' | 'at' | 'moved' | 'update' | 'emptied' | 'text'>;

export type Judgement =
  | { readonly kind: 'fine' }
  /** It comes from another hub and says something else than what was typed here: from these clocks on. */
  | { readonly kind: 'forged'; readonly cut: Cut }
  /** It was typed here under clocks that are taken: the words go aside, the rest is an update like any other. */
  | { readonly kind: 'aside'; readonly words: Words; readonly follows: string | null; readonly rest: Uint8Array };

/** What remains of a room, and what was taken out of it. */
export interface TakenOut {
  readonly words: Words | null;
  readonly follows: string | null;
  readonly state: RoomState;
  /** What was taken, by client: the cut with all that could not be without it. */
  readonly cut: Cut;
}

const FINE: Judgement = { kind: 'fine' };

export class ClockGuard {
  readonly aside: SetAside;
  readonly #own: OwnClients;
  readonly #clock: Clock;
  readonly #freshClient: () => number;

  constructor(options: {
    readonly values: ValueStore;
    readonly clock: Clock;
    readonly onFailure: (error: unknown) => void;
    /** A random number of 24 bits or more; never one that was used before. */
    readonly freshClient: () => number;
  }) {
    const { values, clock, onFailure } = options;
    this.aside = new SetAside(values, options.freshClient);
    this.#own = new OwnClients(values, clock, onFailure);
    this.#clock = clock;
    this.#freshClient = options.freshClient;
  }

  /** Reads what is remembered of earlier runs; rooms are opened after it. */
  async load(): Promise<void> {
    await Promise.all([this.aside.load(this.#clock.now()), this.#own.load()]);
  }

  async close(): Promise<void> {
    this.aside.close();
    await this.#own.close();
  }

  /** The room was purged: whose clocks it had, and words taken from it, go with it. */
  async purged(room: string): Promise<void> {
    await this.aside.purged(room);
    await this.#own.purged(room);
  }

  /** Hands on what is edited, and stores whose clocks they are in the same batch. */
  recording(inner: EditRecorder | null): EditRecorder {
    return recordingOwn(inner, this.#own);
  }

  /** FC1: by whom it was typed is told by where it came from. */
  judge(room: GuardedRoom, update: Uint8Array, facts: UpdateFacts, typedHere: boolean): Judgement {
    return typedHere ? this.#judgeWindow(room, update, facts) : this.#judgeRemote(room, update, facts);
  }

  /**
   * Whether it deletes words of this hub's windows that are not durable yet: they never left, so nobody can have read them. Asked
   * once it was judged: what it empties itself is then nothing that stands here, and as a gap it would keep two hubs apart for good.
   */
  isForetold(room: string, durable: ReadonlyMap<number, number>, facts: UpdateFacts): boolean {
    const own = this.#own.of(room);
    return [...facts.deletes].some(([client, ranges]) => {
      const stored = durable.get(client) ?? 0;
      const typed = own.get(client);
      const until = typed ? endOf(typed) : 0;
      if (ranges.every(({ start, end }) => end <= stored || start >= until)) return false;
      const [deleted, emptied] = [new DeleteSet(), new DeleteSet()];
      deleted.add(client, ranges);
      emptied.add(client, facts.structs.get(client)?.filter(({ empty }) => empty) ?? []);
      const meant = deleted.without(emptied).clients.get(client) ?? [];
      return meant.some(({ start, end }) => Math.min(end, until) > Math.max(start, stored));
    });
  }

  /** The update was typed here and fits: its clients are this hub's own from there on. */
  note(room: GuardedRoom, facts: UpdateFacts): void {
    for (const [client, structs] of facts.structs) {
      const [first, last] = [structs[0], structs.at(-1)];
      if (!first || !last) continue;
      const start = Math.max(first.start, room.clocks.get(client) ?? 0);
      this.#own.note(room.name, client, { start, end: Math.max(start, last.end) });
    }
  }

  /**
   * What of a stored update stands under clocks whose words were put back under other ids: it is somebody else's, or a second
   * copy that took another way, and is deleted as what stood there at the time was (FC7). Null: nothing.
   */
  leftovers(room: string, facts: UpdateFacts): Uint8Array | null {
    const deletes = new DeleteSet();
    for (const [client, cut] of this.aside.returned(room)) {
      const late = facts.structs.get(client)?.filter(({ end, empty }) => end > cut && !empty) ?? [];
      deletes.add(
        client,
        late.map(({ start, end }) => ({ start: Math.max(start, cut), end })),
      );
    }
    return deletes.clients.size === 0 ? null : writeUpdate(new Map(), deletes);
  }

  /** The state vector to ask another hub with: what it has not confirmed is asked for, so that it can be compared (FC4). */
  claim(room: GuardedRoom, clocks: ReadonlyMap<number, number>): Uint8Array {
    const claimed = new Map(clocks);
    for (const [client, { from }] of this.#own.of(room.name)) {
      if (from === 0) claimed.delete(client);
      else if (from < (claimed.get(client) ?? 0)) claimed.set(client, from);
    }
    return encodeStateVector(claimed);
  }

  /** Whether all that an update brings was written at this hub, as far as it remembers; what it deletes may be others'. */
  isOwn(room: string, { structs }: UpdateFacts): boolean {
    const own = this.#own.of(room);
    return [...structs].every(([client, list]) => {
      const until = own.get(client)?.until ?? 0;
      return list.every(({ end }) => end <= until);
    });
  }

  /** Whether words of this hub's windows wait to be confirmed there. */
  hasUnconfirmed(room: string): boolean {
    return this.#own.hasUnconfirmed(room);
  }

  /** What this hub was the first to have and no other hub confirmed, by client; an end that nobody knows is Infinity. */
  unconfirmed(room: string): ReadonlyMap<number, ClockRange> {
    const found = new Map<number, ClockRange>();
    for (const [client, own] of this.#own.of(room)) {
      const end = endOf(own);
      if (own.from < end) found.set(client, { start: own.from, end });
    }
    return found;
  }

  confirmed(room: string, clocks: ReadonlyMap<number, number>): void {
    this.#own.confirmed(room, clocks);
  }

  /** Takes everything out of the room that cannot stay; null where what remains could not be read. Stores nothing. */
  takeOut(room: string, contents: readonly Uint8Array[], cut: Cut): TakenOut | null {
    const all = readStructs(contents);
    const closed = closeOver(all.structs, cut);
    const { moved, follows } = this.#movedBy(room, closed);
    // What stands empty may be what the forger wrote: it is not taken along as a deletion, or a word that is still to come from the
    // window would be deleted with it.
    const { structs } = all;
    const emptied = clocksTaken(structs, moved, isEmpty);
    const { kept, taken, text } = split({ structs, deletes: all.deletes.without(emptied) }, moved);
    const vector = decodeStateVector(Y.encodeStateVectorFromUpdate(kept));
    const compaction = vector && compactUpdates([kept], encodeStateVector(vector));
    if (compaction?.kind !== 'merged') return null;
    const words = taken && { room, at: this.#clock.now(), moved, update: taken, emptied, text };
    return { words, follows, state: compaction.state, cut: closed };
  }

  /** The words are out of the room: what comes for these clients is somebody else's. */
  forget(room: string, cut: Cut): Promise<void> {
    return this.#own.forget(room, cut);
  }

  #judgeWindow(room: GuardedRoom, update: Uint8Array, facts: UpdateFacts): Judgement {
    const gone = this.aside.moved(room.name);
    const suspects = [...facts.structs].filter(([client, structs]) => {
      const cut = cutOf(gone, client);
      const known = room.clocks.get(client) ?? 0;
      return structs.some(({ start, end, empty }) => end > cut || (start < known && !empty));
    });
    const named = gone.size === 0 ? [] : namesOfGone(facts, gone);
    if (suspects.length === 0 && named.length === 0) return FINE;
    const theirs = readStructs([update]);
    const ours = readStructs(room.contents());
    const cut = new Map<number, number>();
    // Yjs takes a new id when somebody else uses the old one; what is written under it beside words that went aside goes with them.
    const built = named.length === 0 ? ours.structs : builtStructs(ours);
    for (const { client, start, name } of named) {
      if (isItemAt(built, name)) continue;
      cut.set(client, Math.min(start, cut.get(client) ?? Infinity));
    }
    for (const [client, structs] of suspects) {
      const known = room.clocks.get(client) ?? 0;
      // As the window means it: what it deleted itself has nothing left to lose.
      const differs = firstDifference(client, theirs.structs, ours.structs, theirs.deletes, 'differs');
      const late = cutOf(gone, client);
      const beyond = structs.some(({ end }) => end > Math.max(known, late));
      const at = Math.min(differs ?? Infinity, differs !== null || beyond ? late : Infinity);
      if (at < Infinity) cut.set(client, at);
    }
    if (cut.size === 0) return FINE;
    const closed = closeOver(theirs.structs, cut);
    const { moved, follows } = this.#movedBy(
      room.name,
      closed,
      named.map(({ name }) => name.client),
    );
    // What the room counts as deleted under these clocks, or counted before they went, is what somebody else emptied: the window was
    // told so, and did not mean it.
    // Nor did it where its copy never had anything: with a parent that it deleted its children are deleted anyway.
    const { structs } = theirs;
    const emptied = clocksTaken(ours.structs, moved, isEmpty);
    const told = ours.deletes.with(this.aside.emptied(room.name));
    const meant = theirs.deletes.without(told).without(clocksTaken(structs, moved, wasNeverItem));
    const { kept, taken, text } = split({ structs, deletes: meant }, moved);
    if (!taken) return FINE;
    const words = { room: room.name, at: this.#clock.now(), moved, update: taken, emptied, text };
    return { kind: 'aside', words, follows, rest: kept };
  }

  #judgeRemote(room: GuardedRoom, update: Uint8Array, facts: UpdateFacts): Judgement {
    const own = this.#own.of(room.name);
    if (own.size === 0) return FINE;
    const suspects = [...facts.structs].filter(([client, [first]]) => {
      return own.has(client) && first !== undefined && first.start < (room.clocks.get(client) ?? 0);
    });
    if (suspects.length === 0) return FINE;
    const ours = readStructs(room.contents());
    const theirs = readStructs([update]);
    const cut = new Map<number, number>();
    for (const [client] of suspects) {
      const typed = own.get(client);
      const at = firstDifference(client, ours.structs, theirs.structs, ours.deletes, 'differs');
      // Behind what was typed here, and in the place of what was taken out, stands what others brought: two of them may differ.
      if (typed && at !== null && at < endOf(typed)) cut.set(client, at);
    }
    return cut.size === 0 ? FINE : { kind: 'forged', cut };
  }

  /** Where they go: each clock to where it went before, and what was never taken out to the words behind it, if these were. */
  #movedBy(
    room: string,
    cut: Cut,
    named: readonly number[] = [],
  ): { readonly moved: Moves; readonly follows: string | null } {
    const gone = this.aside.moved(room);
    const moved = new Map<number, readonly Moved[]>();
    let follows: string | null = null;
    for (const client of named) {
      const before = gone.get(client);
      if (!before) continue;
      moved.set(client, before);
      follows = before[0]?.passage ?? follows;
    }
    for (const [client, at] of cut) {
      const before = gone.get(client) ?? [];
      moved.set(client, reachingTo(before, at, this.#freshClient));
      follows = (pieceAt(before, at) ?? before[0])?.passage ?? follows;
    }
    // Words that went before and stood beside these go back with them, or they would stand beside nothing.
    return { moved, follows: follows ?? this.aside.beside(room, cut) };
  }
}

/** The clocks of such structs among those that are taken out. */
function clocksTaken(structs: StructLists, moved: Moves, such: (part: StructPart) => boolean): DeleteSet {
  const clocks = new DeleteSet();
  for (const client of moved.keys()) {
    const cut = cutOf(moved, client);
    const parts = structs.get(client)?.filter((part) => part.end > cut && such(part)) ?? [];
    clocks.add(
      client,
      parts.map(({ start, end }) => ({ start: Math.max(start, cut), end })),
    );
  }
  return clocks;
}

function wasNeverItem({ struct }: StructPart): boolean {
  return !(struct instanceof Y.Item);
}

interface NamedGone {
  readonly client: number;
  readonly start: number;
  readonly name: ClockId;
}

/** Structs that build on something that went aside. */
function namesOfGone(facts: UpdateFacts, gone: Moves): readonly NamedGone[] {
  const found: NamedGone[] = [];
  for (const [client, structs] of facts.structs) {
    for (const { start, origin, rightOrigin, parent } of structs) {
      for (const name of [origin, rightOrigin, parent]) {
        if (name && name.clock >= cutOf(gone, name.client)) found.push({ client, start, name });
      }
    }
  }
  return found;
}

function recordingOwn(inner: EditRecorder | null, own: OwnClients): EditRecorder {
  return {
    begin(room, edits, clocks) {
      const recorded = inner?.begin(room, edits, clocks);
      const rows = own.unstored(room);
      return {
        rows: [...(recorded?.rows ?? []), ...rows],
        settled(stored) {
          if (stored) own.stored(room, rows);
          recorded?.settled(stored);
        },
      };
    },
    ended: (origin) => inner?.ended(origin),
    mayCollect: (room, merging) => inner?.mayCollect(room, merging) ?? Promise.resolve(true),
  };
}
