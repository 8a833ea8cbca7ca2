// The relay's commands as processes: exit codes, JSON, help, damage at the start, and a restored relay that members fill again.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import { HostBench, until as eventually } from '../support/host.ts';
import { bundleRelay, startRelayProcess, type RelayBundle, type RelayProcess } from '../support/relay-process.ts';
import { stockClient, synced, until } from '../support/stock-client.ts';
import { loseRow } from '../support/damage.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

let bundle: RelayBundle;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bundle.program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    child.stderr.on('data', (part: Buffer) => (err += part.toString()));
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

function serve(data: string, port = 0, ...more: string[]): Promise<RelayProcess> {
  return startRelayProcess(bundle, ['serve', '--data', data, '--port', String(port), '--open', ...more]);
}

/** A stopped relay's folder with five rooms, written by a stock client over two runs. */
async function filled(): Promise<string> {
  const data = await temporaryFolder();
  for (const rooms of [
    [1, 2],
    [3, 4, 5],
  ]) {
    const relay = await serve(data);
    for (const at of rooms) {
      const [writer, reader] = [
        stockClient(relay.url, `team/space/page${at}`),
        stockClient(relay.url, `team/space/page${at}`),
      ];
      await Promise.all([synced(writer), synced(reader)]);
      for (let word = 0; word < 30; word += 1) writer.write(`word${word} `);
      await until(() => reader.text === writer.text, 'the other has it');
      for (const client of [writer, reader]) client.destroy();
    }
    expect(await relay.end('SIGTERM')).toBe(0);
  }
  return data;
}

const json = ({ out }: Ran): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;

