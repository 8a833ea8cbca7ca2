// One room on a link, at either end: sync, acknowledgement and presence over y-websocket's own bytes. It opens nothing itself. One file, for each message moves the same few states.
import { AppError } from '../base/app-error.ts';
import type { Disposable } from '../base/disposable.ts';
import { DisposableStore } from '../base/disposable.ts';
import { CLOSE, isFinalClose } from '../protocol/close-codes.ts';
import type { LinkFrame } from '../protocol/link-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import {
  decodeRoomFrame,
  encodeAwareness,
  encodeStep1,
  encodeStep2Head,
  encodeUpdate,
} from '../protocol/room-frames.ts';
import { DurableCount } from './durable-count.ts';
import type { Produced } from './frame-writer.ts';
import { OutcomeRuns, type OutcomeRun } from './outcome-runs.ts';
import { PushLedger } from './push-ledger.ts';
import { weightOf } from './read-ahead.ts';
import { isBeyond } from './state-vectors.ts';
import type { ApplyOutcome, Origin, PresenceUpdate, RoomHandle, RoomUpdate } from './room-source.ts';

/** The origin of everything that a link brings; hosts use it to tell others' presence from their own windows'. */
export class LinkOrigin {
  readonly hub: string;
  constructor(hub: string) {
    this.hub = hub;
  }
}

/** Live: for as long as a window has the room open. Pull: whoever opened it knows that the other end holds all of theirs. */
export type ChannelPurpose = 'live' | 'pull' | 'both';

/** Whether this end may hand over an update of a room: who carries nothing for others hands over only what they wrote. */
export type MayHand = (room: string, update: Uint8Array) => boolean;

/** What a channel needs of the link that it is on. */
export interface ChannelPort {
  control(frame: Exclude<LinkFrame, { kind: 'unknown' }>, now: boolean): void;
  queue(channel: number, urgent: boolean, weight: number, produce: () => Produced | null): void;
  /** The other end broke a rule: the link is closed with 4400. */
  broken(reason: string): void;
  /** This end gives the channel up: it is closed at both ends with this code. */
  giveUp(channel: number, code: number, reason: string): void;
  /** Milliseconds for which a question about this room has to wait (RM3); 0: it is answered now. */
  questionWait(room: string): number;
  /** Runs an answer, and counts what it took. */
  answering<T>(room: string, answer: () => T): T;
  after(milliseconds: number, run: () => void): Disposable;
  /** Bytes of updates that began to be judged or stored, or are no longer. */
  reading(bytes: number): void;
}

export interface ChannelOptions {
  readonly id: number;
  readonly room: RoomHandle;
  readonly origin: Origin;
  /** A live channel goes first and carries presence. */
  readonly purpose: ChannelPurpose;
  /** Whether this end opened it. */
  readonly ours: boolean;
  /** Whether this end tells its change numbers (`mark`); the end whose changes are followed does. */
  readonly marks: boolean;
  /** Whether presence that came over other links is passed on. */
  readonly forwardPresence: boolean;
  /** Whether an update may be handed over here (PE65); left out where all may. */
  readonly mayHand?: MayHand;
  readonly port: ChannelPort;
  /** Called after anything that may have changed what this channel knows. */
  readonly onProgress?: (channel: RoomChannel) => void;
}

/** Milliseconds for which a channel stays on which nothing is handed over and everything was taken. */
const PARTING = 50;
const WITHHELD = Object.freeze({
  code: CLOSE.forbidden,
  reason: 'This end hands over only what was written at it.',
});

