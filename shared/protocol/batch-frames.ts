// Several frames of a link in one message (PROTOCOL.md, section BA): its bytes and a total reading; what to put together is the writer's.
import { Malformed, type ByteReader } from './byte-reader.ts';
import { ByteWriter, varBytesSize, varUintSize } from './byte-writer.ts';
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

export function encodeBatch(type: number, { frames }: BatchFrame): Uint8Array {
  const writer = new ByteWriter(frames.reduce((sum, frame) => sum + varBytesSize(frame), varUintSize(type)));
  writer.varUint(type);
  for (const frame of frames) writer.varBytes(frame);
  return writer.done();
}
