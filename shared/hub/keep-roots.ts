// Cuts updates down to a few root types of their document; all else becomes collected ranges. It builds no document.
import * as encoding from 'lib0/encoding';
import { fromUtf8 } from '../base/encoding.ts';
import { readTotally, type ByteReader } from '../protocol/byte-reader.ts';
import { skipContent } from './struct-content.ts';

/** One struct: its clocks, where its bytes are, and whether it stands directly in one of the roots. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
  /** Null while it is to be found out: it stands where the struct at `beside` stands. */
  kept: boolean | null;
  readonly beside: { readonly client: number; readonly clock: number } | null;
  readonly skip: boolean;
}

interface Section {
  readonly client: number;
  readonly clock: number;
  readonly pieces: readonly Piece[];
}

interface Parts {
  readonly update: Uint8Array;
  readonly sections: readonly Section[];
  /** Where its deletions begin, which go to its end. */
  readonly deletions: number;
}

const [GC, SKIP] = [0, 10];

/**
 * The same number of updates, with all clocks and deletions, in which only what stands directly in `roots` still has content:
 * a document built of them shows these roots as the whole document does. `updates` are all of a room, without gaps. Null for
 * bytes that are no updates. The format is Yjs 13's first one (`UpdateDecoderV1`).
 */
export function keepRoots(
  updates: readonly Uint8Array[],
  roots: ReadonlySet<string>,
): readonly Uint8Array<ArrayBuffer>[] | null {
  const all: Parts[] = [];
  const byClient = new Map<number, Piece[]>();
  for (const update of updates) {
    const parts = readTotally(update, (reader) => readParts(update, reader, roots));
    if (!parts) return null;
    all.push(parts);
    for (const { client, pieces } of parts.sections) {
      byClient.set(client, byClient.get(client)?.concat(pieces) ?? [...pieces]);
    }
  }
  // Updates may overlap, and later ones may come first.
  for (const pieces of byClient.values()) pieces.sort((a, b) => a.start - b.start);
  for (const pieces of byClient.values()) for (const piece of pieces) settle(piece, byClient);
  return all.map(writeParts);
}

/** Follows neighbours to one that says where it stands; without recursion, since a long text is one long chain. */
function settle(piece: Piece, byClient: ReadonlyMap<number, readonly Piece[]>): void {
  const path: Piece[] = [];
  let at: Piece | null = piece;
  while (at && at.kept === null) {
    path.push(at);
    // A forged circle ends here: who is asked twice stands nowhere.
    at.kept = false;
    at = at.beside && pieceAt(byClient.get(at.beside.client) ?? [], at.beside.clock);
  }
  const kept = at?.kept ?? false;
  for (const one of path) one.kept = kept;
}

function pieceAt(pieces: readonly Piece[], clock: number): Piece | null {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((pieces[middle]?.start ?? Infinity) <= clock) low = middle;
    else high = middle - 1;
  }
  const found = pieces[low];
  return found && found.start <= clock && clock < found.end ? found : null;
}

function readParts(update: Uint8Array, reader: ByteReader, roots: ReadonlySet<string>): Parts | null {
  const sections: Section[] = [];
  for (let clients = reader.varUint(); clients > 0; clients -= 1) {
    const pieces: Piece[] = [];
    const structs = reader.varUint();
    const client = reader.varUint();
    const clock = reader.varUint();
    let at = clock;
    for (let left = structs; left > 0; left -= 1) {
      const piece = readPiece(update, reader, at, roots);
      if (!piece) return null;
      pieces.push(piece);
      at = piece.end;
    }
    sections.push({ client, clock, pieces });
  }
  return { update, sections, deletions: reader.at };
}

function readPiece(update: Uint8Array, reader: ByteReader, start: number, roots: ReadonlySet<string>): Piece | null {
  const from = reader.at;
  const info = reader.byte();
  const content = info & 31;
  if (info === SKIP || content === GC) {
    const end = start + reader.varUint();
    return { start, end, from, to: reader.at, kept: false, beside: null, skip: info === SKIP };
  }
  const origin = (info & 128) !== 0 ? readId(reader) : null;
  const rightOrigin = (info & 64) !== 0 ? readId(reader) : null;
  const beside = origin ?? rightOrigin;
  let kept: boolean | null = null;
  if (beside === null) {
    kept = false;
    if (reader.varUint() === 1) kept = roots.has(fromUtf8(reader.varBytes()) ?? '');
    else readId(reader);
    if ((info & 32) !== 0) reader.skipVarBytes();
  }
  const length = skipContent(update, reader, content);
  if (length === null) return null;
  return { start, end: start + length, from, to: reader.at, kept, beside, skip: false };
}

function readId(reader: ByteReader): { readonly client: number; readonly clock: number } {
  return { client: reader.varUint(), clock: reader.varUint() };
}

function writeParts({ update, sections, deletions }: Parts): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, sections.length);
  for (const { client, clock, pieces } of sections) {
    const runs = runsOf(update, pieces);
    encoding.writeVarUint(encoder, runs.length);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    for (const run of runs) {
      if (typeof run !== 'number') encoding.writeUint8Array(encoder, run);
      else {
        encoding.writeUint8(encoder, GC);
        encoding.writeVarUint(encoder, run);
      }
    }
  }
  encoding.writeUint8Array(encoder, update.subarray(deletions));
  return encoding.toUint8Array(encoder);
}

/** Kept structs as their bytes, and the clocks of the others between them as one length. */
function runsOf(update: Uint8Array, pieces: readonly Piece[]): readonly (Uint8Array | number)[] {
  const runs: (Uint8Array | number)[] = [];
  for (const { kept, skip, start, end, from, to } of pieces) {
    const last = runs.at(-1);
    if (kept || skip) runs.push(update.subarray(from, to));
    else if (typeof last === 'number') runs[runs.length - 1] = last + end - start;
    else runs.push(end - start);
  }
  return runs;
}
