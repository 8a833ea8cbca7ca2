// What a device signs to another member's computer, over the one connection between them. It knows no log and no socket.
import { CompactSign, compactVerify } from 'jose';
import { toBase64url, utf8 } from '../base/encoding.ts';
import { importPrivateKey, importPublicKey, SIGNATURE_ALGORITHM } from './device-key.ts';
import type { DeviceKey, PublicJwk } from './identity.ts';
import { fromBase64url } from '../base/encoding.ts';

/** Another `typ` than that of records, proofs, tickets and heads: none of them can be passed off as one of the others. */
const HEADER = { alg: SIGNATURE_ALGORITHM, typ: 'caravan-peer+jws' };

/** The one that dialed, or the one that was dialed: neither's words can be sent back to it as the other's. */
export type PeerRole = 'dialing' | 'accepting';

export interface PeerStatement {
  readonly role: PeerRole;
  readonly workspace: string;
  readonly version: number;
  readonly purpose: string;
  /** The secret that TLS gives both ends of this connection, and nobody else. */
  readonly channel: Uint8Array;
  /** The hash of all that was said before: both lists of versions and both nonces are in it. */
  readonly said: Uint8Array;
}

/** The 64 bytes of an Ed25519 signature, as a JWS whose other parts follow from the statement. */
export async function signPeerStatement(key: DeviceKey, statement: PeerStatement): Promise<Uint8Array> {
  const jws = await new CompactSign(utf8(textOf(statement)))
    .setProtectedHeader(HEADER)
    .sign(await importPrivateKey(key));
  return fromBase64url(jws.slice(jws.lastIndexOf('.') + 1)) ?? new Uint8Array(0);
}

/** Whether `key` signed it. Total. */
export async function provesPeer(key: PublicJwk, statement: PeerStatement, signature: Uint8Array): Promise<boolean> {
  const parts = [utf8(JSON.stringify(HEADER)), utf8(textOf(statement)), signature];
  try {
    await compactVerify(parts.map(toBase64url).join('.'), await importPublicKey(key), {
      algorithms: [SIGNATURE_ALGORITHM],
    });
    return true;
  } catch {
    // A wrong signature, or a key that the runtime cannot import, proves nothing.
    return false;
  }
}

function textOf({ role, workspace, version, purpose, channel, said }: PeerStatement): string {
  const bytes = [channel, said].map(toBase64url).join(':');
  return `caravan-peer:1:${role}:${workspace}:${version}:${purpose}:${bytes}`;
}
