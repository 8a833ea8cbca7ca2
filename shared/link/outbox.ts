// Which rooms hold changes of ours that the other hub has not acknowledged: derived from the hub's own numbers; sends nothing.
import type { Clock } from '../base/clock.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { MemoryChange, RoomMemory } from './link-memory.ts';
import { spaceOf } from './remote-changes.ts';
import type { Principal, RoomSource } from './room-source.ts';

export interface OutboxRoom {
  readonly room: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

interface RoomState {
  /** Our newest number of the room. */
  latest: number;
  /** Our number up to which the other hub holds it. */
  held: number;
  since: number | null;
}

const PAGE = 500;

/**
 * The source's numbered changes are the only truth: what they list after a space's low-water mark, and is not known to be
 * held, waits. So an edit that was stored just before a crash is here after the start, by construction.
 */
export class Outbox {
  readonly #source: RoomSource;
  readonly #workspace: string;
  readonly #principal: Principal;
  readonly #clock: Clock;
  readonly #lowWater = new Map<string, number>();
  /** Rooms beyond the low-water mark of their space. */
  readonly #rooms = new Map<string, RoomState>();
  readonly #waiting = new Set<string>();
  readonly #dirty = new Set<string>();
  /** Spaces whose mark moved since the last take(). */
  readonly #moved = new Set<string>();
  /** How often the other hub lost what it had. */
  #losses = 0;

  constructor(source: RoomSource, workspace: string, principal: Principal, clock: Clock) {
    this.#source = source;
    this.#workspace = workspace;
    this.#principal = principal;
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiting.size;
  }

  has(room: string): boolean {
    return this.#waiting.has(room);
  }

