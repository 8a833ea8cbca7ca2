// The file in which an index keeps its pieces (docs/search.md, SE4): frames one behind the other, each with its length and checksum. What is torn at its end is cut off. Not thread-safe; every call is synchronous, for it runs in a thread of its own.
import { closeSync, ftruncateSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** `piece`: deflated JSON. `drop`: numbers of pieces, JSON. `state`: how far rooms are read, JSON. */
export type FrameKind = 'piece' | 'drop' | 'state';
const KINDS: readonly FrameKind[] = ['piece', 'drop', 'state'];

export interface Place {
  readonly offset: number;
  readonly length: number;
}

export interface Frame extends Place {
  readonly kind: FrameKind;
}

/** Length of what follows the head, checksum of it; then a byte for the kind and the content. */
const HEAD = 8;
const LARGEST = 64 * 1024 * 1024;
const READ_AT_ONCE = 4 * 1024 * 1024;
const BUFFERED = 1024 * 1024;

/** What lies on the disk is not what was written. */
export class DamagedLog extends Error {}

export class PieceLog {
  readonly #file: number;
  /** Behind the last whole frame, with what is buffered. */
  #end = 0;
  #written = 0;
  #buffer: Uint8Array[] = [];

  constructor(path: string) {
    this.#file = openSync(path, 'a+', 0o600);
  }

  get end(): number {
    return this.#end;
  }

  /** Of the file. */
  get size(): number {
    return fstatSync(this.#file).size;
  }

  /** Tells every whole frame from a place on, then cuts off what is behind the last one. */
  replay(from: number, tell: (frame: Frame, content: () => unknown) => void): void {
    const size = fstatSync(this.#file).size;
    let at = from;
    let chunk = Buffer.alloc(0);
    let chunkAt = from;
    const bytes = (offset: number, length: number): Buffer | null => {
      if (offset + length > size) return null;
      if (offset < chunkAt || offset + length > chunkAt + chunk.length) {
        chunk = Buffer.alloc(Math.min(size - offset, Math.max(length, READ_AT_ONCE)));
        chunkAt = offset;
        if (readFully(this.#file, chunk, offset) < length) return null;
      }
      return chunk.subarray(offset - chunkAt, offset - chunkAt + length);
    };
    for (;;) {
      const head = bytes(at, HEAD);
      if (!head) break;
      const [length, sum] = [head.readUInt32LE(0), head.readUInt32LE(4)];
      const body = length < 1 || length > LARGEST ? null : bytes(at + HEAD, length);
      const kind = body && KINDS[body[0] ?? -1];
      if (!body || !kind || crc32(body) !== sum) break;
      tell({ kind, offset: at, length: HEAD + length }, () => contentOf(kind, body));
      at += HEAD + length;
    }
    if (at < size) ftruncateSync(this.#file, at);
    this.#end = at;
    this.#written = at;
  }

  append(kind: FrameKind, content: unknown): Place {
    const json = Buffer.from(JSON.stringify(content), 'utf8');
    const packed = kind === 'piece' ? deflateRawSync(json, { level: 1 }) : json;
    const frame = Buffer.alloc(HEAD + 1 + packed.length);
    frame[HEAD] = KINDS.indexOf(kind);
    packed.copy(frame, HEAD + 1);
    frame.writeUInt32LE(frame.length - HEAD, 0);
    frame.writeUInt32LE(crc32(frame.subarray(HEAD)), 4);
    return this.#put(frame);
  }

  /** A frame of another log, as it lies there. */
  copy(from: PieceLog, place: Place): Place {
    return this.#put(from.#raw(place));
  }

  /** Throws DamagedLog where it is not what was written. */
  read({ offset, length }: Place): unknown {
    const frame = this.#raw({ offset, length });
    const body = frame.subarray(HEAD);
    const kind = KINDS[body[0] ?? -1];
    if (!kind || frame.readUInt32LE(0) !== body.length || crc32(body) !== frame.readUInt32LE(4)) {
      throw new DamagedLog('A piece of the search index is damaged.');
    }
    return contentOf(kind, body);
  }

  /** Hands to the system what is buffered. Where that fails (a full disk) nothing of it is in the file, and it stays buffered. */
  flush(): void {
    if (this.#buffer.length === 0) return;
    const bytes = Buffer.concat(this.#buffer);
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    } catch (error) {
      ftruncateSync(this.#file, this.#written);
      throw error;
    }
    this.#written += bytes.length;
    this.#buffer = [];
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Whoever keeps a state hears of what is wrong. */
  #tryFlush(): void {
    try {
      this.flush();
    } catch {
      return;
    }
  }

  #raw({ offset, length }: Place): Buffer {
    if (offset >= this.#written) {
      const from = offset - this.#written;
      return Buffer.concat(this.#buffer).subarray(from, from + length);
    }
    const frame = Buffer.alloc(length);
    if (length <= HEAD || readFully(this.#file, frame, offset) < length) {
      throw new DamagedLog('A piece of the search index is missing.');
    }
    return frame;
  }

  #put(frame: Uint8Array): Place {
    const place = { offset: this.#end, length: frame.length };
    this.#buffer.push(frame);
    this.#end += frame.length;
    if (this.#end - this.#written > BUFFERED) this.#tryFlush();
    return place;
  }
}

function contentOf(kind: FrameKind, body: Buffer): unknown {
  const bytes = body.subarray(1);
  return JSON.parse((kind === 'piece' ? inflateRawSync(bytes) : bytes).toString('utf8')) as unknown;
}

function readFully(file: number, into: Buffer, from: number): number {
  let done = 0;
  while (done < into.length) {
    const read = readSync(file, into, done, into.length - done, from + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}
