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
  readonly device: string | null;
}

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
  readonly #devices = new Map<Origin, { readonly device: string | null; readonly since: number }>();
  /** Origins that have sent a frame: the first one of a stock client holds its own entry and nothing else. */
  readonly #spoken = new WeakSet<Origin>();
  readonly #rates = new Map<Origin, { second: number; count: number }>();
  #joined = 0;

  /** Makes an origin known; later ones of the same device may take its client ids over. */
  join(origin: Origin, device: string | null): void {
    if (!this.#devices.has(origin)) this.#devices.set(origin, { device, since: ++this.#joined });
  }

  /**
   * The update to pass on (null: nothing of it is news), or false when the frame is refused by rule: malformed, beyond a
   * limit, or too many of them in this second.
   */
  apply(update: Uint8Array, origin: Origin, now: number): Uint8Array | null | false {
    const entries = decodePresence(update);
    if (!entries || !this.#withinRate(origin, now)) return false;
    const first = !this.#spoken.has(origin) && entries.length === 1;
    this.#spoken.add(origin);
    const news = entries.filter((entry) => this.#take(entry, origin, first));
    return news.length > 0 ? encodePresence(news) : null;
  }

  /** Removes what `origin` announced; the update that tells the others, or null when there was nothing. */
  drop(origin: Origin): Uint8Array | null {
    this.#devices.delete(origin);
    this.#rates.delete(origin);
    const gone: PresenceEntry[] = [];
    for (const held of this.#entries.values()) {
      if (held.origin !== origin) continue;
      this.#entries.delete(held.client);
      gone.push({ client: held.client, clock: held.clock, state: 'null' });
    }
    return gone.length > 0 ? encodePresence(gone) : null;
  }

  /** Everybody present as one update, or null. */
  snapshot(): Uint8Array | null {
    return this.#entries.size > 0 ? encodePresence([...this.#entries.values()]) : null;
  }

  #take(entry: PresenceEntry, origin: Origin, first: boolean): boolean {
    const held = this.#entries.get(entry.client);
    if (!held) {
      if (entry.state === 'null' || this.#countOf(origin) >= LIMITS.presenceClients) return false;
      this.#entries.set(entry.client, { ...entry, origin, device: this.#devices.get(origin)?.device ?? null });
      return true;
    }
    if (held.origin !== origin) {
      if (!this.#mayTakeOver(held, entry, origin, first)) return false;
      held.origin = origin;
    }
    const leaving = entry.clock === held.clock && entry.state === 'null';
    if (entry.clock <= held.clock && !leaving) return false;
    if (entry.state === 'null') this.#entries.delete(entry.client);
    else this.#entries.set(entry.client, { ...entry, origin, device: held.device });
    return true;
  }

  /**
   * Stock clients echo what they hear about others, and report others as gone after 30 s, both with the clock that they heard:
   * only a later clock, or the first frame of a session that came back, is the client itself.
   */
  #mayTakeOver(held: Held, entry: PresenceEntry, origin: Origin, first: boolean): boolean {
    const mine = this.#devices.get(origin);
    const theirs = this.#devices.get(held.origin);
    if (!mine || mine.device !== held.device || (theirs && mine.since < theirs.since)) return false;
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

function isState(text: string): boolean {
  if (text === 'null') return true;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
