// The port under attachments: bytes by workspace and SHA-256, whole or on their way. It knows neither spaces nor rights.

/** A blob that is here as a whole. */
export interface StoredBlob {
  readonly name: string;
  readonly size: number;
}

export interface BlobUsage {
  readonly blobs: number;
  readonly bytes: number;
  /** Of blobs that are not whole yet. */
  readonly partialBytes: number;
}

/** A blob whose name is found out while it is written. Whoever began it finishes or discards it. */
export interface NewBlob {
  /** Bytes so far. */
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
  /** Durable under its name when it resolves; one that was there already stays the only one. */
  finish(): Promise<StoredBlob>;
  discard(): Promise<void>;
}

/**
 * Names are what isBlobName() takes; others are `not-found` or `bad-input`, never a path. Errors: AppError `disk-full`,
 * `read-only`, `damaged` or `internal`; what was whole before stays readable. Calls for one unfinished blob must not overlap.
 */
export interface BlobStore {
  /** Made once per folder, new where the folder was lost or put back from a backup: what others remember of it is void then. */
  readonly shelf: string;
  /** Bytes of a blob that is whole, or null. */
  size(workspace: string, name: string): Promise<number | null>;
  /** The bytes from `start` up to, not including, `end`; throws `not-found`. */
  read(workspace: string, name: string, start: number, end: number): AsyncIterable<Uint8Array>;
  /** Bytes that `writer` has brought of a blob that is not whole yet; writers do not meet. */
  partial(workspace: string, name: string, writer: string): Promise<number>;
  /**
   * Adds at the end of what `writer` has brought; resolves with how much that is by now. When `bytes` throws, what came before
   * stays. `offset` must be where it ends (`bad-input`), and nothing beyond `limit` is taken (`too-large`).
   */
  append(
    workspace: string,
    name: string,
    writer: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    limit: number,
  ): Promise<number>;
  /** Rule BS2: durable under its name, if the bytes are those that it names; else they are thrown away. */
  finish(workspace: string, name: string, writer: string): Promise<'stored' | 'differs'>;
  discard(workspace: string, name: string, writer: string): Promise<void>;
  /** How many unfinished blobs a writer has. */
  unfinished(workspace: string, writer: string): Promise<number>;
  create(workspace: string): Promise<NewBlob>;
  /** Reads it whole; false when the bytes are not those that it names. Throws `not-found`. */
  verify(workspace: string, name: string): Promise<boolean>;
  /** One that is not there is no error. */
  remove(workspace: string, name: string): Promise<void>;
  /** All of a workspace, unfinished ones too. */
  removeAll(workspace: string): Promise<void>;
  workspaces(): Promise<readonly string[]>;
  /** In no order. */
  list(workspace: string): AsyncIterable<StoredBlob>;
  usage(workspace: string): Promise<BlobUsage>;
}
