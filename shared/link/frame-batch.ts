// The last step before the transport: frames of one moment leave as one message where the other end reads that. It cuts nothing.
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { encodeLinkFrame } from '../protocol/link-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import { sendPieces, type Transport } from './transport.ts';

/** Milliseconds for which frames that nobody waits for are collected: rooms that load one after the other answer together. */
const COLLECT = 4;
/** Bytes from which a batch leaves at once: beyond, the saving is nothing and an urgent message would wait behind it. */
export const FULL = 32 * 1024;
/** What a frame's length takes in a batch, at most. */
const ENVELOPE = 4;

/** The order of frames is kept, whoever is in a hurry. Until `enabled` every frame is a message of its own. */
export class FrameBatch implements Disposable {
  readonly #transport: Transport;
  readonly #clock: Clock;
  #frames: Uint8Array[] = [];
  #bytes = 0;
  #timer: Disposable | null = null;
  #flushDue = false;
  enabled = false;

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  /** Bytes that were given and have not reached the transport. */
  get waiting(): number {
    return this.#bytes;
  }

  /** `now`: it leaves at the end of this turn, and everything before it; else within a few milliseconds. */
  send(frame: Uint8Array, now: boolean): void {
    if (!this.enabled) {
      this.#transport.send(frame);
      return;
    }
    if (frame.length >= FULL) {
      this.sendAlone([frame]);
      return;
    }
    if (this.#bytes + frame.length + ENVELOPE > LIMITS.linkFrame - ENVELOPE) this.flush();
    this.#frames.push(frame);
    this.#bytes += frame.length + ENVELOPE;
    if (this.#bytes >= FULL || this.#frames.length >= LIMITS.framesPerBatch) this.flush();
    else if (now) this.#flushSoon();
    else this.#timer ??= this.#clock.after(COLLECT, () => this.flush());
  }

  /** A large frame in its pieces, as it is: putting it into a message with others would copy it to save one small message. */
  sendAlone(pieces: readonly Uint8Array[]): void {
    this.flush();
    sendPieces(this.#transport, pieces);
  }

  flush(): void {
    this.#timer?.dispose();
    this.#timer = null;
    const frames = this.#frames;
    const [first] = frames;
    if (!first) return;
    this.#frames = [];
    this.#bytes = 0;
    this.#transport.send(frames.length === 1 ? first : encodeLinkFrame({ kind: 'batch', frames }));
  }

  /** What waits is forgotten. */
  dispose(): void {
    this.#timer?.dispose();
    this.#timer = null;
    this.#frames = [];
    this.#bytes = 0;
  }

  #flushSoon(): void {
    if (this.#flushDue) return;
    this.#flushDue = true;
    queueMicrotask(() => {
      this.#flushDue = false;
      this.flush();
    });
  }
}
