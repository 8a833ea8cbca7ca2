// One entry of a LevelDB file as it was written: put or deleted, with its sequence number. It knows no value's meaning.

export interface RawRow {
  readonly key: string;
  /** Rises with every write of the database; of one key the greatest counts. */
  readonly sequence: number;
  /** Null: deleted. */
  readonly value: Uint8Array | null;
  /** Whether LevelDB's own checksum over it holds. */
  readonly sound: boolean;
}

export interface FileContent {
  readonly rows: readonly RawRow[];
  /** Null: every byte that carries a checksum matches it. */
  readonly problem: string | null;
}

const text = new TextDecoder('utf-8', { fatal: true });

/** Null for bytes that are no text: no key of ours. */
export function keyText(bytes: Uint8Array): string | null {
  try {
    return text.decode(bytes);
  } catch {
    return null;
  }
}
