// Verify, repair, backup and restore on real stores with real damage, by the UP and BA rules of docs/relay.md; no processes.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { rename } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { flipRow, loseRow, tamper } from '../../tests/support/damage.ts';
import {
  filledStore,
  historyOf,
  ROOMS,
  SESSIONS,
  textsOf,
  unnamedLosses,
  wholeHistory,
  wholeText,
  WORDS,
} from '../../tests/support/filled-store.ts';
import { temporaryFolder } from '../../tests/support/temp-folder.ts';
import { LevelDocStore } from './level-doc-store.ts';
import { backupStore, restoreStore } from './store-backup.ts';
import { holdStore } from './store-guard.ts';
import { keptOriginals } from './kept-originals.ts';
import { repairStore } from './store-repair.ts';
import { verifyStore } from './store-verify.ts';

const NOW = new Date('2026-11-22T10:00:00Z');

async function reopened(directory: string): Promise<LevelDocStore> {
  const store = await LevelDocStore.open({ directory });
  onTestFinished(() => store.close());
  return store;
}

function database(directory: string, pattern: RegExp): string[] {
  const names = readdirSync(join(directory, 'db')).filter((name) => pattern.test(name));
  expect(names).not.toEqual([]);
  return names.map((name) => join(directory, 'db', name));
}

function flip(path: string, part: number): void {
  const bytes = readFileSync(path);
  bytes[Math.floor(bytes.length * part)]! ^= 0x21;
  writeFileSync(path, bytes);
}

const largest = (paths: string[]): string => paths.sort((a, b) => statSync(b).size - statSync(a).size)[0]!;

/** Every file with its hash: nothing may differ afterwards. LevelDB's diary is no data. */
function photograph(directory: string): unknown {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(directory, name)).isFile() && !/LOCK$/.test(name))
    .sort()
    .map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(directory, name)))
        .digest('hex'),
    ]);
}

const DAMAGES: readonly (readonly [string, (directory: string) => void | Promise<void>])[] = [
  ...[0.02, 0.3, 0.5, 0.7, 0.95].flatMap((part) => [
    [`a flipped byte in the log at ${part}`, (at: string) => flip(largest(database(at, /\.log$/)), part)] as const,
    [`a flipped byte in a table at ${part}`, (at: string) => flip(largest(database(at, /\.ldb$/)), part)] as const,
  ]),
  ['a flipped byte in MANIFEST', (at) => flip(database(at, /^MANIFEST/)[0]!, 0.5)],
  ['a flipped byte in CURRENT', (at) => flip(join(at, 'db', 'CURRENT'), 0.5)],
  ['a deleted CURRENT', (at) => rmSync(join(at, 'db', 'CURRENT'))],
  ['a deleted MANIFEST', (at) => rmSync(database(at, /^MANIFEST/)[0]!)],
  [
    'a deleted CURRENT and format.json',
    (at) => ['db/CURRENT', 'format.json'].forEach((name) => rmSync(join(at, name))),
  ],
  ['a deleted table', (at) => rmSync(database(at, /\.ldb$/)[0]!)],
  ['a deleted log', (at) => rmSync(largest(database(at, /\.log$/)))],
  [
    'a truncated log',
    (at) => truncateSync(largest(database(at, /\.log$/)), statSync(largest(database(at, /\.log$/))).size >> 1),
  ],
  ['a truncated table', (at) => truncateSync(largest(database(at, /\.ldb$/)), 900)],
  ['an unreadable format.json', (at) => writeFileSync(join(at, 'format.json'), '{')],
  ['an unreadable head.json', (at) => writeFileSync(join(at, 'head.json'), '{')],
  ['a lost room record', (at) => tamper(at, (level) => level.del(`r!${ROOMS[4]}`))],
  ['a lost merged state', (at) => tamper(at, (level) => level.del(`d!${ROOMS[5]}`))],
  ['a lost update', (at) => tamper(at, (level) => level.del(`t!${ROOMS[4]}!00000000000003`))],
  ['a lost count', (at) => tamper(at, (level) => level.del('s!ws/everyone'))],
  ['a lost index entry', (at) => tamper(at, (level) => level.del('c!ws/everyone!00000000000014'))],
  ...[`g!${ROOMS[4]}!`, 'i!ws/everyone!', 'j!ws!', 'k!ws/everyone'].flatMap((prefix) => [
    [`a lost row of history (${prefix})`, (at: string) => loseRow(at, prefix)] as const,
    [`a flipped bit in a row of history (${prefix})`, (at: string) => flipRow(at, prefix)] as const,
  ]),
];

