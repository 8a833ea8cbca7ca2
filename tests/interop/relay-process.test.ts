// Real relay processes: the ready line, exit codes, a graceful stop, and kill -9 while two stock clients write.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleRelay, runRelayToEnd, startRelayProcess, type RelayBundle } from '../support/relay-process.ts';
import { stockClient, synced, until } from '../support/stock-client.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

const ROOM = 'team/space/page';
const LONG = process.env['CARAVAN_LONG'] === '1';
const KILLS = LONG ? 10 : 3;
/** Updates of both clients together, before a kill that comes in the middle at the latest, and before the one that comes after all. */
const UPDATES = LONG ? 3_000 : 400;
const ALL = 3_000;

let bundle: RelayBundle;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

describe('the process', () => {
  test('[RE1] with --open it refuses anything but the loopback', async () => {
    const data = await temporaryFolder();
    const wide = await runRelayToEnd(bundle, ['--data', data, '--port', '0', '--open', '--host', '0.0.0.0']);
    expect(wide.code).toBe(2);
    expect(wide.log).toContain('loopback');
    expect((await runRelayToEnd(bundle, ['--unknown'])).code).toBe(2);
    expect((await runRelayToEnd(bundle, ['--open', '--data', data, '--port', 'x'])).code).toBe(2);
  });

  test('[RE3] a second relay on the same folder, a newer folder and a damaged one end with 1 and a reason', async () => {
    const data = await temporaryFolder();
    const args = ['--data', data, '--port', '0', '--open'];
    const first = await startRelayProcess(bundle, args);
    const second = await runRelayToEnd(bundle, args);
    expect([second.code, second.log]).toEqual([1, expect.stringContaining('Another process')]);
    expect(await first.end('SIGTERM')).toBe(0);
    const newer = await temporaryFolder();
    mkdirSync(join(newer, 'store'));
    writeFileSync(join(newer, 'store', 'format.json'), '{"format":99,"hub":"x"}');
    const refused = await runRelayToEnd(bundle, ['--data', newer, '--port', '0', '--open']);
    expect([refused.code, refused.log]).toEqual([1, expect.stringContaining('newer version')]);
    rmSync(join(data, 'store', 'db', 'CURRENT'));
    const damaged = await runRelayToEnd(bundle, args);
    expect([damaged.code, damaged.log]).toEqual([1, expect.stringContaining('damaged')]);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '[RE4] %s closes sockets, stores everything and ends with 0',
    async (signal) => {
      const data = await temporaryFolder();
      const args = ['--data', data, '--port', '0', '--open'];
      const relay = await startRelayProcess(bundle, args);
      const [ana, bo] = [stockClient(relay.url, ROOM), stockClient(relay.url, ROOM)];
      await Promise.all([synced(ana), synced(bo)]);
      for (let i = 0; i < 200; i += 1) ana.write(`secret${i} `);
      await until(() => bo.text.length > 0, 'something arrived');
      expect(await relay.end(signal)).toBe(0);
      const seen = bo.text;
      for (const client of [ana, bo]) client.destroy();
      expect(relay.log).not.toContain('secret');
      const again = await startRelayProcess(bundle, args);
      const late = stockClient(again.url, ROOM);
      await synced(late);
      expect(late.text.startsWith(seen)).toBe(true);
      expect(await again.end('SIGTERM')).toBe(0);
    },
  );
});

describe('kill -9 once two stock clients have each other’s updates', () => {
  test.each(Array.from({ length: KILLS }, (_, at) => at + 1))(
    '[X7] a fresh client has all 3,000, with its first `synced` (kill %i)',
    async () => {
      const data = await temporaryFolder();
      const args = ['--data', data, '--port', '0', '--open'];
      const relay = await startRelayProcess(bundle, args);
      const [ana, bo] = [stockClient(relay.url, ROOM), stockClient(relay.url, ROOM)];
      await Promise.all([synced(ana), synced(bo)]);
      const words: string[] = [];
      for (let written = 0; written < ALL; written += 2) {
        const pair = [`ana${written} `, `bo${written} `] as const;
        ana.write(pair[0]);
        bo.write(pair[1]);
        words.push(...pair);
        // Now and then the sockets get their turn, as between two people's keys.
        if (written % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const length = words.join('').length;
      await until(() => ana.text.length === length && bo.text.length === length, 'each has what the other wrote');
      expect(await relay.end('SIGKILL')).toBe('SIGKILL');
      for (const client of [ana, bo]) client.destroy();
      const again = await startRelayProcess(bundle, args);
      const late = stockClient(again.url, ROOM);
      const withFirstSynced = await new Promise<string>((resolve) =>
        late.provider.once('sync', () => resolve(late.text)),
      );
      const kept = new Set(withFirstSynced.match(/(?:ana|bo)\d+ /g));
      expect(words.length).toBe(ALL);
      expect(words.filter((word) => !kept.has(word))).toEqual([]);
      expect(withFirstSynced.length).toBe(length);
    },
    LONG ? 120_000 : 60_000,
  );
});

describe('kill -9 while two stock clients write', () => {
  test.each(Array.from({ length: KILLS }, (_, at) => at + 1))(
    '[X7] nothing that a client had received is gone (kill %i)',
    async (round) => {
      const data = await temporaryFolder();
      const args = ['--data', data, '--port', '0', '--open'];
      const relay = await startRelayProcess(bundle, args);
      const [ana, bo] = [stockClient(relay.url, ROOM), stockClient(relay.url, ROOM)];
      await Promise.all([synced(ana), synced(bo)]);
      // A different place in the stream each time; the number is in the title's round.
      const stopAt = Math.ceil((UPDATES * round) / KILLS);
      let written = 0;
      const wordsAt = (client: typeof ana, of: string) => client.text.match(new RegExp(`${of}\\d+ `, 'g')) ?? [];
      while (written < stopAt || wordsAt(ana, 'bo').length === 0 || wordsAt(bo, 'ana').length === 0) {
        ana.write(`ana${written} `);
        bo.write(`bo${written} `);
        written += 2;
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await relay.end('SIGKILL')).toBe('SIGKILL');
      const received = [...wordsAt(ana, 'bo'), ...wordsAt(bo, 'ana')];
      // They may not send anything again: what the relay has must be its own.
      for (const client of [ana, bo]) client.destroy();
      const again = await startRelayProcess(bundle, args);
      const late = stockClient(again.url, ROOM);
      await synced(late);
      const kept = new Set([...wordsAt(late, 'bo'), ...wordsAt(late, 'ana')]);
      expect(received.length).toBeGreaterThan(0);
      expect(received.filter((word) => !kept.has(word))).toEqual([]);
    },
    LONG ? 120_000 : 60_000,
  );
});
