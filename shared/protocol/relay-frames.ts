// The frame by which a host names the relays that acknowledge it (PROTOCOL.md, section RL): its bytes and a total reading.
import * as encoding from 'lib0/encoding';
import type { ByteReader } from './byte-reader.ts';
import { LONGEST, readList } from './frame-fields.ts';
import { LIMITS } from './limits.ts';

/** Hub ids; it replaces what was named before. */
export interface RelaysFrame {
  readonly kind: 'relays';
  readonly hubs: readonly string[];
}

export function readRelays(reader: ByteReader): RelaysFrame {
  return { kind: 'relays', hubs: readList(reader, LIMITS.relaysNamed, () => reader.varString(LONGEST.id)) };
}

/** Everything behind the frame's type. */
export function writeRelays(encoder: encoding.Encoder, { hubs }: RelaysFrame): void {
  encoding.writeVarUint(encoder, hubs.length);
  for (const hub of hubs) encoding.writeVarString(encoder, hub);
}
