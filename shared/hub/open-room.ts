// A room that is loaded: its bytes, its writer, its presence and its holders. Loading and unloading are the hub's. One file, for each step of an update needs all four.
import { AppError, toWireError } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import { LinkOrigin } from '../link/room-channel.ts';
import type {
  ApplyOutcome,
  EditKind,
  Origin,
  PresenceUpdate,
  Principal,
  RoomDigest,
  RoomHandle,
  RoomUpdate,
} from '../link/room-source.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { RoomAddress } from '../protocol/room-name.ts';
import type { AccessPolicy } from './access-policy.ts';
import type { ClockGuard, GuardedRoom, Judgement } from './clock-guard.ts';
import type { Appended, DocStore, RoomState, StoredRoom } from './doc-store.ts';
import { appendRecorded, type Author, type EditRecorder } from './edit-recorder.ts';
import type { Compaction } from './compaction.ts';
import type { CostlyRooms } from './costly-rooms.ts';
import type { HubLimits } from './hub-limits.ts';
import { LiveClocks } from './live-clocks.ts';
import { readPlainFacts } from './plain-facts.ts';
import { RoomBytes } from './room-bytes.ts';
import { Holder, type Gone, type HeldRoom } from './room-holder.ts';
import type { RoomMerger } from './room-merger.ts';
import { RoomPresence } from './room-presence.ts';
import { RoomWriter } from './room-writer.ts';
import { readBoundedFacts, readCarefully, readUpdateFacts, type UpdateFacts } from './update-facts.ts';

/** Milliseconds after a merge in which what still does not fit is refused for good: merging again would come to the same. */
const JUST_MERGED = 10_000;

/** What came since the last merge, as a part of it, from which a room at rest is merged again. */
const WORTH_MERGING = 4;

/** `put-off`: merging came to nothing before, and the tail has not doubled since. */
type CompactionResult = 'merged' | 'too-deep' | 'mismatch' | 'too-slow' | 'put-off';

/**
 * Something comes from another hub: what the room has before it, as clocks, and (only where it is asked for at once) as one update.
 * Cheap, and never throws.
 */
export type OnArriving = (
  room: string,
  clocks: ReadonlyMap<number, number>,
  facts: UpdateFacts,
  before: () => Uint8Array,
) => void;

export interface OpenRoomOptions {
  readonly name: string;
  readonly address: RoomAddress;
  readonly stored: StoredRoom | null;
  readonly store: DocStore;
  /** Null: nothing is recorded as history. */
  readonly recorder: EditRecorder | null;
  /** Where windows write; null: strangers are served, whose clocks are only told apart while they are connected. */
  readonly guard: ClockGuard | null;
  readonly access: AccessPolicy;
  readonly clock: Clock;
  readonly limits: HubLimits;
  readonly costly: CostlyRooms;
  readonly merger: RoomMerger;
  readonly onArriving?: OnArriving;
  /** `forwarded`: all of it came over links. */
  readonly onStored: (room: OpenRoom, forwarded: boolean) => void;
  readonly onFailed: (error: unknown) => void;
  /** What is refused for its size may fit once the tail is merged: asked for at once. */
  readonly onFull: (room: OpenRoom) => void;
  /** Another hub holds something else under clocks of this hub's windows: the room must be loaded anew without them. */
  readonly onForged: (room: OpenRoom, cut: ReadonlyMap<number, number>) => void;
  /** The last holder let go. */
  readonly onUnheld: (room: OpenRoom) => void;
  readonly onListenerError: (error: unknown) => void;
}

export class OpenRoom implements HeldRoom {
  readonly name: string;
  readonly address: RoomAddress;
  readonly #options: OpenRoomOptions;
  readonly #bytes: RoomBytes;
  readonly #writer: RoomWriter;
  readonly #presence: RoomPresence;
  readonly #holders = new Set<Holder>();
  readonly #live = new LiveClocks();
  /** Words that are being kept elsewhere: what the same message brought beside them is written after that. */
  readonly #settingAside = new Set<Promise<ApplyOutcome>>();
  #came = 0;
  readonly #guarded: GuardedRoom;
  #number: number;
  #gone: Gone | null = null;
  /** The tail that a room which could not be merged must have before it is tried again. */
  #mergeFrom = 0;
  /** Settled where nothing is being merged. */
  #compacting: Promise<unknown> = Promise.resolve();
  /** It is being merged because something did not fit, or when that was done last. */
  #merging = false;
  #mergedAt = -Infinity;
  /** What is stored is not what is here. */
  #isAstray = false;

