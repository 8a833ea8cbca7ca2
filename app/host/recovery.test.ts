// A host on a damaged store: recovery and its ways, with real stores and a real relay; X10, X14 and the rules RV of docs/reliability.md.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startRelay, type Relay } from '../../server/relay.ts';
import { readSettings } from '../../server/settings.ts';
import { HostBench, until } from '../../tests/support/host.ts';
import { decodeStateVector } from '../../shared/hub/knowledge.ts';
import { RoomBytes } from '../../shared/hub/room-bytes.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { damageTable, flipRow, loseRow } from '../../tests/support/damage.ts';
import { temporaryFolder } from '../../tests/support/temp-folder.ts';
import { dataFolderAt } from './data-folder.ts';
import { restoreHost } from './host-backup.ts';
import type { Host } from './host.ts';
import { RecoveringHost, startOrRecover } from './recovering-host.ts';
import { Snapshots } from './snapshots.ts';
import { SNAPSHOT_LIMITS } from './snapshot-plan.ts';
import type { WindowHost } from './window-host.ts';

let bench: HostBench;
const opened: WindowHost[] = [];
const relays: Relay[] = [];
beforeEach(() => {
  bench = new HostBench();
});
afterEach(async () => {
  for (const host of opened.splice(0)) await host.close();
  await bench.dispose();
  for (const relay of relays.splice(0)) await relay.close();
});

async function relayIn(data: string): Promise<Relay> {
  const relay = await startRelay(readSettings({ flags: { data, open: true, port: 0 }, environment: {} }));
  relays.push(relay);
  return relay;
}

interface Written {
  readonly folder: string;
  readonly workspace: string;
  readonly space: string;
  readonly titles: readonly string[];
}

/** A data folder with a workspace and pages; `relay`: all of it is there as well. Nothing runs on it afterwards. */
async function written(relay: Relay | null, count = 30): Promise<Written> {
  const folder = await bench.folder();
  const host = await bench.start(folder);
  const { id: workspace } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const space = (await host.call('space.list', { workspace }))[0]!.id;
  const titles = Array.from({ length: count }, (_, at) => `Page ${at}`);
  for (const title of titles) await create(host, { workspace, space }, title);
  if (relay) {
    await host.call('relay.attach', { workspace, url: relay.url });
    expect(await host.call('sync.wait', { workspace, timeout: 20_000 })).toMatchObject({ done: true });
  }
  await bench.stop(host);
  // A second run makes tables of what lay in the log.
  await bench.stop(await bench.start(folder, { links: false }));
  return { folder, workspace, space, titles };
}

function create(host: WindowHost, { workspace, space }: { workspace: string; space: string }, title: string) {
  return host.call('doc.create', { workspace, space, kind: 'page', title, parent: null });
}

async function recover(folder: string): Promise<RecoveringHost> {
  const host = await startOrRecover({ dataFolder: folder, version: '0.0.0-test', snapshots: false });
  opened.push(host);
  expect(host).toBeInstanceOf(RecoveringHost);
  await until('the store was looked at', async () => (await host.call('hello', {})).recovery?.found !== null);
  return host as RecoveringHost;
}

async function titlesOf(host: WindowHost, workspace: string): Promise<string[]> {
  return (await host.call('doc.list', { workspace })).map(({ title }) => title).filter((title) => /^Page/.test(title));
}

const storeOf = (folder: string): string => join(folder, 'store');

