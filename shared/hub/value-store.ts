// Small values of other parts in a store, by area and key. It knows nothing of what they mean.

export interface ValueWrite {
  readonly area: string;
  readonly key: string;
  /** null deletes. */
  readonly value: Uint8Array | null;
}

/** A value under a key that was never written before: taking it back is deleting it. */
export interface FreshValue extends ValueWrite {
  readonly value: Uint8Array;
}

export interface ValueStore {
  get(area: string, key: string): Promise<Uint8Array | null>;
  /** Atomic and durable together. */
  write(writes: readonly ValueWrite[]): Promise<void>;
  /** All pairs of an area whose key begins with `prefix`, in key order. */
  entries(area: string, prefix?: string): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  /** The keys of entries(); no value is read. */
  keys(area: string, prefix?: string): AsyncIterable<string>;
}
