// What another hub has that is not here yet, by its own numbering: announced, fetched, and the cursor between; no IO.
import type { ChangesFrame } from './peer.ts';

interface SpaceState {
  epoch: string;
  after: number;
  heard: number;
  /** The end of what was announced. */
  upTo: number;
  /** Rooms to fetch, each with the newest number announced. */
  readonly needs: Map<string, number>;
  /** Rooms that are here up to a number that was not announced yet, or not passed by the cursor yet. */
  readonly covered: Map<string, number>;
  /** Rooms that could not be had though the cursor passed them, each with the number that is missing. */
  readonly lacks: Map<string, number>;
  /** How often the numbers of this space lost their meaning. */
  turn: number;
}

export interface RemoteCursor {
  readonly epoch: string;
  readonly after: number;
  readonly heard: number;
  readonly lacks?: ReadonlyMap<string, number>;
  readonly turn?: number;
}

/** A room's number at the other hub, as it was last named. */
export interface RoomNumber {
  /** Of the space at that time: a number of an earlier turn means nothing. */
  readonly turn: number;
  readonly number: number;
}

/** By space; rooms are named in full. */
export class RemoteChanges {
  readonly #workspace: string;
  readonly #spaces = new Map<string, SpaceState>();
  /** Spaces whose cursor or greatest number moved since the last take(). */
  readonly #moved = new Set<string>();
  /** Numbers of rooms that were named since the last takeNumbers(). */
  #numbers = new Map<string, RoomNumber>();
  #fetching = 0;
  #fetched = 0;
  /** The other hub is telling what it has: between two parts of that nothing may be under way, and there is more to come. */
  #listing = false;
  /** All that was announced is here: the next room begins the counts anew. */
  #even = true;
  /** The other hub's present epoch. */
  #epoch = '';

  constructor(workspace: string, remembered: ReadonlyMap<string, RemoteCursor>) {
    this.#workspace = workspace;
    for (const [space, { epoch, after, heard, lacks, turn }] of remembered) {
      const moving = { upTo: after, needs: new Map(), covered: new Map() };
      this.#spaces.set(space, { epoch, after, heard, ...moving, lacks: new Map(lacks), turn: turn ?? 0 });
    }
  }

  /** Rooms known to differ that are not here yet. */
  get fetching(): number {
    return this.#fetching;
  }

  /** How many were fetched since all was here, or another connection was under way: with `fetching`, how far a first sync is. */
  get fetched(): number {
    return this.#fetched;
  }

