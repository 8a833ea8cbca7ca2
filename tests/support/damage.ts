// Damage to real stores for tests, as a disk does it.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';

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

type Level = ClassicLevel<string, Uint8Array>;

/** Changes the rows of a closed store. */
export async function tamper(store: string, change: (level: Level) => Promise<unknown>): Promise<void> {
  const level: Level = new ClassicLevel(join(store, 'db'), { valueEncoding: 'view' });
  await level.open();
  await change(level);
  await level.close();
}

/** Takes away the first row whose key begins so. */
export function loseRow(store: string, prefix: string): Promise<void> {
  return tamper(store, async (level) => level.del(await firstKey(level, prefix)));
}

/** Flips a bit in the value of the first row whose key begins so. */
export function flipRow(store: string, prefix: string): Promise<void> {
  return tamper(store, async (level) => {
    const key = await firstKey(level, prefix);
    const value = Uint8Array.from((await level.get(key)) ?? []);
    value[value.length - 1]! ^= 1;
    await level.put(key, value);
  });
}

export async function firstKey(level: Level, prefix: string): Promise<string> {
  const [key] = await level.keys({ gte: prefix, limit: 1 }).all();
  if (!key?.startsWith(prefix)) throw new Error(`The store has no row ${prefix}`);
  return key;
}
