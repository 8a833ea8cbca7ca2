// An update with what was typed letter by letter as one struct again wherever a letter follows on: the same clocks, origins and deletions in fewer bytes. It builds no document.
import { readTotally, type ByteReader } from '../protocol/byte-reader.ts';
import { codeUnits, skipContent } from './struct-content.ts';

const [GC, STRING, SKIP] = [0, 4, 10];
const [ORIGIN, RIGHT_ORIGIN, IN_MAP] = [128, 64, 32];

/** A text that the struct behind it may go on with. */
interface Run {
  /** Where it begins, and where its content does: what stands between is the head of all of it. */
  readonly from: number;
  readonly headTo: number;
  readonly rightClient: number;
  readonly rightClock: number;
  /** Its content, behind each other. */
  readonly pieces: (readonly [from: number, to: number])[];
  to: number;
}

/**
 * Yjs cuts a struct in two by giving the second part the last clock of the first as its origin, and both one right origin: a
 * letter that says exactly this of the one before it is the rest of one struct, wherever others typed in between. What is called
 * an entry of a map is left as it is: there the next one takes the place of the one before. Whoever builds a document of it makes
 * sure that no text calls itself something else (compaction.ts). Null for bytes that are no update, and for one with holes.
 */
export function condenseUpdate(update: Uint8Array): Uint8Array | null {
  return readTotally(update, (reader) => {
    const output = new Output(update);
    let clients = reader.varUint();
    output.varUint(clients);
    for (; clients > 0; clients -= 1) if (!condenseSection(update, reader, output)) return null;
    output.copy(reader.at, update.length);
    return output.written();
  });
}

/** False where it cannot be read. */
function condenseSection(update: Uint8Array, reader: ByteReader, output: Output): boolean {
  const from = reader.at;
  const structs = reader.varUint();
  const client = reader.varUint();
  const start = reader.varUint();
  const room = reader.at - from;
  const body = output.leave(room);
  let [clock, written, copied] = [start, 0, reader.at];
  let run: Run = { from: 0, headTo: 0, rightClient: -1, rightClock: -1, pieces: [], to: 0 };
  const endRun = (): void => {
    if (run.pieces.length < 2) return;
    output.copy(copied, run.from);
    output.run(run);
    copied = run.to;
  };
  for (let left = structs; left > 0; left -= 1) {
    const at = reader.at;
    const info = reader.byte();
    const kind = info & 31;
    if (kind === SKIP) return false;
    let [originClient, originClock, rightClient, rightClock] = [-1, -1, -1, -1];
    if (kind !== GC) {
      if ((info & ORIGIN) !== 0) [originClient, originClock] = [reader.varUint(), reader.varUint()];
      if ((info & RIGHT_ORIGIN) !== 0) [rightClient, rightClock] = [reader.varUint(), reader.varUint()];
      if ((info & (ORIGIN | RIGHT_ORIGIN)) === 0) skipParent(reader, info);
    }
    const headTo = reader.at;
    const text = kind === STRING && (info & IN_MAP) === 0 ? readText(reader) : null;
    const length = text
      ? codeUnits(update, ...text)
      : kind === GC
        ? reader.varUint()
        : skipContent(update, reader, kind);
    if (length === null) return false;
    const goesOn =
      run.to === at &&
      originClient === client &&
      originClock === clock - 1 &&
      run.rightClient === rightClient &&
      run.rightClock === rightClock;
    if (text && goesOn) {
      run.pieces.push(text);
      run.to = reader.at;
    } else {
      written += 1;
      if (text) {
        endRun();
        run = { from: at, headTo, rightClient, rightClock, pieces: [text], to: reader.at };
      }
    }
    clock += length;
  }
  endRun();
  output.copy(copied, reader.at);
  output.putBefore(body, room, [written, client, start]);
  return true;
}

/** Where the text stands. */
function readText(reader: ByteReader): readonly [from: number, to: number] {
  const length = reader.varUint();
  const from = reader.at;
  reader.skip(length);
  return [from, reader.at];
}

function skipParent(reader: ByteReader, info: number): void {
  if (reader.varUint() === 1) reader.skipVarBytes();
  else {
    reader.skipVarUint();
    reader.skipVarUint();
  }
  if ((info & IN_MAP) !== 0) reader.skipVarBytes();
}

/** No longer than what it is made of: a run is shorter than its parts, and the number of structs no longer than it was. */
class Output {
  readonly #source: Uint8Array;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#bytes = new Uint8Array(source.length);
  }

  varUint(value: number): void {
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) this.#bytes[this.#at++] = (left % 128) | 128;
    this.#bytes[this.#at++] = left;
  }

  /** Bytes of the source. */
  copy(from: number, to: number): void {
    // Letters are a few bytes, for which a view and a copy cost more than they do.
    if (to - from < 16) for (let at = from; at < to; at += 1) this.#bytes[this.#at++] = this.#source[at] ?? 0;
    else {
      this.#bytes.set(this.#source.subarray(from, to), this.#at);
      this.#at += to - from;
    }
  }

  run({ from, headTo, pieces }: Run): void {
    this.copy(from, headTo);
    this.varUint(pieces.reduce((sum, [start, end]) => sum + end - start, 0));
    for (const [start, end] of pieces) this.copy(start, end);
  }

  /** Leaves room for what is known only later, and tells what stands behind it. */
  leave(room: number): number {
    this.#at += room;
    return this.#at;
  }

  /** Puts numbers in front of `body`, which moves up to them. */
  putBefore(body: number, room: number, numbers: readonly number[]): void {
    const end = this.#at;
    this.#at = body - room;
    for (const number of numbers) this.varUint(number);
    this.#bytes.copyWithin(this.#at, body, end);
    this.#at += end - body;
  }

  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }
}