describe('status, verify, repair', () => {
  test('[RE30] [RE34] [RE42] status: an empty folder, a stopped relay, a running one', async () => {
    const empty = await temporaryFolder();
    const nothing = await run('status', '--data', empty, '--json');
    expect([nothing.code, json(nothing)]).toEqual([0, { data: empty, state: 'empty' }]);
    const data = await filled();
    const stopped = await run('status', '--data', data, '--json');
    expect(stopped.code).toBe(0);
    expect(json(stopped)).toMatchObject({ state: 'ok', rooms: 5, spaces: 1, workspaces: 1, format: 1, problems: [] });
    const history = { segments: 5, bytes: expect.any(Number) as number };
    expect(json(stopped)).toMatchObject({ history: { ...history, oldest: expect.any(Number) } });
    // How much of it is kept is a setting of `serve`, and none of a folder that nobody serves.
    const { out: told } = await run('status', '--data', data);
    expect(told).toContain('5 rooms');
    expect(told).toMatch(/^History: 5 editing sessions in \d+ kB, the oldest of [\dT:.Z-]+\.$/m);
    expect(told).not.toContain('History is removed');
    const relay = await serve(data, 0, '--history-days', '30', '--history-bytes', '5000000');
    const running = await run('status', '--data', data, '--json');
    expect([running.code, json(running)]).toEqual([
      0,
      expect.objectContaining({
        state: 'running',
        relay: { url: relay.url, pid: relay.child.pid },
        health: expect.objectContaining({
          status: 'ok',
          history: { ...history, historyDays: 30, historyBytes: 5_000_000 },
        }),
        format: 1,
      }),
    ]);
    expect((await run('status', '--data', data)).out).toContain(
      '\nHistory is removed after 30 days (--history-days), and kept up to 4.8 MB (--history-bytes).\n',
    );
    for (const command of [['verify'], ['repair']]) {
      const refused = await run(...command, '--data', data);
      expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('A relay is running on this folder')]);
    }
    // The looks of others did not disturb it, and its lock is still its own.
    const client = stockClient(relay.url, 'team/space/page1');
    await synced(client);
    expect(client.text).toContain('word29');
    client.destroy();
    expect(await relay.end('SIGTERM')).toBe(0);
    expect(readdirSync(data)).toEqual(['blobs', 'relay-key.json', 'store']);
  });

  test('[RE42] a relay that was killed leaves word behind, and is not taken for a running one', async () => {
    const data = await temporaryFolder();
    const settings = join(await temporaryFolder(), 'settings.json');
    writeFileSync(settings, JSON.stringify({ historyDays: 1, historyBytes: 0 }));
    const relay = await serve(data, 0, '--config', settings);
    expect((await run('status', '--data', data)).out).toContain(
      '\nHistory is removed after 1 day (--history-days), and kept without a bound on its size.\n',
    );
    await relay.end('SIGKILL');
    expect(readdirSync(data)).toContain('relay.json');
    expect(json(await run('status', '--data', data, '--json'))).toMatchObject({ state: 'ok', rooms: 0 });
  });

  test('[RE41] [UP2] [UP3] a damaged store ends serve with 1 and a hint; verify says what, repair mends, serve goes on', async () => {
    const data = await filled();
    expect((await run('verify', '--data', data)).code).toBe(0);
    rmSync(join(data, 'store', 'db', 'CURRENT'));
    const refused = await run('serve', '--data', data, '--port', '0', '--open');
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain(`caravan-relay verify --data ${data}`);
    expect(refused.err).toContain(`caravan-relay repair --data ${data}`);
    const verified = await run('verify', '--data', data, '--json');
    expect([verified.code, json(verified)]).toEqual([1, expect.objectContaining({ state: 'damaged' })]);
    const repaired = await run('repair', '--data', data, '--json');
    expect([repaired.code, json(repaired)]).toEqual([0, expect.objectContaining({ kind: 'repaired', losses: [] })]);
    expect(json(repaired)['original']).toEqual(expect.stringContaining('store-before-repair-'));
    expect((await run('verify', '--data', data)).code).toBe(0);
    const relay = await serve(data);
    for (const at of [1, 2, 3, 4, 5]) {
      const client = stockClient(relay.url, `team/space/page${at}`);
      await synced(client);
      expect(client.text).toContain('word29');
      client.destroy();
    }
    expect(await relay.end('SIGTERM')).toBe(0);
  });

  test('[UP2] [UP4] lost history is found by verify, and repair says of which room, and how much', async () => {
    const data = await filled();
    await loseRow(join(data, 'store'), 'g!team/space/page3!');
    const verified = await run('verify', '--data', data);
    expect([verified.code, verified.out]).toEqual([
      1,
      expect.stringContaining('page3: 1 of 1 segments of its history'),
    ]);
    const repaired = await run('repair', '--data', data);
    expect([repaired.code, repaired.out]).toEqual([
      0,
      expect.stringContaining('team/space/page3: 1 editing session lost.'),
    ]);
    expect((await run('verify', '--data', data)).code).toBe(0);
  });

  test('[RE40] a store that lost its lists, or that a killed repair moved away, is never served as an empty one', async () => {
    const data = await filled();
    for (const name of ['format.json', 'db/CURRENT']) rmSync(join(data, 'store', name));
    const refused = await run('serve', '--data', data, '--port', '0', '--open');
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('its tables are there')]);
    renameSync(join(data, 'store'), join(data, 'store-before-repair-20261122T100000Z'));
    for (const command of [['serve', '--port', '0', '--open'], ['verify'], ['status']]) {
      const result = await run(...command, '--data', data);
      expect([result.code, result.err]).toEqual([1, expect.stringContaining('before a repair')]);
    }
    expect(json(await run('repair', '--data', data, '--json'))).toMatchObject({ store: { rooms: 5 }, losses: [] });
    const relay = await serve(data);
    expect(await relay.end('SIGTERM')).toBe(0);
  });

  test('[RE43] help and wrong usage', async () => {
    const help = await run('--help');
    expect(help.code).toBe(0);
    for (const word of ['serve', 'status', 'verify', 'repair', 'backup', 'restore', 'Exit codes']) {
      expect(help.out).toContain(word);
    }
    for (const args of [['backup'], ['restore'], ['verify', '--bogus'], ['bogus'], ['status'], ['verify', 'extra']]) {
      expect([args, (await run(...args)).code]).toEqual([args, 2]);
    }
    expect((await run('verify', '--data', join(await temporaryFolder(), 'none'))).code).toBe(1);
  });
});

