// Signed heads: a relay's word that a log was this long and ended so. Who keeps the words notices a log that was cut or rewritten.
import { CompactSign, compactVerify } from 'jose';
import { z } from 'zod';
import { fromUtf8, utf8 } from '../base/encoding.ts';
import { canonicalJson } from './canonical-json.ts';
import { importPrivateKey, importPublicKey, SIGNATURE_ALGORITHM } from './device-key.ts';
import type { DeviceKey, PublicJwk } from './identity.ts';

/** Another `typ` than that of records, proofs and tickets: none of them can be passed off as one of the others. */
const HEAD_TYPE = 'caravan-head+jws';
/** Characters of a signed head; a real one has about 400. */
const HEAD_LIMIT = 2_048;

const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const headContent = z.strictObject({
  v: z.literal(1),
  workspace: hash,
  /** Records in the log. */
  length: z.int().positive(),
  /** Hash of the newest one. */
  head: hash,
  /** Milliseconds since the epoch, by the relay's clock. */
  at: z.int().nonnegative(),
});

export type LogHead = Readonly<z.output<typeof headContent>>;

/** A compact JWS (RFC 7515) by the relay's key. */
export async function signHead(relay: DeviceKey, head: Omit<LogHead, 'v'>): Promise<string> {
  return new CompactSign(utf8(canonicalJson({ v: 1, ...head })))
    .setProtectedHeader({ alg: SIGNATURE_ALGORITHM, kid: relay.id, typ: HEAD_TYPE })
    .sign(await importPrivateKey(relay));
}

/** What the head says when the relay with this key signed it, else null. Total. */
export async function readHead(text: string, relay: { id: string; publicKey: PublicJwk }): Promise<LogHead | null> {
  if (text.length > HEAD_LIMIT) return null;
  try {
    const { payload, protectedHeader } = await compactVerify(text, await importPublicKey(relay.publicKey), {
      algorithms: [SIGNATURE_ALGORITHM],
    });
    const { kid, typ } = protectedHeader;
    if (typ !== HEAD_TYPE || kid !== relay.id || Object.keys(protectedHeader).length !== 3) return null;
    const content = headContent.safeParse(JSON.parse(fromUtf8(payload) ?? 'null'));
    return content.success ? content.data : null;
  } catch {
    return null;
  }
}