  rooms(): readonly OutboxRoom[] {
    return [...this.#waiting]
      .map((room) => ({ room, since: this.#rooms.get(room)?.since ?? this.#clock.now() }))
      .sort((a, b) => a.since - b.since || (a.room < b.room ? -1 : 1));
  }

  waiting(): Iterable<string> {
    return this.#waiting;
  }

  /** Begins with what is remembered of the other hub. Times of rooms that wait already are kept. */
  async load(
    spaces: ReadonlyMap<string, { readonly lowWater: number }>,
    rooms: ReadonlyMap<string, RoomMemory>,
  ): Promise<void> {
    const times = new Map([...this.#rooms].map(([room, { since }]) => [room, since]));
    this.#rooms.clear();
    this.#waiting.clear();
    this.#lowWater.clear();
    for (const [space, { lowWater }] of spaces) this.#lowWater.set(space, lowWater);
    for (const [room, { held, since }] of rooms) {
      this.#rooms.set(room, { latest: 0, held, since: times.get(room) ?? since });
    }
    for (const [room, since] of times) if (!this.#rooms.has(room)) this.#rooms.set(room, { latest: 0, held: 0, since });
    await this.refresh();
  }

  /** Looks at everything beyond the low-water marks again; the answer are rooms that were found to wait. */
  async refresh(): Promise<void> {
    for (const { space } of await this.#source.heads(this.#workspace, this.#principal)) await this.#list(space);
  }

  /** The other hub lost what it had acknowledged in this space: nothing counts as held from now on; refresh() finds the rest. */
  lost(space: string): void {
    this.#losses += 1;
    this.#lowWater.set(space, 0);
    this.#moved.add(space);
    for (const [room, state] of this.#rooms) {
      if (spaceOf(room) !== space) continue;
      state.held = 0;
      this.#dirty.add(room);
      this.#judge(room, state);
    }
  }

  /** A durable change here. The answer is whether the room waits. */
  changed(room: string, number: number): boolean {
    const space = spaceOf(room);
    if (number <= (this.#lowWater.get(space) ?? 0)) return false;
    const state = this.#rooms.get(room) ?? { latest: 0, held: 0, since: null };
    this.#rooms.set(room, state);
    state.latest = Math.max(state.latest, number);
    this.#judge(room, state);
    return this.#waiting.has(room);
  }

  /** The other hub holds the room up to our `number`. */
  held(room: string, number: number): void {
    const state = this.#rooms.get(room);
    if (!state) {
      // The change itself was not announced here yet; the receipt is kept for it.
      if (number > (this.#lowWater.get(spaceOf(room)) ?? 0)) {
        this.#rooms.set(room, { latest: 0, held: number, since: null });
        this.#dirty.add(room);
      }
      return;
    }
    if (number <= state.held) return;
    state.held = number;
    this.#dirty.add(room);
    this.#judge(room, state);
  }

  /** Whether the other hub is known to hold the room up to our `number`. */
  isHeld(room: string, number: number): boolean {
    return number <= (this.#lowWater.get(spaceOf(room)) ?? 0) || number <= (this.#rooms.get(room)?.held ?? 0);
  }

  /**
   * The other hub holds everything of a space up to number `after` of here, but for these rooms; as many are named as may be.
   * `newest`: the space's newest number here. Null: it lost what it had while this was looked at.
   */
  async holding(
    space: string,
    newest: number,
  ): Promise<{ readonly after: number; readonly lacks: readonly string[] } | null> {
    const losses = this.#losses;
    const lacks: string[] = [];
    let after = this.#lowWater.get(space) ?? 0;
    if (after >= newest) return { after, lacks };
    for (;;) {
      const changes = await this.#source.changes(this.#workspace, space, after, PAGE);
      if (losses !== this.#losses) return null;
      for (const { room, number } of changes) {
        const held = this.isHeld(room, number);
        if (!held && lacks.length === LIMITS.lacksPerHolder) return { after, lacks };
        if (!held) lacks.push(documentOf(room));
        after = number;
      }
      if (changes.length < PAGE) return { after, lacks };
    }
  }

  /** The room was purged here: there is nothing left to hand over. */
  purged(room: string): void {
    this.#rooms.delete(room);
    this.#waiting.delete(room);
    this.#dirty.add(room);
  }

  /** Moves the low-water marks as far as receipts reach. */
  async advance(): Promise<void> {
    for (const space of new Set([...this.#dirty].map(spaceOf))) {
      await this.#advance(space);
      this.#moved.add(space);
    }
  }

  /** What must be remembered; not async, so that it fits what else is taken in the same turn. */
  take(): { lowWater: ReadonlyMap<string, number>; rooms: MemoryChange['rooms'] } {
    const rooms = new Map<string, RoomMemory | null>();
    for (const room of this.#dirty) {
      const state = this.#rooms.get(room);
      rooms.set(room, state ? { held: state.held, since: state.since } : null);
    }
    for (const space of this.#moved) {
      const mark = this.#lowWater.get(space) ?? 0;
      for (const [room, state] of this.#rooms) {
        if (spaceOf(room) !== space || state.latest > mark || state.held > mark) continue;
        this.#rooms.delete(room);
        this.#waiting.delete(room);
        rooms.set(room, null);
      }
    }
    this.#dirty.clear();
    this.#moved.clear();
    return { lowWater: new Map(this.#lowWater), rooms };
  }

  /** What was taken could not be saved: it is given again by the next take(). */
  restore(rooms: MemoryChange['rooms']): void {
    for (const room of rooms.keys()) this.#dirty.add(room);
  }

  #judge(room: string, state: RoomState): void {
    if (state.latest > state.held) {
      if (state.since === null) {
        state.since = this.#clock.now();
        this.#dirty.add(room);
      }
      this.#waiting.add(room);
      return;
    }
    if (state.since !== null) this.#dirty.add(room);
    state.since = null;
    this.#waiting.delete(room);
  }

  async #list(space: string): Promise<void> {
    let from = this.#lowWater.get(space) ?? 0;
    for (;;) {
      const changes = await this.#source.changes(this.#workspace, space, from, PAGE);
      for (const { room, number } of changes) this.changed(room, number);
      const last = changes.at(-1);
      if (!last || changes.length < PAGE) return;
      from = last.number;
    }
  }

  /** Walks the source's list in its order: only a number whose every predecessor is held may become the mark. */
  async #advance(space: string): Promise<void> {
    for (;;) {
      const from = this.#lowWater.get(space) ?? 0;
      const changes = await this.#source.changes(this.#workspace, space, from, PAGE);
      let mark = from;
      let stopped = false;
      for (const { room, number } of changes) {
        if ((this.#rooms.get(room)?.held ?? 0) < number) {
          this.changed(room, number);
          stopped = true;
          break;
        }
        mark = number;
      }
      // A space that lost its receipts meanwhile keeps its mark at 0.
      if ((this.#lowWater.get(space) ?? 0) !== from) return;
      this.#lowWater.set(space, mark);
      if (stopped || changes.length < PAGE) return;
    }
  }
}

function documentOf(room: string): string {
  return room.slice(room.lastIndexOf('/') + 1);
}
