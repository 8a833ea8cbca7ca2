// What came from others when this computer was linked again after it had been away (docs/storage.md, LN1 to LN3): by room, as clocks. It reads no document.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Clock } from '../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../shared/base/disposable.ts';
import { toWireError } from '../../shared/base/app-error.ts';
import { Emitter, type Event } from '../../shared/base/emitter.ts';
import type { Logger } from '../../shared/base/logger.ts';
import type { ClockRange } from '../../shared/hub/delete-set.ts';
import type { UpdateFacts } from '../../shared/hub/update-facts.ts';
import type { ValueStore, ValueWrite } from '../../shared/hub/value-store.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';

/** What a landing needs to see of a workspace's link. */
export interface LandingLink {
  readonly status: { readonly state: string };
  settled(signal: AbortSignal): Promise<void>;
}
export interface LandingWorkspace {
  readonly id: string;
  readonly link: LandingLink | null;
  readonly onChange: Event<string>;
}

/** The newest absence that brought something. */
export interface Landing {
  /** When the link was last known to be up before it, and when it was up again. */
  readonly from: number;
  readonly to: number;
}

/** Shorter is a shaky line and no absence. While linked that is noted as often, for a host that ends without a word. */
const AWAY = 5 * 60_000;
/** What comes in a moment is stored together. */
const STORED_AFTER = 500;
const AREA = 'landing';

type Ranges = Map<number, { start: number; end: number }>;

interface State {
  /** When the link was last known to be up; null: never here. */
  up: number | null;
  online: boolean;
  /** It is linked after an absence, and not all has come yet. */
  landing: Landing | null;
  last: Landing | null;
  /** Of `last`, by room. */
  readonly rooms: Map<string, Ranges>;
  readonly dirty: Set<string>;
  beat: Disposable | null;
  saving: Disposable | null;
  ended: AbortController | null;
}

export class Landings {
  readonly #values: ValueStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #states = new Map<string, State>();
  readonly #held = new DisposableStore();
  readonly #changed = new Emitter<string>();
  readonly #ended = new Emitter<string>();
  #work: Promise<void> = Promise.resolve();

  private constructor(parts: { readonly values: ValueStore; readonly clock: Clock; readonly logger: Logger }) {
    this.#values = parts.values;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
  }

  static async open(parts: {
    readonly values: ValueStore;
    readonly clock: Clock;
    readonly logger: Logger;
  }): Promise<Landings> {
    const landings = new Landings(parts);
    for await (const [key, value] of parts.values.entries(AREA)) {
      const [workspace = ''] = key.split('/');
      const state = landings.#state(workspace);
      if (key === workspace) Object.assign(state, readHead(value));
      else state.rooms.set(key, readRanges(value));
    }
    return landings;
  }

  /** Fires with a workspace in which something came after an absence. */
  readonly onChange = this.#changed.event;

  /** Fires with a workspace when all has come that was there when it was linked again. */
  readonly onEnd = this.#ended.event;

  /** It is linked after an absence, or was before this host started, and not all has come yet. */
  now(workspace: string): Landing | null {
    return this.#states.get(workspace)?.landing ?? null;
  }

  /** It is linked now, after an absence, and not all has come yet. */
  isUnderWay(workspace: string): boolean {
    const state = this.#states.get(workspace);
    return state !== undefined && state.online && state.landing !== null;
  }

  /** The newest absence from a workspace that brought something. */
  last(workspace: string): Landing | null {
    return this.#states.get(workspace)?.last ?? null;
  }

  /** When the link of a workspace was last known to be up; null: never here. */
  upAt(workspace: string): number | null {
    return this.#states.get(workspace)?.up ?? null;
  }

  /** What it brought for a room, by client. */
  broughtTo(room: string): ReadonlyMap<number, ClockRange> {
    return this.#states.get(room.slice(0, room.indexOf('/')))?.rooms.get(room) ?? new Map<number, ClockRange>();
  }

  watch(workspace: LandingWorkspace): void {
    this.#held.add(workspace.onChange(() => this.#look(workspace)));
    this.#look(workspace);
  }

