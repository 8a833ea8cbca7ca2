// Bounded reading of lib0's wire primitives; it reads nothing beyond its own bytes and knows no frame.
import { fromUtf8 } from '../base/encoding.ts';

/** Thrown by a ByteReader and caught by the total decoders around it; it never leaves shared/protocol. */
export class Malformed extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Malformed';
  }
}

/**
 * Reads what lib0/encoding writes. lib0's own `readVarUint8Array` checks a length against the underlying buffer and not
 * against the message, so a forged length would show neighbouring messages of a pooled buffer: lengths are checked here.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** A number of at least 0, in lib0's variable length: seven bits a byte, the lowest first. */
  varUint(): number {
    const first = this.byte();
    if (first < 128) return first;
    const second = this.byte();
    if (second < 128) return (second << 7) | (first & 127);
    // Nearly all are shorter, and whole numbers as machines have them.
    let value = ((second & 127) << 7) | (first & 127);
    for (let factor = 128 * 128; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      if (value > Number.MAX_SAFE_INTEGER) throw new Malformed('a number is too great');
    }
  }

  /** Passes over a number of any length. */
  skipVarUint(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    while ((bytes[at] ?? 0) >= 128) at += 1;
    if (at >= bytes.length) throw new Malformed('the message ends early');
    this.#at = at + 1;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Malformed('the message ends early');
    this.#at += 1;
    return byte;
  }

  /** Passes over a signed number of any length. */
  skipVarInt(): void {
    while (this.byte() >= 128);
  }

  /** A view of the next `length` bytes. */
  bytes(length: number): Uint8Array {
    const at = this.#at;
    this.skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** How many bytes were read. */
  get at(): number {
    return this.#at;
  }

  /** Passes over bytes preceded by their length. */
  skipVarBytes(): void {
    this.skip(this.varUint());
  }

  skip(length: number): void {
    if (length > this.left) throw new Malformed('a length goes beyond the message');
    this.#at += length;
  }

  /** A view of bytes preceded by their length. */
  varBytes(): Uint8Array {
    return this.bytes(this.varUint());
  }

  /** UTF-8 preceded by its length in bytes, of at most `most` bytes. */
  varString(most: number): string {
    const length = this.varUint();
    if (length > most) throw new Malformed('a text is too long');
    const text = fromUtf8(this.bytes(length));
    if (text === null) throw new Malformed('a text is not UTF-8');
    return text;
  }

  /** A view of everything that is left. */
  rest(): Uint8Array {
    return this.bytes(this.left);
  }
}

/** The value, or null when the bytes are malformed. Anything else that is thrown is a defect and goes on. */
export function readTotally<T>(bytes: Uint8Array, read: (reader: ByteReader) => T): T | null {
  try {
    return read(new ByteReader(bytes));
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
