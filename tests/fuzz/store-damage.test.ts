// Random damage to a real store: verify notices whatever matters, and repair keeps or names every word. Seeds are printed.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { repairStore } from '../../shared/node/store-repair.ts';
import { verifyStore } from '../../shared/node/store-verify.ts';
import {
  filledStore,
  historyOf,
  ROOMS,
  textsOf,
  unnamedLosses,
  wholeHistory,
  wholeText,
} from '../support/filled-store.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

const RUNS = process.env['CARAVAN_LONG'] === '1' ? 500 : 15;
const NOW = new Date('2026-11-22T10:00:00Z');

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const damage = fc.record({
  file: fc.nat(1000),
  kind: fc.constantFrom('flip' as const, 'zeros' as const, 'cut' as const, 'delete' as const),
  at: place,
});

/** Bytes of a block that a dying disk gives back empty. */
const BLOCK = 512;

function inflict(directory: string, { file, kind, at }: { file: number; kind: string; at: number }): void {
  const names = readdirSync(join(directory, 'db')).filter((name) => !/^(LOCK|LOG)/.test(name));
  const path = join(directory, 'db', names.sort()[file % names.length] ?? '');
  if (kind === 'delete') return rmSync(path, { force: true });
  const bytes = readFileSync(path);
  const start = Math.floor(bytes.length * at);
  if (kind === 'cut') return writeFileSync(path, bytes.subarray(0, start));
  if (kind === 'zeros') bytes.fill(0, start, Math.min(bytes.length, start + BLOCK));
  else if (bytes.length > 0) bytes[start]! ^= 1 << (start % 8);
  writeFileSync(path, bytes);
}

test(`[UP2] [UP3] [UP4] ${RUNS} stores with random damage: nothing is lost without a word`, async () => {
  const sound = await filledStore();
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
      const directory = join(await temporaryFolder(), 'store');
      cpSync(sound, directory, { recursive: true });
      for (const one of damages) inflict(directory, one);
      const { problems } = await verifyStore(directory);
      if (problems.length === 0) {
        const served = await textsOf(directory);
        for (const room of ROOMS) expect(served.get(room)).toBe(wholeText(room));
        expect(await historyOf(directory)).toEqual(wholeHistory());
        return;
      }
      const report = await repairStore(directory, NOW).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'damaged', message: expect.stringContaining('Not one room') });
        return null;
      });
      if (!report) return;
      expect((await verifyStore(directory)).problems).toEqual([]);
      const kept = await textsOf(directory);
      const named = new Set(report.losses.map(({ room }) => room));
      const silent = ROOMS.filter((room) => kept.get(room) !== wholeText(room) && !named.has(room));
      for (const [room, text] of kept) expect(wholeText(room).startsWith(text)).toBe(true);
      const unknown = report.unknownRooms + report.unknownChanges;
      if (silent.length > 0) expect(unknown).toBeGreaterThan(0);
      const history = await historyOf(directory);
      if (unknown === 0) expect(unnamedLosses(history, report.history)).toEqual([]);
    }),
    { numRuns: RUNS, verbose: 1 },
  );
}, 600_000);
