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

/** How many are asked for at first, and at most; each time four times as many as before. */
const [FIRST_ASKED, MOST_ASKED] = [16, 1_000];

interface Reading<T> {
  nextv(size: number): Promise<T[]>;
  close(): Promise<void>;
}

/**
 * An iterator's memory for as many entries as it was asked for at once is only freed when its JavaScript object is collected:
 * `all()`, which asks for a thousand, kept 64 kB a short range, and two thousand of them 120 MB.
 */
async function allOf<T>(iterator: Reading<T>): Promise<T[]> {
  const found: T[] = [];
  try {
    for (let asked = FIRST_ASKED; ; asked = Math.min(4 * asked, MOST_ASKED)) {
      const next = await iterator.nextv(asked);
      if (next.length === 0) return found;
      found.push(...next);
    }
  } finally {
    await iterator.close();
  }
}

export const openLevelDatabase: OpenDatabase = async (directory, { create }) => {
  const level = new ClassicLevel<string, Uint8Array>(directory, {
    keyEncoding: 'utf8',
    valueEncoding: 'view',
    createIfMissing: create,
    // Updates are short text between binary ids. Packing took a sixth of a relay's processor time in a first sync, for a third of the disk.
    compression: false,
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
          entries: (range) => allOf(level.iterator({ ...range, snapshot })),
          keys: (range) => allOf(level.keys({ ...range, snapshot })),
        });
      } finally {
        await snapshot.close();
      }
    },
    async write(writes) {
      // One by one into LevelDB's own batch: a list is copied twice, object by object, which cost as much as the rest of a commit.
      const batch = level.batch();
      for (const write of writes) {
        if (write.type === 'put') batch.put(write.key, write.value);
        else batch.del(write.key);
      }
      await batch.write({ sync: true });
    },
    compactRange: (from, to) => level.compactRange(from, to),
    close: () => level.close(),
  };
};
