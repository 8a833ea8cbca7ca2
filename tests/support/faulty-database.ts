// A database whose writes can be made to fail, before or after they reached the disk; for tests of what a store does then.
import { openLevelDatabase, type Database, type OpenDatabase, type Write } from '../../shared/node/level-database.ts';

export interface Faults {
  /** `full`: nothing reaches the disk. `unsynced`: the bytes arrive, and the sync then fails all the same; as with LevelDB they are seen by whoever opens it next. */
  mode: 'none' | 'full' | 'unsynced';
  batches: number;
  /** How many of the next reads fail. */
  failingReads: number;
  /** How many of the next openings fail. */
  failingOpens: number;
  /** Writes wait for it. */
  gate: Promise<void> | null;
}

export function faultyDatabase(): { readonly open: OpenDatabase; readonly faults: Faults } {
  const faults: Faults = { mode: 'none', batches: 0, failingReads: 0, failingOpens: 0, gate: null };
  const open: OpenDatabase = async (directory, options) => {
    if (faults.failingOpens > 0) {
      faults.failingOpens -= 1;
      throw ioError();
    }
    const database = await openLevelDatabase(directory, options);
    const arrived: Write[] = [];
    const faulty: Database = {
      async read(run) {
        if (faults.failingReads > 0) {
          faults.failingReads -= 1;
          throw ioError();
        }
        return database.read(run);
      },
      async close() {
        if (arrived.length > 0) await database.write(arrived);
        await database.close();
      },
      compactRange: async (from, to) => database.compactRange?.(from, to),
      async write(writes) {
        faults.batches += 1;
        await faults.gate;
        if (faults.mode === 'unsynced') arrived.push(...writes);
        if (faults.mode !== 'none') throw ioError();
        await database.write(writes);
      },
    };
    return faulty;
  };
  return { open, faults };
}

function ioError(): Error {
  return Object.assign(new Error('IO error: 000003.log: No space left on device'), { code: 'LEVEL_IO_ERROR' });
}