  /** Throws `damaged` when the stored bytes cannot be read. */
  constructor(options: OpenRoomOptions) {
    this.#options = options;
    this.name = options.name;
    this.address = options.address;
    this.#number = options.stored?.number ?? 0;
    this.#bytes = new RoomBytes(options.stored);
    this.#mergeFrom = options.costly.tailOf(options.name);
    const tell = (news: PresenceUpdate): void => this.#tellPresence(news);
    this.#presence = new RoomPresence({ clock: options.clock, host: options.guard !== null, tell });
    this.#writer = new RoomWriter(this.#bytes, {
      append: (update, edits) =>
        appendRecorded(options.store, options.recorder, this.name, update, edits, this.#bytes.clocks).then(
          this.#placed,
        ),
      stored: (update, origins, number) => this.#stored({ update, origins }, number),
      failed: options.onFailed,
      updatesPerAppend: options.limits.updatesPerAppend,
    });
    const writer = this.#writer;
    this.#guarded = {
      name: this.name,
      get clocks() {
        return writer.clocks;
      },
      contents: () => this.contents(),
    };
  }

  /** Everything that is durable or on its way, oldest first. */
  contents(): readonly Uint8Array[] {
    const { state, tail } = this.#bytes;
    return [...(state ? [state.update] : []), ...tail, ...this.#writer.unwritten];
  }

  get number(): number {
    return this.#number;
  }

  get held(): number {
    return this.#holders.size;
  }

  get size(): number {
    return this.#bytes.size;
  }

  get isIdle(): boolean {
    return this.#writer.isIdle && this.#settingAside.size === 0;
  }

  /** How many updates wait for something that is missing. */
  get waiting(): number {
    return this.#bytes.waiting.length;
  }

  get tailLength(): number {
    return this.#bytes.tail.length;
  }

  get wantsCompaction(): boolean {
    const { tailEntries, tailBytes, tailTypes } = this.#options.limits;
    const { tail, tailSize, tailTypes: types } = this.#bytes;
    if (tail.length < this.#mergeFrom) return false;
    return tail.length > tailEntries || tailSize > tailBytes || types > tailTypes;
  }

  get tailSize(): number {
    return this.#bytes.tailSize;
  }

  /**
   * More than one stored value, and not just a few words behind a large one: at most five bytes are written for each that came,
   * however often somebody comes and goes.
   */
  get isLooselyStored(): boolean {
    const { state, tail, tailSize } = this.#bytes;
    if (tail.length < Math.max(this.#mergeFrom, state ? 1 : 2)) return false;
    return tail.length > this.#options.limits.tailAtUnload || WORTH_MERGING * tailSize >= (state?.update.length ?? 0);
  }

  /** What waits to be merged counts towards the limits: long before they are reached it is merged out of turn. */
  get mustBeMerged(): boolean {
    const { tail, tailSize } = this.#bytes;
    return tail.length >= this.#mergeFrom && tailSize > this.#options.limits.tailUrgent;
  }

  /** Nothing is being written, merged or set aside any more. */
  async idle(): Promise<void> {
    do {
      await Promise.allSettled(this.#settingAside);
      await this.#compacting;
      await this.#writer.idle();
    } while (this.#settingAside.size > 0);
  }

  hold(principal: Principal): RoomHandle {
    const holder = new Holder(this, principal, ++this.#came, this.#options.onListenerError);
    this.#holders.add(holder);
    return holder;
  }

  release(holder: Holder): void {
    if (!this.#holders.delete(holder)) return;
    this.#live.left(holder);
    if (this.#holders.size > 0) return;
    this.#presence.dispose();
    this.#options.onUnheld(this);
  }

  /** Why it is given to nobody any more, or null. */
  get gone(): Gone | null {
    return this.#gone;
  }

  /** Takes the room from all its holders, for good. */
  takeAway(code: number, reason: string): void {
    this.#gone = { code, reason };
    this.#presence.dispose();
    for (const holder of [...this.#holders]) holder.lose({ code, reason });
  }

  /** Takes the room from holders who may no longer read it. */
  recheck(): void {
    for (const holder of [...this.#holders]) {
      if (this.allows(holder.principal, 'read')) continue;
      holder.lose({ code: CLOSE.forbidden, reason: 'This device may not open this document.' });
    }
  }

  allows(principal: Principal, operation: 'read' | 'write' | 'presence'): boolean {
    return this.#options.access.allows(principal, operation, this.address);
  }

  stateVector(): Uint8Array {
    return this.#bytes.stateVector();
  }

  digest(): RoomDigest {
    return { number: this.#number, digest: this.#bytes.digest() };
  }

  claim(): Uint8Array {
    return this.#options.guard?.claim(this.#guarded, this.#bytes.clocks) ?? this.stateVector();
  }

  confirmed(): void {
    this.#options.guard?.confirmed(this.name, this.#bytes.clocks);
  }

  diff(stateVector: Uint8Array): Uint8Array {
    return this.#bytes.diff(stateVector);
  }

  /** Nothing here waits: what is under way holds the copy, and neither the message that it came in nor a chain of promises. */
  apply(
    update: Uint8Array,
    origin: Origin,
    holder: Holder,
    kind: EditKind | null,
  ): Promise<ApplyOutcome> | ApplyOutcome {
    const { principal } = holder;
    if (update.length > LIMITS.frame) return tooLarge();
    // A copy in a buffer of its own: lib0 checks lengths against the buffer, and a pooled one holds others' bytes. What strangers
    // type is judged where it stands, and copied behind what waits with it.
    const plain = this.#options.guard ? null : readPlainFacts(update, LIMITS.items);
    const own = plain ? update : new Uint8Array(update);
    const facts = plain ?? (this.#options.guard ? readBoundedFacts : readCarefully)(own, LIMITS.items);
    if (facts === 'too many') return tooManyItems();
    if (!facts) return { kind: 'refused', code: CLOSE.badFrame, reason: 'The update cannot be decoded.' };
    if (!this.allows(principal, 'write') && this.#writer.fit(facts) !== 'unchanged') {
      return { kind: 'refused', code: CLOSE.forbidden, reason: 'This device may read this document, not change it.' };
    }
    if (
      this.#bytes.size + this.#writer.queuedBytes + own.length > LIMITS.document &&
      this.#writer.fit(facts) === 'new'
    ) {
      return this.#mergeFirst() ?? tooLarge();
    }
    if (
      this.#bytes.items + this.#writer.queuedItems + facts.items > LIMITS.items &&
      this.#writer.fit(facts) === 'new'
    ) {
      return tooManyItems();
    }
    const { guard } = this.#options;
    const author = kind && holder.author(kind, origin);
    const other = guard ? this.#guard(guard, own, facts, origin, author) : this.#watchLive(own, facts, holder);
    if (other) return other;
    if (kind === null) this.#options.onArriving?.(this.name, this.#writer.clocks, facts, () => this.#bytes.whole());
    const edit = author && { update: own, author, at: this.#options.clock.now() };
    const submitted = this.#writer.submit(own, facts, origin, edit);
    return guard ? this.#withoutLeftovers(guard, facts, submitted) : submitted;
  }

  async #withoutLeftovers(
    guard: ClockGuard,
    facts: UpdateFacts,
    submitted: Promise<ApplyOutcome>,
  ): Promise<ApplyOutcome> {
    const outcome = await submitted;
    if (outcome.kind === 'stored') await this.#clearLeftovers(guard, facts);
    return outcome;
  }

  async #clearLeftovers(guard: ClockGuard, facts: UpdateFacts): Promise<void> {
    const deletes = guard.leftovers(this.name, facts);
    const theirs = deletes && readUpdateFacts(deletes);
    // Nobody's session, so that everybody hears of it. Where it fails, the update itself is stored all the same.
    if (theirs) await this.#writer.submit(deletes, theirs, guard);
  }

  /**
   * Rule HU20: what counts is what is stored, and deleted words of the last second are stored until they are merged. Null:
   * merging would change nothing. Otherwise the sender comes back, and is judged by the merged document.
   */
  #mergeFirst(): ApplyOutcome | null {
    const now = this.#options.clock.now();
    if (!this.#merging) {
      const nothing = this.#bytes.tail.length === 0 && this.#writer.isIdle;
      if (nothing || Math.abs(now - this.#mergedAt) < JUST_MERGED) return null;
      this.#merging = true;
      this.#options.onFull(this);
    }
    return {
      kind: 'failed',
      code: CLOSE.cannotStore,
      reason: 'This document is being merged to make room. Nothing of this change was stored yet; it is sent again.',
    };
  }

  /** Rules FC1 to FC4, at a hub with windows; null: nothing is wrong. */
  #guard(
    guard: ClockGuard,
    update: Uint8Array,
    facts: UpdateFacts,
    origin: Origin,
    author: Author | null,
  ): Promise<ApplyOutcome> | ApplyOutcome | null {
    const kind = author?.kind ?? null;
    if (kind === 'command') {
      if (this.#writer.fit(facts) === 'new') guard.note(this.#guarded, facts);
      return null;
    }
    const judged = guard.judge(this.#guarded, update, facts, kind === 'socket');
    if (judged.kind === 'forged') {
      this.#options.onForged(this, judged.cut);
      return { kind: 'failed', code: CLOSE.cannotStore, reason: 'The document is being loaded anew.' };
    }
    // After the comparison: who says something else about words that are being written says so again, and is not asked in vain.
    if (kind === null && guard.isForetold(this.name, this.#bytes.clocks, facts)) return { kind: 'gap' };
    if (judged.kind === 'aside') {
      const kept = this.#setAside(guard, judged, origin, author).finally(() => this.#settingAside.delete(kept));
      this.#settingAside.add(kept);
      return kept;
    }
    if (kind === 'socket' && this.#writer.fit(facts) === 'new') guard.note(this.#guarded, facts);
    return null;
  }

  async #setAside(
    guard: ClockGuard,
    { words, follows, rest }: Extract<Judgement, { kind: 'aside' }>,
    origin: Origin,
    author: Author | null,
  ): Promise<ApplyOutcome> {
    const facts = readUpdateFacts(rest);
    try {
      await guard.aside.keep(words, follows, 'window');
    } catch (error) {
      this.#options.onFailed(error);
      return { kind: 'failed', code: CLOSE.cannotStore, reason: toWireError(error).message };
    }
    // What the same message deleted or brought beside them was typed here as well; what of it does not fit any more is let go of.
    if (!facts) return { kind: 'aside' };
    if (this.#writer.fit(facts) === 'new') guard.note(this.#guarded, facts);
    const edit = author && { update: rest, author, at: this.#options.clock.now() };
    const outcome = await this.#writer.submit(rest, facts, origin, edit);
    return outcome.kind === 'failed' ? outcome : { kind: 'aside' };
  }

  /** Rules FC5 and FC6, at a hub of strangers; null: nothing is wrong. */
  #watchLive(update: Uint8Array, facts: UpdateFacts, holder: Holder): ApplyOutcome | null {
    const clocks = this.#writer.clocks;
    const newest = (): Uint8Array[] => [...this.#bytes.tail, ...this.#writer.unwritten].reverse();
    switch (this.#live.judge({ clocks, newest }, update, facts, holder)) {
      case 'taken':
        return { kind: 'refused', code: CLOSE.reload, reason: TAKEN };
      case 'ahead':
        return { kind: 'gap' };
      case 'fine':
        if (this.#writer.fit(facts) === 'new') this.#live.accepted(clocks, facts, holder);
        return null;
    }
  }

  /** Nothing more is edited by this origin. */
  ended(origin: Origin): void {
    this.#options.recorder?.ended(origin);
  }

  applyPresence(update: Uint8Array, origin: Origin, principal: Principal): boolean {
    if (!this.allows(principal, 'presence')) return false;
    return this.#presence.apply(update, origin, principal);
  }

  dropPresence(origin: Origin): void {
    this.#presence.drop(origin);
  }

  losePresence(origin: Origin): void {
    if (this.#gone) this.#presence.drop(origin);
    else this.#presence.lose(origin);
  }

  presence(own: boolean): Uint8Array | null {
    return this.#presence.snapshot(own);
  }

  /**
   * Merges the tail through one document. Updates that are stored meanwhile stay in the tail. `mismatch` leaves everything as
   * it is: the stored bytes are the truth, and a merged form that differs from them is none.
   */
  compact(): Promise<CompactionResult> {
    const compacting = this.#compact().finally(() => {
      if (this.#merging) this.#mergedAt = this.#options.clock.now();
      this.#merging = false;
    });
    this.#compacting = compacting.catch(() => undefined);
    return compacting;
  }

  async #compact(): Promise<CompactionResult> {
    const { state, tail, waiting, next: through } = this.#bytes;
    const tailCount = tail.length;
    if (tailCount < this.#mergeFrom || this.#isAstray) return 'put-off';
    // What comes while history is asked, or while it is merged, stays in the tail: it was not asked about that.
    const [updates, expected] = [[...(state ? [state.update] : []), ...tail], this.#bytes.stateVector()];
    const merge = (keepDeleted: boolean): Promise<Compaction> =>
      this.#options.merger.merge({ updates, expected, keepDeleted });
    const compaction = await merge(!(await this.#mayCollect(() => merge(true))));
    if (compaction.kind !== 'merged') {
      // Asked again at every edit it would come to the same, and cost the more: the next try is at twice the tail.
      this.#mergeFrom = 2 * tailCount;
      if (compaction.kind === 'too-slow') this.#options.costly.remember(this.name, this.#mergeFrom);
      return compaction.kind;
    }
    const { costly } = this.#options;
    this.#mergeFrom = 0;
    costly.forget(this.name);
    await this.#options.store.compact(this.name, through, compaction.state, waiting);
    this.#bytes.compacted(through - waiting.length, tailCount, compaction.state);
    this.#writer.refresh();
    return 'merged';
  }

  /** Stores `state` in the place of all that is stored; nothing may be under way, and the room is to be loaded anew. */
  async replace(state: RoomState): Promise<void> {
    if (this.#isAstray) throw new AppError('internal', ASTRAY);
    await this.#options.store.compact(this.name, this.#bytes.next, state, this.#bytes.waiting);
  }

  readonly #placed = ({ number, place }: Appended): number => {
    if (place !== this.#bytes.next) this.#strayed();
    return number;
  };

  /** Something is stored that is not here: merging what is here would delete it. Who comes back is served from what is stored. */
  #strayed(): void {
    this.#isAstray = true;
    this.#options.onFailed(new AppError('internal', ASTRAY, { details: { room: this.name } }));
    this.takeAway(CLOSE.cannotStore, ASTRAY);
  }

  /** Rule SG14. */
  async #mayCollect(merge: () => Promise<Compaction>): Promise<boolean> {
    const { recorder } = this.#options;
    if (!recorder) return true;
    const whole = async (): Promise<Uint8Array | null> => {
      const merged = await merge();
      return merged.kind === 'merged' ? merged.state.update : null;
    };
    return recorder.mayCollect(this.name, { clocks: new Map(this.#bytes.clocks), urgent: this.#merging, whole });
  }

  /** Rule RO5: what fits now that others brought what was missing is stored anew, so that everybody hears of it. */
  #takeUp(): void {
    for (const update of this.#bytes.waiting) {
      const facts = readUpdateFacts(update);
      if (facts && this.#writer.fit(facts) === 'new') void this.#writer.submit(update, facts, this);
    }
  }

  #stored(event: RoomUpdate, number: number): void {
    this.#number = number;
    this.#takeUp();
    for (const holder of [...this.#holders]) holder.updates.fire(event);
    this.#options.onStored(
      this,
      [...event.origins].every((origin) => origin instanceof LinkOrigin),
    );
  }

  #tellPresence(event: PresenceUpdate): void {
    for (const holder of [...this.#holders]) holder.presences.fire(event);
  }
}

const ASTRAY = 'What is stored of this document is not what was served. It is loaded anew.';
const TAKEN =
  'Somebody else wrote under the id of this session. What was sent is not stored; load the document anew, and add it again.';

function tooLarge(): ApplyOutcome {
  return {
    kind: 'refused',
    code: CLOSE.tooLarge,
    reason: 'The document would become larger than 32 MiB. Nothing of this change was stored; divide the document.',
  };
}

function tooManyItems(): ApplyOutcome {
  return {
    kind: 'refused',
    code: CLOSE.tooLarge,
    reason:
      'The document would hold more than a million changes. Nothing of this change was stored; divide the document.',
  };
}
