// Puts the fragments of room messages together again, within limits; it does not look into them.
import { LIMITS } from '../protocol/limits.ts';

export type Assembled =
  | { readonly kind: 'whole'; readonly message: Uint8Array }
  | { readonly kind: 'more' }
  /** Beyond a limit: the link is to be closed. */
  | { readonly kind: 'tooLarge' };

interface Unfinished {
  readonly pieces: Uint8Array[];
  length: number;
}

export class FrameAssembler {
  readonly #unfinished = new Map<number, Unfinished>();
  #held = 0;

  /** Bytes of unfinished messages. */
  get held(): number {
    return this.#held;
  }

  add(channel: number, bytes: Uint8Array, more: boolean): Assembled {
    const begun = this.#unfinished.get(channel);
    if (!begun && !more) return { kind: 'whole', message: bytes };
    const message = begun ?? { pieces: [], length: 0 };
    // A copy: a view would keep the whole frame (and a socket's pool) alive until the last piece is here.
    message.pieces.push(more ? new Uint8Array(bytes) : bytes);
    message.length += bytes.length;
    this.#held += bytes.length;
    if (message.length > LIMITS.frame || this.#held > LIMITS.unfinished) return { kind: 'tooLarge' };
    if (more) {
      this.#unfinished.set(channel, message);
      return { kind: 'more' };
    }
    this.drop(channel);
    const whole = new Uint8Array(message.length);
    let at = 0;
    for (const piece of message.pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return { kind: 'whole', message: whole };
  }

  /** Forgets what is unfinished of a channel. */
  drop(channel: number): void {
    const message = this.#unfinished.get(channel);
    if (!message) return;
    this.#held -= message.length;
    this.#unfinished.delete(channel);
  }
}
