// Damage to real stores for tests, as a disk does it.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Flips a bit in the middle of the store's largest table. */
export function damageTable(store: string): void {
  const tables = readdirSync(join(store, 'db')).filter((file) => file.endsWith('.ldb'));
  const sized = tables.map((name) => ({ path: join(store, 'db', name), size: statSync(join(store, 'db', name)).size }));
  const largest = sized.sort((a, b) => b.size - a.size)[0];
  if (!largest) throw new Error('The store has no table to damage.');
  const bytes = readFileSync(largest.path);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(largest.path, bytes);
}
