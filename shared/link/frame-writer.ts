// The sending half of a link: control frames at once, room messages in two lanes, cut to fragments, as the transport takes them.
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { encodeDataHead, encodeLinkFrame, type LinkFrame } from '../protocol/link-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import { FrameBatch, FULL } from './frame-batch.ts';
import { joinPieces, type Transport } from './transport.ts';

/** What a queued item becomes when its turn comes: a room message, and frames that must follow it. */
export interface Produced {
  readonly message: Uint8Array | null;
  /** What stands behind it in the same message: it is not copied where it is large. */
  readonly body?: Uint8Array;
  readonly then?: Exclude<LinkFrame, { kind: 'unknown' }>;
}

/** Frames that may wait for ever: they are asked for one by one, only when nothing else waits (history, behind all text). */
export interface SpareFrames {
  /** Whether next() has a frame now. */
  readonly waiting: boolean;
  next(): Exclude<LinkFrame, { kind: 'unknown' }> | null;
}

interface Item {
  readonly channel: number;
  /** Bytes that the item holds while it waits; a diff that is made at its turn holds none. */
  readonly weight: number;
  readonly produce: () => Produced | null;
}

/** A message that is partly sent. */
interface InFlight {
  readonly channel: number;
  readonly message: Uint8Array;
  readonly body: Uint8Array;
  at: number;
  readonly then: Produced['then'];
}

interface Lane {
  items: Item[];
  flight: InFlight | null;
}

const NOTHING = new Uint8Array();
/** Above this many bytes in the transport the writer waits, so that an urgent message is never far behind. */
const HIGH_WATER = 256 * 1024;
/** Bytes handed over before the event loop gets its turn. */
const TURN = 512 * 1024;
/** Milliseconds between looks at a transport that is full. */
const LOOK_AGAIN = 4;

/**
 * The urgent lane goes first, between the fragments of the patient one; within a lane and within a channel the order is
 * kept. Messages are made when their turn comes, so that waiting costs no memory. What waits with bytes of its own (live
 * updates for a reader that is too slow) is limited: `onSlow` is called once beyond LIMITS.backlog.
 */
export class FrameWriter implements Disposable {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #batch: FrameBatch;
  readonly #onSlow: () => void;
  readonly #urgent: Lane = { items: [], flight: null };
  readonly #patient: Lane = { items: [], flight: null };
  #weight = 0;
  #timer: Disposable | null = null;
  #pumping = false;
  #disposed = false;
  #spare: SpareFrames | null = null;
  /** When this end last sent anything. */
  lastSent: number;

  constructor(transport: Transport, clock: Clock, onSlow: () => void) {
    this.#transport = transport;
    this.#clock = clock;
    this.#batch = new FrameBatch(transport, clock);
    this.#onSlow = onSlow;
    this.lastSent = clock.now();
  }

  /** The other end reads batches: frames of one moment share a message from now on. */
  batch(): void {
    this.#batch.enabled = true;
  }

  /** Sends before every room message that waits. `now`: somebody waits for it, so it is not collected with others for long. */
  control(frame: Exclude<LinkFrame, { kind: 'unknown' }>, now = false): void {
    if (this.#disposed) return;
    this.lastSent = this.#clock.now();
    this.#batch.send(encodeLinkFrame(frame), now);
  }

  /** Hands everything that was sent to the transport. */
  flush(): void {
    this.#batch.flush();
  }

  /** Queues one message of a channel. A null product means that there is nothing left to say. */
  queue(channel: number, urgent: boolean, weight: number, produce: () => Produced | null): void {
    if (this.#disposed) return;
    // A channel's patient messages must not be overtaken by its own urgent ones.
    const lane = urgent && !this.#waits(this.#patient, channel) ? this.#urgent : this.#patient;
    lane.items.push({ channel, weight, produce });
    this.#weight += weight;
    if (this.#weight > LIMITS.backlog) {
      this.#onSlow();
      return;
    }
    this.#pump();
  }

  /** What goes out when nothing else waits; wake() says that it has something. */
  setSpare(spare: SpareFrames): void {
    this.#spare = spare;
  }

  wake(): void {
    this.#pump();
  }

  /** Forgets what waits for a channel, a message that is half sent included. */
  drop(channel: number): void {
    for (const lane of [this.#urgent, this.#patient]) {
      if (lane.flight?.channel === channel) lane.flight = null;
      lane.items = lane.items.filter((item) => {
        if (item.channel !== channel) return true;
        this.#weight -= item.weight;
        return false;
      });
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#batch.dispose();
    this.#timer?.dispose();
    this.#timer = null;
    for (const lane of [this.#urgent, this.#patient]) {
      lane.items = [];
      lane.flight = null;
    }
  }

  #waits(lane: Lane, channel: number): boolean {
    return lane.flight?.channel === channel || lane.items.some((item) => item.channel === channel);
  }

  #pump(): void {
    if (this.#timer || this.#disposed || this.#pumping) return;
    this.#pumping = true;
    let written = 0;
    try {
      while (!this.#disposed) {
        if (written >= TURN || this.#transport.backlog + this.#batch.waiting >= HIGH_WATER) {
          this.#later(written >= TURN ? 0 : LOOK_AGAIN);
          return;
        }
        const sent = this.#sendNext() ?? this.#sendSpare();
        if (sent === null) return;
        written += sent;
      }
    } finally {
      this.#pumping = false;
    }
  }

  #later(milliseconds: number): void {
    this.#timer = this.#clock.after(milliseconds, () => {
      this.#timer = null;
      this.#pump();
    });
  }

  /** Sends one fragment; the answer is its size, or null when nothing waits. */
  #sendNext(): number | null {
    for (const lane of [this.#urgent, this.#patient]) {
      let item: Item | undefined;
      while (!lane.flight && (item = lane.items.shift())) {
        this.#weight -= item.weight;
        const produced = item.produce();
        if (this.#disposed) return null;
        if (!produced) continue;
        if (produced.message) {
          const { message, body = NOTHING, then } = produced;
          lane.flight = { channel: item.channel, message, body, at: 0, then };
        } else if (produced.then) {
          this.control(produced.then, lane === this.#urgent);
          return 16;
        }
      }
      if (lane.flight) return this.#sendFragment(lane, lane.flight);
    }
    return null;
  }

  /** At most one fragment of spare frames is ahead of what comes next. */
  #sendSpare(): number | null {
    if (this.#disposed || !this.#spare?.waiting) return null;
    if (this.#transport.backlog + this.#batch.waiting >= LIMITS.fragment) {
      this.#later(LOOK_AGAIN);
      return null;
    }
    const frame = this.#spare.next();
    if (!frame) return null;
    this.control(frame);
    return frame.kind === 'segment' ? frame.bytes.length : 16;
  }

  #sendFragment(lane: Lane, flight: InFlight): number {
    const { channel, message, body, at } = flight;
    const length = message.length + body.length;
    const end = Math.min(length, at + LIMITS.fragment);
    const more = end < length;
    flight.at = end;
    if (!more) lane.flight = null;
    const now = lane === this.#urgent;
    const pieces = [encodeDataHead(channel, more)];
    if (at < message.length) pieces.push(message.subarray(at, end));
    if (end > message.length) pieces.push(body.subarray(Math.max(0, at - message.length), end - message.length));
    this.lastSent = this.#clock.now();
    if (end - at >= FULL) this.#batch.sendAlone(pieces);
    else this.#batch.send(joinPieces(pieces), now);
    if (!more && flight.then) this.control(flight.then, now);
    return end - at;
  }
}