describe('[X10] a host on a damaged store', () => {
  test('[RV1] serves recovery instead of an error, says what was found, and answers no other call', async () => {
    const { folder, workspace } = await written(null);
    damageTable(storeOf(folder));
    const before = readdirSync(join(storeOf(folder), 'db'));
    const host = await recover(folder);
    const { recovery, workspaces } = await host.call('hello', {});
    expect(workspaces).toEqual([]);
    expect(recovery).toMatchObject({ store: storeOf(folder), workspaces: [{ title: 'Perigee', relay: null }] });
    expect(recovery!.reason).toContain('damaged');
    expect(recovery!.found!.join()).toContain('checksum');
    expect(recovery!.readable!.rooms).toBeGreaterThan(20);
    await expect(host.call('doc.list', { workspace })).rejects.toMatchObject({ code: 'damaged' });
    expect((await host.call('doctor', {}))[0]).toMatchObject({ check: 'store', ok: false });
    expect(readdirSync(join(storeOf(folder), 'db'))).toEqual(before);
  });

  test('[RV2] Repair keeps the original and goes on as a whole host, with every document that can be read', async () => {
    const { folder, workspace, titles } = await written(null);
    damageTable(storeOf(folder));
    const host = await recover(folder);
    const heard: string[] = [];
    host.onAnnouncement(({ event }) => heard.push(event));
    const { report } = await host.call('recovery.repair', {});
    expect(report.join(' ')).toMatch(/Repaired\. .* kept in /);
    expect(heard).toContain('recovered');
    const { recovery, workspaces } = await host.call('hello', {});
    expect(recovery).toBeNull();
    expect(workspaces).toHaveLength(1);
    const there = new Set(await titlesOf(host, workspace));
    // One block of one table is lost at most.
    expect(titles.filter((title) => there.has(title)).length).toBeGreaterThan(titles.length / 2);
    expect(readdirSync(folder).filter((name) => name.startsWith('store-before-repair-'))).toHaveLength(1);
    await expect(host.call('recovery.repair', {})).rejects.toMatchObject({ code: 'not-allowed' });
  });

  test('[RV2] [UP4] Repair says of which documents history was lost, and how much', async () => {
    const { folder, workspace, titles } = await written(null, 3);
    const store = storeOf(folder);
    await loseRow(store, `g!${workspace}/`);
    await flipRow(store, 'k!');
    const host = await recover(folder);
    expect((await host.call('hello', {})).recovery!.found!.join()).toMatch(/1 of \d+ segments of its history lack/);
    const { report } = await host.call('recovery.repair', {});
    expect(report.join('\n')).toMatch(
      /^1 document lost something of their history\.\nDocument \S+: 1 editing session lost\.$/m,
    );
    expect(report.join('\n')).toMatch(/^Space \S+: what was removed of its history before may come again/m);
    expect((await titlesOf(host, workspace)).sort()).toEqual(titles);
  });

  test('[RV3] Restore takes a snapshot, keeps the damaged store, and the relay brings what came later', async () => {
    const relay = await relayIn(await temporaryFolder());
    const data = await written(relay, 5);
    const first = await bench.start(data.folder, { snapshots: false });
    await snapshotOf(first, data.folder);
    await create(first, data, 'Page later');
    await first.call('sync.wait', { workspace: data.workspace, timeout: 20_000 });
    await bench.stop(first);
    await bench.stop(await bench.start(data.folder, { links: false }));
    damageTable(storeOf(data.folder));
    const host = await recover(data.folder);
    const [snapshot] = (await host.call('hello', {})).recovery!.snapshots;
    expect(snapshot).toMatchObject({ rooms: expect.any(Number) as number });
    const { report } = await host.call('recovery.restore', { snapshot: snapshot!.id });
    expect(report.join(' ')).toMatch(/Restored .* kept in /);
    await until('what came later is back', async () => (await titlesOf(host, data.workspace)).includes('Page later'));
    expect((await titlesOf(host, data.workspace)).sort()).toEqual([...data.titles, 'Page later'].sort());
    await expect(host.call('recovery.restore', { snapshot: '../store' })).rejects.toMatchObject({
      code: 'not-allowed',
    });
  });

  test('[RV4] Fill again: an empty store under a new hub id, filled by the relay, which loses nothing', async () => {
    const relayData = await temporaryFolder();
    const relay = await relayIn(relayData);
    const data = await written(relay, 8);
    const hub = hubOf(data.folder);
    damageTable(storeOf(data.folder));
    const host = await recover(data.folder);
    const { report } = await host.call('recovery.refill', {});
    expect(report.join(' ')).toContain('cannot be said');
    expect(hubOf(data.folder)).not.toBe(hub);
    await until('everything is back', async () => (await titlesOf(host, data.workspace)).length === 8);
    // Another member sees everything as it was: nothing empty was pushed.
    const { link } = await host.call('invite.create', { workspace: data.workspace });
    const other = await bench.start(await bench.folder());
    await other.call('workspace.join', { link, name: 'Bo' });
    await until('the other one has everything', async () => (await titlesOf(other, data.workspace)).length === 8);
    expect((await titlesOf(other, data.workspace)).sort()).toEqual([...data.titles].sort());
  });

  test('[RV4] a workspace without a relay is named as one that nobody else has', async () => {
    const { folder } = await written(null, 2);
    damageTable(storeOf(folder));
    const { report } = await (await recover(folder)).call('recovery.refill', {});
    expect(report.join(' ')).toContain('Nobody else has these workspaces; they stay empty: Perigee');
  });

  test('[RE40] a store that is gone, or whose lists are gone, is recovered and never opened empty', async () => {
    const { folder } = await written(null, 3);
    rmSync(join(storeOf(folder), 'format.json'));
    rmSync(join(storeOf(folder), 'db', 'CURRENT'));
    const host = await recover(folder);
    expect((await host.call('recovery.repair', {})).report.join(' ')).toContain('Repaired');
    await host.close();
    for (const name of readdirSync(folder)) {
      if (name.startsWith('store')) renameSync(join(folder, name), join(folder, `away-${name}`));
    }
    const gone = await recover(folder);
    expect((await gone.call('hello', {})).recovery!.reason).toContain('is gone');
    expect(existsSync(storeOf(folder))).toBe(false);
  });

  test('[RV1] a damaged device key is no reason to offer a repair of the store', async () => {
    const { folder } = await written(null, 1);
    writeFileSync(join(folder, 'device.json'), '{}');
    await expect(startOrRecover({ dataFolder: folder, version: '1' })).rejects.toMatchObject({ code: 'damaged' });
  });
});

