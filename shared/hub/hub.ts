// The hub: rooms loaded from a store on demand, served to whoever may, and unloaded when nobody holds them. One file, for every step of a room's life moves its one slot.
import { AppError, toWireError } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import type {
  Change,
  OpenOutcome,
  Principal,
  RoomDigest,
  RoomRight,
  RoomSource,
  SourceChange,
  SpaceHead,
} from '../link/room-source.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { LIMITS } from '../protocol/limits.ts';
import { parseRoomName, type RoomAddress } from '../protocol/room-name.ts';
import type { AccessPolicy } from './access-policy.ts';
import { Compactor } from './compactor.ts';
import { CostlyRooms } from './costly-rooms.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { DocStore } from './doc-store.ts';
import type { EditRecorder } from './edit-recorder.ts';
import { HUB_LIMITS, type HubLimits } from './hub-limits.ts';
import type { LargeDocuments } from './large-documents.ts';
import { OpenRoom, type OnArriving } from './open-room.ts';
import { RestingRooms } from './resting-rooms.ts';
import { MergerHere, type RoomMerger } from './room-merger.ts';
import { StoredDigests } from './stored-digests.ts';
import { StorageWatch, type StorageState } from './storage-watch.ts';

export interface HubOptions {
  /** Closed by whoever opened it, after the hub. */
  readonly store: DocStore;
  readonly access: AccessPolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Takes down what is edited here; without it there is no history. Closed by whoever made it, after the hub. */
  readonly recorder?: EditRecorder;
  /** Where windows write: keeps their words when somebody else takes their clocks. It is loaded, and closed after the hub. */
  readonly guard?: ClockGuard;
  /** Told of the sizes of what changes. It is loaded. */
  readonly large?: LargeDocuments;
  readonly limits?: Partial<HubLimits>;
  /** Left out: rooms are merged in this thread. Closed after the hub. */
  readonly merger?: RoomMerger;
  readonly onArriving?: OnArriving;
  /** What was left by many was merged (HU22), which leaves garbage behind. */
  readonly onRested?: () => void;
}

interface Refusal {
  readonly kind: 'refused';
  readonly code: number;
  readonly reason: string;
}

/** A room that is not in the map is unloaded. */
type RoomSlot =
  | { readonly kind: 'loading'; readonly done: Promise<Refusal | null> }
  | { readonly kind: 'open'; readonly room: OpenRoom; linger: Disposable | null }
  | { readonly kind: 'unloading'; readonly room: OpenRoom; readonly done: Promise<void> };

const AREA = 'hub';
const FORBIDDEN: Refusal = {
  kind: 'refused',
  code: CLOSE.forbidden,
  reason: 'This device may not open this document.',
};
const UNSAFE: Refusal = {
  kind: 'refused',
  code: CLOSE.gone,
  reason: 'The content of this document cannot be read safely. It is kept, and it is not opened.',
};
const PURGED: Refusal = { kind: 'refused', code: CLOSE.gone, reason: 'This document was purged.' };
const RELOADING: Refusal = {
  kind: 'refused',
  code: CLOSE.reload,
  reason: 'Somebody else wrote under the id of a window. The document is loaded anew; the words are kept aside.',
};
const STOPPING: Refusal = { kind: 'refused', code: CLOSE.stopping, reason: 'This end is stopping.' };

export class Hub implements RoomSource {
  readonly #store: DocStore;
  readonly #access: AccessPolicy;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #limits: HubLimits;
  readonly #recorder: EditRecorder | null;
  readonly #onArriving: HubOptions['onArriving'];
  readonly #guard: ClockGuard | null;
  readonly #large: LargeDocuments | null;
  readonly #slots = new Map<string, RoomSlot>();
  /** Rooms that nobody holds and that are not unloaded yet, the longest unheld first. */
  readonly #lingering = new Set<OpenRoom>();
  readonly #changed: Emitter<readonly SourceChange[]>;
  readonly #purged: Emitter<string>;
  readonly #compactor: Compactor<OpenRoom>;
  readonly #costly = new CostlyRooms();
  readonly #merger: RoomMerger;
  readonly #resting: RestingRooms;
  readonly #watch: StorageWatch;
  readonly #digests: StoredDigests;
  readonly #accessChanges: Disposable;
  #news: SourceChange[] = [];
  #closing: Promise<void> | null = null;

