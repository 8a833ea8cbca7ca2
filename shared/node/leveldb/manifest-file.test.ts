// Which tables belong to a database, by its own table of contents; and that what LevelDB left unfinished ends no start (FI2).
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { damageTable } from '../../../tests/support/damage.ts';
import { filledStore, ROOMS, textsOf, wholeText } from '../../../tests/support/filled-store.ts';
import { temporaryFolder } from '../../../tests/support/temp-folder.ts';
import { verifyStore } from '../store-verify.ts';
import { namedTables, readManifest } from './manifest-file.ts';

const tablesIn = (folder: string): number[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.ldb'))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);

test('[FI2] the tables named are those that are there, through flushes, merging and openings', async () => {
  const folder = join(await temporaryFolder(), 'db');
  for (let round = 0; round < 4; round += 1) {
    const level = new ClassicLevel<string, Uint8Array>(folder, { valueEncoding: 'view', writeBufferSize: 64 * 1024 });
    await level.open();
    for (let at = 0; at < 60; at += 1) await level.put(`k${(at * 7) % 60}`, new Uint8Array(10_000).fill(at));
    if (round === 2) await level.compactRange('', '~');
    await level.close();
    // What merging left over is removed at the next opening: those that are named are there in any case.
    const named = [...(await namedTables(folder))!].sort((a, b) => a - b);
    expect(tablesIn(folder)).toEqual(expect.arrayContaining(named));
    expect(named.length).toBeGreaterThan(0);
  }
});

test('[FI2] a table that LevelDB had not finished is no damage, for starting and for verify', async () => {
  // A relay that was ended while LevelDB merged, or whose folder was copied then, called itself damaged and did not start.
  const directory = await filledStore();
  const database = join(directory, 'db');
  const [first] = readdirSync(database).filter((name) => name.endsWith('.ldb'));
  const whole = readFileSync(join(database, first!));
  const unfinished = join(database, '000999.ldb');
  writeFileSync(unfinished, whole.subarray(0, whole.length >> 1));
  expect((await verifyStore(directory)).problems).toEqual([]);
  expect(existsSync(unfinished)).toBe(true);
  const texts = await textsOf(directory);
  for (const room of ROOMS) expect(texts.get(room)).toBe(wholeText(room));
  expect(existsSync(unfinished)).toBe(false);
});

test('[FI2] where the table of contents is damaged every table counts', async () => {
  const directory = await filledStore();
  const database = join(directory, 'db');
  writeFileSync(join(database, '000999.ldb'), new Uint8Array(100));
  const manifest = join(database, readFileSync(join(database, 'CURRENT'), 'utf8').trim());
  const bytes = readFileSync(manifest);
  bytes[10]! ^= 1;
  writeFileSync(manifest, bytes);
  expect(await namedTables(database)).toBeNull();
  await expect(textsOf(directory)).rejects.toMatchObject({ code: 'damaged' });
});

test('[FI2] a table that is named and damaged is damage as before', async () => {
  const directory = await filledStore();
  damageTable(directory);
  await expect(textsOf(directory)).rejects.toMatchObject({ code: 'damaged' });
});

test('[FI2] whatever stands in a table of contents, reading it ends; a change of one bit names no other tables', async () => {
  const directory = await filledStore();
  const database = join(directory, 'db');
  const bytes = readFileSync(join(database, readFileSync(join(database, 'CURRENT'), 'utf8').trim()));
  const named = [...readManifest(bytes)!];
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
      const changed = Uint8Array.from(bytes);
      changed[at] = changed[at]! ^ (1 << bit);
      const read = readManifest(changed);
      // What breaks off at the end is how a crash leaves it, and says nothing.
      if (read) expect(named).toEqual(expect.arrayContaining([...read]));
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => void readManifest(noise)));
});
