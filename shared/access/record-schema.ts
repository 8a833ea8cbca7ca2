// What the parts of a record may hold, exactly: unknown members are refused. What records mean together is in log-rules.ts.
import { z } from 'zod';
import { publicJwk, SIGNATURE_ALGORITHM } from './device-key.ts';

/** The `typ` of a record's header: a signature over anything else is no record. */
export const RECORD_TYPE = 'caravan-record+jws';
/** Spaces named by one invite; a person who needs more is granted them afterwards. */
const INVITED_SPACES = 16;

const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const id = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/);
/** An Ed25519 signature: 64 bytes of base64url. */
const signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/);
const time = z.int().nonnegative();
const visibility = z.enum(['open', 'invited']);
const lowerRole = z.enum(['admin', 'member', 'viewer', 'guest']);
const spaceRole = z.enum(['manager', 'member', 'viewer', 'guest']);
const url = z
  .string()
  .max(200)
  .regex(/^wss?:\/\/[^\s/?#@]+$/);

const create = z.strictObject({ verb: z.literal('workspace.create'), device: publicJwk, nonce: id });
const createSpace = z.strictObject({ verb: z.literal('space.create'), space: id, visibility });

const firstBody = z.discriminatedUnion('verb', [
  create,
  z.strictObject({ verb: z.literal('member.join'), device: publicJwk, nonce: id }),
  createSpace,
]);

const accessBody = z.discriminatedUnion('verb', [
  create,
  z.strictObject({ verb: z.literal('device.add'), device: publicJwk, proof: signature }),
  z.strictObject({ verb: z.literal('device.remove'), device: hash }),
  z.strictObject({
    verb: z.literal('invite.create'),
    invite: id,
    key: publicJwk,
    role: lowerRole,
    spaces: z.array(z.strictObject({ space: id, role: spaceRole })).max(INVITED_SPACES),
    expires: time,
    until: time.nullable(),
  }),
  z.strictObject({ verb: z.literal('invite.revoke'), invite: id }),
  z.strictObject({ verb: z.literal('member.join'), device: publicJwk, nonce: id, invite: id, proof: signature }),
  z.strictObject({ verb: z.literal('member.role'), member: hash, role: lowerRole }),
  z.strictObject({ verb: z.literal('member.remove'), member: hash }),
  z.strictObject({ verb: z.literal('owner.transfer'), member: hash }),
  createSpace,
  z.strictObject({
    verb: z.literal('space.grant'),
    space: id,
    member: hash,
    role: spaceRole,
    until: time.nullable(),
  }),
  z.strictObject({ verb: z.literal('space.revoke'), space: id, member: hash }),
  z.strictObject({ verb: z.literal('space.archive'), space: id }),
  z.strictObject({ verb: z.literal('document.purge'), space: id, document: id }),
  z.strictObject({ verb: z.literal('relay.set'), key: publicJwk.nullable(), url: url.nullable() }),
]);

export const recordHeader = z.strictObject({
  alg: z.literal(SIGNATURE_ALGORITHM),
  kid: hash,
  typ: z.literal(RECORD_TYPE),
});

export const recordPayload = z.discriminatedUnion('v', [
  z.strictObject({ v: z.literal(1), previous: hash.nullable(), at: time, body: firstBody }),
  z.strictObject({ v: z.literal(2), previous: hash.nullable(), at: time, body: accessBody }),
]);

export type RecordHeader = z.output<typeof recordHeader>;
export type RecordPayload = z.output<typeof recordPayload>;
