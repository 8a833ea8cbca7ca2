// Tickets: a short-lived, signed right to open a socket, given for a device's signed challenge. Rights themselves are read from the log.
import { compactVerify, CompactSign, decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import { fromBase64url, fromUtf8, utf8 } from '../base/encoding.ts';
import { canonicalJson } from './canonical-json.ts';
import { importPrivateKey, importPublicKey, SIGNATURE_ALGORITHM } from './device-key.ts';
import type { DeviceKey, PublicJwk } from './identity.ts';

/** Milliseconds for which a ticket opens sockets. A socket that is open stays open: the log decides, live. */
export const TICKET_LIFE = 10 * 60_000;
/** Milliseconds by which two clocks may differ; a nonce proves freshness, so this is only for what stands in the ticket. */
const SKEW = 60_000;
/** Characters of a ticket or challenge; a real one has under 700. */
export const TICKET_LIMIT = 2_048;

const CHALLENGE_TYPE = 'caravan-challenge+jws';
const TICKET_TYPE = 'caravan-ticket+jwt';

const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const time = z.int().nonnegative();

const challengeContent = z.strictObject({
  v: z.literal(1),
  /** The relay that is asked: a challenge for one is worth nothing at another. */
  relay: hash,
  workspace: hash,
  nonce: z.string().min(16).max(64),
});

const ticketContent = z.strictObject({
  v: z.literal(1),
  /** Issuer and audience: the relay's key id. */
  iss: hash,
  aud: hash,
  /** The device's id. */
  sub: hash,
  workspace: hash,
  /** `<space>/<document>`, or `*` for a link to the whole workspace. */
  room: z.string().min(1).max(140),
  /** Seconds since the epoch, as in RFC 7519. */
  nbf: time,
  exp: time,
});

export type Challenge = z.output<typeof challengeContent>;
export type Ticket = z.output<typeof ticketContent>;

/** What a device sends to be given tickets: its signature over the relay's nonce. */
export function signChallenge(device: DeviceKey, challenge: Omit<Challenge, 'v'>): Promise<string> {
  return sign(device, CHALLENGE_TYPE, { v: 1, ...challenge });
}

/** The device that a challenge claims to be from; verify before believing it. Total. */
export function challengeSigner(text: string): string | null {
  if (text.length > TICKET_LIMIT) return null;
  try {
    const { kid } = decodeProtectedHeader(text);
    return typeof kid === 'string' && hash.safeParse(kid).success ? kid : null;
  } catch {
    return null;
  }
}

/** What the challenge says when `key` signed it, else null. Whether nonce, relay and workspace fit is up to the caller. Total. */
export async function readChallenge(text: string, device: string, key: PublicJwk): Promise<Challenge | null> {
  const content = challengeContent.safeParse(await verified(text, CHALLENGE_TYPE, device, key));
  return content.success ? content.data : null;
}

/** What a challenge claims to say; nothing of it is verified yet. Total. */
export function claimedChallenge(text: string): Challenge | null {
  if (text.length > TICKET_LIMIT) return null;
  const bytes = fromBase64url(text.split('.')[1] ?? '');
  try {
    const content = challengeContent.safeParse(JSON.parse((bytes && fromUtf8(bytes)) ?? 'null'));
    return content.success ? content.data : null;
  } catch {
    return null;
  }
}

export interface TicketTerms {
  readonly device: string;
  readonly workspace: string;
  readonly room: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function issueTicket(relay: DeviceKey, { device, workspace, room, now }: TicketTerms): Promise<string> {
  const seconds = Math.floor(now / 1000);
  return sign(relay, TICKET_TYPE, {
    v: 1,
    iss: relay.id,
    aud: relay.id,
    sub: device,
    workspace,
    room,
    nbf: seconds,
    exp: seconds + TICKET_LIFE / 1000,
  });
}

/**
 * The device that may open `room` of `workspace` here now, or null for every other text: there is one answer to all that is
 * wrong, so that nobody learns which part was. Total.
 */
export async function readTicket(
  text: string,
  relay: Pick<DeviceKey, 'id' | 'publicKey'>,
  { workspace, room, now }: Omit<TicketTerms, 'device'>,
): Promise<string | null> {
  const content = ticketContent.safeParse(await verified(text, TICKET_TYPE, relay.id, relay.publicKey));
  if (!content.success) return null;
  const { iss, aud, sub, nbf, exp, workspace: forWorkspace, room: forRoom } = content.data;
  if (iss !== relay.id || aud !== relay.id || forWorkspace !== workspace || forRoom !== room) return null;
  if (now + SKEW < nbf * 1000 || now >= exp * 1000 || exp - nbf > TICKET_LIFE / 1000) return null;
  return sub;
}

async function sign(key: DeviceKey, typ: string, content: Challenge | Ticket): Promise<string> {
  return new CompactSign(utf8(canonicalJson(content)))
    .setProtectedHeader({ alg: SIGNATURE_ALGORITHM, kid: key.id, typ })
    .sign(await importPrivateKey(key));
}

/** The JSON inside when algorithm, type, signer and signature are the ones expected. */
async function verified(text: string, typ: string, kid: string, key: PublicJwk): Promise<unknown> {
  if (text.length > TICKET_LIMIT) return undefined;
  try {
    const { payload, protectedHeader } = await compactVerify(text, await importPublicKey(key), {
      algorithms: [SIGNATURE_ALGORITHM],
    });
    if (protectedHeader.typ !== typ || protectedHeader.kid !== kid || Object.keys(protectedHeader).length !== 3) {
      return undefined;
    }
    return JSON.parse(fromUtf8(payload) ?? 'null');
  } catch {
    return undefined;
  }
}
