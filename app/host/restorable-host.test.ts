// Restoring a backup from the first screen: a host with nothing becomes the host of the backup; anything else changes nothing.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Announcement } from '../contract/calls.ts';
import { startHost } from './host.ts';
import { startOrRecover } from './recovering-host.ts';
import type { WindowHost } from './window-host.ts';

const VERSION = '0.0.0-test';
const folders: string[] = [];
const hosts: WindowHost[] = [];

afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'caravan-restore-'));
  folders.push(made);
  return made;
}

async function fresh(root: string): Promise<WindowHost> {
  const host = await startOrRecover({ dataFolder: join(root, 'new'), version: VERSION, links: false });
  hosts.push(host);
  return host;
}

async function backedUp(root: string): Promise<string> {
  const host = await startHost({ dataFolder: join(root, 'old'), version: VERSION, links: false });
  const workspace = await host.call('workspace.create', { title: 'Perigee', name: 'Mira' });
  const [space] = await host.call('space.list', { workspace: workspace.id });
  await host.call('doc.create', {
    workspace: workspace.id,
    space: space!.id,
    kind: 'page',
    title: 'Dish alignment',
    parent: null,
  });
  await host.call('backup', { directory: join(root, 'backup') });
  await host.close();
  return join(root, 'backup');
}

test('[X14] a backup is restored on a computer that has nothing, and windows hear of it', async () => {
  const root = await folder();
  const backup = await backedUp(root);
  const host = await fresh(root);
  const heard: Announcement[] = [];
  host.onAnnouncement((announcement) => heard.push(announcement));
  const { report } = await host.call('restore', { directory: backup });
  expect(report[0]).toContain('Restored');
  expect(heard).toContainEqual({ event: 'recovered' });
  const { workspaces, notices } = await host.call('hello', {});
  expect(workspaces.map(({ title }) => title)).toEqual(['Perigee']);
  expect(notices.join(' ')).toContain('restored');
  const documents = await host.call('doc.list', { workspace: workspaces[0]!.id });
  expect(documents.map(({ title }) => title)).toContain('Dish alignment');
  expect((await readdir(root)).sort()).toEqual(['backup', 'new', 'old']);
  await expect(host.call('restore', { directory: backup })).rejects.toMatchObject({ code: 'already-exists' });
});

test('[X10] [X14] what is no backup changes nothing, and the first screen goes on', async () => {
  const root = await folder();
  const host = await fresh(root);
  const { device } = await host.call('hello', {});
  await expect(host.call('restore', { directory: join(root, 'nothing') })).rejects.toMatchObject({ code: 'not-found' });
  expect((await host.call('hello', {})).device).toBe(device);
  expect(await readdir(root)).toEqual(['new']);
  await host.call('workspace.create', { title: 'Perigee', name: 'Mira' });
  await expect(host.call('restore', { directory: join(root, 'nothing') })).rejects.toMatchObject({
    code: 'already-exists',
  });
});
