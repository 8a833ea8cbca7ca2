// Somebody's hold on an open room: what they hear of it, what they brought, and what ends with them. The room is in open-room.ts.
import { disposable, type Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import type {
  ApplyOutcome,
  EditKind,
  Origin,
  PresenceUpdate,
  Principal,
  RoomHandle,
  RoomUpdate,
} from '../link/room-source.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import type { Author } from './edit-recorder.ts';

/** Why a room was taken away. */
export interface Gone {
  readonly code: number;
  readonly reason: string;
}

/** What a holder needs of the room that it holds. */
export interface HeldRoom {
  readonly name: string;
  readonly number: number;
  stateVector(): Uint8Array;
  claim(): Uint8Array;
  confirmed(): void;
  diff(stateVector: Uint8Array): Uint8Array;
  apply(
    update: Uint8Array,
    origin: Origin,
    holder: Holder,
    kind: EditKind | null,
  ): Promise<ApplyOutcome> | ApplyOutcome;
  applyPresence(update: Uint8Array, origin: Origin, principal: Principal): boolean;
  dropPresence(origin: Origin): void;
  losePresence(origin: Origin): void;
  presence(own: boolean): Uint8Array | null;
  /** Nothing more is edited by this origin. */
  ended(origin: Origin): void;
  release(holder: Holder): void;
}

export class Holder implements RoomHandle {
  readonly principal: Principal;
  readonly since: number;
  readonly updates: Emitter<RoomUpdate>;
  readonly presences: Emitter<PresenceUpdate>;
  readonly #losses: Emitter<Gone>;
  readonly #room: HeldRoom;
  #origins: Set<Origin> | null = null;
  /** Who edited through this handle. */
  #editors: Set<Origin> | null = null;
  /** Of the last edit: thousands wait for the disk, and are mostly one's own. */
  #author: Author | null = null;
  #gone: Gone | null = null;
  #disposed = false;

  constructor(room: HeldRoom, principal: Principal, since: number, onListenerError: (error: unknown) => void) {
    this.#room = room;
    this.since = since;
    this.principal = principal;
    this.updates = new Emitter(onListenerError);
    this.presences = new Emitter(onListenerError);
    this.#losses = new Emitter(onListenerError);
  }

  get name(): string {
    return this.#room.name;
  }

  get number(): number {
    return this.#room.number;
  }

  get onUpdate(): Event<RoomUpdate> {
    return this.updates.event;
  }

  get onPresence(): Event<PresenceUpdate> {
    return this.presences.event;
  }

  /** Who subscribes after the room was taken away is told at once. */
  readonly onGone: Event<Gone> = (listener): Disposable => {
    const gone = this.#gone;
    if (!gone) return this.#losses.event(listener);
    let live = true;
    queueMicrotask(() => {
      if (live) listener(gone);
    });
    return disposable(() => {
      live = false;
    });
  };

  stateVector(): Uint8Array {
    return this.#room.stateVector();
  }

  claim(): Uint8Array {
    return this.#room.claim();
  }

  confirmed(): void {
    if (!this.#gone && !this.#disposed) this.#room.confirmed();
  }

  diff(stateVector: Uint8Array): Uint8Array {
    return this.#room.diff(stateVector);
  }

  apply(update: Uint8Array, origin: Origin, edit?: EditKind): Promise<ApplyOutcome> {
    return Promise.resolve(this.#apply(update, origin, edit));
  }

  #apply(update: Uint8Array, origin: Origin, edit?: EditKind): Promise<ApplyOutcome> | ApplyOutcome {
    if (this.#gone) return { kind: this.#gone.code < 4500 ? 'refused' : 'failed', ...this.#gone };
    if (this.#disposed) return { kind: 'failed', code: CLOSE.stopping, reason: 'The document was closed.' };
    if (edit === 'socket') (this.#editors ??= new Set()).add(origin);
    return this.#room.apply(update, origin, this, edit ?? null);
  }

  author(kind: EditKind, origin: Origin): Author {
    const { principal } = this;
    if (this.#author?.kind !== kind || this.#author.origin !== origin) this.#author = { kind, origin, principal };
    return this.#author;
  }

  applyPresence(update: Uint8Array, origin: Origin): boolean {
    if (this.#gone || this.#disposed) return false;
    (this.#origins ??= new Set()).add(origin);
    return this.#room.applyPresence(update, origin, this.principal);
  }

  dropPresence(origin: Origin): void {
    this.#origins?.delete(origin);
    this.#room.dropPresence(origin);
  }

  losePresence(origin: Origin): void {
    this.#origins?.delete(origin);
    this.#room.losePresence(origin);
  }

  presence(own = false): Uint8Array | null {
    return this.#room.presence(own);
  }

  lose(gone: Gone): void {
    if (this.#gone || this.#disposed) return;
    this.#gone = gone;
    this.updates.clear();
    this.#leave();
    this.#losses.fire(gone);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const emitter of [this.updates, this.presences, this.#losses]) emitter.clear();
    this.#leave();
    for (const origin of this.#editors ?? []) this.#room.ended(origin);
    this.#room.release(this);
  }

  #leave(): void {
    this.presences.clear();
    for (const origin of this.#origins ?? []) this.#room.dropPresence(origin);
    this.#origins = null;
  }
}
