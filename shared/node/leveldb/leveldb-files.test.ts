// Reading LevelDB's files without LevelDB, by rule UP7 of docs/relay.md: the same rows, and no damage that ends the process.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temp-folder.ts';
import { seal } from '../checksummed.ts';
import { readRowFile, rowFiles } from './database-files.ts';
import { readLog } from './log-file.ts';
import type { RawRow } from './raw-row.ts';
import { checkTable, readTable } from './table-file.ts';

type Level = ClassicLevel<string, Uint8Array>;

async function database(fill: (level: Level) => Promise<unknown>, rounds = 1): Promise<string> {
  const folder = join(await temporaryFolder(), 'db');
  for (let round = 0; round < rounds; round += 1) {
    const level: Level = new ClassicLevel(folder, { valueEncoding: 'view' });
    await level.open();
    if (round === 0) await fill(level);
    await level.close();
  }
  return folder;
}

const valueOf = (at: number): Uint8Array => new TextEncoder().encode(`${at} `.repeat(at % 50));

async function some(level: Level): Promise<void> {
  for (let at = 0; at < 400; at += 1) {
    const key = `t!ws/room-${at % 90}!${at}`;
    await level.put(key, seal(key, valueOf(at)));
  }
  for (let at = 0; at < 400; at += 7) await level.del(`t!ws/room-${at % 90}!${at}`);
}

/** The newest version of every key, without what was deleted. */
function newest(rows: readonly RawRow[]): Map<string, string> {
  const best = new Map<string, RawRow>();
  for (const row of rows) if (row.sequence > (best.get(row.key)?.sequence ?? -1)) best.set(row.key, row);
  const found = [...best].filter(([, { value }]) => value !== null).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(found.map(([key, { value }]) => [key, Buffer.from(value!).toString('hex')]));
}

test.each([
  ['a log', some, 1],
  ['tables', some, 2],
  ['a value longer than a block of a log', (level: Level) => level.put('v!a', new Uint8Array(200_000).fill(7)), 1],
  ['tables made while it was written', (level: Level) => fillMany(level), 1],
])('[UP7] %s: the rows are those that LevelDB gives', async (_what, fill, rounds) => {
  const folder = await database(fill, rounds);
  const rows: RawRow[] = [];
  for (const { name } of await rowFiles(folder)) {
    const { rows: read, problem } = await readRowFile(folder, name);
    expect(problem).toBeNull();
    rows.push(...read);
  }
  const level: Level = new ClassicLevel(folder, { valueEncoding: 'view' });
  await level.open();
  const said = (await level.iterator().all()).map(([key, value]) => [key, Buffer.from(value).toString('hex')] as const);
  await level.close();
  expect(newest(rows)).toEqual(new Map(said));
});

async function fillMany(level: Level): Promise<void> {
  const noise = Uint8Array.from({ length: 60_000 }, (_, at) => (at * 2654435761) >>> 13);
  for (let at = 0; at < 100; at += 1) await level.put(`t!ws/room!${at}`, noise.subarray(at * 10));
}

/**
 * LevelDB, as it is built for Node, checks no checksum of a block and asserts on what it finds there: a flipped bit in the
 * length of a key ended whole test runs (`ExtractUserKey: Assertion internal_key.size() >= 8 failed`). A table is therefore
 * given to it only after this reading found every checksum right.
 */
test('[UP7] a flipped bit of a table is noticed, or changes nothing', async () => {
  const folder = await database(some, 2);
  const name = readdirSync(folder).find((file) => file.endsWith('.ldb'))!;
  const table = readFileSync(join(folder, name));
  const sound = newest(readTable(table).rows);
  let unnoticed = 0;
  // Of the blocks of rows every fortieth byte, of the index and the footer every one.
  const places = Array.from(table.keys()).filter((at) => at % 40 === 0 || at > table.length - 400);
  for (const at of places) {
    const damaged = Uint8Array.from(table);
    damaged[at]! ^= 1 << (at % 8);
    const { problem, rows } = readTable(damaged);
    expect(checkTable(damaged)).toBe(problem);
    if (problem !== null) continue;
    unnoticed += 1;
    expect(newest(rows)).toEqual(sound);
  }
  // What is left is the padding of the footer.
  expect(unnoticed).toBeLessThan(40);
});

test('[UP7] a table whose own table of contents is gone still gives its rows', async () => {
  const folder = await database(some, 2);
  const name = readdirSync(folder).find((file) => file.endsWith('.ldb'))!;
  const table = readFileSync(join(folder, name));
  const all = new Set(readTable(table).rows.map(({ key }) => key));
  const cut = readTable(table.subarray(0, table.length - 60));
  expect(cut.problem).not.toBeNull();
  const kept = new Set(cut.rows.map(({ key }) => key));
  expect([...all].filter((key) => !kept.has(key)).length).toBeLessThan(all.size / 5);
  const zeros = Uint8Array.from(table);
  zeros.fill(0, 1_000, 1_100);
  const { rows, problem } = readTable(zeros);
  expect(problem).not.toBeNull();
  expect(rows.length).toBeGreaterThan(all.size / 3);
});

test('[UP7] behind a flipped bit of a log the next record is read; a log that breaks off is what a crash leaves', async () => {
  const folder = await database(some, 1);
  const name = readdirSync(folder).find((file) => file.endsWith('.log'))!;
  const log = readFileSync(join(folder, name));
  const count = readLog(log).rows.length;
  const damaged = Uint8Array.from(log);
  damaged[Math.floor(log.length / 3)]! ^= 4;
  const { rows, problem } = readLog(damaged);
  expect(problem).not.toBeNull();
  expect(rows.filter(({ sound }) => sound)).toHaveLength(count - 1);
  expect(readLog(log.subarray(0, log.length - 3))).toMatchObject({ problem: null });
});

test('[UP7] no bytes at all make the reading throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const magic = Uint8Array.from([...bytes, 0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb]);
      for (const file of [bytes, magic]) {
        readTable(file);
        readLog(file);
      }
    }),
    { numRuns: 2_000 },
  );
});
