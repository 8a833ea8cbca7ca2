// Writes lib0's wire primitives into memory that is taken once, for the messages that are made most; the counterpart of byte-reader.ts.

/** What a number takes in lib0's variable length. */
export function varUintSize(value: number): number {
  let size = 1;
  for (let left = value; left >= 128; left = Math.floor(left / 128)) size += 1;
  return size;
}

/** What bytes with their length in front take. */
export function varBytesSize({ length }: Uint8Array): number {
  return varUintSize(length) + length;
}

/**
 * lib0's encoder grows by doubling and copies everything once more at the end; and since it takes views of small arrays, V8
 * moves each of them out of its heap, into memory that is freed only when garbage is collected.
 */
export class ByteWriter {
  readonly #bytes: Uint8Array;
  #at = 0;

  /** @param size of all that will be written, exactly. */
  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  varUint(value: number): this {
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) {
      this.#bytes[this.#at] = (left % 128) | 128;
      this.#at += 1;
    }
    this.#bytes[this.#at] = left;
    this.#at += 1;
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }

  varBytes(bytes: Uint8Array): this {
    return this.varUint(bytes.length).bytes(bytes);
  }

  /** What was written. */
  done(): Uint8Array {
    if (this.#at !== this.#bytes.length) throw new RangeError('another size was written than was announced');
    return this.#bytes;
  }
}

/** Numbers one behind the other. */
export function encodeVarUints(...numbers: readonly number[]): Uint8Array {
  const writer = new ByteWriter(numbers.reduce((sum, number) => sum + varUintSize(number), 0));
  for (const number of numbers) writer.varUint(number);
  return writer.done();
}
