// The accepting end of one room's socket: y-websocket's protocol, and acknowledgements for who asked. Who may come is the hub's.
import { AppError } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import { DurableCount } from '../link/durable-count.ts';
import { OutcomeRuns, type OutcomeRun } from '../link/outcome-runs.ts';
import { EMPTY_PRESENCE } from '../link/presence.ts';
import type { QuestionTurns } from '../link/question-turns.ts';
import { ReadAhead, weightOf } from '../link/read-ahead.ts';
import type { ApplyOutcome, Principal, RoomHandle, RoomSource, RoomUpdate } from '../link/room-source.ts';
import { sendPieces, type Transport } from '../link/transport.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { LIMITS } from '../protocol/limits.ts';
import {
  decodeRoomFrame,
  encodeAck,
  encodeAwareness,
  encodeStep1,
  encodeStep2,
  encodeStep2Head,
  encodeUpdate,
} from '../protocol/room-frames.ts';
import { Backlog } from './backlog.ts';

export interface SessionOptions {
  readonly source: RoomSource;
  /** `<workspace>/<space>/<document>`, as it came. */
  readonly room: string;
  readonly principal: Principal;
  /** Whether `caravan.ack.v1` was chosen. */
  readonly ack: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What this socket's origin may ask over all its sockets; left out where there is one user alone. */
  readonly questions?: QuestionTurns;
}

/** Serves one socket until either end closes it; owns the transport. Disposing closes it with 4503. */
export function acceptSession(transport: Transport, options: SessionOptions): Disposable {
  const session = new Session(transport, options);
  void session.start();
  return session;
}

/** How many times as long as an answer took a socket's next question waits, and milliseconds at most. */
const REST = 9;
const LONGEST_REST = 10_000;

/** Bytes from which an answer is sent as it is stored, in two pieces. */
const LARGE = 16 * 1024;

/** The last update that was told, and its frame: everybody in a room is sent the same in a row. */
let told: { readonly event: RoomUpdate; readonly frame: Uint8Array } | null = null;

function frameOf(event: RoomUpdate): Uint8Array {
  if (told?.event !== event) told = { event, frame: encodeUpdate(event.update) };
  return told.frame;
}

class Session implements Disposable {
  readonly #transport: Transport;
  readonly #options: SessionOptions;
  readonly #held = new DisposableStore();
  readonly #durable = new DurableCount();
  readonly #waiting = new OutcomeRuns((run, outcome) => this.#stored(run, outcome));
  readonly #backlog = new Backlog();
  #room: RoomHandle | null = null;
  #gaps = 0;
  #ackDue = false;
  /** What was asked for at the begin came, and it is known what became of it. */
  #answered = false;
  /** Words of this socket went aside: it is closed with 4409 once its answer came, at the latest when this is due. */
  #leaving: Disposable | null = null;
  /** Of updates that are being judged or stored. */
  readonly #judging = new ReadAhead(LIMITS.readAhead, (held) => this.#transport.hold?.(held));
  /** The question that waits for its turn. */
  #question: Uint8Array | null = null;
  #resting: Disposable | null = null;

  constructor(transport: Transport, options: SessionOptions) {
    this.#transport = transport;
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#held.add(this.#transport.onClose(() => this.#end()));
    const { source, room, principal } = this.#options;
    const opened = await source.open(room, principal);
    if (opened.kind === 'refused') {
      this.#close(opened.code, opened.reason);
      return;
    }
    if (this.#held.isDisposed) {
      opened.room.dispose();
      return;
    }
    this.#serve(opened.room);
  }

  dispose(): void {
    this.#close(CLOSE.stopping, 'This end is stopping.');
  }

