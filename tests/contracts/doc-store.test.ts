// Runs the DocStore contract on the LevelDB store and on the double in memory.
import { join } from 'node:path';
import { AppError } from '../../shared/base/app-error.ts';
import { MemoryDocStore, MemoryMedium } from '../../shared/hub/memory-doc-store.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { faultyDatabase } from '../support/faulty-database.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { docStoreContract } from './doc-store-contract.ts';

docStoreContract('in memory', async () => {
  const medium = new MemoryMedium();
  return {
    open: async () => new MemoryDocStore(medium),
    failWrites(fail) {
      medium.failure = fail ? new AppError('disk-full', 'The disk is full.') : null;
    },
  };
});

for (const mode of ['full', 'unsynced'] as const) {
  docStoreContract(`LevelDB (failing writes: ${mode})`, async () => {
    const directory = join(await temporaryFolder(), 'store');
    const { open, faults } = faultyDatabase();
    return {
      open: () => LevelDocStore.open({ directory, openDatabase: open, spaceNeeded: 1024 }),
      failWrites(fail) {
        faults.mode = fail ? mode : 'none';
      },
    };
  });
}
