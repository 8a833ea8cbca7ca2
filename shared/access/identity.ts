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
  /** Base64url of the private 32 bytes. */
  readonly d: string;
  /** The JWK thumbprint (RFC 7638, SHA-256, base64url). */
  readonly id: string;
}

export type Role = 'owner' | 'admin' | 'member' | 'viewer' | 'guest';

/** What one record of the membership log says. Ids, keys, roles and times only: names live in documents. */
export type RecordBody =
  | { readonly verb: 'workspace.create'; readonly device: PublicJwk; readonly nonce: string }
  | { readonly verb: 'member.join'; readonly device: PublicJwk; readonly nonce: string }
  | { readonly verb: 'space.create'; readonly space: string; readonly visibility: 'open' | 'invited' };

/** A verified record: its body, who signed it, and its own hash (base64url SHA-256 of the compact JWS). */
export interface LogRecord {
  readonly hash: string;
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
  readonly devices: readonly string[];
  readonly joinedAt: number;
}

/** What a log evaluates to. */
export interface Membership {
  readonly workspace: string;
  /** Hash of the newest record. */
  readonly head: string;
  readonly members: ReadonlyMap<string, Member>;
  /** Device id to member id. */
  readonly devices: ReadonlyMap<string, string>;
  readonly spaces: ReadonlyMap<string, { readonly visibility: 'open' | 'invited'; readonly createdBy: string }>;
}