  #serve(room: RoomHandle): void {
    this.#room = room;
    this.#held.add(room);
    this.#held.add(room.onUpdate((event) => this.#updated(event)));
    this.#held.add(
      room.onPresence(({ update, origin }) => {
        if (origin !== this) this.#send(encodeAwareness(update));
      }),
    );
    this.#held.add(room.onGone(({ code, reason }) => this.#close(code, reason)));
    this.#send(encodeStep1(room.stateVector()));
    this.#sendPresence(room);
    this.#beat();
    this.#held.add(this.#transport.onMessage((message) => this.#receive(room, message)));
  }

  #receive(room: RoomHandle, message: Uint8Array): void {
    if (this.#held.isDisposed) return;
    if (message.length > LIMITS.frame) {
      this.#close(CLOSE.tooLarge, 'A message is larger than any document may be.');
      return;
    }
    const frame = decodeRoomFrame(message);
    if (!frame) {
      this.#close(CLOSE.badFrame, 'A message cannot be read.');
      return;
    }
    switch (frame.kind) {
      case 'step1':
        this.#question = frame.stateVector;
        if (!this.#resting) this.#answerQuestion(room);
        break;
      case 'step2':
      case 'update':
        this.#take(room, frame.update, frame.kind === 'step2');
        break;
      case 'awareness':
        // Beyond a limit it is dropped: presence comes again, and a socket is worth more than a caret.
        room.applyPresence(frame.update, this);
        break;
      case 'queryAwareness':
        this.#sendPresence(room);
        break;
      case 'ack':
      case 'unknown':
        break;
    }
  }

  /**
   * A question is a dozen bytes and its answer may take a second to make: after each this socket rests for a multiple of that
   * time, and of the questions that come meanwhile the last is answered (RM3). An honest client asks once.
   */
  #answerQuestion(room: RoomHandle): void {
    if (!this.#question || this.#held.isDisposed) return;
    const { clock, questions } = this.#options;
    const wait = questions?.wait(this.#options.room) ?? 0;
    if (wait > 0) {
      this.#rest(room, wait);
      return;
    }
    const question = this.#question;
    this.#question = null;
    const start = clock.now();
    this.#answer(room, question);
    const took = clock.now() - start;
    questions?.spent(this.#options.room, took);
    const rest = Math.min(LONGEST_REST, REST * took);
    if (rest > 0 && !this.#held.isDisposed) this.#rest(room, rest);
  }

  #rest(room: RoomHandle, milliseconds: number): void {
    this.#resting = this.#options.clock.after(milliseconds, () => {
      this.#resting = null;
      this.#answerQuestion(room);
    });
  }

  #answer(room: RoomHandle, stateVector: Uint8Array): void {
    let diff: Uint8Array;
    try {
      diff = room.diff(stateVector);
    } catch (error) {
      if (error instanceof AppError && error.code === 'bad-input') {
        this.#close(CLOSE.badFrame, 'A state vector cannot be read.');
      } else this.#close(CLOSE.cannotStore, 'This document cannot be read at the other end now.');
      return;
    }
    if (diff.length < LARGE) this.#send(encodeStep2(diff));
    else this.#send(encodeStep2Head(diff.length), diff);
  }

  #take(room: RoomHandle, update: Uint8Array, step2: boolean): void {
    const number = this.#durable.arrived(step2);
    const weight = weightOf(update);
    this.#judging.add(weight);
    this.#waiting.wait(room.apply(update, this, 'socket'), number, weight, step2);
  }

  #stored({ first, last, weight, step2 }: OutcomeRun, outcome: ApplyOutcome): void {
    this.#judging.add(-weight);
    this.#answered ||= step2;
    for (let number = first; number <= last; number += 1) {
      if (!this.#room || this.#held.isDisposed) return;
      this.#settle(this.#room, number, outcome);
    }
    if (this.#leaving && this.#answered) this.#sendAway();
  }

  /**
   * Behind the acknowledgement: the words are durable, and this document of the window is not the room's any more. What the
   * window answers at the begin is awaited first: cut off before it, it would come again and again for the acknowledgement.
   */
  #sendAway(): void {
    queueMicrotask(() => this.#close(CLOSE.reload, 'Somebody else wrote under the id of this window. Load it anew.'));
  }

  #settle(room: RoomHandle, number: number, outcome: ApplyOutcome): void {
    switch (outcome.kind) {
      case 'stored':
      case 'unchanged':
        this.#gaps = 0;
        if (this.#durable.settled(number, true)) this.#acknowledge();
        return;
      case 'aside':
        if (this.#durable.settled(number, true)) this.#acknowledge();
        this.#leaving ??= this.#options.clock.after(LIMITS.answer, () => this.#sendAway());
        return;
      case 'gap':
        this.#durable.settled(number, false);
        this.#gaps += 1;
        // Who holds updates that nothing can satisfy would otherwise be asked for ever; the next good one starts anew.
        if (this.#gaps <= LIMITS.gapAnswers) this.#send(encodeStep1(room.stateVector()));
        return;
      case 'refused':
        this.#durable.settled(number, false);
        // A reader whose message would change something goes on reading; nothing of it is stored or acknowledged.
        if (outcome.code !== CLOSE.forbidden) this.#close(outcome.code, outcome.reason);
        return;
      case 'failed':
        this.#close(outcome.code, outcome.reason);
        return;
    }
  }

  /** One acknowledgement for everything that became durable together. */
  #acknowledge(): void {
    if (!this.#options.ack || this.#ackDue) return;
    this.#ackDue = true;
    queueMicrotask(() => {
      this.#ackDue = false;
      this.#send(encodeAck(this.#durable.count));
    });
  }

  #updated(event: RoomUpdate): void {
    if (event.origins.size === 1 && event.origins.has(this)) return;
    this.#send(frameOf(event));
  }

  #sendPresence(room: RoomHandle): void {
    const present = room.presence();
    if (present) this.#send(encodeAwareness(present));
  }

  /** Stock clients reconnect after 30 s without a message; an update of nobody is one that changes nothing. */
  #beat(): void {
    let timer: Disposable;
    const again = (): void => {
      timer = this.#options.clock.after(LIMITS.heartbeat, () => {
        this.#send(encodeAwareness(EMPTY_PRESENCE));
        if (!this.#held.isDisposed) again();
      });
    };
    again();
    this.#held.add({ dispose: () => timer.dispose() });
  }

  /** @param body stands behind it in the same message, and is not copied. */
  #send(message: Uint8Array, body: Uint8Array | null = null): void {
    if (this.#held.isDisposed) return;
    if (this.#backlog.behind(this.#transport.backlog) > LIMITS.backlog) {
      this.#close(CLOSE.slow, 'This connection reads too slowly.');
      return;
    }
    this.#backlog.sent(message.length + (body?.length ?? 0));
    if (body) sendPieces(this.#transport, [message, body]);
    else this.#transport.send(message);
  }

  #close(code: number, reason: string): void {
    if (this.#held.isDisposed) return;
    this.#options.logger.log('info', 'session-closed', { code, room: this.#options.room });
    this.#end();
    this.#transport.close(code, reason);
  }

  #end(): void {
    if (this.#room) this.#room.dropPresence(this);
    this.#room = null;
    this.#resting?.dispose();
    this.#leaving?.dispose();
    this.#held.dispose();
  }
}
