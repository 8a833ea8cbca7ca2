import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HostBench, until } from '../../tests/support/host.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { Announcement } from '../contract/calls.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function withWorkspace() {
  const folder = await bench.folder();
  const host = await bench.start(folder);
  const workspace = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await host.call('space.list', { workspace: workspace.id });
  return { folder, host, workspace: workspace.id, space: space!.id };
}

describe('a host in its data folder', () => {
  it('[X6] creates a workspace with one space and my name, without any network, and has it after a restart', async () => {
    const { folder, host, workspace } = await withWorkspace();
    expect((await host.call('hello', {})).workspaces).toEqual([
      {
        id: workspace,
        title: 'Perigee',
        member: workspace,
        relay: null,
        role: 'owner',
        mine: 'member',
        removedAt: null,
      },
    ]);
    await bench.stop(host);
    const again = await bench.start(folder);
    expect((await again.call('hello', {})).workspaces).toMatchObject([{ id: workspace, title: 'Perigee' }]);
    expect(await again.call('space.list', { workspace })).toMatchObject([{ name: 'Everyone' }]);
    expect(await again.call('workspace.members', { workspace })).toMatchObject([
      { id: workspace, name: 'Ana', role: 'owner', me: true },
    ]);
    expect((await stat(path.join(folder, 'device.json'))).mode & 0o777).toBe(0o600);
  });

  it('[X7] pages, their places and titles are there after a restart', async () => {
    const { folder, host, workspace, space } = await withWorkspace();
    const plan = await host.call('doc.create', { workspace, space, kind: 'page', title: 'Plan', parent: null });
    const below = await host.call('doc.create', { workspace, space, kind: 'page', title: 'May', parent: plan.id });
    await host.call('doc.create', { workspace, space, kind: 'page', title: 'First', parent: null, after: null });
    await host.call('doc.rename', { workspace, document: below.id, title: 'May and June' });
    const before = await host.call('doc.list', { workspace });
    await bench.stop(host);
    const again = await bench.start(folder);
    expect(await again.call('doc.list', { workspace })).toEqual(before);
    const sorted = [...before].filter((one) => one.parent === null).sort((a, b) => (a.order < b.order ? -1 : 1));
    expect(sorted.map((one) => one.title)).toEqual(['First', 'Plan']);
    expect(before.find((one) => one.id === below.id)).toMatchObject({ title: 'May and June', parent: plan.id });
  });

  it('[X13] archiving takes the pages below along, and restoring brings back exactly those', async () => {
    const { host, workspace, space } = await withWorkspace();
    const make = (title: string, parent: string | null) =>
      host.call('doc.create', { workspace, space, kind: 'page', title, parent });
    const top = await make('top', null);
    const child = await make('child', top.id);
    const early = await make('archived before', top.id);
    await host.call('doc.archive', { workspace, document: early.id });
    // What was archived at one time comes back together.
    const at = Date.now();
    await until('the clock has moved on', () => Date.now() > at);
    await host.call('doc.archive', { workspace, document: top.id });
    const archived = async () =>
      (await host.call('doc.list', { workspace }))
        .filter((one) => one.archived)
        .map((one) => one.id)
        .sort();
    expect(await archived()).toEqual([top.id, child.id, early.id].sort());
    await host.call('doc.unarchive', { workspace, document: top.id });
    expect(await archived()).toEqual([early.id]);
  });

  it('[W12] a page moves below another, never below itself, and stands where it was put', async () => {
    const { host, workspace, space } = await withWorkspace();
    const ids: string[] = [];
    for (const title of ['a', 'b', 'c']) {
      ids.push((await host.call('doc.create', { workspace, space, kind: 'page', title, parent: null })).id);
    }
    const [a, b, c] = ids as [string, string, string];
    await host.call('doc.move', { workspace, document: c, parent: null, after: a });
    const order = (await host.call('doc.list', { workspace })).sort((x, y) => (x.order < y.order ? -1 : 1));
    expect(order.map((one) => one.id)).toEqual([a, c, b]);
    await host.call('doc.move', { workspace, document: b, parent: a });
    await expect(host.call('doc.move', { workspace, document: a, parent: b })).rejects.toMatchObject({
      code: 'bad-input',
    });
    expect(await host.call('doc.get', { workspace, document: b })).toMatchObject({ parent: a });
  });

  it('announces what changed to every window, and only what changed', async () => {
    const { host, workspace, space } = await withWorkspace();
    const heard: Announcement[] = [];
    host.onAnnouncement((announcement) => heard.push(announcement));
    const page = await host.call('doc.create', { workspace, space, kind: 'page', title: 'Plan', parent: null });
    await host.call('space.create', { workspace, name: 'Product' });
    const catalogue = heard.filter((one) => one.event === 'catalogue' && one.changed.length > 0);
    expect(catalogue).toMatchObject([{ changed: [{ id: page.id, title: 'Plan' }] }]);
    const spaces = heard.filter((one) => one.event === 'spaces').at(-1);
    expect(spaces?.event === 'spaces' && spaces.spaces.map((one) => one.name)).toEqual(['Everyone', 'Product']);
  });

  it('[X10] refuses a folder of a newer version and leaves it untouched', async () => {
    const folder = await bench.folder();
    await writeFile(path.join(folder, 'format.json'), JSON.stringify({ program: 'caravan', format: 99 }));
    await expect(bench.start(folder)).rejects.toMatchObject({ code: 'too-new' });
    expect(await readdir(folder)).toEqual(['format.json']);
  });

  it('[X9] a create that fails half way leaves no workspace behind', async () => {
    const folder = await bench.folder();
    const host = await bench.start(folder);
    await writeFile(path.join(folder, 'workspaces'), 'a file where the folder should be');
    await expect(host.call('workspace.create', { title: 'Perigee', name: 'Ana' })).rejects.toThrow();
    expect((await host.call('hello', {})).workspaces).toEqual([]);
    expect(await readFile(path.join(folder, 'workspaces'), 'utf8')).toBe('a file where the folder should be');
  });

  it('[X10] a workspace without a relay says so in words', async () => {
    const { host, workspace } = await withWorkspace();
    await expect(host.call('invite.create', { workspace })).rejects.toMatchObject({ code: 'not-found' });
    expect(await host.call('workspace.truths', { workspace })).toEqual({
      storage: { state: 'ok' },
      link: { state: 'none' },
      outbox: [],
      lost: [],
      outboxIsComplete: true,
      fetching: 0,
      fetched: 0,
      large: [],
      attachments: {
        here: 0,
        hereBytes: 0,
        waiting: 0,
        waitingBytes: 0,
        missing: 0,
        missingBytes: 0,
        trouble: null,
        largest: LIMITS.blob,
      },
    });
    await expect(host.call('workspace.create', { title: '   ', name: 'Ana' })).rejects.toMatchObject({
      code: 'bad-input',
    });
  });
});
