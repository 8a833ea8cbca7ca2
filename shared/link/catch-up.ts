// Which rooms a connected link opens, when, and until when: pinned rooms first and for good, others until both ends are even.
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { isFinalClose } from '../protocol/close-codes.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Peer } from './peer.ts';
import type { RoomChannel } from './room-channel.ts';
import type { Principal, RoomSource } from './room-source.ts';

export interface CatchUpOptions {
  readonly peer: Peer;
  readonly source: RoomSource;
  readonly principal: Principal;
  readonly clock: Clock;
  /** Whether a window has the room open. */
  readonly isPinned: (room: string) => boolean;
  /** Whether anything is to be done for the room in either direction. */
  readonly isWanted: (room: string) => boolean;
  /** Whether the other end holds the room up to this number of ours, as far as is known here. */
  readonly isHeldThere: (room: string, number: number) => boolean;
  /** The other end does not take a room, or takes it again. */
  readonly onTrouble: () => void;
  /** A channel learned something about who has what. */
  readonly onProgress: (channel: RoomChannel) => void;
  /** The room cannot be kept in step for a reason that retrying soon does not mend. */
  readonly onRefused: (room: string, code: number, reason: string) => void;
}

/** Milliseconds before a room that failed for a passing reason is tried again; doubled each time up to the longest. */
const RETRY_FIRST = 1_000;
const RETRY_LONGEST = 30_000;
/** A room that was refused is tried again this late, in case rights changed without a word. */
const RETRY_REFUSED = 300_000;
/** A catch-up channel without any progress for this long is given up and tried again. */
const STALLED = 60_000;

/** `rights`: how often they had changed when it began. */
type Job = { readonly rights: number } &
  /** The room loads here. */
  (
    | { readonly state: 'opening' }
    | { readonly state: 'open'; readonly channel: RoomChannel; moved: boolean; stall: Disposable | null }
  );

/** Each has a timer of its own: a clock that is set back delays none of them. */
interface Retry {
  readonly failures: number;
  readonly refused: boolean;
  /** Null once it is due: the next try is under way, or waits for a channel. */
  timer: Disposable | null;
}

export class CatchUp implements Disposable {
  readonly #options: CatchUpOptions;
  /** Rooms that wait for a channel, in the order in which they were wanted. */
  readonly #queue = new Set<string>();
  readonly #jobs = new Map<string, Job>();
  readonly #retries = new Map<string, Retry>();
  /** Jobs that do not count against the limit of catch-up channels. */
  #live = 0;
  #rights = 0;
  #disposed = false;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** Rooms that are not even and wait, are opening or are open to catch up. */
  get busy(): number {
    return this.#queue.size + this.#jobs.size - this.#live;
  }

  /** Whether the other end refused the room, or this one did. */
  isRefused(room: string): boolean {
    return this.#retries.get(room)?.refused ?? false;
  }

  /** Whether the room waits to be tried again, for whatever reason. */
  isTroubled(room: string): boolean {
    return this.#retries.has(room);
  }