export class RoomChannel implements Disposable {
  readonly id: number;
  readonly room: RoomHandle;
  readonly live: boolean;
  readonly #options: ChannelOptions;
  readonly #port: ChannelPort;
  readonly #origin: Origin;
  readonly #incoming = new DurableCount();
  readonly #waiting = new OutcomeRuns((run, outcome) => this.#stored(run, outcome));
  readonly #ledger = new PushLedger();
  readonly #held = new DisposableStore();
  /** Theirs, waiting to be answered with the difference; null when the answer is on its way. */
  #asked: Uint8Array | null = null;
  #resting: Disposable | null = null;
  #parting: Disposable | null = null;
  #answered = false;
  #gotStep2 = false;
  #gaps = 0;
  /** Why this end takes no more updates, or the other end takes none of ours. */
  #refusedHere: { readonly code: number; readonly reason: string } | null = null;
  #refusedThere: { readonly code: number; readonly reason: string } | null = null;
  /** Something was not handed over that this end may not carry. */
  #isWithheld = false;
  #marks: { readonly received: number; readonly number: number }[] = [];
  #covered = 0;
  #heard = 0;
  #ackDue = false;
  /** On a channel that only pulls: nothing of ours came since it was opened. */
  #heldThere = true;
  #disposed = false;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.id = options.id;
    this.room = options.room;
    this.live = options.purpose === 'live';
    this.#port = options.port;
    this.#origin = options.origin;
  }

  /** My change number of this room up to which the other end holds it. */
  get held(): number {
    return this.#ledger.held;
  }

  /** Their change number up to which everything is durable here. */
  get covered(): number {
    return this.#covered;
  }

  /** The greatest of their numbers that was named on this channel. */
  get heard(): number {
    return this.#heard;
  }

  /** Their refusal of our updates, if any. */
  get refusedThere(): { readonly code: number; readonly reason: string } | null {
    return this.#refusedThere;
  }

  get refusedHere(): { readonly code: number; readonly reason: string } | null {
    return this.#refusedHere;
  }

  /** Nothing is left to fetch: what they had when they answered, and every change they named since, is durable here. */
  get pulled(): boolean {
    if (this.#refusedHere) return this.#gotStep2;
    return this.#gotStep2 && this.#incoming.count === this.#incoming.received && this.#covered >= this.#heard;
  }

  /** Nothing is left to hand over: they hold everything that is durable here, or did before the channel was opened. */
  get pushed(): boolean {
    // An end that asks all the same lacks something, or is older than this purpose.
    if (this.#options.ours && this.#options.purpose === 'pull' && !this.#answered && this.#asked === null) return true;
    return this.#answered && this.#asked === null && this.#ledger.held >= this.room.number;
  }

  /** Sends SyncStep1 and begins to listen to the room. */
  start(): void {
    const { room } = this;
    this.#held.add(room.onUpdate((event) => this.#roomChanged(event)));
    this.#held.add(
      room.onGone(({ code, reason }) => {
        // The room is loaded anew at this end: the next channel begins with a fresh comparison.
        this.#port.giveUp(this.id, code === CLOSE.reload ? CLOSE.cannotStore : code, reason);
      }),
    );
    if (this.#options.ours || this.#options.purpose !== 'pull') this.#ask();
    if (!this.live) return;
    this.#held.add(room.onPresence((event) => this.#presenceChanged(event)));
    this.#sendPresence();
  }

  /** One whole message from the other end. */
  receive(message: Uint8Array): void {
    if (this.#disposed) return;
    const frame = decodeRoomFrame(message);
    if (!frame) {
      this.#port.broken('a room message cannot be read');
      return;
    }
    switch (frame.kind) {
      case 'step1':
        this.#answer(frame.stateVector);
        break;
      case 'step2':
      case 'update':
        this.#take(frame.update, frame.kind === 'step2');
        break;
      case 'awareness':
        if (this.live) this.room.applyPresence(frame.update, this.#origin);
        break;
      case 'queryAwareness':
        if (this.live) this.#sendPresence();
        break;
      case 'ack':
      case 'unknown':
        break;
    }
  }

  acknowledged(count: number, number: number): void {
    if (!this.#ledger.acks(count)) {
      this.#port.broken('more is acknowledged than was sent');
      return;
    }
    this.#heard = Math.max(this.#heard, number);
    this.#progress();
  }

  marked(number: number): void {
    this.#heard = Math.max(this.#heard, number);
    this.#marks.push({ received: this.#incoming.received, number });
    this.#settleMarks();
    this.#progress();
  }

  /** The other end takes no more of our updates; the channel goes on reading. */
  refused(code: number, reason: string): void {
    if (code === CLOSE.reload) {
      // They hold something else under clocks of ours: a fresh comparison brings it here, and finds it. Waiting would leave
      // everything that is typed from now on unsent.
      this.#port.giveUp(this.id, CLOSE.cannotStore, reason);
      return;
    }
    this.#refusedThere = { code, reason };
    this.#progress();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.room.dropPresence(this.#origin);
    this.#end();
  }

  /** The link broke: who is at its other end may be there still, and is back within seconds (rule PR8). */
  lose(): void {
    if (this.#disposed) return;
    this.room.losePresence(this.#origin);
    this.#end();
  }

  #end(): void {
    this.#disposed = true;
    this.#resting?.dispose();
    this.#parting?.dispose();
    this.#held.dispose();
    this.room.dispose();
  }

  #progress(): void {
    if (this.#disposed) return;
    // Not by their acknowledgement alone, which may overtake what somebody else put under our clocks before it: only when all
    // that they had by then has come and was compared here.
    if (this.pushed && this.pulled && !this.#refusedThere) this.room.confirmed?.();
    this.#options.onProgress?.(this);
    // Whoever opened it waits for an answer that does not come: once what they had is here, they are told.
    if (!this.#isWithheld || this.#options.ours || this.#disposed) return;
    const isTaken = this.#gotStep2 && this.#incoming.count === this.#incoming.received;
    if (!isTaken && this.#options.purpose !== 'pull') return;
    // Behind the acknowledgement of what was taken.
    this.#parting ??= this.#port.after(PARTING, () => this.#port.giveUp(this.id, WITHHELD.code, WITHHELD.reason));
  }

  #queue(weight: number, produce: () => Produced | null): void {
    this.#port.queue(this.id, this.live, weight, () => (this.#disposed ? null : produce()));
  }

  #ask(): void {
    this.#queue(0, () => ({ message: encodeStep1(this.room.claim?.() ?? this.room.stateVector()) }));
  }

  #roomChanged({ update, origins }: RoomUpdate): void {
    const { number } = this.room;
    const brought = origins.size === 1 && origins.has(this.#origin);
    // Before the first answer nothing is sent on its own: the answer will hold it.
    if (this.#answered && !this.#refusedThere) {
      if (brought) {
        // In its turn: an edit of ours that was stored before it may still wait to be sent, and is not held yet.
        this.#queue(0, () => {
          this.#ledger.brought(number);
          queueMicrotask(() => this.#progress());
          return this.#options.marks ? { message: null, then: this.#mark(number) } : null;
        });
      } else {
        this.#queue(update.length, () => {
          // A difference that is about to be made anew holds it as well.
          if (this.#refusedThere || !this.#mayHand(update)) return null;
          this.#ledger.sends(number);
          return this.#withMark(encodeUpdate(update), number);
        });
      }
    } else if (!this.#answered && this.#options.purpose === 'pull' && this.#options.ours) {
      // They held all of it before, and brought this: they hold it now, unless something of ours came in between.
      this.#heldThere &&= brought;
      if (this.#heldThere) this.#ledger.brought(number);
    }
    this.#progress();
  }

  /** Queues the difference to `stateVector`, made when its turn comes; an older question that still waits is replaced. */
  #answer(stateVector: Uint8Array): void {
    const queued = this.#asked !== null;
    this.#asked = new Uint8Array(stateVector);
    if (!queued) this.#answerInTurn();
  }

  #answerInTurn(): void {
    const wait = this.#port.questionWait(this.room.name);
    if (wait > 0) {
      this.#resting = this.#port.after(wait, () => this.#answerInTurn());
      return;
    }
    this.#queue(0, () => {
      const asked = this.#asked;
      this.#asked = null;
      if (!asked) return null;
      let diff: Uint8Array;
      try {
        diff = this.#port.answering(this.room.name, () => this.room.diff(asked));
      } catch (error) {
        if (error instanceof AppError && error.code === 'bad-input') this.#port.broken('a state vector cannot be read');
        else this.#port.giveUp(this.id, CLOSE.cannotStore, 'This document cannot be read at the other end now.');
        return null;
      }
      if (!this.#mayHand(diff)) return null;
      this.#answered = true;
      const { number } = this.room;
      this.#ledger.sends(number);
      // Whoever only pulls believes that this end holds everything of theirs: where that is not so, it is asked for.
      if (this.#options.purpose === 'pull' && !this.#options.ours && isBeyond(asked, this.room.stateVector()))
        this.#ask();
      return { ...this.#withMark(encodeStep2Head(diff.length), number), body: diff };
    });
  }

  /** False: it is withheld, and from now on this channel only reads. */
  #mayHand(update: Uint8Array): boolean {
    if (this.#options.mayHand?.(this.room.name, update) ?? true) return true;
    this.#isWithheld = true;
    this.#refusedThere = WITHHELD;
    queueMicrotask(() => this.#progress());
    return false;
  }

  #withMark(message: Uint8Array, number: number): Produced {
    return this.#options.marks ? { message, then: this.#mark(number) } : { message };
  }

  #mark(number: number): { kind: 'mark'; channel: number; number: number } {
    return { kind: 'mark', channel: this.id, number };
  }

  #take(update: Uint8Array, step2: boolean): void {
    if (this.#refusedHere) {
      // Nothing of it is stored or acknowledged; that it came still counts, for what can be read goes on.
      if (step2) this.#gotStep2 = true;
      return;
    }
    const number = this.#incoming.arrived(step2);
    const weight = weightOf(update);
    this.#port.reading(weight);
    this.#waiting.wait(this.room.apply(update, this.#origin), number, weight, step2);
  }

  #stored({ first, last, weight, step2 }: OutcomeRun, outcome: ApplyOutcome): void {
    this.#port.reading(-weight);
    if (step2) this.#gotStep2 = true;
    for (let number = first; number <= last && !this.#disposed; number += 1) this.#settle(number, outcome);
  }

  #settle(number: number, outcome: ApplyOutcome): void {
    switch (outcome.kind) {
      case 'stored':
      case 'unchanged':
      case 'aside':
        this.#gaps = 0;
        if (this.#incoming.settled(number, true)) this.#acknowledge();
        break;
      case 'gap':
        this.#incoming.settled(number, false);
        this.#gaps += 1;
        if (this.#gaps > LIMITS.gapAnswers) {
          this.#port.giveUp(this.id, CLOSE.badFrame, 'The updates build on changes that were never sent.');
          return;
        }
        this.#ask();
        break;
      case 'refused':
        this.#refusedHere = { code: outcome.code, reason: outcome.reason };
        this.#port.control(
          { kind: 'refused', channel: this.id, code: outcome.code, reason: outcome.reason },
          this.live,
        );
        break;
      case 'failed':
        // Nothing was stored: the channel is given up for now, and a later one begins with a fresh comparison.
        this.#port.giveUp(this.id, isFinalClose(outcome.code) ? CLOSE.cannotStore : outcome.code, outcome.reason);
        return;
    }
    this.#settleMarks();
    this.#progress();
  }

  #settleMarks(): void {
    if (this.#refusedHere) {
      this.#marks = [];
      return;
    }
    let done = 0;
    for (const { received, number } of this.#marks) {
      if (received > this.#incoming.count) break;
      this.#covered = Math.max(this.#covered, number);
      done += 1;
    }
    this.#marks.splice(0, done);
  }

  /** One acknowledgement for everything that became durable together. */
  #acknowledge(): void {
    if (this.#ackDue) return;
    this.#ackDue = true;
    queueMicrotask(() => {
      this.#ackDue = false;
      if (this.#disposed) return;
      const { count } = this.#incoming;
      this.#port.control({ kind: 'ack', channel: this.id, count, number: this.room.number }, this.live);
    });
  }

  #presenceChanged({ update, origin }: PresenceUpdate): void {
    if (origin === this.#origin) return;
    if (origin instanceof LinkOrigin && !this.#options.forwardPresence) return;
    this.#queue(update.length, () => ({ message: encodeAwareness(update) }));
  }

  #sendPresence(): void {
    const present = this.room.presence(!this.#options.forwardPresence);
    if (present) this.#queue(present.length, () => ({ message: encodeAwareness(present) }));
  }
}
