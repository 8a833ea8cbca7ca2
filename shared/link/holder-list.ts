// The dialing end's half of who holds what: says what is durable here, and keeps what the other end published. It claims nothing more.
import { toWireError } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import type { CursorFrame, Holding } from '../protocol/cursor-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { HolderMemory, HolderRecord } from './holder-memory.ts';
import type { RemoteCursor } from './remote-changes.ts';

export interface HolderListOptions {
  readonly memory: HolderMemory;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Milliseconds for which what was published is collected before it is stored. */
const SAVE = 1_000;

/** One connection whose other end publishes. */
interface Speaking {
  readonly epoch: string;
  readonly send: (frame: CursorFrame) => void;
  /** What was said on it, by space. */
  readonly said: Map<string, string>;
  /** Spaces of which it has told. */
  readonly told: Set<string>;
}

export class HolderList implements Disposable {
  readonly #options: HolderListOptions;
  #hub = '';
  #records = new Map<string, HolderRecord>();
  #speaking: Speaking | null = null;
  readonly #dirty = new Set<string>();
  readonly #changes = new Emitter<string>();
  /** A space's list became different. */
  readonly onChange: Event<string> = this.#changes.event;
  #timer: Disposable | null = null;
  #saving: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(options: HolderListOptions) {
    this.#options = options;
  }

  /** Takes over what `hub` published in former times. */
  async open(hub: string): Promise<void> {
    if (hub === this.#hub) return;
    this.#save();
    await this.#saving;
    this.#hub = hub;
    this.#records = new Map();
    try {
      this.#records = new Map(await this.#options.memory.load(hub));
    } catch (error) {
      // Nothing is known then, and the other end tells it anew.
      this.#failed(error);
    }
  }

  /** The other end, in `epoch`, hears statements and publishes, until disconnected(). */
  connected(epoch: string, send: (frame: CursorFrame) => void): void {
    this.#speaking = { epoch, send, said: new Map(), told: new Set() };
  }

  disconnected(): void {
    this.#speaking = null;
  }

  /** These cursors are durable: what they say under the other end's present epoch is told. */
  saved(spaces: ReadonlyMap<string, RemoteCursor>): void {
    const speaking = this.#speaking;
    if (!speaking) return;
    const holdings: Holding[] = [];
    for (const [space, cursor] of spaces) {
      if (cursor.epoch !== speaking.epoch) continue;
      const holding = holdingOf(space, cursor);
      const text = JSON.stringify(holding);
      if (speaking.said.get(space) === text) continue;
      speaking.said.set(space, text);
      holdings.push(holding);
    }
    for (let at = 0; at < holdings.length; at += LIMITS.holdersPerFrame) {
      speaking.send({ kind: 'holds', holdings: holdings.slice(at, at + LIMITS.holdersPerFrame) });
    }
  }

  /** A `holders` frame. */
  take({ space, all, holders }: Extract<CursorFrame, { kind: 'holders' }>): void {
    if (!this.#speaking) return;
    // No workspace has as many; a hub that makes them up is not kept.
    if (!this.#records.has(space) && this.#records.size >= LIMITS.spacesPerFrame) return;
    const kept = new Map(all ? [] : this.#records.get(space)?.holders.map((holder) => [holder.device, holder]));
    for (const holder of holders) {
      kept.delete(holder.device);
      if (holder.number > 0) kept.set(holder.device, holder);
    }
    const newest = [...kept.values()].slice(-LIMITS.holdersPerSpace);
    this.#speaking.told.add(space);
    this.#set(space, { learnedAt: this.#options.clock.now(), holders: newest });
  }

  /** The other end lost what it had: what it published before this connection is void. */
  lost(space: string): void {
    if (this.#records.has(space) && !this.#speaking?.told.has(space)) this.#set(space, null);
  }

  /** What was published of a space, or null. */
  of(space: string): HolderRecord | null {
    return this.#records.get(space) ?? null;
  }

  /** When a device last said what it holds of any space, by the other end's clock; null: never, as far as it told. */
  lastSeen(device: string): number | null {
    let newest: number | null = null;
    for (const { holders } of this.#records.values()) {
      for (const holder of holders) {
        if (holder.device === device && holder.at > (newest ?? 0)) newest = holder.at;
      }
    }
    return newest;
  }

  dispose(): void {
    void this.close();
  }

  /** Resolves when what was published is stored, or could not be. */
  close(): Promise<void> {
    if (!this.#disposed) {
      this.#disposed = true;
      this.#timer?.dispose();
      this.#save();
      this.#changes.clear();
    }
    return this.#saving;
  }

  #set(space: string, record: HolderRecord | null): void {
    if (record) this.#records.set(space, record);
    else this.#records.delete(space);
    this.#dirty.add(space);
    this.#changes.fire(space);
    if (this.#disposed) return;
    this.#timer ??= this.#options.clock.after(SAVE, () => {
      this.#timer = null;
      this.#save();
    });
  }

  #save(): void {
    const records = new Map([...this.#dirty].map((space) => [space, this.#records.get(space) ?? null]));
    const hub = this.#hub;
    this.#dirty.clear();
    if (records.size === 0) return;
    this.#saving = this.#saving
      .then(() => this.#options.memory.save(hub, records))
      .catch((error: unknown) => {
        if (hub === this.#hub) for (const space of records.keys()) this.#dirty.add(space);
        this.#failed(error);
      });
  }

  #failed(error: unknown): void {
    this.#options.logger.log('warn', 'holder-list-failed', { code: toWireError(error).code });
  }
}

/** A cursor as a statement: of rooms that are lacking as many are named as may be, and the number stays below the others. */
function holdingOf(space: string, { after, lacks }: RemoteCursor): Holding {
  const lacking = [...(lacks ?? [])].filter(([, number]) => number <= after).sort((a, b) => a[1] - b[1]);
  const named = lacking.slice(0, LIMITS.lacksPerHolder);
  const unnamed = lacking[LIMITS.lacksPerHolder];
  return {
    space,
    after: unnamed ? unnamed[1] - 1 : after,
    lacks: named.map(([room]) => room.slice(room.lastIndexOf('/') + 1)),
  };
}
