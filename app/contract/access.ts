// What windows and hosts tell each other about access: who is in, with which part, by which invite. Validators, types and calls.
import { z } from 'zod';
import { deviceEntry, outboxEntry, text, title } from './entities.ts';
import { spaceRole, visibility } from './roles.ts';

const id = z.string().min(1).max(64);
const time = z.int().nonnegative();
const none = z.object({});
const inWorkspace = z.object({ workspace: id });
const inSpace = inWorkspace.extend({ space: id });
const link = z.string().max(10_000);

/** Where a computer's key is kept. */
const keyPlace = z.enum(['keyring', 'file']);

/** Roles that can be given; the owner's is handed over. */
export const lowerRole = z.enum(['admin', 'member', 'viewer', 'guest']);

export const invitedSpace = z.object({ space: id, role: spaceRole });
export type InvitedSpaceEntry = z.infer<typeof invitedSpace>;

export const inviteEntry = z.object({
  id,
  role: lowerRole,
  spaces: z.array(invitedSpace),
  /** After this time nobody joins by it. Milliseconds since the epoch, as everywhere here. */
  expires: time,
  /** When the rights of a guest who joined by it end, or null. */
  until: time.nullable(),
  createdBy: id,
  createdAt: time,
  state: z.enum(['open', 'used', 'revoked', 'expired']),
  /** Who joined by it. */
  usedBy: id.nullable(),
});
export type InviteEntry = z.infer<typeof inviteEntry>;

/** One record of the membership log, as it can be read: who, when, what. */
export const logEntry = z.object({
  hash: id,
  /** By the signer's clock. */
  at: time,
  /** Whose device signed it; null where it is not known any more. */
  actor: id.nullable(),
  device: id,
  verb: z.string().max(40),
  /** Whom it is about. */
  member: id.optional(),
  /** Which device it is about. */
  about: id.optional(),
  space: id.optional(),
  /** Those that an invite names. */
  spaces: z.array(id).optional(),
  /** Of the workspace or of the space, as the verb says. */
  role: z.string().max(20).optional(),
  until: time.nullable().optional(),
  invite: id.optional(),
  visibility: visibility.optional(),
  document: id.optional(),
  url: z.string().max(2_000).nullable().optional(),
});
export type LogEntry = z.infer<typeof logEntry>;

/** What somebody can see: the preview before one invites, and the answer to "who reads this?". */
export const memberSees = z.object({
  spaces: z.array(z.object({ space: id, name: title, role: spaceRole, documents: z.number() })),
  /** Members whose profile they can read. */
  people: z.array(id),
});
export type MemberSees = z.infer<typeof memberSees>;

function call<P extends z.ZodType, R extends z.ZodType>(params: P, result: R): { params: P; result: R } {
  return { params, result };
}

