// Which clocks of which clients this hub was the first to have, and up to where another hub confirmed them. No client id in
// here is ever written with again: it is remembered only until everything of it is confirmed.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { FreshValue, ValueStore } from './value-store.ts';

interface Own {
  /** Nothing was written since everything was confirmed. */
  settled: boolean;
  /** Everything before it is confirmed. */
  from: number;
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
  readonly #dirty = new Map<string, ReadonlyMap<number, number>>();
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
      const from = decoding.readVarUint(decoding.createDecoder(new Uint8Array(value)));
      this.#of(key.slice(0, at)).set(Number(key.slice(at + 1)), { from, stored: true, settled: false });
    }
  }

  /** By client, the first clock that nobody confirmed. */
  of(room: string): ReadonlyMap<number, { readonly from: number }> {
    return this.#rooms.get(room) ?? NONE;
  }

  /** A window wrote under this id here, from this clock on. */
  note(room: string, client: number, from: number): void {
    const own = this.#of(room);
    const known = own.get(client);
    if (known) known.settled = false;
    else own.set(client, { from, stored: false, settled: false });
  }

  hasUnconfirmed(room: string): boolean {
    for (const own of this.#rooms.get(room)?.values() ?? []) if (!own.settled) return true;
    return false;
  }

  /** What must be stored with the next update of the room, so that a restart knows of it. */
  unstored(room: string): readonly FreshValue[] {
    const values: FreshValue[] = [];
    for (const [client, own] of this.#rooms.get(room) ?? []) {
      if (!own.stored) values.push({ area: AREA, key: `${room}/${client}`, value: number(own.from) });
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
      const clock = clocks.get(client) ?? 0;
      own.settled = true;
      if (clock <= own.from) continue;
      own.from = clock;
      any = true;
    }
    if (!any) return;
    this.#dirty.set(room, clocks);
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
    await this.#values.write(over.map((client) => ({ area: AREA, key: `${room}/${client}`, value: null })));
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
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    // What is confirmed as a whole needs no row; the next word of that client brings one again.
    const writes = dirty.flatMap(([room, clocks]) =>
      [...(this.#rooms.get(room) ?? [])]
        .filter(([, own]) => own.stored)
        .map(([client, own]) => {
          const done = own.from >= (clocks.get(client) ?? 0);
          if (done) own.stored = false;
          return { area: AREA, key: `${room}/${client}`, value: done ? null : number(own.from) };
        }),
    );
    if (writes.length > 0) {
      this.#saving = this.#saving.then(() => this.#values.write(writes)).catch(this.#onFailure);
    }
    return this.#saving;
  }
}

const NONE: ReadonlyMap<number, { readonly from: number }> = new Map();

function number(value: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, value);
  return encoding.toUint8Array(encoder);
}
