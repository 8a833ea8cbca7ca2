// Leaving a workspace and deleting what is here of it, and moving a document between spaces, against a closed relay process.
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AccessTeam } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
import { bundleRelay, type RelayBundle } from '../support/relay-process.ts';

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

async function filesWith(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(path.join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    if (bytes.includes(text)) found.push(entry.name);
  }
  return found;
}

describe('leaving', () => {
  it('[I2] [X11] exports what one may read, also after a space was quit whose pages are here', async () => {
    // One space that could not be read any more made the export of the whole workspace fail, just before leaving it.
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace, space } = team;
    await team.page(ana, space, 'Harbour plan');
    const bo = await team.join('Bo');
    await team.untilTitles(bo, 'Harbour plan');
    const second = await bo.call('space.create', { workspace, name: 'Sailing' });
    await bo.call('doc.create', { workspace, space: second.id, kind: 'page', title: 'Knots', parent: null });
    await bo.call('space.quit', { workspace, space });
    const directory = path.join(bo.folder.root, '..', `${path.basename(bo.folder.root)}-export`);
    const { job } = await bo.call('export.markdown', { workspace, directory });
    await until('the export has ended', async () => (await bo.call('job.get', { job })).status.state !== 'running');
    expect((await bo.call('job.get', { job })).status).toMatchObject({ state: 'done' });
    expect(await filesWith(directory, 'Knots')).not.toEqual([]);
    expect(await filesWith(directory, 'Harbour')).toEqual([]);
    await rm(directory, { recursive: true });
    await expect(bo.call('export.zip', { workspace, space })).rejects.toThrow('You are not in this space');
  });

  it('[X11] names what would be lost, tells the others, and leaves no byte of the workspace in the folder; another one stays', async () => {
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace, space } = team;
    const word = 'tangerinelighthouse';
    await team.page(ana, space, word);
    const bo = await team.join('Bo');
    await team.untilTitles(bo, word);
    const own = await bo.call('workspace.create', { title: 'Allotment', name: 'Bo' });
    const [ownSpace] = await bo.call('space.list', { workspace: own.id });
    await bo.call('doc.create', { workspace: own.id, space: ownSpace!.id, kind: 'page', title: 'Beans', parent: null });
    await expect(ana.call('workspace.leave', { workspace, erase: false })).rejects.toThrow('Hand it over');
    await expect(bo.call('workspace.erase', { workspace })).rejects.toThrow('Leave it first');
    await expect(bo.call('workspace.leave', { workspace: own.id, erase: false })).rejects.toThrow('Nobody else');
    const leaving = await bo.call('workspace.leaving', { workspace });
    expect(leaving).toMatchObject({ soleOwner: false, documents: 1 });
    expect(leaving.bytes).toBeGreaterThan(0);
    expect((await ana.call('workspace.leaving', { workspace })).soleOwner).toBe(true);
    const folder = bo.folder.root;
    const member = team.member(bo);
    expect(await filesWith(folder, word)).not.toEqual([]);
    await bo.call('workspace.leave', { workspace, erase: true });
    await until('Ana sees that Bo left', async () =>
      (await ana.call('workspace.members', { workspace })).some((one) => one.id === member && one.removed),
    );
    expect((await bo.call('hello', {})).workspaces.map((one) => one.title)).toEqual(['Allotment']);
    expect(await filesWith(folder, word)).toEqual([]);
    expect(await readdir(path.join(folder, 'workspaces'))).toEqual([own.id]);
    const again = await team.restart(bo);
    expect((await again.call('hello', {})).workspaces).toHaveLength(1);
    expect(await again.call('doc.list', { workspace: own.id })).toMatchObject([{ title: 'Beans' }]);
    expect((await ana.call('log.list', { workspace })).at(-1)).toMatchObject({
      verb: 'member.remove',
      actor: member,
      member,
    });
  }, 60_000);

  it('[X11] whoever left without deleting reads on, and deletes later', async () => {
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace, space } = team;
    await team.page(ana, space, 'Plan');
    const bo = await team.join('Bo');
    await team.untilTitles(bo, 'Plan');
    await bo.call('workspace.leave', { workspace, erase: false });
    expect((await bo.call('hello', {})).workspaces).toMatchObject([{ mine: 'left' }]);
    expect(await team.titles(bo)).toBe('Plan');
    await expect(team.page(bo, space, 'No')).rejects.toMatchObject({ code: 'not-allowed' });
    await bo.call('workspace.erase', { workspace });
    expect((await bo.call('hello', {})).workspaces).toEqual([]);
  }, 60_000);
});

describe('moving a document to another space', () => {
  it('[DD5] takes its text and what stands below along, says who will read it, and words written in the old room follow', async () => {
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace, space } = team;
    const pilot = await ana.call('space.create', { workspace, name: 'Pilot', visibility: 'invited' });
    const plan = await team.page(ana, space, 'Plan');
    const below = await ana.call('doc.create', { workspace, space, kind: 'page', title: 'Below', parent: plan });
    const bo = await team.join('Bo');
    await team.untilTitles(bo, 'Below,Plan');
    const gus = await team.join('Gus', { role: 'guest', spaces: [{ space: pilot.id, role: 'viewer' }] });
    // Bo is away, and goes on writing where the page was.
    await team.relay.end('SIGTERM');
    await bo.call('doc.rename', { workspace, document: plan, title: 'Plan of Bo' });

    const { room, outsiders } = await ana.call('doc.transfer', { workspace, document: plan, space: pilot.id });
    expect(room).toBe(`${workspace}/${pilot.id}/${plan}`);
    expect(outsiders).toEqual([team.member(gus)]);
    const list = await ana.call('doc.list', { workspace });
    expect(list.map((one) => [one.title, one.space, one.parent]).sort()).toEqual([
      ['Below', pilot.id, plan],
      ['Plan', pilot.id, null],
    ]);
    expect(list.find((one) => one.id === below.id)?.room).toContain(pilot.id);
    await expect(ana.call('doc.transfer', { workspace, document: plan, space: pilot.id })).rejects.toThrow('already');

    await team.startRelay();
    await team.untilTitles(gus, 'Below,Plan of Bo', 40_000);
    await until('Ana reads what Bo wrote', async () => (await team.titles(ana)) === 'Below,Plan of Bo');
    // Bo may not read the space it went to: it left his lists.
    await until('it left Bo’s lists', async () => (await team.titles(bo)) === '');
    // And back again.
    await ana.call('doc.transfer', { workspace, document: plan, space });
    await team.untilTitles(bo, 'Below,Plan of Bo');
    expect((await ana.call('doc.get', { workspace, document: plan }))?.space).toBe(space);
  }, 90_000);
});