/** Calls about access. A call becomes part of CALLS together with its handler. */
export const ACCESS_CALLS = {
  /** Owner and admins invite those below them; managers invite guests into their spaces. The link holds the secret: it is shown once. */
  'invite.create': call(
    inWorkspace.extend({
      /** Default: member. */
      role: lowerRole.optional(),
      /** Default, where it is no guest: those that are open. */
      spaces: z.array(invitedSpace).max(16).optional(),
      /** Milliseconds for which it is good; seven days at most, which is the default. */
      expires: time.optional(),
      /** When the rights of the guest who comes end. */
      until: time.nullable().optional(),
    }),
    /** `told`: the relay knows of it; until then nobody can join by it. */
    z.object({ invite: inviteEntry, link, told: z.boolean() }),
  ),
  /** Newest first. */
  'invite.list': call(inWorkspace, z.array(inviteEntry)),
  'invite.revoke': call(inWorkspace.extend({ invite: id }), none),

  'member.role': call(inWorkspace.extend({ member: id, role: lowerRole }), none),
  'member.remove': call(inWorkspace.extend({ member: id }), none),
  'owner.transfer': call(inWorkspace.extend({ member: id }), none),
  'member.sees': call(inWorkspace.extend({ member: id }), memberSees),

  'space.grant': call(inSpace.extend({ member: id, role: spaceRole, until: time.nullable().optional() }), none),
  'space.revoke': call(inSpace.extend({ member: id }), none),
  'space.archive': call(inSpace, none),
  /** A part for oneself in an open space. */
  'space.enter': call(inSpace, none),
  'space.quit': call(inSpace, none),

  /** Oldest first. */
  'log.list': call(inWorkspace, z.array(logEntry)),

  /** Hubs drop the document and refuse it from then on, for everybody. */
  'doc.purge': call(inWorkspace.extend({ document: id }), none),
  'doc.transfer': call(
    inWorkspace.extend({ document: id, space: id }),
    z.object({ room: z.string(), outsiders: z.array(id) }),
  ),

  'device.list': call(inWorkspace, z.array(deviceEntry)),
  'device.rename': call(inWorkspace.extend({ device: id, name: title.min(1) }), none),
  'device.invite': call(inWorkspace, z.object({ link })),
  /** On the new computer: it waits in the background until the old one has taken the code. */
  'device.answer': call(z.object({ link, name: title.min(1) }), z.object({ code: link, pending: z.string() })),
  'device.add': call(inWorkspace.extend({ code: link }), z.object({ device: id })),
  'device.remove': call(inWorkspace.extend({ device: id }), none),

  'recovery.create': call(inWorkspace, z.object({ words: z.string() })),
  'recovery.confirm': call(inWorkspace.extend({ words: z.string().max(1_000) }), none),
  'recovery.state': call(inWorkspace, z.object({ made: z.boolean(), tested: z.boolean() })),
  'workspace.recover': call(
    z.object({ words: z.string().max(1_000), relay: z.string().max(2_000), workspace: id, name: title.min(1) }),
    z.object({ workspace: id }),
  ),

  'workspace.leaving': call(
    inWorkspace,
    z.object({ unsent: z.array(outboxEntry), soleOwner: z.boolean(), documents: z.number(), bytes: z.number() }),
  ),
  'workspace.leave': call(inWorkspace.extend({ erase: z.boolean() }), none),
  /** Deletes what is here of a workspace that I left or was removed from. */
  'workspace.erase': call(inWorkspace, none),

  /** Documents of a space that I lost in which I wrote and which no relay has acknowledged. */
  'lost.list': call(inSpace, z.array(outboxEntry)),
  /** The documents of a space that I lost with words of mine that nobody else has, as a ZIP of Markdown, base64. */
  'lost.export': call(inSpace, z.object({ name: z.string(), base64: z.string(), pages: z.number() })),
  /** Deletes them from this computer. */
  'lost.release': call(inSpace, z.object({ released: z.number() })),

  'settings.read': call(none, z.object({ historyDays: z.number(), historyBytes: z.number(), deviceName: title })),
  'settings.change': call(
    z.object({
      historyDays: z.int().min(0).max(36_500).optional(),
      historyBytes: z.int().min(0).optional(),
      deviceName: title.optional(),
    }),
    none,
  ),
  'disk.use': call(none, z.array(z.object({ what: text, bytes: z.number() }))),
  /** `keyring`: what the one is called that keeps the key, or could; null: none is there. `closed`: why the key cannot be opened. */
  'keys.where': call(
    none,
    z.object({ kept: keyPlace, keyring: z.string().max(100).nullable(), closed: text.nullable() }),
  ),
  'keys.move': call(z.object({ to: keyPlace }), none),
  /** In the place of a key that cannot be opened, which is set aside. */
  'keys.renew': call(none, none),
} as const;

export type AccessCallName = keyof typeof ACCESS_CALLS;
/** What a window gives, defaults left out. */
export type AccessCallParams<N extends AccessCallName> = z.input<(typeof ACCESS_CALLS)[N]['params']>;
export type AccessCallResult<N extends AccessCallName> = z.output<(typeof ACCESS_CALLS)[N]['result']>;
