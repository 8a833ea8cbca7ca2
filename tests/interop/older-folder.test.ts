// Folders of an earlier day under today's rules of access: those of the first version, and one restored from a backup.
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { DeviceKey, RecordBody } from '../../shared/access/identity.ts';
import { evaluateLog, hashRecord, signRecord } from '../../shared/access/membership-log.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { createProfile, createWorkspaceAbout, profileRoom, workspaceRoom } from '../../shared/model/profile/profile.ts';
import { createDocument } from '../../shared/model/document/commands.ts';
import { createSpace, spaceRoom } from '../../shared/model/space/space.ts';
import { restoreHost } from '../../app/host/host-backup.ts';
import { dataFolderAt } from '../../app/host/data-folder.ts';
import type { Host } from '../../app/host/host.ts';
import { writeAbout, writeLog } from '../../app/host/workspace-folder.ts';
import { AccessTeam } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
import { RelayCalls } from '../support/relay-calls.ts';
import { bundleRelay, startRelayProcess, type RelayBundle } from '../support/relay-process.ts';

let bundle: RelayBundle;
let bench: HostBench;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

const titles = async (host: Host, workspace: string): Promise<string> =>
  (await host.call('doc.list', { workspace }))
    .map((one) => one.title)
    .sort()
    .join();

/** What the first version left on two computers and a relay: an open log, documents, and no word of keys or tickets. */
async function firstVersion() {
  const [anaFolder, boFolder] = [await bench.folder(), await bench.folder()];
  const [ana, bo] = [await bench.start(anaFolder, { links: false }), await bench.start(boFolder, { links: false })];
  const records: string[] = [];
  const add = async (by: DeviceKey, body: RecordBody): Promise<string> => {
    const last = records.at(-1);
    const previous = last === undefined ? null : await hashRecord(last);
    const at = 1_700_000_000_000 + records.length;
    records.push(await signRecord(by, { version: 1, previous, body, at }));
    return hashRecord(records.at(-1)!);
  };
  const { device: hers } = ana.parts;
  const { device: his } = bo.parts;
  const workspace = await add(hers, { verb: 'workspace.create', device: hers.publicKey, nonce: randomId() });
  const space = randomId();
  await add(hers, { verb: 'space.create', space, visibility: 'open' });
  const member = await add(his, { verb: 'member.join', device: his.publicKey, nonce: randomId() });
  const log = await evaluateLog(records);
  if (!log.ok) throw new Error(log.reason);
  const relayFolder = path.join(await bench.folder(), 'relay');
  const serve = (...more: string[]) => startRelayProcess(bundle, ['serve', '--data', relayFolder, ...more]);
  const open = await serve('--port', '0', '--open');
  const { status } = await new RelayCalls(open.url).post(`/v1/log/${workspace}`, { records });
  expect(status).toBe(200);
  expect(await open.end('SIGTERM')).toBe(0);

  const fill = async (host: Host, me: string, name: string, title: string): Promise<void> => {
    const { access, documents, folder } = host.parts;
    access.set(workspace, { membership: log.membership, shared: log.membership });
    const begun = { createdBy: me, createdAt: 1_700_000_000_000 };
    await documents.edit(profileRoom(workspace, me), (doc) => createProfile(doc, { title: name, ...begun }));
    if (me === workspace) {
      await documents.edit(workspaceRoom(workspace), (doc) =>
        createWorkspaceAbout(doc, { title: 'Perigee', ...begun }),
      );
      await documents.edit(spaceRoom(workspace, space), (doc) => createSpace(doc, { name: 'Everyone', ...begun }));
    }
    await documents.edit(`${workspace}/${space}/${randomId()}`, (doc) =>
      createDocument(doc, { kind: 'page', title, parent: null, order: 'a0', ...begun }),
    );
    await writeLog(folder, workspace, records);
    await writeAbout(folder, workspace, { member: me, relay: open.url, title: 'Perigee', addedAt: begun.createdAt });
    await bench.stop(host);
  };
  await fill(ana, workspace, 'Ana', 'By Ana');
  await fill(bo, member, 'Bo', 'By Bo');
  const port = new URL(open.url).port;
  return { anaFolder, boFolder, workspace, space, member, closed: () => serve('--port', port) };
}

