// Which clocks of which clients this hub was the first to have, and up to where another hub confirmed them. No client id in
// here is ever written with again: it is remembered only until everything of it is confirmed.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { ClockRange } from './delete-set.ts';
import type { FreshValue, ValueStore } from './value-store.ts';

export interface Own {
  /** Everything before it is confirmed. */
  from: number;
  /** The clock behind the newest word, durable or not. */
  end: number;
  /** From here on the clocks are somebody else's: what stood there was taken out of the room. */
  until: number;
  /** An earlier run wrote it, up to nobody knows where: it is open until another hub confirms what is there. */
  earlier: boolean;
  /** There is a row of it, or one is being written. */
  stored: boolean;
}

const AREA = 'own';
/** Milliseconds for which what was confirmed is collected before it is stored. */
const SAVE = 1_000;

export class OwnClients {
  readonly #values: ValueStore;
  readonly #clock: Clock;
  readonly #onFailure: (error: unknown) => void;
  readonly #rooms = new Map<string, Map<number, Own>>();
  readonly #dirty = new Set<string>();
  #timer: Disposable | null = null;
  #saving: Promise<void> = Promise.resolve();

  constructor(values: ValueStore, clock: Clock, onFailure: (error: unknown) => void) {
    this.#values = values;
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  async load(): Promise<void> {
    for await (const [key, value] of this.#values.entries(AREA)) {
      const at = key.lastIndexOf('/');
      const decoder = decoding.createDecoder(new Uint8Array(value));
      const from = decoding.readVarUint(decoder);
      const until = decoding.hasContent(decoder) ? decoding.readVarUint(decoder) : Infinity;
      this.#of(key.slice(0, at)).set(Number(key.slice(at + 1)), {
        from,
        end: from,
        until,
        earlier: true,
        stored: true,
      });
    }
  }

  /** By client. */
  of(room: string): ReadonlyMap<number, Readonly<Own>> {
    return this.#rooms.get(room) ?? NONE;
  }

  /** A window wrote these clocks under this id here. */
  note(room: string, client: number, { start, end }: ClockRange): void {
    const own = this.#of(room);
    const known = own.get(client);
    if (known) known.end = Math.max(known.end, end);
    else own.set(client, { from: start, end, until: Infinity, earlier: false, stored: false });
  }

  hasUnconfirmed(room: string): boolean {
    return [...(this.#rooms.get(room)?.values() ?? [])].some((own) => !isConfirmed(own));
  }

  /** What must be stored with the next update of the room, so that a restart knows of it. */
  unstored(room: string): readonly FreshValue[] {
    const values: FreshValue[] = [];
    for (const [client, own] of this.#rooms.get(room) ?? []) {
      if (!own.stored) values.push({ area: AREA, key: `${room}/${client}`, value: encode(own) });
    }
    return values;
  }

  /** The values of unstored() are durable. */
  stored(room: string, values: readonly FreshValue[]): void {
    for (const { key } of values) {
      const own = this.#rooms.get(room)?.get(Number(key.slice(key.lastIndexOf('/') + 1)));
      if (own) own.stored = true;
    }
  }

  /** Another hub holds everything up to these clocks. */
  confirmed(room: string, clocks: ReadonlyMap<number, number>): void {
    let any = false;
    for (const [client, own] of this.#rooms.get(room) ?? []) {
      const from = Math.max(own.from, clocks.get(client) ?? 0);
      any ||= own.earlier || from > own.from;
      own.from = from;
      own.earlier = false;
    }
    if (!any) return;
    this.#dirty.add(room);
    this.#timer ??= this.#clock.after(SAVE, () => {
      this.#timer = null;
      void this.#save();
    });
  }

  /** From these clocks on the ids are somebody else's; what was written before, and is not confirmed, is still this hub's. */
  async forget(room: string, cut: ReadonlyMap<number, number>): Promise<void> {
    const own = this.#rooms.get(room);
    const over = [...cut].filter(([client, at]) => at <= (own?.get(client)?.from ?? -1)).map(([client]) => client);
    for (const client of over) own?.delete(client);
    const shorter = [...cut].flatMap(([client, at]) => {
      const kept = own?.get(client);
      if (!kept) return [];
      kept.until = Math.min(kept.until, at);
      kept.end = Math.min(kept.end, kept.until);
      return kept.stored ? [{ client, value: encode(kept) }] : [];
    });
    const rows = [...over.map((client) => ({ client, value: null })), ...shorter];
    await this.#values.write(rows.map(({ client, value }) => ({ area: AREA, key: `${room}/${client}`, value })));
  }

  /** The room is no more. */
  async purged(room: string): Promise<void> {
    this.#rooms.delete(room);
    this.#dirty.delete(room);
    const keys: string[] = [];
    for await (const [key] of this.#values.entries(AREA, `${room}/`)) keys.push(key);
    if (keys.length > 0) await this.#values.write(keys.map((key) => ({ area: AREA, key, value: null })));
  }

  async close(): Promise<void> {
    this.#timer?.dispose();
    this.#timer = null;
    await this.#save();
  }

  #of(room: string): Map<number, Own> {
    const own = this.#rooms.get(room) ?? new Map<number, Own>();
    this.#rooms.set(room, own);
    return own;
  }

  #save(): Promise<void> {
    // What it comes to is read when it is written: a word that comes while an earlier one is being saved brings its own row, or
    // finds that it is still there.
    this.#saving = this.#saving.then(() => this.#write()).catch(this.#onFailure);
    return this.#saving;
  }

  async #write(): Promise<void> {
    const rooms = [...this.#dirty];
    this.#dirty.clear();
    // What is confirmed as a whole needs no row; the next word of that client brings one again.
    const writes = rooms.flatMap((room) =>
      [...(this.#rooms.get(room) ?? [])]
        .filter(([, own]) => own.stored)
        .map(([client, own]) => {
          const done = isConfirmed(own);
          if (done) own.stored = false;
          return { area: AREA, key: `${room}/${client}`, value: done ? null : encode(own) };
        }),
    );
    if (writes.length > 0) await this.#values.write(writes);
  }
}

/** The first clock of the client that is not this hub's, as far as that is known: nobody typed it here, or not any more. */
export function endOf({ end, until, earlier }: Readonly<Own>): number {
  return earlier ? until : Math.min(end, until);
}

/** Nothing was written, or is being written, that no other hub confirmed. */
function isConfirmed({ from, end, earlier }: Own): boolean {
  return !earlier && end <= from;
}

const NONE: ReadonlyMap<number, Own> = new Map();

function encode({ from, until }: Own): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, from);
  if (until < Infinity) encoding.writeVarUint(encoder, until);
  return encoding.toUint8Array(encoder);
}
