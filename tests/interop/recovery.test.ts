// Recovery, backup and restore of a data folder by the built `caravan`: exit codes, JSON, a host that opens in recovery.
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CallClient } from '../../app/contract/call-messages.ts';
import { damageTable } from '../support/damage.ts';
import { HostBench } from '../support/host.ts';
import { caravan, killLeftovers, openHost } from '../support/host-process.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(async () => {
  killLeftovers();
  await bench.dispose();
});

/** A folder with a page; its store has a table. */
async function filled(): Promise<string> {
  const folder = await bench.folder();
  const host = await bench.start(folder);
  const { id: workspace } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await host.call('space.list', { workspace });
  for (let at = 0; at < 20; at += 1) {
    const title = `Page ${at}`;
    await host.call('doc.create', { workspace, space: space!.id, kind: 'page', title, parent: null });
  }
  await bench.stop(host);
  await bench.stop(await bench.start(folder, { links: false }));
  return folder;
}

async function callsOf(folder: string): Promise<{ client: CallClient; close: () => void }> {
  const { port, token } = JSON.parse(await readFile(path.join(folder, 'host.json'), 'utf8')) as {
    port: number;
    token: string;
  };
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/calls`, { headers: { authorization: `Bearer ${token}` } });
  const client = new CallClient({ send: (text) => socket.send(text) }, () => undefined);
  socket.on('message', (data) => client.receive(String(data)));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return { client, close: () => socket.close() };
}

it('[RV6] [X10] commands on a damaged store end with 1 and the ways out; doctor lists, repair mends and keeps the original', async () => {
  const folder = await filled();
  damageTable(path.join(folder, 'store'));
  const listed = await caravan('doc', 'list', '--data', folder);
  expect([listed.code, listed.out]).toEqual([1, '']);
  expect(listed.err).toContain(`caravan repair --data ${folder}`);
  const looked = await caravan('doctor', '--data', folder, '--json');
  expect(looked.code).toBe(1);
  expect(JSON.stringify(looked.json())).toContain('checksums');
  const repaired = await caravan('repair', '--data', folder, '--json');
  expect([repaired.code, repaired.json()]).toEqual([0, expect.objectContaining({ kind: 'repaired' })]);
  expect(readdirSync(folder).filter((name) => name.startsWith('store-before-repair-'))).toHaveLength(1);
  expect((await caravan('doc', 'list', '--data', folder)).code).toBe(0);
  expect(await caravan('repair', '--data', folder)).toMatchObject({
    code: 0,
    out: expect.stringContaining('All is well') as string,
  });
});

it('[RV1] [RV5] open serves recovery, a second start joins it, commands say so; after the repair the same process serves everything', async () => {
  const folder = await filled();
  damageTable(path.join(folder, 'store'));
  const host = await openHost(folder);
  const second = await openHost(folder);
  expect(second.pid).toBe(host.pid);
  const listed = await caravan('doc', 'list', '--data', folder);
  expect([listed.code, listed.err]).toEqual([1, expect.stringContaining('recover')]);
  const refused = await caravan('repair', '--data', folder);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('is running')]);
  const { client, close } = await callsOf(folder);
  expect((await client.call('hello', {})).recovery).toMatchObject({ store: path.join(folder, 'store') });
  await client.call('recovery.repair', {});
  expect((await client.call('hello', {})).recovery).toBeNull();
  close();
  const after = await caravan('doc', 'list', '--data', folder, '--json');
  expect([after.code, (after.json() as unknown[]).length > 10]).toEqual([0, true]);
  expect(await host.end('SIGTERM')).toBe(0);
});

it('[BA9] [BA10] [X14] backup of a running host, restore into a new folder and into its own', async () => {
  const folder = await filled();
  const host = await openHost(folder);
  const target = path.join(await bench.folder(), 'backup');
  const made = await caravan('backup', target, '--data', folder, '--json');
  expect([made.code, made.json()]).toEqual([0, expect.objectContaining({ folder: target })]);
  expect((await caravan('backup', target, '--data', folder)).code).toBe(1);
  expect((await caravan('restore', target, '--data', folder)).err).toContain('is running');
  expect(await host.end('SIGTERM')).toBe(0);
  const fresh = path.join(await bench.folder(), 'fresh');
  expect((await caravan('restore', target, '--data', fresh)).code).toBe(0);
  const listed = await caravan('doc', 'list', '--data', fresh, '--json');
  expect((listed.json() as unknown[]).length).toBe(20);
  const status = await caravan('status', '--data', fresh, '--json');
  expect(status.json()).toMatchObject({
    snapshots: [],
    notices: expect.arrayContaining([expect.stringContaining('restored')]) as unknown,
  });
  const over = await caravan('restore', target, '--data', folder, '--json');
  expect([over.code, over.json()]).toEqual([
    0,
    expect.objectContaining({ original: expect.stringContaining('store-before-repair-') as unknown }),
  ]);
  expect((await caravan('restore', fresh, '--data', folder)).err).toContain('holds no backup');
});
