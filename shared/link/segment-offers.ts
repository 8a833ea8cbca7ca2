// The giving half of history on a link: offers segments by number, and hands over what is asked for. It fetches nothing.
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { LIMITS } from '../protocol/limits.ts';
import { parseRoomName } from '../protocol/room-name.ts';
import {
  ANEW,
  NO_HASH,
  type SegmentCursor,
  type SegmentFrame,
  type WantedSegment,
} from '../protocol/segment-frames.ts';
import type { SpareFrames } from './frame-writer.ts';
import type { Principal, RoomSource } from './room-source.ts';
import type { SegmentRef, SegmentSource } from './segment-source.ts';

/** Milliseconds for which news is collected before it is offered: history never hurries. */
const COLLECT = 100;
/** Hashes of the other end's own that are remembered. */
const MOST_GIVEN = 2_000;

export interface SegmentOffersOptions {
  readonly rooms: RoomSource;
  readonly segments: SegmentSource;
  readonly workspace: string;
  readonly principal: Principal;
  readonly clock: Clock;
  readonly send: (frame: SegmentFrame) => void;
  /** next() has a frame. */
  readonly wake: () => void;
  readonly onFailure: (error: unknown) => void;
}

interface Offered {
  readonly space: string;
  readonly upTo: number;
}

interface Sending {
  readonly hash: string;
  readonly bytes: Uint8Array | null;
  at: number;
}

