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
}

export interface RemoteCursor {
  readonly epoch: string;
  readonly after: number;
  readonly heard: number;
}

/** By space; rooms are named in full. */
export class RemoteChanges {
  readonly #workspace: string;
  readonly #spaces = new Map<string, SpaceState>();
  /** Spaces whose cursor or greatest number moved since the last take(). */
  readonly #moved = new Set<string>();
  #fetching = 0;
  #fetched = 0;
  /** The other hub's present epoch. */
  #epoch = '';

  constructor(workspace: string, remembered: ReadonlyMap<string, RemoteCursor>) {
    this.#workspace = workspace;
    for (const [space, { epoch, after, heard }] of remembered) {
      this.#spaces.set(space, { epoch, after, heard, upTo: after, needs: new Map(), covered: new Map() });
    }
  }

  /** Rooms known to differ that are not here yet. */
  get fetching(): number {
    return this.#fetching;
  }

  /** How many were fetched since nothing, or another connection, was under way: with `fetching`, how far a first sync is. */
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
    return { epoch: state.epoch, after: state.after, heard: Math.max(state.heard, state.after) };
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
      state.after = 0;
      state.heard = 0;
    }
    // That the other end answered for this space makes its present epoch the one that our numbers hold under.
    state.epoch = this.#epoch;
    state.upTo = frame.upTo;
    state.heard = Math.max(state.heard, frame.upTo);
    this.#moved.add(frame.space);
    const fetch: string[] = [];
    for (const { document, number } of frame.entries) {
      const room = `${this.#workspace}/${frame.space}/${document}`;
      if ((state.covered.get(room) ?? -1) >= number) continue;
      if (!state.needs.has(room)) {
        if (this.#fetching === 0) this.#fetched = 0;
        this.#fetching += 1;
      }
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
    if (number > (state.covered.get(room) ?? -1)) state.covered.set(room, number);
    const need = state.needs.get(room);
    if (need !== undefined && need <= number) this.skip(room);
  }

  /** The room cannot be had (refused for good): the cursor need not wait for it. */
  skip(room: string): void {
    const space = spaceOf(room);
    if (!this.#spaces.get(space)?.needs.delete(room)) return;
    this.#fetching -= 1;
    this.#fetched += 1;
    this.#moved.add(space);
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
    const fresh = { epoch: '', after: 0, heard: 0, upTo: 0, needs: new Map(), covered: new Map() };
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
