// Bounded reading of lib0's wire primitives; it reads nothing beyond its own bytes and knows no frame.
import * as decoding from 'lib0/decoding';
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
  readonly #decoder: decoding.Decoder;

  constructor(bytes: Uint8Array) {
    this.#decoder = decoding.createDecoder(bytes);
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#decoder.arr.length - this.#decoder.pos;
  }

  /** A safe integer of at least 0. */
  varUint(): number {
    try {
      return decoding.readVarUint(this.#decoder);
    } catch {
      throw new Malformed('a number ends early or is too great');
    }
  }

  byte(): number {
    const [byte] = this.bytes(1);
    if (byte === undefined) throw new Malformed('the message ends early');
    return byte;
  }

  /** Passes over a signed number of any length. */
  skipVarInt(): void {
    while (this.byte() >= 128);
  }

  /** A view of the next `length` bytes. */
  bytes(length: number): Uint8Array {
    if (length > this.left) throw new Malformed('a length goes beyond the message');
    const at = this.#decoder.pos;
    this.#decoder.pos += length;
    return this.#decoder.arr.subarray(at, at + length);
  }

  /** How many bytes were read. */
  get at(): number {
    return this.#decoder.pos;
  }

  /** Passes over bytes preceded by their length. */
  skipVarBytes(): void {
    this.skip(this.varUint());
  }

  skip(length: number): void {
    if (length > this.left) throw new Malformed('a length goes beyond the message');
    this.#decoder.pos += length;
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
