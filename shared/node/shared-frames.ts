// WebSocket frames of messages that go to many: made once, one buffer each, as an accepting end sends them. It sends nothing.

/** A whole binary message in one unmasked frame (RFC 6455, 5.2). */
const WHOLE_BINARY = 0x82;
/** Larger messages are not copied into a frame: the copy would cost more than a second piece to write. */
export const LARGEST_SHARED = 16 * 1024;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;

/** One for all sockets of a process. It keeps the last message only: fan-out sends one message to everybody in a row. */
export class SharedFrames {
  #message: Uint8Array | null = null;
  #frame: Uint8Array | null = null;

  /** The frame of a message of at most LARGEST_SHARED bytes; neither may be changed afterwards. */
  frameOf(message: Uint8Array): Uint8Array {
    if (this.#frame && message === this.#message) return this.#frame;
    const frame = encodeFrame(message);
    this.#message = message;
    this.#frame = frame;
    return frame;
  }
}

function encodeFrame(message: Uint8Array): Uint8Array {
  const { length } = message;
  const header = headerLength(length);
  const frame = Buffer.allocUnsafe(header + length);
  writeHeader(frame, header, length);
  frame.set(message, header);
  return frame;
}

/** What goes before a message of this length, of any length. */
export function encodeHeader(length: number): Uint8Array {
  const header = Buffer.allocUnsafe(headerLength(length));
  writeHeader(header, header.length, length);
  return header;
}

function headerLength(length: number): number {
  return length < TWO_BYTES ? 2 : length < 0x10000 ? 4 : 10;
}

function writeHeader(frame: Buffer, header: number, length: number): void {
  frame[0] = WHOLE_BINARY;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = TWO_BYTES;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = EIGHT_BYTES;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
}
