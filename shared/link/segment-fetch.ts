// The taking half of history on a link: looks through what is offered, asks for what is wanted, and remembers how far it came.
import { toWireError } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import { LIMITS } from '../protocol/limits.ts';
import {
  ANEW,
  NO_HASH,
  type SegmentCursor,
  type SegmentFrame,
  type WantedSegment,
} from '../protocol/segment-frames.ts';
import type { Principal, RoomSource } from './room-source.ts';
import type { SegmentMemory, SegmentPlace } from './segment-memory.ts';
import type { AddSegmentOutcome, SegmentRef, SegmentSource } from './segment-source.ts';

/** Takes history of rooms that whoever brings it may not write, by what its signature proves (PE64). */
export interface SegmentCarry {
  /** Whether such a segment of the room is to be asked for at all. */
  wants(room: string): boolean;
  /** Whether one of the space may be, now. */
  wantsIn(workspace: string, space: string): boolean;
  /** As addSegment() of a SegmentSource, and the room itself gets what is in it; refuses what its signer may not write. */
  take(workspace: string, hash: string, bytes: Uint8Array, room: string): Promise<AddSegmentOutcome>;
}

export interface SegmentFetchOptions {
  readonly rooms: RoomSource;
  readonly segments: SegmentSource;
  readonly memory: SegmentMemory;
  readonly carry?: SegmentCarry;
  readonly workspace: string;
  readonly principal: Principal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly send: (frame: SegmentFrame) => void;
  /** Whether it is history's turn; poke() says that the answer may be another one. */
  readonly mayFetch: () => boolean;
  /** The segment comes over this link: it need not be offered back. */
  readonly onBrought: (hash: string) => void;
}

/** Milliseconds for which a moved cursor is collected before it is stored and acknowledged. */
const SAVE = 100;
/** Milliseconds before segments that could not be stored are tried again. */
const RETRY = 30_000;

/** One `segments` frame that is being looked through. */
interface Offer {
  readonly space: string;
  readonly upTo: number;
  readonly tag: string;
  /** Segments of it that are not decided yet. */
  left: number;
  /** Something of it was passed over because the other end may not write in the space. */
  denied: boolean;
}

interface Want extends SegmentRef {
  readonly space: string;
  readonly offer: Offer;
}

interface Coming {
  readonly want: Want;
  readonly pieces: Uint8Array[];
  length: number;
}

