// The frame by which a relay names the newest record of the membership log (PROTOCOL.md, section ML): its bytes and a total reading.
import * as encoding from 'lib0/encoding';
import type { ByteReader } from './byte-reader.ts';
import { LONGEST } from './frame-fields.ts';

/** The records themselves are asked for, and proved, over HTTP: this says only that it is worth asking. */
export interface LogFrame {
  readonly kind: 'log';
  /** The newest record's hash. */
  readonly head: string;
}

export function readLogFrame(reader: ByteReader): LogFrame {
  return { kind: 'log', head: reader.varString(LONGEST.id) };
}

/** Everything behind the frame's type. */
export function writeLogFrame(encoder: encoding.Encoder, { head }: LogFrame): void {
  encoding.writeVarString(encoder, head);
}