describe('backup and restore', () => {
  test('[RE44] [SN1] a running relay is backed up while somebody writes, and serves on; strangers find nothing there', async () => {
    const data = await filled();
    const relay = await serve(data);
    const writer = stockClient(relay.url, 'team/space/page1');
    await synced(writer);
    let words = 0;
    const typing = setInterval(() => writer.write(`more${words++} `), 1);
    const folder = join(await temporaryFolder(), 'backup');
    const made = await run('backup', folder, '--data', data, '--json');
    clearInterval(typing);
    expect([made.code, made.err, json(made)]).toEqual([0, '', expect.objectContaining({ folder, rooms: 5 })]);
    expect((await run('backup', folder, '--data', data)).err).toContain('is not empty');
    expect((await run('backup', join(data, 'inside'), '--data', data)).code).toBe(2);
    expect((await run('status', '--data', data, '--json')).out).not.toContain('secret');

    const asked = (authorization: string) =>
      fetch(`${relay.url.replace('ws', 'http')}/v1/upkeep/backup`, {
        method: 'POST',
        headers: { authorization },
        body: JSON.stringify({ folder: join(folder, '../stolen') }),
      });
    for (const key of ['', 'Bearer ', `Bearer ${'x'.repeat(43)}`]) expect((await asked(key)).status).toBe(404);
    const file = join(data, 'relay.json');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readdirSync(join(folder, '..'))).toEqual(['backup']);

    writer.write('last');
    const reader = stockClient(relay.url, 'team/space/page1');
    await until(() => reader.text.endsWith('last'), 'the last word');
    expect(await relay.end('SIGTERM')).toBe(0);
    const restored = join(await temporaryFolder(), 'data');
    expect((await run('restore', folder, '--data', restored)).code).toBe(0);
    expect((await run('verify', '--data', restored)).code).toBe(0);
    const again = await serve(restored);
    const client = stockClient(again.url, 'team/space/page1');
    await synced(client);
    expect(client.text).toContain('word29');
    expect(reader.text.startsWith(client.text)).toBe(true);
    expect(await again.end('SIGTERM')).toBe(0);
  });

  let bench: HostBench;
  beforeEach(() => {
    bench = new HostBench();
  });
  afterEach(() => bench.dispose());

  const titles = async (host: Host, workspace: string): Promise<string> =>
    (await host.call('doc.list', { workspace }))
      .map(({ title }) => title)
      .sort()
      .join();

  test('[D10] [BA6] a relay restored from an older backup gets everything that members had, and passes it on', async () => {
    const data = await bench.folder();
    let relay = await serve(data);
    const port = Number(new URL(relay.url).port);
    const ana = await bench.start(await bench.folder());
    const bo = await bench.start(await bench.folder());
    const { id: workspace } = await ana.call('workspace.create', { title: 'Perigee', name: 'Ana' });
    const [space] = await ana.call('space.list', { workspace });
    const write = (host: Host, title: string) =>
      host.call('doc.create', { workspace, space: space!.id, kind: 'page', title, parent: null });
    await write(ana, 'Before');
    const { link } = await ana.call('relay.attach', { workspace, url: relay.url.replace('ws:', 'http:') });
    await ana.call('sync.wait', { workspace, timeout: 10_000 });
    await relay.end('SIGTERM');
    const folder = join(await bench.folder(), 'backup');
    expect((await run('backup', folder, '--data', data)).code).toBe(0);

    // Everything from here on is not in the backup: Bo's membership too.
    relay = await serve(data, port);
    await bo.call('workspace.join', { link, name: 'Bo' });
    await write(bo, 'By Bo');
    await write(ana, 'By Ana');
    await eventually('both have all', async () => {
      return (
        (await titles(ana, workspace)).includes('By Ana,By Bo') &&
        (await titles(bo, workspace)).includes('By Ana,By Bo')
      );
    });
    for (const host of [ana, bo]) {
      expect((await host.call('sync.wait', { workspace, timeout: 10_000 })).truths.outbox).toEqual([]);
    }
    await relay.end('SIGKILL');

    const other = await bench.folder();
    const refused = await run('restore', folder, '--data', data);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('is not empty')]);
    const restored = await run('restore', folder, '--data', other, '--json');
    expect([restored.code, json(restored)]).toEqual([0, expect.objectContaining({ data: other })]);
    relay = await serve(other, port);
    for (const host of [ana, bo]) {
      await eventually(
        'it is online with nothing waiting',
        async () => {
          const { truths } = await host.call('sync.wait', { workspace, timeout: 10_000 });
          return truths.link.state === 'online' && truths.outbox.length === 0;
        },
        40_000,
      );
    }
    const expected = await titles(ana, workspace);
    const { link: another } = await ana.call('invite.create', { workspace });
    // Both members' computers are gone: what a third one finds is the relay's own.
    await Promise.all([bench.stop(ana), bench.stop(bo)]);
    const cy = await bench.start(await bench.folder());
    await cy.call('workspace.join', { link: another, name: 'Cy' });
    await eventually('Cy has everything', async () => (await titles(cy, workspace)) === expected, 40_000);
    expect(expected).toContain('Before,By Ana,By Bo');
    await relay.end('SIGTERM');
  }, 120_000);

  test('[D10] [UP5] a repaired relay gets from its members what the damage took', async () => {
    const data = await bench.folder();
    let relay = await serve(data);
    const port = Number(new URL(relay.url).port);
    const ana = await bench.start(await bench.folder());
    const { id: workspace } = await ana.call('workspace.create', { title: 'Perigee', name: 'Ana' });
    const [space] = await ana.call('space.list', { workspace });
    // Two rounds, so that the relay writes twice at least: one damage in a single group commit would take every room,
    // and a store of which nothing can be read is not repaired (it happened once in some runs).
    const write = async (from: number, to: number): Promise<void> => {
      for (let at = from; at < to; at += 1) {
        await ana.call('doc.create', { workspace, space: space!.id, kind: 'page', title: `Page ${at}`, parent: null });
      }
    };
    await write(0, 5);
    const { link } = await ana.call('relay.attach', { workspace, url: relay.url.replace('ws:', 'http:') });
    expect((await ana.call('sync.wait', { workspace, timeout: 20_000 })).done).toBe(true);
    const store = join(data, 'store', 'db');
    const log = join(
      store,
      readdirSync(store).find((name) => name.endsWith('.log'))!,
    );
    const sound = readFileSync(log).length;
    await write(5, 30);
    expect((await ana.call('sync.wait', { workspace, timeout: 20_000 })).done).toBe(true);
    await relay.end('SIGTERM');
    const bytes = readFileSync(log);
    expect(bytes.length).toBeGreaterThan(sound);
    // In the midst of a document: a store holds other rows as well, of which no room depends.
    const hit = bytes.indexOf('Page 20', sound);
    expect(hit).toBeGreaterThan(sound);
    bytes[hit]! ^= 0x40;
    writeFileSync(log, bytes);
    expect((await run('serve', '--data', data, '--port', '0', '--open')).code).toBe(1);
    const repaired = await run('repair', '--data', data, '--json');
    expect(repaired.code).toBe(0);
    const { losses, unknownRooms, unknownChanges } = json(repaired);
    // Otherwise the test would show nothing.
    expect([losses, unknownRooms, unknownChanges]).not.toEqual([[], 0, 0]);
    relay = await serve(data, port);
    await eventually(
      'everything is on the relay again',
      async () => {
        const { truths } = await ana.call('sync.wait', { workspace, timeout: 10_000 });
        return truths.link.state === 'online' && truths.outbox.length === 0;
      },
      40_000,
    );
    const expected = await titles(ana, workspace);
    await bench.stop(ana);
    const bo = await bench.start(await bench.folder());
    await bo.call('workspace.join', { link, name: 'Bo' });
    await eventually('Bo has every page', async () => (await titles(bo, workspace)) === expected, 40_000);
    await relay.end('SIGTERM');
  }, 120_000);
});
