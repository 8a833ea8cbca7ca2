// The key-value port under LevelDocStore, and classic-level behind it; synced batches and consistent reads, no meaning.
import { ClassicLevel } from 'classic-level';

export type Write =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

export interface KeyRange {
  readonly gte?: string;
  readonly gt?: string;
  readonly lt: string;
  readonly limit?: number;
}

/** A view of one moment. */
export interface ReadView {
  get(key: string): Promise<Uint8Array | undefined>;
  entries(range: KeyRange): Promise<[string, Uint8Array][]>;
  keys(range: KeyRange): Promise<string[]>;
}

/** Errors are LevelDB's own; whoever uses this maps them. */
export interface Database {
  read<T>(run: (view: ReadView) => Promise<T>): Promise<T>;
  /** Atomic; resolves after fsync. */
  write(writes: readonly Write[]): Promise<void>;
  /** Writes everything between two keys anew, so that what was deleted there leaves the disk. */
  compactRange?(from: string, to: string): Promise<void>;
  close(): Promise<void>;
}

export type OpenDatabase = (directory: string, options: { readonly create: boolean }) => Promise<Database>;

export const openLevelDatabase: OpenDatabase = async (directory, { create }) => {
  const level = new ClassicLevel<string, Uint8Array>(directory, {
    keyEncoding: 'utf8',
    valueEncoding: 'view',
    createIfMissing: create,
  });
  await level.open();
  return {
    async read(run) {
      const snapshot = level.snapshot();
      try {
        return await run({
          // Not by a thread of the pool: handing a read over and waking up cost ten times the read, which is a few
          // microseconds where the system still has the page, and a first sync makes hundreds of thousands.
          get: async (key) => level.getSync(key, { snapshot }),
          entries: (range) => level.iterator({ ...range, snapshot }).all(),
          keys: (range) => level.keys({ ...range, snapshot }).all(),
        });
      } finally {
        await snapshot.close();
      }
    },
    write: (writes) => level.batch([...writes], { sync: true }),
    compactRange: (from, to) => level.compactRange(from, to),
    close: () => level.close(),
  };
};