  /** The room has something to fetch or to hand over. `news`: the other end's room changed, so a refusal is tried again. */
  want(room: string, news: boolean): void {
    if (this.#disposed || this.#jobs.has(room)) return;
    const retry = this.#retries.get(room);
    if (retry?.timer && !(news && retry.refused)) return;
    if (retry?.timer) this.#forgive(room);
    this.#queue.add(room);
    this.#pump();
  }

  /** A window opened the room: it gets a live channel at once, in place of one that only catches up. */
  pinned(room: string): void {
    if (this.#disposed) return;
    const job = this.#jobs.get(room);
    if (job?.state === 'opening' || (job?.state === 'open' && job.channel.live)) return;
    if (job) this.#finish(room, job.channel);
    this.#queue.delete(room);
    this.#forgive(room);
    void this.#open(room);
  }

  /** Rights became different: what was refused is tried again now. */
  rightsChanged(): void {
    this.#rights += 1;
    for (const [room, { refused, timer }] of [...this.#retries]) {
      if (!refused || !timer) continue;
      timer.dispose();
      this.#due(room);
    }
  }

  /** The last window let go: the channel is closed as soon as nothing waits on it. */
  unpinned(room: string): void {
    const job = this.#jobs.get(room);
    if (job?.state === 'open') this.#progress(job.channel);
  }

  /** The peer told that a channel is over. */
  channelEnded(channel: RoomChannel, code: number, reason: string): void {
    const { name } = channel.room;
    const job = this.#jobs.get(name);
    if (job?.state !== 'open' || job.channel !== channel) return;
    this.#forget(name, job);
    this.#failed(name, code, reason, job);
  }

  dispose(): void {
    this.#disposed = true;
    for (const room of [...this.#retries.keys()]) this.#forgive(room);
    for (const [room, job] of [...this.#jobs]) this.#forget(room, job);
    this.#queue.clear();
  }

  #pump(): void {
    for (const room of this.#queue) {
      if (this.#jobs.size - this.#live >= LIMITS.catchUpChannels) return;
      this.#queue.delete(room);
      if (this.#options.isPinned(room) || this.#options.isWanted(room)) void this.#open(room);
      // Nothing is left to be done: a later change is no retry, and waits for none.
      else this.#forgive(room);
    }
  }

  async #open(room: string): Promise<void> {
    const { source, principal, peer, isPinned, isHeldThere } = this.#options;
    const opening: Job = { state: 'opening', rights: this.#rights };
    this.#jobs.set(room, opening);
    const outcome = await source.open(room, principal);
    if (this.#disposed || this.#jobs.get(room) !== opening) {
      if (outcome.kind === 'open') outcome.room.dispose();
      return;
    }
    if (outcome.kind === 'refused') {
      this.#jobs.delete(room);
      this.#failed(room, outcome.code, outcome.reason, opening);
      return;
    }
    const live = isPinned(room);
    if (live) this.#live += 1;
    const purpose = live ? 'live' : isHeldThere(room, outcome.room.number) ? 'pull' : 'both';
    const channel = peer.openChannel(outcome.room, purpose, (progressed) => this.#progress(progressed));
    this.#jobs.set(room, { state: 'open', channel, moved: false, stall: null, rights: opening.rights });
    if (!live) this.#watch(room, channel);
    if (live) this.#pump();
  }

  #progress(channel: RoomChannel): void {
    const { name } = channel.room;
    const job = this.#jobs.get(name);
    if (job?.state !== 'open' || job.channel !== channel) return;
    job.moved = true;
    this.#options.onProgress(channel);
    if (!channel.pulled || !(channel.pushed || channel.refusedThere)) return;
    const { refusedThere, refusedHere } = channel;
    const refused = refusedThere ?? refusedHere;
    if (refused && !this.isRefused(name)) {
      this.#retry(name, this.#refusedFor(job), true);
      this.#options.onRefused(name, refused.code, refused.reason);
    } else if (!refused) {
      this.#forgive(name);
    }
    if (channel.live && this.#options.isPinned(name)) return;
    this.#finish(name, channel);
    if (!refused && this.#options.isWanted(name)) this.#queue.add(name);
    this.#pump();
  }

  #finish(room: string, channel: RoomChannel): void {
    const job = this.#jobs.get(room);
    if (job) this.#forget(room, job);
    this.#options.peer.closeChannel(channel);
  }

  #forget(room: string, job: Job): void {
    this.#jobs.delete(room);
    if (job.state !== 'open') return;
    job.stall?.dispose();
    if (job.channel.live) this.#live -= 1;
  }

  /** By rights that changed behind the question, it is asked again soon. */
  #refusedFor({ rights }: Job): number {
    return rights === this.#rights ? RETRY_REFUSED : RETRY_FIRST;
  }

  #failed(room: string, code: number, reason: string, job: Job): void {
    const final = isFinalClose(code);
    const failures = (this.#retries.get(room)?.failures ?? 0) + 1;
    const delay = final
      ? this.#refusedFor(job)
      : Math.min(RETRY_LONGEST, RETRY_FIRST * 2 ** Math.min(failures - 1, 10));
    this.#retry(room, delay, final, failures);
    if (final) this.#options.onRefused(room, code, reason);
    this.#pump();
  }

  #retry(room: string, delay: number, refused: boolean, failures = 1): void {
    this.#forgive(room);
    if (this.#disposed) return;
    const timer = this.#options.clock.after(delay, () => this.#due(room));
    this.#retries.set(room, { failures, refused, timer });
    this.#options.onTrouble();
  }

  #forgive(room: string): void {
    this.#retries.get(room)?.timer?.dispose();
    if (this.#retries.delete(room) && !this.#disposed) this.#options.onTrouble();
  }

  /** Kept with its count of failures until the room is even. */
  #due(room: string): void {
    const { isPinned, isWanted } = this.#options;
    const retry = this.#retries.get(room);
    if (!retry) return;
    retry.timer = null;
    const job = this.#jobs.get(room);
    // An open document whose changes were refused reads on; whether they are taken now, a new channel tells.
    if (job?.state === 'open' && retry.refused && isWanted(room)) this.#finish(room, job.channel);
    else if (job) return;
    if (isPinned(room) || isWanted(room)) this.#queue.add(room);
    else this.#forgive(room);
    this.#pump();
  }

  /** Gives a channel up on which nothing moves. */
  #watch(room: string, channel: RoomChannel): void {
    const job = this.#jobs.get(room);
    if (job?.state !== 'open' || job.channel !== channel) return;
    job.moved = false;
    job.stall = this.#options.clock.after(STALLED, () => {
      if (job.moved) {
        this.#watch(room, channel);
        return;
      }
      this.#finish(room, channel);
      this.#retry(room, RETRY_FIRST, false);
      this.#pump();
    });
  }
}
