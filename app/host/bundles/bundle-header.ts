// What stands in front of a bundle's sealed part, in the clear: which workspace, who may open it and how. Encoding and total decoding; rules BU1 and BU2.
import { createHash } from 'node:crypto';
import * as encoding from 'lib0/encoding';
import { Malformed, readTotally, type ByteReader } from '../../../shared/protocol/byte-reader.ts';
import { BUNDLE_LIMITS } from './bundle-limits.ts';
import { KEY, TAG } from './seal-keys.ts';

/** Not text, and changed by whatever takes it for text: a file that was carried as such is noticed at once. */
export const MAGIC = new Uint8Array([0x89, 0x43, 0x56, 0x42, 0x0d, 0x0a, 0x1a, 0x0a]);
export const VERSION = 1;
/** Magic, version, length of the header. */
export const PRELUDE = MAGIC.length + 1 + 4;
const HASH = 32;
const SALT = 16;

export type Opening =
  | {
      readonly kind: 'devices';
      /** The X25519 key that was made for this bundle. */
      readonly ephemeral: Uint8Array;
      readonly devices: readonly { readonly device: string; readonly sealed: Uint8Array }[];
    }
  | {
      readonly kind: 'passphrase';
      readonly salt: Uint8Array;
      readonly cost: number;
      readonly parallel: number;
      readonly sealed: Uint8Array;
    };

export interface BundleHeader {
  readonly workspace: string;
  readonly opening: Opening;
}

export interface ReadHeader extends BundleHeader {
  /** SHA-256 of all before the sealed part: the key of that depends on it, and the signature covers it. */
  readonly hash: Uint8Array;
  /** Where the sealed part begins. */
  readonly length: number;
}

/** Everything before the sealed part. */
export function encodeHeader({ workspace, opening }: BundleHeader): {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
} {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, workspace);
  if (opening.kind === 'devices') {
    encoding.writeVarUint(encoder, 1);
    encoding.writeUint8Array(encoder, opening.ephemeral);
    encoding.writeVarUint(encoder, opening.devices.length);
    for (const { device, sealed } of opening.devices) {
      encoding.writeVarString(encoder, device);
      encoding.writeUint8Array(encoder, sealed);
    }
  } else {
    encoding.writeVarUint(encoder, 2);
    encoding.writeUint8Array(encoder, opening.salt);
    encoding.writeVarUint(encoder, opening.cost);
    encoding.writeVarUint(encoder, opening.parallel);
    encoding.writeUint8Array(encoder, opening.sealed);
  }
  const content = encoding.toUint8Array(encoder);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const front = Buffer.concat([MAGIC, Uint8Array.of(VERSION), length, content]);
  const hash = sha256(front);
  return { bytes: new Uint8Array(Buffer.concat([front, hash])), hash };
}

export type PreludeVerdict =
  { readonly kind: 'none' | 'newer' | 'damaged' } | { readonly kind: 'bundle'; readonly more: number };

/** What the first PRELUDE bytes say; `more` bytes belong to the header behind them. */
export function readPrelude(bytes: Uint8Array): PreludeVerdict {
  if (bytes.length < MAGIC.length || MAGIC.some((byte, at) => bytes[at] !== byte)) return { kind: 'none' };
  if (bytes.length < PRELUDE) return { kind: 'damaged' };
  if (bytes[MAGIC.length] !== VERSION) return { kind: 'newer' };
  const length = Buffer.from(bytes).readUInt32BE(MAGIC.length + 1);
  return length > BUNDLE_LIMITS.header ? { kind: 'damaged' } : { kind: 'bundle', more: length + HASH };
}

/** @param bytes the prelude with all that belongs to the header. Null where it does not hold. Total. */
export function readHeader(bytes: Uint8Array): ReadHeader | null {
  const front = bytes.subarray(0, bytes.length - HASH);
  const hash = sha256(front);
  if (bytes.length < PRELUDE + HASH || Buffer.compare(hash, bytes.subarray(bytes.length - HASH)) !== 0) return null;
  const header = readTotally(front.subarray(PRELUDE), readContent);
  return header && { ...header, hash, length: bytes.length };
}

function readContent(reader: ByteReader): BundleHeader {
  const workspace = reader.varString(64);
  const opening = readOpening(reader);
  if (reader.left > 0) throw new Malformed('a header goes on behind its end');
  return { workspace, opening };
}

function readOpening(reader: ByteReader): Opening {
  const kind = reader.varUint();
  if (kind === 1) {
    const ephemeral = own(reader.bytes(KEY));
    const count = reader.varUint();
    if (count < 1 || count > BUNDLE_LIMITS.recipients) throw new Malformed('a bundle for nobody, or for too many');
    const devices: { device: string; sealed: Uint8Array }[] = [];
    for (let at = 0; at < count; at += 1) {
      devices.push({ device: reader.varString(64), sealed: own(reader.bytes(KEY + TAG)) });
    }
    return { kind: 'devices', ephemeral, devices };
  }
  if (kind !== 2) throw new Malformed('another way to open it');
  const salt = own(reader.bytes(SALT));
  const [cost, parallel] = [reader.varUint(), reader.varUint()];
  const { leastCost, mostCost, mostParallel } = BUNDLE_LIMITS;
  if (cost < leastCost || cost > mostCost) throw new Malformed('a passphrase that costs too little or too much');
  if (parallel < 1 || parallel > mostParallel) throw new Malformed('a passphrase that costs too much');
  return { kind: 'passphrase', salt, cost, parallel, sealed: own(reader.bytes(KEY + TAG)) };
}

function own(view: Uint8Array): Uint8Array {
  return new Uint8Array(view);
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
