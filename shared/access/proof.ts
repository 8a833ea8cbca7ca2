// Proofs inside records: the signature of a statement by a key that does not sign the record itself. It knows no log.
import { CompactSign, compactVerify } from 'jose';
import { toBase64url, utf8 } from '../base/encoding.ts';
import { importPrivateKey, importPublicKey, SIGNATURE_ALGORITHM } from './device-key.ts';
import type { DeviceKey, PublicJwk } from './identity.ts';

/** Another `typ` than that of records and tickets: none of them can be passed off as one of the others. */
const HEADER = { alg: SIGNATURE_ALGORITHM, typ: 'caravan-proof+jws' };

/** The signature part (base64url, 64 bytes) of a compact JWS over `statement`; the other parts follow from it. */
export async function prove(key: DeviceKey, statement: string): Promise<string> {
  const jws = await new CompactSign(utf8(statement)).setProtectedHeader(HEADER).sign(await importPrivateKey(key));
  return jws.slice(jws.lastIndexOf('.') + 1);
}

/** Whether `key` signed `statement`. Total. */
export async function provesBy(key: PublicJwk, statement: string, proof: string): Promise<boolean> {
  const jws = `${toBase64url(utf8(JSON.stringify(HEADER)))}.${toBase64url(utf8(statement))}.${proof}`;
  try {
    await compactVerify(jws, await importPublicKey(key), { algorithms: [SIGNATURE_ALGORITHM] });
    return true;
  } catch {
    // A wrong signature, or a key that the runtime cannot import, proves nothing.
    return false;
  }
}

/** What an invite's key signs for whoever joins by it: it lets this device into this workspace, and no other. */
export function joinStatement(workspace: string, invite: string, device: string): string {
  return `caravan-join:1:${workspace}:${invite}:${device}`;
}

/** What a new device signs for its member: without it a member could claim, and block, somebody else's key. */
export function deviceStatement(workspace: string, member: string, device: string): string {
  return `caravan-device:1:${workspace}:${member}:${device}`;
}
