// The words of identity: what a device is, what a record says, what a log evaluates to. Types only.

/** A public Ed25519 key as a JSON Web Key (RFC 8037). */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  /** Base64url of the 32 bytes. */
  readonly x: string;
}

/** A device's key pair; `d` never leaves the device. */
export interface DeviceKey {
  readonly publicKey: PublicJwk;
  /** Base64url of the private 32 bytes; empty where they cannot be opened: such a key names and verifies, and signs nothing. */
  readonly d: string;
  /** The JWK thumbprint (RFC 7638, SHA-256, base64url). */
  readonly id: string;
}

export type Role = 'owner' | 'admin' | 'member' | 'viewer' | 'guest';

/** A member's part in one space. A guest of the workspace is there as `guest` (reads and writes) or `viewer` (reads). */
export type SpaceRole = 'manager' | 'member' | 'viewer' | 'guest';

/** Version 1, as workspaces were begun: whoever knew a workspace could join it. Refused behind the first record of version 2. */
export type FirstBody =
  | { readonly verb: 'workspace.create'; readonly device: PublicJwk; readonly nonce: string }
  | { readonly verb: 'member.join'; readonly device: PublicJwk; readonly nonce: string }
  | { readonly verb: 'space.create'; readonly space: string; readonly visibility: 'open' | 'invited' };

export interface InvitedSpace {
  readonly space: string;
  readonly role: SpaceRole;
}

/** Version 2: what one record of the membership log says. Ids, keys, roles and times only: names live in documents. */
export type AccessBody =
  | { readonly verb: 'workspace.create'; readonly device: PublicJwk; readonly nonce: string }
  /** `proof`: the new device's signature, so that nobody claims a key that is not theirs. */
  | { readonly verb: 'device.add'; readonly device: PublicJwk; readonly proof: string }
  | { readonly verb: 'device.remove'; readonly device: string }
  /** `key` is the public half of a key made from the seed in the link; `until`: when guests' rights end, or null. */
  | {
      readonly verb: 'invite.create';
      readonly invite: string;
      readonly key: PublicJwk;
      readonly role: Exclude<Role, 'owner'>;
      readonly spaces: readonly InvitedSpace[];
      readonly expires: number;
      readonly until: number | null;
    }
  | { readonly verb: 'invite.revoke'; readonly invite: string }
  /** `proof`: the invite key's signature over this workspace and this device. */
  | {
      readonly verb: 'member.join';
      readonly device: PublicJwk;
      readonly nonce: string;
      readonly invite: string;
      readonly proof: string;
    }
  | { readonly verb: 'member.role'; readonly member: string; readonly role: Exclude<Role, 'owner'> }
  | { readonly verb: 'member.remove'; readonly member: string }
  | { readonly verb: 'owner.transfer'; readonly member: string }
  | { readonly verb: 'space.create'; readonly space: string; readonly visibility: 'open' | 'invited' }
  | {
      readonly verb: 'space.grant';
      readonly space: string;
      readonly member: string;
      readonly role: SpaceRole;
      readonly until: number | null;
    }
  | { readonly verb: 'space.revoke'; readonly space: string; readonly member: string }
  | { readonly verb: 'space.archive'; readonly space: string }
  | { readonly verb: 'document.purge'; readonly space: string; readonly document: string }
  | { readonly verb: 'relay.set'; readonly key: PublicJwk | null; readonly url: string | null };

export type RecordBody = FirstBody | AccessBody;

/** A verified record: its body, who signed it, and its own hash (base64url SHA-256 of the compact JWS). */
export interface LogRecord {
  readonly hash: string;
  readonly version: 1 | 2;
  readonly previous: string | null;
  readonly signer: string;
  /** Milliseconds since the epoch, by the signer's clock. */
  readonly at: number;
  readonly body: RecordBody;
}

export interface Member {
  /** The hash of the record by which they joined; the owner's is the workspace's id. */
  readonly id: string;
  readonly role: Role;
  /** Those that may act now. */
  readonly devices: readonly string[];
  readonly joinedAt: number;
}

export interface Grant {
  readonly role: SpaceRole;
  /** Milliseconds since the epoch after which it means nothing, or null. */
  readonly until: number | null;
}

export interface Space {
  readonly visibility: 'open' | 'invited';
  readonly createdBy: string;
  readonly archived: boolean;
  /** By member id; a member without one has no part in it. Not used while the log is of version 1. */
  readonly grants: ReadonlyMap<string, Grant>;
}

export interface Invite {
  readonly key: PublicJwk;
  readonly role: Exclude<Role, 'owner'>;
  readonly spaces: readonly InvitedSpace[];
  readonly expires: number;
  readonly until: number | null;
  readonly createdBy: string;
  readonly state: 'open' | 'used' | 'revoked';
}

/** What a log evaluates to. */
export interface Membership {
  readonly workspace: string;
  /** Hash of the newest record. */
  readonly head: string;
  /** 1: an open workspace of the first kind, where every member may do everything. */
  readonly version: 1 | 2;
  readonly members: ReadonlyMap<string, Member>;
  /** Who left or was removed, with the time of the record. */
  readonly removed: ReadonlyMap<string, number>;
  /** Id of a device that may act to member id. */
  readonly devices: ReadonlyMap<string, string>;
  /** Devices that may act no more, to the member they belonged to. */
  readonly removedDevices: ReadonlyMap<string, string>;
  /** The public key of every device there ever was: what it signed while it could act stays verifiable. */
  readonly keys: ReadonlyMap<string, PublicJwk>;
  readonly spaces: ReadonlyMap<string, Space>;
  readonly invites: ReadonlyMap<string, Invite>;
  /** `<space>/<document>` of what was purged. */
  readonly purged: ReadonlySet<string>;
  readonly relay: { readonly key: PublicJwk | null; readonly url: string | null } | null;
}
