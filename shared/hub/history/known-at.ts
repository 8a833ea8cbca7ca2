// What a hub had of a room while a session wrote in it (docs/storage.md, SG20): clocks, and since when it had no link to others. Types, and their bytes; it judges nothing.
import * as encoding from 'lib0/encoding';
import { Malformed, readTotally, type ByteReader } from '../../protocol/byte-reader.ts';
import { LIMITS } from '../../protocol/limits.ts';

/** How it stood from one update of a session on, up to the next such record. */
export interface KnownAt {
  /** The place of that update in the session. */
  readonly from: number;
  /** Since when the hub had no link to others, in milliseconds since the epoch; 0: it had one. */
  readonly apart: number;
  /** False: there were too many clients to name; then nothing is said of clocks from here on. */
  readonly told: boolean;
  /** Clocks that differ from the record before; the first record has all of them. */
  readonly clocks: readonly (readonly [client: number, clock: number])[];
}

/** Clients named by one record: a page of some years. More are not told, or each session would weigh more than what was written in it. */
export const MOST_KNOWN = 1_000;

/** What follows the updates of a segment: parts by number, so that a reader passes over those that it does not know (SG3). */
const KNOWN_PART = 1;

export function writeKnown(encoder: encoding.Encoder, records: readonly KnownAt[]): void {
  encoding.writeVarUint(encoder, records.length);
  for (const { from, apart, told, clocks } of records) {
    encoding.writeVarUint(encoder, from);
    encoding.writeVarUint(encoder, apart);
    encoding.writeVarUint(encoder, told ? 1 : 0);
    encoding.writeVarUint(encoder, clocks.length);
    for (const [client, clock] of clocks) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
    }
  }
}

export function readKnown(reader: ByteReader): readonly KnownAt[] {
  let before = -1;
  return list(reader, LIMITS.segmentUpdates, () => {
    const [from, apart, told] = [reader.varUint(), reader.varUint(), reader.varUint() === 1];
    if (from <= before || !Number.isSafeInteger(apart)) throw new Malformed('records out of order');
    before = from;
    const clocks = list(reader, MOST_KNOWN, () => [reader.varUint(), reader.varUint()] as const);
    return { from, apart, told, clocks };
  });
}

/** Behind the last update of a segment; nothing where nothing is known. */
export function writeKnownPart(encoder: encoding.Encoder, records: readonly KnownAt[]): void {
  if (records.length === 0) return;
  const part = encoding.createEncoder();
  writeKnown(part, records);
  encoding.writeVarUint(encoder, KNOWN_PART);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(part));
}

/** The bytes of the records among what stands behind the last update; empty where there are none, or others than of this form. */
export function knownPartOf(rest: Uint8Array): Uint8Array {
  return (
    readTotally(rest, (reader) => {
      while (reader.left > 0) {
        const part = reader.varUint();
        const bytes = reader.varBytes();
        if (part === KNOWN_PART) return bytes;
      }
      return null;
    }) ?? EMPTY
  );
}

/** Total: what does not read says nothing. */
export function decodeKnown(bytes: Uint8Array): readonly KnownAt[] {
  return bytes.length === 0 ? [] : (readTotally(bytes, readKnown) ?? []);
}

/** Of the bytes of records: since when the hub was apart at the earliest; null where it never was. Total. */
export function apartIn(bytes: Uint8Array): number | null {
  const times = decodeKnown(bytes).flatMap(({ apart }) => (apart > 0 ? apart : []));
  return times.length > 0 ? times.reduce((earliest, time) => Math.min(earliest, time)) : null;
}

const EMPTY = new Uint8Array();

function list<T>(reader: ByteReader, most: number, read: () => T): T[] {
  const length = reader.varUint();
  // Each takes a byte at least: a forged length asks for no memory.
  if (length > most || length > reader.left) throw new Malformed('a list is too long');
  return Array.from({ length }, read);
}
