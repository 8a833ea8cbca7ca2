// Who holds what of each space, kept in a relay's own store; the port is shared/link/holder-book.ts. It believes nobody: links check.
import * as encoding from 'lib0/encoding';
import { toWireError } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import type { HolderBook, HoldingDevice } from '../link/holder-book.ts';
import type { RoomSource } from '../link/room-source.ts';
import { readTotally } from '../protocol/byte-reader.ts';
import type { Holder, Holding } from '../protocol/cursor-frames.ts';
import { readList } from '../protocol/frame-fields.ts';
import type { SpaceCursor } from '../protocol/link-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { ValueStore, ValueWrite } from './value-store.ts';

const AREA = 'cursors';
const FORMAT = 1;
/** Milliseconds for which changes are collected before they are stored: what is lost in a crash is said again. */
const SAVE = 1_000;
/** A device that did not come back for 90 days is no longer published: laptops are replaced without a word. */
const FORGET = 90 * 24 * 3_600_000;

interface Entry {
  /** The hub that spoke for the device. */
  readonly hub: string;
  /** This hub's epoch in which the number was stated. */
  readonly epoch: string;
  readonly number: number;
  readonly at: number;
  readonly lacks: readonly string[];
}

type Space = Map<string, Entry>;

export interface PublishedCursorsOptions {
  readonly values: ValueStore;
  readonly source: RoomSource;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Keys are `<workspace>/<space>/<device>`. Whoever makes it closes it, before the store. */
export class PublishedCursors implements HolderBook {
  readonly #options: PublishedCursorsOptions;
  readonly #workspaces = new Map<string, Promise<Map<string, Space>>>();
  readonly #loaded = new Map<string, Map<string, Space>>();
  readonly #changes = new Emitter<{ workspace: string; space: string; device: string }>();
  readonly onChange = this.#changes.event;
  readonly #dirty = new Map<string, Entry | null>();
  #timer: Disposable | null = null;
  #saving: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: PublishedCursorsOptions) {
    this.#options = options;
  }

  async arrived(workspace: string, who: HoldingDevice, cursors: readonly SpaceCursor[]): Promise<void> {
    const given = new Map(cursors.map((cursor) => [cursor.space, cursor]));
    for (const [space, devices] of await this.#workspace(workspace)) {
      const entry = devices.get(who.device);
      if (!entry) continue;
      const cursor = entry.hub === who.hub ? given.get(space) : undefined;
      const number = cursor && (await this.#holds(workspace, cursor)) ? Math.min(entry.number, cursor.after) : 0;
      this.#set(workspace, space, devices, who, { number, lacks: number === 0 ? [] : entry.lacks });
    }
  }

  async stated(workspace: string, who: HoldingDevice, holdings: readonly Holding[]): Promise<void> {
    const spaces = await this.#workspace(workspace);
    for (const { space, after, lacks } of holdings) {
      const devices = spaces.get(space) ?? new Map<string, Entry>();
      spaces.set(space, devices);
      this.#set(workspace, space, devices, who, { number: after, lacks });
    }
  }

  async holders(workspace: string, space: string): Promise<readonly Holder[]> {
    await this.loaded(workspace);
    return this.known(workspace, space);
  }

  /** Resolves when known() has all that is stored of a workspace. */
  async loaded(workspace: string): Promise<void> {
    this.#loaded.set(workspace, await this.#workspace(workspace));
  }

  /** As holders(), at once: empty before loaded() resolved. */
  known(workspace: string, space: string): readonly Holder[] {
    const young = this.#options.clock.now() - FORGET;
    const devices = this.#loaded.get(workspace)?.get(space) ?? new Map<string, Entry>();
    const holders: Holder[] = [];
    for (const [device, { number, at, lacks }] of devices) {
      if (at >= young) holders.push({ device, number, at, lacks });
      else this.#remove(workspace, space, devices, device);
    }
    return holders;
  }

  /** When a device last said anything, of whichever space; null: never, as far as it is known. */
  lastSeen(workspace: string, device: string): number | null {
    let newest: number | null = null;
    for (const devices of this.#loaded.get(workspace)?.values() ?? []) {
      const { at = 0 } = devices.get(device) ?? {};
      if (at > (newest ?? 0)) newest = at;
    }
    return newest;
  }

  /** Nothing is known of a workspace from now on; its values are removed by whoever asks. */
  forget(workspace: string): void {
    this.#workspaces.delete(workspace);
    this.#loaded.delete(workspace);
    for (const key of [...this.#dirty.keys()]) if (key.startsWith(`${workspace}/`)) this.#dirty.delete(key);
  }

  /** Resolves when what is known is stored. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.dispose();
    this.#save();
    await this.#saving;
    this.#changes.clear();
  }

  /** Whether a cursor still means what it meant when this hub gave it out. */
  #holds(workspace: string, { space, epoch, heard }: SpaceCursor): Promise<boolean> {
    return this.#options.source.knowsCursor(epoch, workspace, space, heard);
  }

  #set(
    workspace: string,
    space: string,
    devices: Space,
    { device, hub }: HoldingDevice,
    said: Pick<Entry, 'number' | 'lacks'>,
  ): void {
    const before = devices.get(device);
    const { source, clock } = this.#options;
    const entry = { hub, epoch: source.epoch, at: clock.now(), ...said };
    // Behind all others: the one that has been silent for longest comes first in the map.
    devices.delete(device);
    devices.set(device, entry);
    this.#touch(workspace, space, device, entry);
    const same = before?.number === said.number && before.lacks.join() === said.lacks.join();
    if (!same) this.#changes.fire({ workspace, space, device });
    const oldest = devices.size > LIMITS.holdersPerSpace ? devices.keys().next().value : undefined;
    if (oldest !== undefined) this.#remove(workspace, space, devices, oldest);
  }

  #remove(workspace: string, space: string, devices: Space, device: string): void {
    devices.delete(device);
    this.#touch(workspace, space, device, null);
    this.#changes.fire({ workspace, space, device });
  }

