// Several frames of a link in one message (PROTOCOL.md, section BA): its bytes and a total reading; what to put together is the writer's.
import * as encoding from 'lib0/encoding';
import { Malformed, type ByteReader } from './byte-reader.ts';
import { LIMITS } from './limits.ts';

/** Frames as they are on the wire, each whole; a batch among them breaks a rule. */
export interface BatchFrame {
  readonly kind: 'batch';
  readonly frames: readonly Uint8Array[];
}

export function readBatch(reader: ByteReader): BatchFrame {
  const frames: Uint8Array[] = [];
  while (reader.left > 0) {
    if (frames.length >= LIMITS.framesPerBatch) throw new Malformed('a batch holds too many frames');
    frames.push(reader.varBytes());
  }
  return { kind: 'batch', frames };
}

/** Everything behind the frame's type. */
export function writeBatch(encoder: encoding.Encoder, { frames }: BatchFrame): void {
  for (const frame of frames) encoding.writeVarUint8Array(encoder, frame);
}
