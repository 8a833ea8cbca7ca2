// Who is present in a room: a registry over y-protocols awareness bytes that knows who owns which client id. It sends nothing.
import * as encoding from 'lib0/encoding';
import { readTotally } from '../protocol/byte-reader.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Origin } from './room-source.ts';

/** One client's entry of an awareness update. */
export interface PresenceEntry {
  readonly client: number;
  readonly clock: number;
  /** JSON of an object, or `null` for leaving. */
  readonly state: string;
}

interface Held extends PresenceEntry {
  origin: Origin;
  /** Whose it is, and whether it came over a link from another hub. */
  readonly owner: Owner;
  /** When it was heard last. */
  readonly at: number;
}

/** Who an origin speaks for. */
export interface Owner {
  /** The device, or for what a link brought the hub at its other end; null: nothing is proved. */
  readonly device: string | null;
  /** Heard from another hub, which speaks for many; what sits here itself knows better who it is. */
  readonly linked?: boolean;
}

/** How long what was heard of somebody holds without news (milliseconds): y-protocols' own time, after which clients forget them. */
export const PRESENCE_TIME = 30_000;

/** An update without entries: stock clients take it as a sign of life and change nothing. */
export const EMPTY_PRESENCE: Uint8Array = new Uint8Array([0]);

/** The entries, or null when the bytes are malformed, too many or too large, or a state is not an object's JSON. */
export function decodePresence(update: Uint8Array): readonly PresenceEntry[] | null {
  const entries = readTotally(update, (reader) => {
    const count = reader.varUint();
    if (count > LIMITS.presenceClients) return null;
    return Array.from({ length: count }, () => ({
      client: reader.varUint(),
      clock: reader.varUint(),
      state: reader.varString(LIMITS.presence),
    }));
  });
  return entries?.every(({ state }) => isState(state)) ? entries : null;
}

export function encodePresence(entries: readonly PresenceEntry[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, entries.length);
  for (const { client, clock, state } of entries) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, state);
  }
  return encoding.toUint8Array(encoder);
}

/**
 * A client id belongs to the origin that used it first; only a newer origin of the same device takes it over. Entries of
 * an origin leave with it.
 */
export class PresenceRegistry {
  readonly #entries = new Map<number, Held>();
  readonly #owners = new Map<Origin, Owner & { readonly since: number }>();
  /** Origins that have sent a frame: the first one of a stock client holds its own entry and nothing else. */
  readonly #spoken = new WeakSet<Origin>();
  readonly #rates = new Map<Origin, { second: number; count: number }>();
  #joined = 0;