  #touch(workspace: string, space: string, device: string, entry: Entry | null): void {
    this.#dirty.set(`${workspace}/${space}/${device}`, entry);
    if (this.#closed) return;
    this.#timer ??= this.#options.clock.after(SAVE, () => {
      this.#timer = null;
      this.#save();
    });
  }

  #save(): void {
    const dirty = new Map(this.#dirty);
    this.#dirty.clear();
    if (dirty.size === 0) return;
    const writes = [...dirty].map(([key, entry]): ValueWrite => ({ area: AREA, key, value: entry && write(entry) }));
    this.#saving = this.#saving
      .then(() => this.#options.values.write(writes))
      .catch((error: unknown) => {
        // Too little is known after a restart then, and devices say it again.
        this.#options.logger.log('warn', 'cursors-not-stored', { code: toWireError(error).code });
        for (const [key, entry] of dirty) if (!this.#dirty.has(key)) this.#dirty.set(key, entry);
      });
  }

  #workspace(workspace: string): Promise<Map<string, Space>> {
    const known = this.#workspaces.get(workspace) ?? this.#load(workspace);
    this.#workspaces.set(workspace, known);
    return known;
  }

  /** What this hub has lost since (a restored backup, a repair) is nobody's any more, as far as it can tell. */
  async #load(workspace: string): Promise<Map<string, Space>> {
    const { values, source } = this.#options;
    const found: { space: string; device: string; entry: Entry }[] = [];
    const prefix = `${workspace}/`;
    try {
      for await (const [key, value] of values.entries(AREA, prefix)) {
        const [space, device] = key.slice(prefix.length).split('/');
        const entry = read(value);
        if (space === undefined || device === undefined || !entry) continue;
        if (await source.knowsCursor(entry.epoch, workspace, space, entry.number)) found.push({ space, device, entry });
      }
    } catch (error) {
      this.#workspaces.delete(workspace);
      throw error;
    }
    const spaces = new Map<string, Space>();
    for (const { space, device, entry } of found.sort((a, b) => a.entry.at - b.entry.at)) {
      const devices = spaces.get(space) ?? new Map<string, Entry>();
      spaces.set(space, devices.set(device, entry));
    }
    return spaces;
  }
}

function write({ hub, epoch, number, at, lacks }: Entry): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, FORMAT);
  encoding.writeVarString(encoder, hub);
  encoding.writeVarString(encoder, epoch);
  encoding.writeVarUint(encoder, number);
  encoding.writeVarUint(encoder, at);
  encoding.writeVarUint(encoder, lacks.length);
  for (const document of lacks) encoding.writeVarString(encoder, document);
  return encoding.toUint8Array(encoder);
}

function read(value: Uint8Array): Entry | null {
  return readTotally(value, (reader) => {
    const format = reader.varUint();
    const entry = {
      hub: reader.varString(64),
      epoch: reader.varString(64),
      number: reader.varUint(),
      at: reader.varUint(),
      lacks: readList(reader, LIMITS.lacksPerHolder, () => reader.varString(64)),
    };
    return format === FORMAT ? entry : null;
  });
}