export class SegmentFetch implements Disposable {
  readonly #options: SegmentFetchOptions;
  /** null: what is remembered of the other end was not read yet, and nothing was asked for. */
  #hub: string | null = null;
  #epoch = '';
  #places = new Map<string, SegmentPlace>();
  readonly #moved = new Set<string>();
  /** Spaces that the other end was asked to offer anew, and did not yet. */
  readonly #returning = new Set<string>();
  /** Oldest first: a cursor passes an offer when all of it and all before it is decided. */
  #offers: Offer[] = [];
  #wanted: Want[] = [];
  readonly #coming = new Map<string, Coming>();
  #bytes = 0;
  #looking = false;
  #lookAgain = false;
  #saveTimer: Disposable | null = null;
  #retry: Disposable | null = null;
  #rights: Disposable | null = null;
  #saving: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(options: SegmentFetchOptions) {
    this.#options = options;
  }

  /** Segments that are asked for and not stored yet. */
  get coming(): number {
    return this.#coming.size;
  }

  /** Resolves when what was learned is stored, or could not be: then it is learned again. */
  get saved(): Promise<void> {
    return this.#saving;
  }

  /** Tells the other end where this one stands with it. */
  async begin(hub: string, epoch: string): Promise<void> {
    const places = await this.#options.memory.load(hub);
    if (this.#disposed) return;
    this.#hub = hub;
    this.#epoch = epoch;
    this.#places = new Map(places);
    // Without a cursor all of it is offered; until it was looked through, what is stored says that it must be.
    for (const space of this.#toReturnTo()) this.#places.delete(space);
    this.#rights = this.#options.rooms.onRights(() => this.#return());
    this.#follow([...this.#places.keys()]);
  }

  /** A `segments` frame. False when the other end offers more than was asked for or acknowledged. */
  offered(frame: Extract<SegmentFrame, { kind: 'segments' }>): boolean {
    const { space, upTo, tag, entries } = frame;
    if (this.#hub === null) return false;
    if (frame.reset) this.#forget(space);
    if (upTo === 0 && entries.length === 0) return true;
    if (this.#offers.length >= LIMITS.segmentOffers) return false;
    const offer: Offer = { space, upTo, tag, left: entries.length, denied: false };
    this.#offers.push(offer);
    for (const { document, ...entry } of entries) {
      this.#wanted.push({ ...entry, space, offer, room: `${this.#options.workspace}/${space}/${document}` });
    }
    this.#advance();
    void this.#look();
    return true;
  }

  /** A `segment` frame; what was not asked for is ignored. */
  piece({ hash, bytes, more, missing }: Extract<SegmentFrame, { kind: 'segment' }>): void {
    const coming = this.#coming.get(hash);
    if (!coming) return;
    if (missing) {
      this.#decided(coming.want);
      return;
    }
    coming.length += bytes.length;
    if (coming.length > coming.want.size) {
      this.#refused(coming.want, 'it is larger than it was offered');
      return;
    }
    coming.pieces.push(more ? new Uint8Array(bytes) : bytes);
    if (!more) void this.#add(coming);
  }

  /** It may be history's turn now. */
  poke(): void {
    void this.#look();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#saveTimer?.dispose();
    this.#retry?.dispose();
    this.#rights?.dispose();
    this.#offers = [];
    this.#wanted = [];
    this.#coming.clear();
    this.#save();
  }

  /** Spaces in which something was passed over for want of a right that is there now. */
  #toReturnTo(): readonly string[] {
    return [...this.#places].flatMap(([space, { denied }]) => (denied && this.#takesIn(space) ? [space] : []));
  }

  /** Asks for such spaces anew. A program that does not know how to begin again does so on the next connection. */
  #return(): void {
    for (const space of this.#toReturnTo()) {
      if (this.#returning.has(space)) continue;
      this.#returning.add(space);
      const cursors = [{ space, epoch: ANEW, after: 0, tag: NO_HASH }];
      this.#options.send({ kind: 'followSegments', more: false, cursors });
    }
  }

  #forget(space: string): void {
    this.#returning.delete(space);
    this.#offers = this.#offers.filter((offer) => offer.space !== space);
    this.#wanted = this.#wanted.filter((want) => want.space !== space);
    if (this.#places.delete(space)) this.#touch(space);
  }

  /** Asks for as much of what is wanted as may be under way at once. */
  async #look(): Promise<void> {
    this.#lookAgain = true;
    if (this.#looking) return;
    this.#looking = true;
    while (this.#lookAgain) {
      // Whatever comes while one look waits for an answer is looked at by the next.
      this.#lookAgain = false;
      const wanted = await this.#choose();
      if (wanted.length > 0) this.#options.send({ kind: 'fetchSegments', wanted });
    }
    this.#looking = false;
  }

  async #choose(): Promise<WantedSegment[]> {
    const chosen: WantedSegment[] = [];
    for (;;) {
      const want = this.#wanted[0];
      if (this.#disposed || this.#retry || !want || !this.#options.mayFetch()) return chosen;
      const full = this.#coming.size >= LIMITS.segmentsAsked;
      if (full || (this.#coming.size > 0 && this.#bytes + want.size > LIMITS.segmentBytesAsked)) return chosen;
      const judged = await this.#judge(want);
      // A reset took it away meanwhile.
      if (this.#wanted[0] !== want) continue;
      if (judged === null) return chosen;
      this.#wanted.shift();
      if (judged !== 'wanted' || this.#coming.has(want.hash)) {
        this.#decided(want, judged === 'denied');
        continue;
      }
      this.#coming.set(want.hash, { want, pieces: [], length: 0 });
      this.#bytes += want.size;
      chosen.push({ space: want.space, number: want.number, hash: want.hash });
    }
  }

  /** null: it cannot be told now. `denied`: it is not here, and may be taken once the other end has a right that it lacks. */
  async #judge(want: Want): Promise<'wanted' | 'passed' | 'denied' | null> {
    const { segments, carry } = this.#options;
    try {
      if (want.size > LIMITS.segment || !(await segments.wantsSegment(want))) return 'passed';
    } catch (error) {
      this.#failed(error);
      return null;
    }
    if (this.#mayWrite(want) || carry?.wants(want.room)) return 'wanted';
    // Of a space that is written in by whoever brings it, such a document is nobody's any more.
    return this.#takesIn(want.space) ? 'passed' : 'denied';
  }

  #mayWrite({ room }: Want): boolean {
    const { rooms, principal } = this.#options;
    return rooms.may('write', room, principal);
  }

  #takesIn(space: string): boolean {
    const { rooms, carry, workspace, principal } = this.#options;
    return rooms.mayIn('write', workspace, space, principal) || (carry?.wantsIn(workspace, space) ?? false);
  }

  async #add({ want, pieces, length }: Coming): Promise<void> {
    const { segments, carry, workspace, onBrought } = this.#options;
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    onBrought(want.hash);
    const mayWrite = this.#mayWrite(want);
    if (!mayWrite && !carry?.wants(want.room)) {
      // The right ended while it came.
      this.#decided(want, !this.#takesIn(want.space));
      return;
    }
    try {
      const taken = [workspace, want.hash, bytes, want.room] as const;
      const outcome = await (carry && !mayWrite ? carry.take(...taken) : segments.addSegment(...taken));
      if (outcome.kind === 'refused') this.#refused(want, outcome.reason);
      else this.#decided(want);
    } catch (error) {
      // It could not be stored now: it is wanted as before, and so the cursor stays.
      this.#release(want);
      if (this.#offers.includes(want.offer)) this.#wanted.unshift(want);
      this.#failed(error);
    }
  }

  #refused(want: Want, reason: string): void {
    this.#options.logger.log('warn', 'segment-refused', { hash: want.hash, room: want.room, reason });
    this.#decided(want);
  }

  #release(want: Want): void {
    if (this.#coming.get(want.hash)?.want !== want) return;
    this.#coming.delete(want.hash);
    this.#bytes -= want.size;
  }

  #decided(want: Want, denied = false): void {
    if (this.#disposed) return;
    this.#release(want);
    want.offer.left -= 1;
    want.offer.denied ||= denied;
    this.#advance();
    void this.#look();
  }

  #failed(error: unknown): void {
    if (this.#disposed) return;
    const { clock, logger } = this.#options;
    logger.log('warn', 'segments-wait', { code: toWireError(error).code });
    this.#retry ??= clock.after(RETRY, () => {
      this.#retry = null;
      void this.#look();
    });
  }

  #advance(): void {
    for (let first = this.#offers[0]; first?.left === 0; first = this.#offers[0]) {
      this.#offers.shift();
      const denied = first.denied || (this.#places.get(first.space)?.denied ?? false);
      this.#places.set(first.space, { epoch: this.#epoch, after: first.upTo, tag: first.tag, denied });
      this.#touch(first.space);
      // The right may have come between the two.
      if (first.denied) this.#return();
    }
  }

  #touch(space: string): void {
    this.#moved.add(space);
    if (this.#disposed) return;
    this.#saveTimer ??= this.#options.clock.after(SAVE, () => {
      this.#saveTimer = null;
      this.#save();
    });
  }

  /** Stores the places that moved; what is stored is then acknowledged by telling the new cursors. */
  #save(): void {
    const spaces = [...this.#moved];
    const hub = this.#hub;
    this.#moved.clear();
    if (spaces.length === 0 || hub === null) return;
    const places = new Map(spaces.map((space) => [space, this.#places.get(space) ?? null]));
    this.#saving = this.#saving.then(async () => {
      try {
        await this.#options.memory.save(hub, places);
        if (!this.#disposed) this.#follow(spaces);
      } catch (error) {
        for (const space of spaces) this.#moved.add(space);
        this.#failed(error);
      }
    });
  }

  #follow(spaces: readonly string[]): void {
    const cursors = spaces.map((space): SegmentCursor => {
      const { epoch, after, tag } = this.#places.get(space) ?? { epoch: this.#epoch, after: 0, tag: NO_HASH };
      return { space, epoch, after, tag };
    });
    for (let at = 0; ; at += LIMITS.segmentCursorsPerFrame) {
      const more = at + LIMITS.segmentCursorsPerFrame < cursors.length;
      const part = cursors.slice(at, at + LIMITS.segmentCursorsPerFrame);
      this.#options.send({ kind: 'followSegments', more, cursors: part });
      if (!more) return;
    }
  }
}