  /** Makes an origin known; later ones of the same device may take its client ids over. */
  join(origin: Origin, owner: Owner): void {
    if (!this.#owners.has(origin)) this.#owners.set(origin, { ...owner, since: ++this.#joined });
  }

  /**
   * The update to pass on (null: nothing of it is news), or false when the frame is refused by rule: malformed, beyond a
   * limit, or too many of them in this second.
   * @param member whose connection this is: stamped into every entry, in place of what the frame says of who it is.
   */
  apply(update: Uint8Array, origin: Origin, now: number, member: string | null = null): Uint8Array | null | false {
    const entries = decodePresence(update);
    if (!entries || !this.#withinRate(origin, now)) return false;
    const first = !this.#spoken.has(origin) && entries.length === 1;
    this.#spoken.add(origin);
    const stamped =
      member === null ? entries : entries.map((entry) => ({ ...entry, state: stamp(entry.state, member) }));
    const news = stamped.filter((entry) => this.#take(entry, origin, first, now));
    return news.length > 0 ? encodePresence(news) : null;
  }

  /** Removes what `origin` announced; the update that tells the others, or null when there was nothing. */
  drop(origin: Origin): Uint8Array | null {
    this.#forget(origin);
    return this.#remove((held) => held.origin === origin);
  }

  /** The way to `origin` was lost: what it announced holds until expire(), or until it is announced again. False: nothing does. */
  lose(origin: Origin): boolean {
    this.#forget(origin);
    return [...this.#entries.values()].some((held) => held.origin === origin);
  }

  /** Removes what was lost and not heard of for PRESENCE_TIME; the update that tells the others, or null. */
  expire(now: number): Uint8Array | null {
    return this.#remove((held) => !this.#owners.has(held.origin) && Math.abs(now - held.at) >= PRESENCE_TIME);
  }

  /** Whether something is kept that was lost. */
  get hasLost(): boolean {
    return [...this.#entries.values()].some(({ origin }) => !this.#owners.has(origin));
  }

  /**
   * Everybody present as one update, or null. Who was not heard of for too long is not told to newcomers. `own`: without what
   * links brought.
   */
  snapshot(now = 0, own = false): Uint8Array | null {
    const present = [...this.#entries.values()].filter(({ at, owner }) => {
      return now - at < PRESENCE_TIME && !(own && owner.linked);
    });
    return present.length > 0 ? encodePresence(present) : null;
  }

  #forget(origin: Origin): void {
    this.#owners.delete(origin);
    this.#rates.delete(origin);
  }

  #remove(isGone: (held: Held) => boolean): Uint8Array | null {
    const gone: PresenceEntry[] = [];
    for (const held of this.#entries.values()) {
      if (!isGone(held)) continue;
      this.#entries.delete(held.client);
      gone.push({ client: held.client, clock: held.clock, state: 'null' });
    }
    return gone.length > 0 ? encodePresence(gone) : null;
  }

  #take(entry: PresenceEntry, origin: Origin, first: boolean, at: number): boolean {
    const held = this.#entries.get(entry.client);
    const { device = null, linked = false } = this.#owners.get(origin) ?? {};
    if (!held) {
      if (entry.state === 'null' || this.#countOf(origin) >= LIMITS.presenceClients) return false;
      this.#entries.set(entry.client, { ...entry, origin, owner: { device, linked }, at });
      return true;
    }
    if (held.origin !== origin) {
      if (held.owner.linked && !linked && first && entry.state !== 'null') {
        // The client itself: what another hub still says of it, or somebody there in its name, counts no more.
        this.#entries.set(entry.client, { ...entry, origin, owner: { device, linked }, at });
        return true;
      }
      if (!this.#mayTakeOver(held, entry, origin, first)) return false;
      held.origin = origin;
    }
    const leaving = entry.clock === held.clock && entry.state === 'null';
    if (entry.clock <= held.clock && !leaving) return false;
    if (entry.state === 'null') this.#entries.delete(entry.client);
    else this.#entries.set(entry.client, { ...entry, origin, owner: held.owner, at });
    return true;
  }

  /**
   * Stock clients echo what they hear about others, and report others as gone after 30 s, both with the clock that they heard:
   * only a later clock, or the first frame of a session that came back, is the client itself.
   */
  #mayTakeOver(held: Held, entry: PresenceEntry, origin: Origin, first: boolean): boolean {
    const mine = this.#owners.get(origin);
    const theirs = this.#owners.get(held.origin);
    if (!mine || mine.device !== held.owner.device || (theirs && mine.since < theirs.since)) return false;
    // Nobody else speaks for what was lost; a link that is back tells what it told before.
    if (!theirs) return entry.clock >= held.clock;
    return entry.clock > held.clock || (first && entry.clock === held.clock && entry.state !== 'null');
  }

  #countOf(origin: Origin): number {
    let count = 0;
    for (const held of this.#entries.values()) if (held.origin === origin) count += 1;
    return count;
  }

  #withinRate(origin: Origin, now: number): boolean {
    const second = Math.floor(now / 1000);
    const rate = this.#rates.get(origin);
    if (rate?.second !== second) {
      this.#rates.set(origin, { second, count: 1 });
      return true;
    }
    rate.count += 1;
    return rate.count <= LIMITS.presencePerSecond;
  }
}

/** Who somebody is comes from their connection; what they are called, from their profile. */
function stamp(state: string, member: string): string {
  const value = JSON.parse(state) as Record<string, unknown> | null;
  if (value === null) return state;
  const { user } = value;
  const { name: _claimed, ...said } = (typeof user === 'object' && user !== null ? user : {}) as Record<
    string,
    unknown
  >;
  return JSON.stringify({ ...value, user: { ...said, member } });
}

function isState(text: string): boolean {
  if (text === 'null') return true;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