  /** Before it is stored: what is not here yet came with this landing. Answers with that; null: nothing did. */
  arriving(
    room: string,
    clocks: ReadonlyMap<number, number>,
    facts: UpdateFacts,
  ): ReadonlyMap<number, ClockRange> | null {
    const address = parseRoomName(room);
    if (!address || address.space.startsWith('~')) return null;
    const state = this.#states.get(address.workspace);
    if (!state?.landing) return null;
    const fresh = freshIn(facts, clocks);
    if (fresh.size === 0) return null;
    if (state.last !== state.landing) {
      // The first that it brings: what an earlier one brought is told no more.
      for (const known of state.rooms.keys()) state.dirty.add(known);
      state.rooms.clear();
      state.last = state.landing;
    }
    const ranges = state.rooms.get(room) ?? new Map<number, { start: number; end: number }>();
    state.rooms.set(room, ranges);
    for (const [client, { start, end }] of fresh) {
      const known = ranges.get(client);
      ranges.set(client, { start: Math.min(start, known?.start ?? start), end: Math.max(end, known?.end ?? end) });
    }
    state.dirty.add(room);
    const { workspace } = address;
    state.saving ??= this.#clock.after(STORED_AFTER, () => {
      state.saving = null;
      this.#save(workspace, state);
      this.#changed.fire(workspace);
    });
    return fresh;
  }

  /** The workspace is on this computer no more. */
  async forget(workspace: string): Promise<void> {
    const state = this.#states.get(workspace);
    if (!state) return;
    this.#stop(state);
    this.#states.delete(workspace);
    await this.#work;
    const keys = [workspace, ...state.rooms.keys()];
    await this.#values.write(keys.map((key) => ({ area: AREA, key, value: null })));
  }

  async close(): Promise<void> {
    this.#held.dispose();
    for (const [workspace, state] of this.#states) {
      if (state.online) state.up = this.#clock.now();
      this.#stop(state);
      this.#save(workspace, state);
    }
    this.#changed.clear();
    this.#ended.clear();
    await this.#work;
  }

  #state(workspace: string): State {
    const known = this.#states.get(workspace);
    if (known) return known;
    const state: State = {
      up: null,
      online: false,
      landing: null,
      last: null,
      rooms: new Map(),
      dirty: new Set(),
      beat: null,
      saving: null,
      ended: null,
    };
    this.#states.set(workspace, state);
    return state;
  }

  #look(workspace: LandingWorkspace): void {
    const state = this.#state(workspace.id);
    const { link } = workspace;
    const online = link?.status.state === 'online';
    if (online === state.online) return;
    state.online = online;
    const now = this.#clock.now();
    if (!online) {
      state.up = now;
      this.#stop(state);
      this.#save(workspace.id, state);
      return;
    }
    // A workspace that was never linked here lands nowhere: all of it is new.
    if (state.up !== null && now - state.up >= AWAY) state.landing = { from: state.up, to: now };
    this.#beat(workspace.id, state);
    if (!state.landing || !link) return;
    const ended = new AbortController();
    state.ended = ended;
    void link.settled(ended.signal).then(
      () => {
        if (ended.signal.aborted) return;
        state.landing = null;
        this.#save(workspace.id, state);
        this.#ended.fire(workspace.id);
      },
      () => undefined, // The link ended; the next one goes on with it.
    );
  }

  #beat(workspace: string, state: State): void {
    state.up = this.#clock.now();
    this.#save(workspace, state);
    state.beat = this.#clock.after(AWAY, () => this.#beat(workspace, state));
  }

  #stop(state: State): void {
    state.beat?.dispose();
    state.beat = null;
    state.saving?.dispose();
    state.saving = null;
    state.ended?.abort();
    state.ended = null;
  }

  #save(workspace: string, state: State): void {
    const { up, last, landing } = state;
    const head = new TextEncoder().encode(JSON.stringify({ up, last, ...(landing ? { landing } : {}) }));
    const writes: ValueWrite[] = [{ area: AREA, key: workspace, value: head }];
    for (const room of state.dirty) {
      const ranges = state.rooms.get(room);
      writes.push({ area: AREA, key: room, value: ranges ? writeRanges(ranges) : null });
    }
    state.dirty.clear();
    this.#work = this.#work
      .then(() => this.#values.write(writes))
      .catch((error: unknown) => {
        // On a full disk; the next change is written with all that is new by then.
        for (const { key } of writes) if (key !== workspace) state.dirty.add(key);
        this.#logger.log('warn', 'landing-not-stored', { workspace, code: toWireError(error).code });
      });
  }
}

function freshIn(facts: UpdateFacts, clocks: ReadonlyMap<number, number>): ReadonlyMap<number, ClockRange> {
  const fresh = new Map<number, ClockRange>();
  for (const [client, structs] of facts.structs) {
    const start = clocks.get(client) ?? 0;
    const end = structs.at(-1)?.end ?? 0;
    if (end > start) fresh.set(client, { start, end });
  }
  return fresh;
}

type Head = Pick<State, 'up' | 'last' | 'landing'>;

function readHead(bytes: Uint8Array): Head {
  const stored = JSON.parse(new TextDecoder().decode(bytes)) as Pick<Head, 'up' | 'last'> & Partial<Head>;
  const { up, last, landing = null } = stored;
  // The same one: what still comes belongs to what it brought before the end.
  const isLast = landing !== null && last?.from === landing.from && last.to === landing.to;
  return { up, last, landing: isLast ? last : landing };
}

function writeRanges(ranges: Ranges): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const [client, { start, end }] of ranges) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, start);
    encoding.writeVarUint(encoder, end - start);
  }
  return encoding.toUint8Array(encoder);
}

function readRanges(bytes: Uint8Array): Ranges {
  const ranges: Ranges = new Map();
  const decoder = decoding.createDecoder(new Uint8Array(bytes));
  while (decoding.hasContent(decoder)) {
    const client = decoding.readVarUint(decoder);
    const start = decoding.readVarUint(decoder);
    ranges.set(client, { start, end: start + decoding.readVarUint(decoder) });
  }
  return ranges;
}
