// Reads LevelDB's integers and strings from bytes that may be damaged; total: what is not there reads as null.

export class ByteCursor {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** A varint up to 2^53 - 1; null beyond that and behind the end. */
  varint(): number | null {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      const byte = this.bytes[this.at];
      if (byte === undefined) return null;
      this.at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : null;
    }
    return null;
  }

  take(length: number): Uint8Array | null {
    if (length > this.left) return null;
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  prefixed(): Uint8Array | null {
    const length = this.varint();
    return length === null ? null : this.take(length);
  }
}

/** Little-endian, unsigned; 0 behind the end. */
export function uint32At(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  );
}