it('[AH2] a folder of version 1 is closed by its owner’s host at the next start; a member’s host takes it over, and both go on', async () => {
  const { anaFolder, boFolder, workspace, space, member, closed } = await firstVersion();
  await closed();
  // The member's computer comes first: it changes nothing, and waits with what it has.
  const bo = await bench.start(boFolder);
  expect(bo.parts.workspaces.get(workspace).log.membership.version).toBe(1);
  await until('its page is in the list', async () => (await titles(bo, workspace)).includes('By Bo'));
  const ana = await bench.start(anaFolder);
  expect(ana.parts.workspaces.get(workspace).log.membership.version).toBe(2);
  await until(
    'the member’s host has it',
    () => bo.parts.workspaces.get(workspace).log.membership.version === 2,
    20_000,
  );
  for (const host of [ana, bo]) {
    await until('all pages are there', async () => (await titles(host, workspace)) === 'By Ana,By Bo', 20_000);
  }
  const page = (title: string) => ({ workspace, space, kind: 'page', title, parent: null }) as const;
  await bo.call('doc.create', page('Bo goes on'));
  await ana.call('doc.create', page('Ana goes on'));
  for (const host of [ana, bo]) {
    await until('both went on', async () => (await titles(host, workspace)) === 'Ana goes on,Bo goes on,By Ana,By Bo');
    expect(await host.call('sync.wait', { workspace, timeout: 20_000 })).toMatchObject({ done: true });
    expect((await host.call('workspace.truths', { workspace })).outbox).toEqual([]);
  }
  expect(await ana.call('workspace.members', { workspace })).toMatchObject([
    { id: workspace, name: 'Ana', role: 'owner' },
    { id: member, name: 'Bo', role: 'member', spaces: [{ space, role: 'member', until: null }] },
  ]);
  // Closed once: a second start adds no record.
  const { length } = await ana.call('log.list', { workspace });
  await bench.stop(ana);
  const again = await bench.start(anaFolder, { links: false });
  expect((await again.call('log.list', { workspace })).length).toBe(length);
}, 60_000);

it('[X14] [BA10] [ID2] a backup brings back the device and its recovery key, as a computer of its own that the relay lets in', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace, space, relay } = team;
  await team.page(ana, space, 'Before');
  const { words } = await ana.call('recovery.create', { workspace });
  await ana.call('recovery.confirm', { workspace, words });
  await ana.call('sync.wait', { workspace, timeout: 10_000 });
  const target = path.join(await bench.folder(), 'backup');
  await ana.call('backup', { directory: target });
  // Both the log and the documents go on behind the backup.
  const bo = await team.join('Bo');
  await team.page(ana, space, 'After');
  await team.untilTitles(bo, 'After,Before');

  const folder = dataFolderAt(path.join(await bench.folder(), 'restored'));
  await restoreHost(folder, target, new Date());
  const restored = await bench.start(folder.root);
  expect(restored.parts.device.id).toBe(ana.parts.device.id);
  expect(restored.parts.store.hub).not.toBe(ana.parts.store.hub);
  await team.untilTitles(restored, 'After,Before', 20_000);
  expect(await restored.call('recovery.state', { workspace })).toEqual({ made: true, tested: true });
  const [page] = await restored.call('doc.list', { workspace });
  const { url, protocols } = await restored.call('ticket', { workspace, document: page!.id });
  expect([url.startsWith(relay.url), protocols.some((one) => one.startsWith('tkt.'))]).toEqual([true, true]);
  // The restored folder and the one it was made of write at once: every word is everywhere.
  await Promise.all([
    team.page(restored, space, 'By the restored'),
    team.page(ana, space, 'By the first'),
    restored.call('doc.rename', { workspace, document: page!.id, title: 'Renamed' }),
  ]);
  for (const host of [ana, bo, restored]) {
    await until('the same is everywhere', async () => {
      const now = await team.titles(host);
      return ['By the first', 'By the restored', 'Renamed'].every((one) => now.includes(one));
    });
  }
  // The words on paper still open a computer of one's own.
  const anew = await bench.start(await bench.folder());
  await anew.call('workspace.recover', { relay: relay.url, workspace, name: 'new computer', words });
  expect((await anew.call('hello', {})).workspaces).toMatchObject([{ member: workspace, role: 'owner' }]);
}, 60_000);