function hubOf(folder: string): string {
  return (JSON.parse(readFileSync(join(storeOf(folder), 'format.json'), 'utf8')) as { hub: string }).hub;
}

async function snapshotOf(host: Host, folder: string): Promise<void> {
  const { levelStore: store, clock, logger } = host.parts;
  await new Snapshots({ folder: dataFolderAt(folder), store, clock, logger, limits: SNAPSHOT_LIMITS }).make();
}

describe('[X14] backups, restored and copied data folders', () => {
  test('[BA9] [BA10] a backup of a running host restores to a whole data folder, which is a computer of its own', async () => {
    const relay = await relayIn(await temporaryFolder());
    const data = await written(relay, 4);
    const host = await bench.start(data.folder);
    const target = join(await bench.folder(), 'backup');
    const report = await host.call('backup', { directory: target });
    expect(report.rooms).toBeGreaterThan(4);
    await expect(host.call('backup', { directory: target })).rejects.toMatchObject({ code: 'already-exists' });
    await expect(host.call('backup', { directory: join(data.folder, 'in') })).rejects.toMatchObject({
      code: 'bad-input',
    });
    await create(host, data, 'Page after');
    await host.call('sync.wait', { workspace: data.workspace, timeout: 20_000 });
    const folder = dataFolderAt(join(await bench.folder(), 'new'));
    await restoreHost(folder, target, new Date());
    const restored = await bench.start(folder.root);
    await until('the restored one has what came after', async () =>
      (await titlesOf(restored, data.workspace)).includes('Page after'),
    );
    expect((await restored.call('hello', {})).notices.join()).toContain('restored');
    expect(hubOf(folder.root)).not.toBe(hubOf(data.folder));
  });

  test('[BA10] into a folder of another device it is refused, and a damaged backup leaves nothing', async () => {
    const data = await written(null, 2);
    const host = await bench.start(data.folder);
    const target = join(await bench.folder(), 'backup');
    await host.call('backup', { directory: target });
    const other = await written(null, 1);
    await expect(restoreHost(dataFolderAt(other.folder), target, new Date())).rejects.toMatchObject({
      code: 'already-exists',
    });
    writeFileSync(join(target, 'store', 'head.json'), '{"changes":9}\n');
    const empty = await bench.folder();
    await expect(restoreHost(dataFolderAt(empty), target, new Date())).rejects.toMatchObject({ code: 'damaged' });
    expect(readdirSync(empty)).toEqual([]);
    await expect(restoreHost(dataFolderAt(empty), other.folder, new Date())).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('[ID1] [ID2] a folder that was copied while nothing ran: both go on, both edit, every word is everywhere', async () => {
    const relay = await relayIn(await temporaryFolder());
    const data = await written(relay, 3);
    const copy = await bench.folder();
    cpSync(data.folder, copy, { recursive: true, preserveTimestamps: true });
    const [a, b] = [await bench.start(data.folder), await bench.start(copy)];
    expect(hubOf(copy)).not.toBe(hubOf(data.folder));
    expect((await a.call('hello', {})).notices).toEqual([]);
    expect((await b.call('hello', {})).notices.join()).toContain('copied or restored');
    const [page] = await a.call('doc.list', { workspace: data.workspace });
    await Promise.all([
      a.call('doc.rename', { workspace: data.workspace, document: page!.id, title: 'Page by the first' }),
      ...[0, 1, 2].map((at) => create(a, data, `Page a${at}`)),
      ...[0, 1, 2].map((at) => create(b, data, `Page b${at}`)),
    ]);
    for (const host of [a, b]) await host.call('sync.wait', { workspace: data.workspace, timeout: 20_000 });
    await until('both have the same', async () => {
      const [one, two] = await Promise.all([titlesOf(a, data.workspace), titlesOf(b, data.workspace)]);
      return one.length === 9 && one.sort().join() === two.sort().join() && one.includes('Page by the first');
    });
    // The second start of the copy is no copy any more.
    const hub = hubOf(copy);
    await bench.stop(b);
    await bench.stop(await bench.start(copy));
    expect(hubOf(copy)).toBe(hub);
  });

  test('[ID3] client ids are made anew at each edit: a folder and its copy never write under the same one', async () => {
    const data = await written(null, 1);
    const copy = await bench.folder();
    cpSync(data.folder, copy, { recursive: true, preserveTimestamps: true });
    const writers = async (folder: string): Promise<number[]> => {
      const host = await bench.start(folder);
      const [page] = await host.call('doc.list', { workspace: data.workspace });
      for (const title of ['Page x', 'Page y']) {
        await host.call('doc.rename', { workspace: data.workspace, document: page!.id, title });
      }
      const clocks = new RoomBytes(await host.parts.store.load(page!.room)).stateVector();
      await bench.stop(host);
      return [...decodeStateVector(clocks)!.keys()];
    };
    const before = new Set(await writers(data.folder));
    const again = await writers(data.folder);
    const there = await writers(copy);
    const common = there.filter((client) => before.has(client));
    expect(again.length).toBeGreaterThan(before.size);
    // What was written before the copy was made is common, and nothing else.
    expect(common).toHaveLength(there.length - 2);
    expect(there.filter((client) => again.includes(client))).toEqual(common);
  });

  test('[ID2] a process that ended while it took a new identity is completed by the next opening', async () => {
    const data = await written(null, 1);
    const file = join(storeOf(data.folder), 'format.json');
    const old = readFileSync(file);
    const open = (newIdentity: boolean) => LevelDocStore.open({ directory: storeOf(data.folder), newIdentity });
    const renewed = await open(true);
    await renewed.close();
    expect(hubOf(data.folder)).toBe(renewed.hub);
    // What lay there between the batch and the file.
    writeFileSync(file, old);
    const next = await open(false);
    await next.close();
    expect([next.hub, hubOf(data.folder)]).toEqual([renewed.hub, renewed.hub]);
    writeFileSync(file, JSON.stringify({ format: 1, hub: 'another' }));
    await expect(open(false)).rejects.toMatchObject({ code: 'damaged' });
  });

  test('[ID1] a folder that is moved, or of an older version, is none', async () => {
    const data = await written(null, 1);
    const hub = hubOf(data.folder);
    rmSync(join(data.folder, 'place.json'));
    await bench.stop(await bench.start(data.folder));
    const parent = await bench.folder();
    const moved = join(parent, 'moved');
    renameSync(data.folder, moved);
    mkdirSync(data.folder);
    await bench.stop(await bench.start(moved));
    expect(hubOf(moved)).toBe(hub);
  });
});