describe('verify and repair', () => {
  test('[UP1] a sound store is found sound, with its facts, and not a byte is changed', async () => {
    const directory = await filledStore();
    const before = photograph(dirname(directory));
    const report = await verifyStore(directory);
    expect(report).toMatchObject({
      problems: [],
      rooms: 12,
      spaces: 2,
      workspaces: 1,
      changes: 12 * WORDS,
      format: 1,
      setAside: 0,
      history: { segments: ROOMS.length * SESSIONS, bytes: expect.any(Number) as number, oldest: 1_000_009 },
    });
    expect(report.bytes).toBeGreaterThan(12 * WORDS * 10);
    expect(await repairStore(directory, NOW)).toMatchObject({ kind: 'nothing-to-do', original: null });
    expect(photograph(dirname(directory))).toEqual(before);
  });

  test.each(DAMAGES)('[UP2] [UP3] [UP4] %s is found, and what can be read is kept', async (_what, damage) => {
    const directory = await filledStore();
    await damage(directory);
    const before = photograph(directory);
    const { problems } = await verifyStore(directory);
    expect(photograph(directory)).toEqual(before);
    if (problems.length === 0) {
      // Where a flip hits what LevelDB does not need (a filter that lets one key more through), nothing is wrong.
      const served = await textsOf(directory);
      expect([...served].every(([room, text]) => text === wholeText(room)) && served.size === ROOMS.length).toBe(true);
      expect(await historyOf(directory)).toEqual(wholeHistory());
      return;
    }

    const report = await repairStore(directory, NOW);
    expect(report.kind).toBe('repaired');
    expect(photograph(report.original!)).toEqual(before);
    expect((await verifyStore(directory)).problems).toEqual([]);
    const kept = await textsOf(directory);
    const named = new Set(report.losses.map(({ room }) => room));
    let silent = 0;
    for (const room of ROOMS) {
      const text = kept.get(room) ?? '';
      // A room may have lost words; never gained or mixed them, and never without a word about it.
      expect(wholeText(room).startsWith(text)).toBe(true);
      if (text !== wholeText(room) && !named.has(room)) silent += 1;
    }
    expect(silent === 0 || report.unknownRooms + report.unknownChanges > 0).toBe(true);
    if (silent > 0) expect(report.unknownRooms + report.unknownChanges).toBeGreaterThanOrEqual(silent);
    expect(kept.size).toBeGreaterThan(0);
    // What is lost at the end of a log takes the counts of its history along.
    if (report.unknownRooms + report.unknownChanges === 0) {
      expect(unnamedLosses(await historyOf(directory), report.history)).toEqual([]);
    }
  });

  test('[UP5] after a repair no cursor of before holds, so that members compare everything', async () => {
    const directory = await filledStore();
    const first = await reopened(directory);
    const { epoch, hub } = first;
    expect(await first.knowsCursor(epoch, 'ws', 'everyone', 1)).toBe(true);
    await first.close();
    await tamper(directory, (level) => level.del(`t!${ROOMS[4]}!00000000000003`));
    await repairStore(directory, NOW);
    const again = await reopened(directory);
    expect(again.hub).toBe(hub);
    expect(await again.knowsCursor(epoch, 'ws', 'everyone', 1)).toBe(false);
    expect((await again.append(ROOMS[4]!, new Uint8Array([0, 0]))).number).toBeGreaterThan(0);
  });

  test('[UP4] what builds on a lost update is set aside, and finds its place once the loss is filled', async () => {
    const directory = await filledStore();
    const room = ROOMS[4]!;
    let lost = new Uint8Array();
    await tamper(directory, async (level) => {
      const key = `t!${room}!00000000000003`;
      lost = (await level.get(key))!.slice(4);
      await level.del(key);
    });
    const report = await repairStore(directory, NOW);
    expect(report.losses).toEqual([{ room, kind: 'incomplete', missing: 1, setAside: WORDS - 4 }]);
    expect((await textsOf(directory)).get(room)).toBe(
      Array.from({ length: 3 }, (_, word) => `${room}:${word} `).join(''),
    );
    const store = await reopened(directory);
    await store.append(room, lost);
    await store.close();
    expect(await repairStore(directory, NOW)).toMatchObject({ kind: 'repaired', losses: [], store: { setAside: 0 } });
    expect((await textsOf(directory)).get(room)).toBe(wholeText(room));
  });

  test('[UP6] a membership log is kept up to its first missing record', async () => {
    const directory = await filledStore();
    await tamper(directory, (level) => level.put('v!membership!ws/00000001', new Uint8Array([1, 2, 3, 4, 5])));
    await repairStore(directory, NOW);
    const store = await reopened(directory);
    const keys: string[] = [];
    for await (const [key] of store.values.entries('membership', 'ws/')) keys.push(key);
    expect(keys).toEqual(['ws/00000000']);
  });

  test('[UP3] where nothing can be read the store stays as it is, and no empty one takes its place', async () => {
    const directory = await filledStore();
    for (const path of database(directory, /\.(ldb|log)$/)) writeFileSync(path, new Uint8Array(100));
    const before = photograph(directory);
    await expect(repairStore(directory, NOW)).rejects.toMatchObject({ code: 'damaged' });
    expect(photograph(directory)).toEqual(before);
    expect(readdirSync(dirname(directory))).toEqual(['store']);
  });

  test('[UP3] a repair that was killed between its two renames is begun again from the original', async () => {
    const directory = await filledStore();
    await tamper(directory, (level) => level.del(`r!${ROOMS[4]}`));
    await rename(directory, `${directory}-before-repair-20261122T090000Z`);
    mkdirSync(join(dirname(directory), '.upkeep-killed'));
    expect(await repairStore(directory, NOW)).toMatchObject({ kind: 'repaired' });
    expect((await textsOf(directory)).size).toBe(12);
    expect(await keptOriginals(directory)).toEqual([`${directory}-before-repair-20261122T100000Z`]);
    expect(existsSync(join(dirname(directory), '.upkeep-killed'))).toBe(false);
  });

  test('[UP2] a newer format is refused untouched; a folder without a store is said to have none', async () => {
    const directory = await filledStore();
    writeFileSync(join(directory, 'format.json'), '{"format":2,"hub":"x"}');
    const before = photograph(dirname(directory));
    for (const run of [verifyStore, (at: string) => repairStore(at, NOW)]) {
      await expect(run(directory)).rejects.toMatchObject({ code: 'too-new' });
    }
    expect(photograph(dirname(directory))).toEqual(before);
    await expect(verifyStore(join(directory, 'nowhere'))).rejects.toMatchObject({ code: 'not-found' });
  });

  test('[UP1] while a store is held nobody opens it; afterwards anybody does', async () => {
    const directory = await filledStore();
    const held = await holdStore(directory);
    // Another process: within one, a lock is no obstacle.
    const open = `new (require('classic-level').ClassicLevel)(process.argv[1]).open().catch((error) => console.log(error.cause.code))`;
    const said = execFileSync(process.execPath, ['-e', open, join(directory, 'db')], { encoding: 'utf8' });
    expect(said.trim()).toBe('LEVEL_LOCKED');
    await held.release();
    expect((await textsOf(directory)).size).toBe(12);
    expect(readdirSync(dirname(directory))).toEqual(['store']);
  });
});