  cursors(): readonly (RemoteCursor & { readonly space: string })[] {
    return [...this.#spaces]
      .filter(([, { epoch }]) => epoch !== '')
      .map(([space, { epoch, after, heard }]) => ({ space, epoch, after, heard }));
  }

  /** What there is to remember of a space, or null before its hub answered for it. */
  cursor(space: string): RemoteCursor | null {
    const state = this.#spaces.get(space);
    if (!state || state.epoch === '') return null;
    const { epoch, after, lacks, turn } = state;
    const heard = Math.max(state.heard, after);
    return { epoch, after, heard, ...(lacks.size > 0 && { lacks: new Map(lacks) }), ...(turn > 0 && { turn }) };
  }

  /** How often the numbers of a space lost their meaning. */
  turn(space: string): number {
    return this.#spaces.get(space)?.turn ?? 0;
  }

  /** A room's number that is not stored yet. */
  number(room: string): RoomNumber | null {
    return this.#numbers.get(room) ?? null;
  }

  /** The numbers that are to be stored; what could not be is given back to restoreNumbers(). */
  takeNumbers(): ReadonlyMap<string, RoomNumber> {
    const taken = this.#numbers;
    this.#numbers = new Map();
    return taken;
  }

  restoreNumbers(numbers: ReadonlyMap<string, RoomNumber>): void {
    this.#numbers = new Map([...numbers, ...this.#numbers]);
  }

  /** A new connection begins: what was announced on the last one and is not here will be announced again. */
  begin(epoch: string): void {
    this.#epoch = epoch;
    for (const [space, state] of this.#spaces) {
      state.after = cursorOf(state);
      state.upTo = state.after;
      state.needs.clear();
      this.#moved.add(space);
    }
    this.#fetching = 0;
    this.#fetched = 0;
    this.#listing = false;
    this.#even = true;
  }

  /** The other hub was asked what it has, and tells it from now on until listed(). */
  asked(): void {
    this.#listing = true;
  }

  listed(): void {
    this.#listing = false;
    if (this.#fetching === 0) this.#even = true;
  }

  /** The rooms that fetching counts. */
  *needed(): Iterable<string> {
    for (const { needs } of this.#spaces.values()) yield* needs.keys();
  }

  /** Rooms that could not be had. */
  *lacking(): Iterable<string> {
    for (const { needs, lacks } of this.#spaces.values()) {
      for (const room of lacks.keys()) if (!needs.has(room)) yield room;
    }
  }

  needs(room: string): number | null {
    return this.#spaces.get(spaceOf(room))?.needs.get(room) ?? null;
  }

  /** Takes an announcement in; the answer are the rooms that must be fetched. */
  announced(frame: ChangesFrame): readonly string[] {
    const state = this.#state(frame.space);
    if (frame.reset) {
      this.#fetching -= state.needs.size;
      state.needs.clear();
      state.covered.clear();
      state.lacks.clear();
      state.turn += 1;
      state.after = 0;
      state.heard = 0;
      if (this.#fetching === 0) this.#even = true;
    }
    // That the other end answered for this space makes its present epoch the one that our numbers hold under.
    state.epoch = this.#epoch;
    state.upTo = frame.upTo;
    state.heard = Math.max(state.heard, frame.upTo);
    this.#moved.add(frame.space);
    const fetch: string[] = [];
    for (const { document, number } of frame.entries) {
      const room = `${this.#workspace}/${frame.space}/${document}`;
      this.#named(state, room, number);
      if ((state.covered.get(room) ?? -1) >= number) continue;
      if (!state.needs.has(room)) this.#count();
      state.needs.set(room, number);
      fetch.push(room);
    }
    return fetch;
  }

  /** The room is durable here up to their `number`, and they named `heard`. */
  covered(room: string, number: number, heard: number): void {
    const space = spaceOf(room);
    const state = this.#state(space);
    if (heard > state.heard) {
      state.heard = heard;
      // A receipt may come before the space was ever announced: it rests on the present epoch, and must be asked about
      // next time, or a hub that is restored from before it would keep a receipt for what it lost.
      if (state.epoch === '') state.epoch = this.#epoch;
      this.#moved.add(space);
    }
    this.#named(state, room, Math.max(number, heard));
    if (number > (state.covered.get(room) ?? -1)) state.covered.set(room, number);
    if ((state.lacks.get(room) ?? Number.POSITIVE_INFINITY) <= number) {
      state.lacks.delete(room);
      this.#moved.add(space);
    }
    const need = state.needs.get(room);
    if (need !== undefined && need <= number) this.#done(state, space, room);
  }

  /** The room cannot be had (refused for good): the cursor need not wait for it, and it is remembered as lacking. */
  skip(room: string): void {
    const space = spaceOf(room);
    const state = this.#spaces.get(space);
    const need = state?.needs.get(room);
    if (!state || need === undefined) return;
    state.lacks.set(room, need);
    this.#done(state, space, room);
  }

  /** What could not be had may be given now: it counts as announced again. The answer are the rooms to fetch. */
  retry(): readonly string[] {
    const fetch: string[] = [];
    for (const { needs, lacks } of this.#spaces.values()) {
      for (const [room, number] of lacks) {
        if (needs.has(room)) continue;
        this.#count();
        needs.set(room, number);
        fetch.push(room);
      }
    }
    return fetch;
  }

  /** One more to fetch. */
  #count(): void {
    if (this.#even) this.#fetched = 0;
    this.#even = false;
    this.#fetching += 1;
  }

  #done(state: SpaceState, space: string, room: string): void {
    state.needs.delete(room);
    this.#fetching -= 1;
    this.#fetched += 1;
    if (this.#fetching === 0 && !this.#listing) this.#even = true;
    this.#moved.add(space);
  }

  #named(state: SpaceState, room: string, number: number): void {
    const { turn } = state;
    const known = this.#numbers.get(room);
    if (number > 0 && !(known?.turn === turn && known.number >= number)) this.#numbers.set(room, { turn, number });
  }

  /** The spaces whose memory changed since the last call. */
  take(): ReadonlyMap<string, RemoteCursor> {
    const taken = new Map<string, RemoteCursor>();
    for (const space of this.#moved) {
      const state = this.#state(space);
      state.after = cursorOf(state);
      for (const [room, number] of state.covered) if (number <= state.after) state.covered.delete(room);
      const cursor = this.cursor(space);
      if (cursor) taken.set(space, cursor);
    }
    this.#moved.clear();
    return taken;
  }

  /** What was taken could not be saved: it is given again by the next take(). */
  restore(spaces: Iterable<string>): void {
    for (const space of spaces) this.#moved.add(space);
  }

  #state(space: string): SpaceState {
    const known = this.#spaces.get(space);
    if (known) return known;
    const numbers = { epoch: '', after: 0, heard: 0, upTo: 0, turn: 0 };
    const fresh = { ...numbers, needs: new Map(), covered: new Map(), lacks: new Map() };
    this.#spaces.set(space, fresh);
    return fresh;
  }
}

/** The number up to which everything announced is here. */
function cursorOf(state: SpaceState): number {
  let after = state.upTo;
  for (const number of state.needs.values()) after = Math.min(after, number - 1);
  return Math.max(state.after, after);
}

/** The space of a full room name. */
export function spaceOf(room: string): string {
  return room.slice(room.indexOf('/') + 1, room.lastIndexOf('/'));
}
