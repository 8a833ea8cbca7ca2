// The port of a hub's own key: signs segments, checks signatures, names bytes. shared/node/segment-signer.ts fills it.
export interface SegmentSigner {
  /** The raw Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
  verify(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): Promise<boolean>;
  /** SHA-256 as 64 lower-case hexadecimal digits. */
  hash(bytes: Uint8Array): Promise<string>;
}
