// One record of the membership log as text: signing, hashing, strict decoding. What records mean together is not here.
import { CompactSign, compactVerify } from 'jose';
import { fromBase64url, fromUtf8, toBase64url, utf8 } from '../base/encoding.ts';
import { randomId } from '../base/random-id.ts';
import { canonicalJson } from './canonical-json.ts';
import { importPrivateKey, importPublicKey, SIGNATURE_ALGORITHM } from './device-key.ts';
import type { DeviceKey, PublicJwk, RecordBody } from './identity.ts';
import { RECORD_TYPE, recordHeader, recordPayload, type RecordHeader, type RecordPayload } from './record-schema.ts';

/** Characters of one record; a real one has about 500. */
export const RECORD_LIMIT = 8_192;

/** A record as decoded, its signature not yet verified. */
export interface DecodedRecord {
  readonly version: 1 | 2;
  readonly signer: string;
  readonly previous: string | null;
  readonly at: number;
  readonly body: RecordBody;
}

export type Decoding =
  { readonly ok: true; readonly record: DecodedRecord } | { readonly ok: false; readonly reason: string };

export interface UnsignedRecord {
  /** Default: 1. A body that is not of this version is a TypeError of whoever signs. */
  readonly version?: 1 | 2;
  /** The hash of the log's newest record; null for the first. */
  readonly previous: string | null;
  readonly body: RecordBody;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * The record as a compact JWS (RFC 7515). The hash of a record with a nonce becomes an id that stands in room names and
 * on command lines, where '-' may not come first: such a record gets another nonce until its hash does not begin so.
 */
export async function signRecord(key: DeviceKey, record: UnsignedRecord): Promise<string> {
  const privateKey = await importPrivateKey(key);
  let { body } = record;
  for (;;) {
    const content = recordPayload.parse({ v: record.version ?? 1, previous: record.previous, at: record.at, body });
    const jws = await new CompactSign(utf8(canonicalJson(content)))
      .setProtectedHeader({ alg: SIGNATURE_ALGORITHM, kid: key.id, typ: RECORD_TYPE })
      .sign(privateKey);
    if (!('nonce' in body) || isIdHash(await hashRecord(jws))) return jws;
    body = { ...body, nonce: randomId() };
  }
}

/** Base64url of the SHA-256 of the compact JWS. */
export async function hashRecord(jws: string): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(jws))));
}

/** Whether a record's hash can serve as an id. */
export function isIdHash(hash: string): boolean {
  return !hash.startsWith('-');
}

/** Total and strict: every part is canonical, so that nobody can give a signed record a second hash. */
export function decodeRecord(jws: string): Decoding {
  if (jws.length > RECORD_LIMIT) return refused(`it is longer than ${RECORD_LIMIT} characters`);
  const [protectedPart, payloadPart, signature, ...rest] = jws.split('.');
  if (protectedPart === undefined || payloadPart === undefined || signature === undefined || rest.length > 0) {
    return refused('it is not a compact JWS');
  }
  if (fromBase64url(signature)?.length !== 64) return refused('its signature is not 64 bytes');
  const head = recordHeader.safeParse(decodePart(protectedPart));
  if (!head.success || partOf(head.data) !== protectedPart) return refused('its header is not one of a record');
  const content = recordPayload.safeParse(decodePart(payloadPart));
  if (!content.success || partOf(content.data) !== payloadPart) return refused('its content is not one of a record');
  const { v: version, previous, at, body } = content.data;
  return { ok: true, record: { version, signer: head.data.kid, previous, at, body } };
}

/** Whether `key` signed the record. */
export async function verifiesRecord(jws: string, key: PublicJwk): Promise<boolean> {
  try {
    await compactVerify(jws, await importPublicKey(key), { algorithms: [SIGNATURE_ALGORITHM] });
    return true;
  } catch {
    return false;
  }
}

function decodePart(part: string): unknown {
  const bytes = fromBase64url(part);
  const text = bytes && fromUtf8(bytes);
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function partOf(value: RecordHeader | RecordPayload): string {
  return toBase64url(utf8(canonicalJson(value)));
}

function refused(reason: string): Decoding {
  return { ok: false, reason };
}
