// What two members' computers compute to recognise each other over one connection: proofs by the meeting key, marks of devices, and the hash of what was said. It sends nothing.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { PeerRole } from '../../../shared/access/peer-proof.ts';

/** The label of the secret that both ends get from TLS (RFC 8446, section 7.5; in the manner of RFC 9266). */
export const CHANNEL_LABEL = 'EXPORTER-caravan-peer-v1';
export const CHANNEL_BYTES = 32;

const HINT_BYTES = 16;

/** The hash of what was said so far on a connection, message by message. */
export class Said {
  #hash: Buffer;

  /** Begins with the connection's own secret. */
  constructor(channel: Uint8Array) {
    this.#hash = createHash('sha256').update('caravan peer said v1').update(channel).digest();
  }

  add(message: Uint8Array): void {
    // Each message by its own hash: where one ends and the next begins is not left open.
    const one = createHash('sha256').update(message).digest();
    this.#hash = createHash('sha256').update(this.#hash).update(one).digest();
  }

  get hash(): Uint8Array {
    return this.#hash;
  }
}

/** Proves that its sender knows the workspace: over the connection, what was said before, and the message itself. */
export function knowledgeProof(meeting: Uint8Array, role: PeerRole, before: Uint8Array, message: Uint8Array): Buffer {
  return createHmac('sha256', meeting).update(`caravan peer ${role} v1\n`).update(before).update(message).digest();
}

/** Proves that its sender knows the code, to whom knows the workspace: without the meeting key no code can be tried out on it. */
export function codeProof(
  meeting: Uint8Array,
  code: string,
  role: PeerRole,
  before: Uint8Array,
  nonce: Uint8Array,
): Buffer {
  const key = createHmac('sha256', meeting).update('caravan peer code v1\n').update(code).digest();
  return createHmac('sha256', key).update(`${role}\n`).update(before).update(nonce).digest();
}

/** By this a device is found among those that one knows; who does not know its id learns nothing from it. */
export function deviceHint(device: string, role: PeerRole, before: Uint8Array): Buffer {
  const hint = createHmac('sha256', device).update(`caravan peer hint v1 ${role}\n`).update(before).digest();
  return hint.subarray(0, HINT_BYTES);
}

/** In a time that tells nothing of where they differ. */
export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
