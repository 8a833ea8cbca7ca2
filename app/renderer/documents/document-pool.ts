// The documents that a window has open: shared by reference count, and the last ones kept so that undo survives a switch.
import { systemClock, type Clock } from '../../../shared/base/clock.ts';
import { disposable, type Disposable } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import type { HostConnection } from '../connection/host-connection.ts';
import type { Frames } from '../window/frames.ts';
import { DocumentHandle } from './document-handle.ts';

/** Documents kept open behind the visible one. Each costs a Y.Doc, a socket and its editor's undo steps. */
const KEPT = 20;

interface Entry {
  readonly handle: DocumentHandle;
  readonly attached: Map<string, Disposable>;
  holders: number;
  usedAt: number;
}

/** A reference to an open document; dispose() gives it back. */
export interface DocumentReference extends Disposable {
  readonly handle: DocumentHandle;
  /**
   * What lives as long as the document stays in the pool (an editor with its undo): made at the first call, then the
   * same object; disposed by the pool.
   */
  attached<T extends Disposable>(key: string, make: () => T): T;
}

export class DocumentPool implements Disposable {
  readonly #connection: HostConnection;
  readonly #clock: Clock;
  readonly #frames: Frames | null;
  readonly #entries = new Map<string, Entry>();
  /** Documents that the host has replaced: they stay until nobody shows them and the host holds all of them. */
  readonly #leaving = new Set<Entry>();
  readonly #changed = new Emitter<DocumentHandle>();
  #uses = 0;

  /** @param frames when the window draws; null where nothing is drawn. */
  constructor(connection: HostConnection, clock: Clock = systemClock, frames: Frames | null = null) {
    this.#connection = connection;
    this.#clock = clock;
    this.#frames = frames;
  }

  /** Fires with a handle whose state changed. */
  readonly onChange = this.#changed.event;

  open(room: string): DocumentReference {
    let entry = this.#entries.get(room);
    // A refused document is asked for anew: the reason may be gone.
    if (entry && entry.handle.refusal !== null && entry.holders === 0 && entry.handle.pendingSince === null) {
      this.#release(room, entry);
      entry = undefined;
    }
    // The host has another document in its place; who still shows this one lets go of it.
    if (entry?.handle.isStale) {
      this.#entries.delete(room);
      this.#leaving.add(entry);
      this.#letGo(entry);
      entry = undefined;
    }
    if (!entry) {
      const handle = new DocumentHandle(room, this.#connection.rooms, this.#clock, this.#frames);
      const made: Entry = { handle, attached: new Map(), holders: 0, usedAt: 0 };
      handle.onChange(() => {
        this.#changed.fire(handle);
        this.#letGo(made);
      });
      entry = made;
      this.#entries.set(room, entry);
    }
    const held = entry;
    held.holders += 1;
    held.usedAt = ++this.#uses;
    this.#trim();
    const given = disposable(() => {
      held.holders -= 1;
      if (held.holders === 0) held.handle.awareness.setLocalState(null);
      this.#letGo(held);
      this.#trim();
    });
    return {
      handle: held.handle,
      attached: <T extends Disposable>(key: string, make: () => T): T => {
        const there = held.attached.get(key);
        if (there) return there as T;
        const made = make();
        held.attached.set(key, made);
        return made;
      },
      dispose: () => given.dispose(),
    };
  }

  /** Documents with edits that the host has not called durable. */
  get unsaved(): readonly DocumentHandle[] {
    return [...this.#entries.values(), ...this.#leaving]
      .map(({ handle }) => handle)
      .filter((handle) => handle.pendingSince !== null);
  }

  /** The host is back: every document says so at once instead of after its own pause. */
  retryNow(): void {
    for (const { handle } of [...this.#entries.values(), ...this.#leaving])
      if (!handle.connected && !handle.isStale) handle.retryNow();
  }

  dispose(): void {
    for (const [room, entry] of [...this.#entries]) this.#release(room, entry);
    for (const entry of this.#leaving) this.#dispose(entry);
    this.#leaving.clear();
    this.#changed.clear();
  }

  #trim(): void {
    const idle = [...this.#entries].filter(
      // What only this window holds is never let go.
      ([, { holders, handle }]) => holders === 0 && handle.pendingSince === null,
    );
    idle.sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [room, entry] of idle.slice(0, Math.max(0, idle.length - KEPT))) this.#release(room, entry);
  }

  #release(room: string, entry: Entry): void {
    this.#entries.delete(room);
    this.#dispose(entry);
  }

  #letGo(entry: Entry): void {
    if (!this.#leaving.has(entry) || entry.holders > 0 || entry.handle.pendingSince !== null) return;
    this.#leaving.delete(entry);
    this.#dispose(entry);
  }

  #dispose(entry: Entry): void {
    for (const item of [...entry.attached.values()].reverse()) item.dispose();
    entry.handle.dispose();
  }
}