describe('backup and restore', () => {
  test('[BA1] [BA4] [BA6] a backup restores to the same rooms under the same hub, in a new epoch', async () => {
    const directory = await filledStore();
    const target = join(await temporaryFolder(), 'made', 'backup');
    const report = await backupStore(directory, target, NOW);
    expect(report).toMatchObject({ rooms: 12, changes: 12 * WORDS, createdAt: NOW.toISOString() });
    // Written after the backup: a cursor of then must not hold for the restored store.
    const later = await reopened(directory);
    await later.append(ROOMS[1]!, new Uint8Array([0, 0]));
    const { hub, epoch } = later;
    await later.close();
    const restored = join(await temporaryFolder(), 'data', 'store');
    expect(await restoreStore(target, restored)).toMatchObject({ rooms: 12 });
    const store = await reopened(restored);
    expect(store.hub).toBe(hub);
    expect(await store.knowsCursor(epoch, 'ws', 'everyone', 1)).toBe(false);
    await store.close();
    expect(await textsOf(restored)).toEqual(await textsOf(directory));
    expect(await historyOf(restored)).toEqual(wholeHistory());
    expect(readdirSync(dirname(restored))).toEqual(['store']);
  });

  test('[BA2] a damaged store, a folder with something in it, and one inside the data are refused', async () => {
    const directory = await filledStore();
    const target = await temporaryFolder();
    await expect(backupStore(directory, join(dirname(directory), 'backup'), NOW)).rejects.toMatchObject({
      code: 'bad-input',
    });
    writeFileSync(join(target, 'letter.txt'), 'mine');
    await expect(backupStore(directory, target, NOW)).rejects.toMatchObject({ code: 'already-exists' });
    rmSync(join(target, 'letter.txt'));
    await tamper(directory, (level) => level.del(`r!${ROOMS[4]}`));
    await expect(backupStore(directory, target, NOW)).rejects.toMatchObject({ code: 'damaged' });
    expect(readdirSync(target)).toEqual([]);
    expect(readdirSync(dirname(directory))).toEqual(['store']);
  });

  test.each([
    [
      'a flipped byte in a file',
      (at: string) =>
        flip(
          join(
            at,
            'db',
            readdirSync(join(at, 'db')).find((name) => /ldb$/.test(name))!,
          ),
          0.5,
        ),
    ],
    ['a flipped byte in the manifest', (at: string) => flip(join(at, 'backup.json'), 0.5)],
    ['a missing file', (at: string) => rmSync(join(at, 'db', 'CURRENT'))],
    ['a path that leads out', (at: string) => forge(at, (manifest) => (manifest.files[0]!.path = '../../outside'))],
    [
      'a file left out of the list',
      (at: string) =>
        forge(at, ({ files }) =>
          files.splice(
            files.findIndex(({ path }) => /ldb$/.test(path)),
            1,
          ),
        ),
    ],
    ['fewer rooms than listed', (at: string) => forge(at, (manifest) => (manifest.rooms += 1))],
  ])('[BA5] %s is refused, and nothing is in the data folder then', async (_what, damage) => {
    const target = join(await temporaryFolder(), 'backup');
    await backupStore(await filledStore(), target, NOW);
    damage(target);
    const data = await temporaryFolder();
    await expect(restoreStore(target, join(data, 'store'))).rejects.toMatchObject({ code: 'damaged' });
    expect(readdirSync(data)).toEqual([]);
  });

  test('[BA4] a data folder with anything in it is refused, and a folder that is no backup', async () => {
    const target = join(await temporaryFolder(), 'backup');
    const directory = await filledStore();
    await backupStore(directory, target, NOW);
    await expect(restoreStore(target, directory)).rejects.toMatchObject({ code: 'already-exists' });
    const data = await temporaryFolder();
    await expect(restoreStore(directory, join(data, 'store'))).rejects.toMatchObject({ code: 'not-found' });
    expect(readdirSync(data)).toEqual([]);
  });

  test('[BA5] a backup of a newer version is refused with that reason', async () => {
    const target = join(await temporaryFolder(), 'backup');
    await backupStore(await filledStore(), target, NOW);
    forge(target, (manifest) => (manifest.version = 99));
    await expect(restoreStore(target, join(await temporaryFolder(), 'store'))).rejects.toMatchObject({
      code: 'too-new',
    });
  });
});

interface Manifest {
  version: number;
  rooms: number;
  files: { path: string }[];
}

/** Changes a manifest and signs it again with its plain hash, as somebody with a text editor could. */
function forge(folder: string, change: (manifest: Manifest) => unknown): void {
  const { manifest } = JSON.parse(readFileSync(join(folder, 'backup.json'), 'utf8')) as { manifest: Manifest };
  change(manifest);
  const sha256 = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
  writeFileSync(join(folder, 'backup.json'), JSON.stringify({ manifest, sha256 }));
}
