// The frames by which devices say what they hold and a relay publishes it (PROTOCOL.md, section CU): values, bytes, a total reading.
import * as encoding from 'lib0/encoding';
import type { ByteReader } from './byte-reader.ts';
import { LONGEST, readFlag, readList } from './frame-fields.ts';
import { LIMITS } from './limits.ts';

/** What the dialing end holds durably of one space, in the accepting end's numbers and present epoch. */
export interface Holding {
  readonly space: string;
  /** Everything up to here, but for `lacks`. */
  readonly after: number;
  /** Documents that it could not take, though their numbers are not beyond `after`. */
  readonly lacks: readonly string[];
}

/** What one device holds of a space, as it was published. */
export interface Holder {
  readonly device: string;
  readonly number: number;
  /** When the device last said so, by the publishing end's clock (milliseconds since the epoch). */
  readonly at: number;
  readonly lacks: readonly string[];
}

export type CursorFrame =
  | { readonly kind: 'holds'; readonly holdings: readonly Holding[] }
  /** `all`: whoever is not listed (here or in a later frame) holds nothing; else the list replaces entries one by one. */
  | { readonly kind: 'holders'; readonly space: string; readonly all: boolean; readonly holders: readonly Holder[] };

export function readCursorFrame(kind: CursorFrame['kind'], reader: ByteReader): CursorFrame {
  const lacks = (): string[] => readList(reader, LIMITS.lacksPerHolder, () => reader.varString(LONGEST.id));
  switch (kind) {
    case 'holds':
      return {
        kind,
        holdings: readList(reader, LIMITS.holdersPerFrame, () => ({
          space: reader.varString(LONGEST.space),
          after: reader.varUint(),
          lacks: lacks(),
        })),
      };
    case 'holders':
      return {
        kind,
        space: reader.varString(LONGEST.space),
        all: readFlag(reader),
        holders: readList(reader, LIMITS.holdersPerFrame, () => ({
          device: reader.varString(LONGEST.id),
          number: reader.varUint(),
          at: reader.varUint(),
          lacks: lacks(),
        })),
      };
  }
}

/** Everything behind the frame's type. */
export function writeCursorFrame(encoder: encoding.Encoder, frame: CursorFrame): void {
  const uint = (value: number): void => encoding.writeVarUint(encoder, value);
  const text = (value: string): void => encoding.writeVarString(encoder, value);
  const lacks = (documents: readonly string[]): void => {
    uint(documents.length);
    documents.forEach(text);
  };
  switch (frame.kind) {
    case 'holds':
      uint(frame.holdings.length);
      for (const holding of frame.holdings) {
        text(holding.space);
        uint(holding.after);
        lacks(holding.lacks);
      }
      break;
    case 'holders':
      text(frame.space);
      uint(frame.all ? 1 : 0);
      uint(frame.holders.length);
      for (const holder of frame.holders) {
        text(holder.device);
        uint(holder.number);
        uint(holder.at);
        lacks(holder.lacks);
      }
      break;
  }
}