export class SegmentOffers implements SpareFrames, Disposable {
  readonly #options: SegmentOffersOptions;
  /** Number offered last, by space; a space is here once the other end asked for it. */
  readonly #told = new Map<string, number>();
  readonly #due = new Set<string>();
  /** Offers that no cursor has passed yet, oldest first. */
  #open: Offered[] = [];
  /** Spaces that have something to offer and may not be read, or not yet. */
  readonly #unread = new Set<string>();
  /** Segments that the other end itself brought over this link. */
  readonly #given = new Set<string>();
  readonly #asked: WantedSegment[] = [];
  readonly #cursors: SegmentCursor[] = [];
  #frames = 0;
  #returns = 0;
  #following = false;
  #reading = false;
  #sending: Sending | null = null;
  #listening: readonly Disposable[] = [];
  #timer: Disposable | null = null;
  #queue: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(options: SegmentOffersOptions) {
    this.#options = options;
  }

  get waiting(): boolean {
    return this.#sending !== null;
  }

  /** A `followSegments` frame. False when too many frames belong to one request. */
  follow(cursors: readonly SegmentCursor[], more: boolean): boolean {
    this.#frames += 1;
    if (this.#frames > LIMITS.followFrames) return false;
    this.#cursors.push(...cursors);
    if (more) return true;
    this.#frames = 0;
    const asked = this.#cursors.splice(0);
    const first = !this.#following;
    this.#following = true;
    if (first) this.#listen();
    this.#enqueue(async () => {
      if (first) await this.#begin(asked);
      else this.#acknowledged(asked);
      await this.#offer();
    });
    return true;
  }

  /** A `fetchSegments` frame. False when more is asked for than may be. */
  fetch(wanted: readonly WantedSegment[]): boolean {
    if (this.#asked.length + (this.#sending ? 1 : 0) + wanted.length > LIMITS.segmentsAsked) return false;
    this.#asked.push(...wanted);
    this.#read();
    return true;
  }

  /** The other end brought this one: it is not offered back. */
  given(hash: string): void {
    this.#given.add(hash);
    for (const oldest of this.#given) {
      if (this.#given.size <= MOST_GIVEN) break;
      this.#given.delete(oldest);
    }
  }

  /** One piece of what was asked for. */
  next(): SegmentFrame | null {
    const sending = this.#sending;
    if (!sending) return null;
    const { hash, bytes } = sending;
    const end = Math.min(bytes?.length ?? 0, sending.at + LIMITS.fragment);
    const more = end < (bytes?.length ?? 0);
    const piece = bytes?.subarray(sending.at, end) ?? new Uint8Array();
    sending.at = end;
    if (!more) {
      this.#sending = null;
      this.#read();
    }
    return { kind: 'segment', more, missing: bytes === null, hash, bytes: piece };
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    for (const one of this.#listening) one.dispose();
    this.#asked.length = 0;
    this.#sending = null;
  }

  #enqueue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#disposed) return;
      try {
        await work();
      } catch (error) {
        if (!this.#disposed) this.#options.onFailure(error);
      }
    });
  }

  #listen(): void {
    const { segments, rooms, workspace } = this.#options;
    this.#listening = [
      segments.onSegment((news) => {
        if (news.workspace === workspace) this.#news(news.space);
      }),
      // A segment may come before the first text of its space, which is what makes the space one to be read.
      rooms.onChange((changes) => {
        for (const change of changes) {
          if (change.workspace === workspace && this.#unread.has(change.space)) this.#news(change.space);
        }
      }),
      rooms.onRights(() => {
        for (const space of this.#unread) this.#news(space);
      }),
    ];
  }

  #news(space: string): void {
    this.#due.add(space);
    this.#timer ??= this.#options.clock.after(COLLECT, () => {
      this.#timer = null;
      this.#enqueue(() => this.#offer());
    });
  }

  /** Where the other end stands: each cursor is checked against what this hub has under that number now. */
  async #begin(cursors: readonly SegmentCursor[]): Promise<void> {
    const { rooms, segments, workspace, send } = this.#options;
    const heads = new Map((await segments.segmentHeads(workspace)).map(({ space, number }) => [space, number]));
    for (const { space, epoch, after, tag } of cursors) {
      const holds =
        after <= (heads.get(space) ?? 0) &&
        (await rooms.knowsCursor(epoch, workspace, space, 0)) &&
        // Removed by retention meanwhile: nothing says that it was another one.
        [tag, null].includes(await this.#tagAt(space, after));
      this.#told.set(space, holds ? after : 0);
      if (!holds) send({ kind: 'segments', space, reset: true, upTo: 0, tag: NO_HASH, entries: [] });
    }
    for (const space of heads.keys()) this.#due.add(space);
  }

  async #tagAt(space: string, number: number): Promise<string | null> {
    return number === 0 ? NO_HASH : ((await this.#refAt(space, number))?.hash ?? null);
  }

  async #refAt(space: string, number: number): Promise<SegmentRef | null> {
    const { segments, workspace } = this.#options;
    const found = (await segments.segmentsAfter(workspace, space, number - 1, 1)).at(0);
    return found?.number === number ? found : null;
  }

  #acknowledged(cursors: readonly SegmentCursor[]): void {
    for (const { space, epoch, after } of cursors) {
      if (epoch === ANEW && this.#told.has(space) && this.#returns < LIMITS.segmentReturns) {
        this.#returns += 1;
        this.#beginAnew(space);
      }
      this.#open = this.#open.filter((offer) => offer.space !== space || offer.upTo > after);
    }
  }

  /** Offers what is due, as long as the other end keeps up. */
  async #offer(): Promise<void> {
    const { rooms, workspace, principal } = this.#options;
    if (this.#due.size === 0) return;
    const readable = new Set((await rooms.heads(workspace, principal)).map((head) => head.space));
    for (const space of [...this.#due]) {
      if (readable.has(space) && this.#mayHear(space)) {
        this.#unread.delete(space);
        if (!(await this.#offerSpace(space))) return;
      } else {
        this.#due.delete(space);
        this.#unread.add(space);
      }
    }
  }

  /** False when the other end has to look through what was offered first. */
  async #offerSpace(space: string): Promise<boolean> {
    const { segments, workspace, send } = this.#options;
    while (!this.#disposed) {
      if (this.#open.length >= LIMITS.segmentOffers) return false;
      // Before reading: what is added meanwhile is due again.
      this.#due.delete(space);
      const from = this.#told.get(space) ?? 0;
      const refs = await segments.segmentsAfter(workspace, space, from, LIMITS.segmentsPerFrame);
      const last = refs.at(-1);
      if (!last) return true;
      const entries = refs.flatMap((ref) => this.#entry(ref));
      // The right ended while this was read: it is offered from here on when it is back.
      if (entries.length < refs.length && !this.#mayHear(space)) {
        this.#unread.add(space);
        return true;
      }
      this.#told.set(space, last.number);
      this.#open.push({ space, upTo: last.number });
      send({ kind: 'segments', space, reset: false, upTo: last.number, tag: last.hash, entries });
      if (refs.length === LIMITS.segmentsPerFrame) this.#due.add(space);
      else return true;
    }
    return true;
  }

  #mayHear(space: string): boolean {
    const { rooms, workspace, principal } = this.#options;
    return rooms.mayIn('history', workspace, space, principal);
  }

  #entry({ hash, room, number, size, endedAt }: SegmentRef) {
    const address = parseRoomName(room);
    const { rooms, principal } = this.#options;
    if (!address || this.#given.has(hash) || !rooms.may('history', room, principal)) return [];
    return [{ number, document: address.document, size, endedAt, hash }];
  }

  /** One segment at a time is in memory; the next is read when its last piece went out. */
  #read(): void {
    if (this.#reading || this.#sending || this.#disposed) return;
    const wanted = this.#asked.shift();
    if (wanted === undefined) return;
    this.#reading = true;
    const { wake, onFailure } = this.#options;
    this.#load(wanted)
      .then((bytes) => {
        this.#reading = false;
        if (this.#disposed) return;
        this.#sending = { hash: wanted.hash, bytes, at: 0 };
        wake();
      })
      .catch((error: unknown) => {
        this.#reading = false;
        if (this.#disposed) return;
        onFailure(error);
        this.#read();
      });
  }

  /** By its number in a space that may be read now: a hash alone would open every space to whoever learned it. */
  async #load({ space, number, hash }: WantedSegment): Promise<Uint8Array | null> {
    const { rooms, segments, workspace, principal } = this.#options;
    const readable = (await rooms.heads(workspace, principal)).some((head) => head.space === space);
    const found = readable && number > 0 ? await this.#refAt(space, number) : null;
    if (found?.hash === hash && rooms.may('history', found.room, principal)) {
      return segments.readSegment(workspace, hash);
    }
    if (!readable || !this.#mayHear(space)) await this.#takeBack(space);
    return null;
  }

  /** What was offered may be read no more: passed over as missing, it would be offered never again. */
  #takeBack(space: string): Promise<void> {
    this.#enqueue(() => {
      if ((this.#told.get(space) ?? 0) > 0) this.#beginAnew(space);
      return Promise.resolve();
    });
    return this.#queue;
  }

  /** The other end's cursor of a space is void; all of it is offered again as soon as it may be. */
  #beginAnew(space: string): void {
    this.#told.set(space, 0);
    this.#open = this.#open.filter((offer) => offer.space !== space);
    this.#options.send({ kind: 'segments', space, reset: true, upTo: 0, tag: NO_HASH, entries: [] });
    this.#news(space);
  }
}