  constructor(options: HubOptions) {
    this.#store = options.store;
    this.#access = options.access;
    this.#clock = options.clock;
    this.#logger = options.logger.child('hub');
    this.#limits = { ...HUB_LIMITS, ...options.limits };
    this.#merger = options.merger ?? new MergerHere(this.#clock, this.#limits.mergeTime);
    this.#digests = new StoredDigests(this.#store);
    this.#guard = options.guard ?? null;
    this.#large = options.large ?? null;
    this.#onArriving = options.onArriving;
    const recorder = options.recorder ?? null;
    this.#recorder = this.#guard?.recording(recorder) ?? recorder;
    this.#changed = new Emitter(this.#listenerFailed);
    this.#purged = new Emitter(this.#listenerFailed);
    this.#compactor = new Compactor(this.#clock, this.#limits.compactAfter, (room) => this.#compact(room));
    this.#resting = new RestingRooms(
      this.#clock,
      (name) => this.#mergeAtRest(name),
      () => options.onRested?.(),
    );
    this.#watch = new StorageWatch({
      store: this.#store,
      clock: this.#clock,
      logger: this.#logger,
      probeEvery: this.#limits.probeEvery,
    });
    this.#accessChanges = this.#access.onChange(() => {
      for (const slot of this.#slots.values()) if (slot.kind === 'open') slot.room.recheck();
    });
  }

  get hub(): string {
    return this.#store.hub;
  }

  get epoch(): string {
    return this.#store.epoch;
  }

  get onChange(): Event<readonly SourceChange[]> {
    return this.#changed.event;
  }

  get onPurged(): Event<string> {
    return this.#purged.event;
  }

  /** Whether this hub can store now; while it cannot, reading goes on and it tries again by itself. */
  get storage(): StorageState {
    return this.#watch.current;
  }

  get onStorage(): Event<StorageState> {
    return this.#watch.onChange;
  }

  /** For health and metrics: rooms in memory, how many hold them, and their bytes. */
  get load(): { readonly rooms: number; readonly holders: number; readonly bytes: number } {
    let holders = 0;
    let bytes = 0;
    for (const slot of this.#slots.values()) {
      if (slot.kind !== 'open') continue;
      holders += slot.room.held;
      bytes += slot.room.size;
    }
    return { rooms: this.#slots.size, holders, bytes };
  }

  async open(name: string, principal: Principal): Promise<OpenOutcome> {
    const address = parseRoomName(name);
    // Malformed, unknown and forbidden look alike.
    if (!address || !this.#access.allows(principal, 'read', address)) return FORBIDDEN;
    for (;;) {
      if (this.#closing) return STOPPING;
      const slot = this.#slots.get(name) ?? this.#load(name, address);
      if (slot.kind === 'open') {
        slot.linger?.dispose();
        slot.linger = null;
        this.#lingering.delete(slot.room);
        // Asked again: loading took time.
        const refusal = this.#access.allows(principal, 'read', address) ? slot.room.gone : FORBIDDEN;
        if (refusal) {
          this.#lingerIfUnheld(slot.room);
          return { kind: 'refused', code: refusal.code, reason: refusal.reason };
        }
        return { kind: 'open', room: slot.room.hold(principal) };
      }
      const refusal = await slot.done;
      if (refusal) return refusal;
    }
  }

  may(right: RoomRight, name: string, principal: Principal): boolean {
    const address = parseRoomName(name);
    return address !== null && this.#access.allows(principal, right, address);
  }

  /** Spaces are asked for with the document `*`: no document has that name. */
  mayIn(right: RoomRight, workspace: string, space: string, principal: Principal): boolean {
    return this.#access.allows(principal, right, { workspace, space, document: '*' });
  }

  get onRights(): Event<void> {
    return this.#access.onChange;
  }

  async heads(workspace: string, principal: Principal): Promise<readonly SpaceHead[]> {
    const heads = await this.#store.heads(workspace);
    return heads.filter(({ space }) => this.mayIn('list', workspace, space, principal));
  }

  changes(workspace: string, space: string, after: number, limit: number): Promise<readonly Change[]> {
    return this.#store.changes(workspace, space, after, limit);
  }

  async digests(rooms: readonly string[]): Promise<readonly (RoomDigest | null)[]> {
    const open = rooms.map((name) => {
      const slot = this.#slots.get(name);
      return slot?.kind === 'open' ? slot.room.digest() : null;
    });
    const stored = await this.#digests.of(rooms.filter((_, at) => !open[at]));
    let next = 0;
    // What another hub may hold something else of must be compared clock by clock (FC4): an equal digest would hide it.
    const compared = (at: number): boolean => this.#guard?.hasUnconfirmed(rooms[at] ?? '') ?? false;
    return open.map((digest) => digest ?? stored[next++] ?? null).map((digest, at) => (compared(at) ? null : digest));
  }

  knowsCursor(epoch: string, workspace: string, space: string, number: number): Promise<boolean> {
    return this.#store.knowsCursor(epoch, workspace, space, number);
  }

  /** Rooms of a workspace that are kept and not opened. */
  async quarantined(workspace: string): Promise<ReadonlySet<string>> {
    const rooms = new Set<string>();
    const prefix = 'quarantine/';
    for await (const key of this.#store.values.keys(AREA, `${prefix}${workspace}/`))
      rooms.add(key.slice(prefix.length));
    return rooms;
  }

  /** Keeps a room's bytes and opens it no more: its content cannot be read safely. Holders are told 4410. */
  async quarantine(name: string, reason: string): Promise<void> {
    this.#logger.log('error', 'room-quarantined', { room: name, reason });
    const slot = this.#slots.get(name);
    if (slot?.kind === 'open') slot.room.takeAway(UNSAFE.code, UNSAFE.reason);
    const value = new TextEncoder().encode(reason);
    try {
      await this.#store.values.write([{ area: AREA, key: `quarantine/${name}`, value }]);
    } catch (error) {
      this.#watch.failed(error);
    }
  }

  /**
   * Rule PU1: takes the room from whoever has it open, and removes all that the store has of it. Whether it may come back is up
   * to the access policy. Rejects with the store's error; then it is to be done again.
   */
  async purge(name: string): Promise<void> {
    for (;;) {
      if (this.#closing) throw new AppError('closed', 'This hub is closing. The document is still there.');
      const slot = this.#slots.get(name);
      if (slot && slot.kind !== 'open') {
        await slot.done;
        continue;
      }
      const room = slot?.room ?? null;
      const removing = this.#remove(name, room);
      // Whoever asks for it meanwhile waits for the end; where it failed the room is there as before.
      const done = removing.then(
        () => PURGED,
        () => null,
      );
      slot?.linger?.dispose();
      if (room) this.#lingering.delete(room);
      this.#slots.set(name, { kind: 'loading', done });
      try {
        await removing;
      } finally {
        this.#slots.delete(name);
        this.#digests.forget(name);
      }
      this.#purged.fire(name);
      return;
    }
  }

  async #remove(name: string, room: OpenRoom | null): Promise<void> {
    if (room) {
      room.takeAway(PURGED.code, PURGED.reason);
      this.#compactor.forget(room);
      await room.idle();
      await this.#compactor.idle();
    }
    this.#resting.forget(name);
    await this.#store.purge(name);
  }

  /** Takes every room from its holders with 4503, waits until all that was accepted is stored, and leaves no timer. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#accessChanges.dispose();
    for (const slot of [...this.#slots.values()]) {
      if (slot.kind === 'open') slot.room.takeAway(STOPPING.code, STOPPING.reason);
    }
    for (const slot of [...this.#slots.values()]) {
      if (slot.kind === 'open') await slot.room.idle();
      else await slot.done;
    }
    const resting = await this.#resting.close();
    await this.#mergeBeforeEnd(resting);
    await this.#compactor.close();
    for (const slot of this.#slots.values()) if (slot.kind === 'open') slot.linger?.dispose();
    this.#slots.clear();
    this.#lingering.clear();
    this.#watch.dispose();
    this.#tellChanges();
    this.#changed.clear();
    this.#purged.clear();
  }

  /**
   * What is at rest is one stored value at the next start, as far as there is time: what is largest first. Of the rooms that wait
   * unloaded none is begun that cannot end in time.
   */
  async #mergeBeforeEnd(resting: readonly string[]): Promise<void> {
    const end = this.#clock.now() + this.#limits.mergeAtEnd;
    const open = [...this.#slots.values()].flatMap((slot) => (slot.kind === 'open' ? [slot.room] : []));
    const unmerged = open.filter((room) => this.#shouldRestMerged(room)).sort((a, b) => b.tailSize - a.tailSize);
    for (const room of unmerged) {
      if (this.#clock.now() >= end) return;
      await this.#compactor.now(room);
    }
    for (const name of resting) {
      if (this.#clock.now() >= end) return;
      await this.#mergeAtRest(name);
    }
  }

  /** Where windows write, what no relay has yet is not collected before its time. */
  #shouldRestMerged(room: OpenRoom): boolean {
    return this.#guard === null && room.isLooselyStored;
  }

  /** Loads a room that nobody has open, merges it, and lets go of it; whoever opens it meanwhile is served from what is loaded. */
  async #mergeAtRest(name: string): Promise<void> {
    const address = parseRoomName(name);
    if (!address || this.#slots.has(name)) return;
    await this.#load(name, address).done;
    const slot = this.#slots.get(name);
    if (slot?.kind !== 'open') return;
    if (slot.room.isLooselyStored) await this.#compactor.now(slot.room);
    if (slot.linger === null) this.#unloadUnheld(slot.room, true);
  }

  #load(name: string, address: RoomAddress): Extract<RoomSlot, { kind: 'loading' }> {
    const slot = { kind: 'loading', done: this.#read(name, address) } as const;
    this.#slots.set(name, slot);
    return slot;
  }

  async #read(name: string, address: RoomAddress): Promise<Refusal | null> {
    try {
      const quarantined = await this.#store.values.get(AREA, `quarantine/${name}`);
      const stored = quarantined ? null : await this.#store.load(name);
      if (quarantined) {
        this.#slots.delete(name);
        return UNSAFE;
      }
      const room = new OpenRoom({
        name,
        address,
        stored,
        store: this.#store,
        recorder: this.#recorder,
        guard: this.#guard,
        access: this.#access,
        clock: this.#clock,
        limits: this.#limits,
        costly: this.#costly,
        merger: this.#merger,
        ...(this.#onArriving ? { onArriving: this.#onArriving } : {}),
        onStored: (changed, forwarded) => this.#stored(changed, forwarded),
        onFailed: (error) => this.#watch.failed(error),
        onFull: (full) => this.#compactor.request(full, true),
        onForged: (forged, cut) => this.#reclaim(forged, cut),
        onUnheld: (unheld) => this.#lingerIfUnheld(unheld),
        onListenerError: this.#listenerFailed,
      });
      if (room.waiting > 0) this.#logger.log('error', 'room-incomplete', { room: name, waiting: room.waiting });
      this.#slots.set(name, { kind: 'open', room, linger: null });
      if (room.wantsCompaction) this.#compactor.request(room);
      return null;
    } catch (error) {
      this.#slots.delete(name);
      const { code, message } = toWireError(error);
      this.#logger.log('error', 'room-not-loaded', { room: name, code });
      return code === 'damaged' ? UNSAFE : { kind: 'refused', code: CLOSE.cannotStore, reason: message };
    }
  }

  #stored(room: OpenRoom, forwarded: boolean): void {
    this.#digests.forget(room.name);
    this.#watch.worked();
    this.#resting.wrote();
    const { workspace, space } = room.address;
    if (this.#news.length === 0) queueMicrotask(() => this.#tellChanges());
    this.#news.push({ workspace, space, room: room.name, number: room.number, forwarded });
    this.#large?.measured(room.name, room.size);
    if (room.wantsCompaction) this.#compactor.request(room, room.mustBeMerged);
  }

  /** Takes the room from everybody, what is forged in the name of this hub's windows out of it, and has it loaded anew. */
  #reclaim(room: OpenRoom, cut: ReadonlyMap<number, number>): void {
    const slot = this.#slots.get(room.name);
    const guard = this.#guard;
    if (!guard || slot?.kind !== 'open' || slot.room !== room) return;
    slot.linger?.dispose();
    this.#lingering.delete(room);
    room.takeAway(RELOADING.code, RELOADING.reason);
    this.#compactor.forget(room);
    const done = this.#takeOut(guard, room, cut).then(() => void this.#slots.delete(room.name));
    this.#slots.set(room.name, { kind: 'unloading', room, done });
  }

  async #takeOut(guard: ClockGuard, room: OpenRoom, cut: ReadonlyMap<number, number>): Promise<void> {
    this.#logger.log('error', 'clocks-forged', { room: room.name, clients: cut.size });
    try {
      await room.idle();
      await this.#compactor.idle();
      const taken = guard.takeOut(room.name, room.contents(), cut);
      if (!taken) return;
      // Kept first: a crash between the two leaves the words in both, and the next comparison finds them again.
      if (taken.words) await guard.aside.keep(taken.words, taken.follows, 'room');
      await room.replace(taken.state);
      this.#digests.forget(room.name);
      await guard.forget(room.name, taken.cut);
    } catch (error) {
      this.#watch.failed(error);
    }
  }

  #tellChanges(): void {
    const news = this.#news;
    this.#news = [];
    if (news.length > 0) this.#changed.fire(news);
  }

  #lingerIfUnheld(room: OpenRoom): void {
    const slot = this.#slots.get(room.name);
    if (this.#closing || slot?.kind !== 'open' || slot.room !== room || room.held > 0) return;
    slot.linger?.dispose();
    slot.linger = this.#clock.after(this.#limits.linger, () => this.#unloadUnheld(room));
    this.#lingering.delete(room);
    this.#lingering.add(room);
    const [longest] = this.#lingering;
    if (longest && this.#lingering.size > this.#limits.lingering) this.#unloadUnheld(longest);
  }

  /** `tried`: it was loaded to be merged, and is not tried again before somebody comes. */
  #unloadUnheld(room: OpenRoom, tried = false): void {
    this.#lingering.delete(room);
    const slot = this.#slots.get(room.name);
    if (this.#closing || slot?.kind !== 'open' || slot.room !== room || room.held > 0) return;
    slot.linger?.dispose();
    this.#slots.set(room.name, { kind: 'unloading', room, done: this.#unload(room, tried) });
  }

  async #unload(room: OpenRoom, tried: boolean): Promise<void> {
    // Writes that the last holder left behind end first; nobody can add any now.
    await room.idle();
    // Near the limit each deleted word counts, and whether it is still near shows only merged.
    const most = room.size > LIMITS.documentWarning ? 0 : this.#limits.tailAtUnload;
    // Whoever opens it again waits for the end of this, and would for all others in front of it: at rest it has time (HU22).
    const isInTurn = this.#guard !== null || this.#compactor.isIdle;
    if (room.tailLength > most && isInTurn) await this.#compactor.now(room);
    this.#compactor.forget(room);
    this.#slots.delete(room.name);
    if (!tried && this.#shouldRestMerged(room)) this.#resting.add(room.name);
  }

  async #compact(room: OpenRoom): Promise<void> {
    const slot = this.#slots.get(room.name);
    // It waited, and its room was unloaded meanwhile: the room that may be open now merges by its own count.
    if (!slot || slot.kind === 'loading' || slot.room !== room) return;
    try {
      const result = await room.compact();
      // Merging may have learned of deletions that were only implied.
      this.#digests.forget(room.name);
      this.#large?.measured(room.name, room.size);
      if (result === 'too-deep') await this.quarantine(room.name, result);
      else if (result === 'mismatch') this.#logger.log('error', 'compaction-mismatch', { room: room.name });
      else if (result === 'too-slow') this.#logger.log('warn', 'compaction-too-slow', { room: room.name });
      else if (result === 'put-off') return;
      else this.#logger.log('debug', 'compacted', { room: room.name, bytes: room.size });
    } catch (error) {
      this.#watch.failed(error);
      this.#logger.log('warn', 'compaction-failed', { room: room.name, code: toWireError(error).code });
    }
  }

  readonly #listenerFailed = (error: unknown): void => {
    this.#logger.log('error', 'listener-failed', {
      code: error instanceof AppError ? error.code : 'internal',
      message: error instanceof Error ? error.message : String(error),
    });
  };
}
