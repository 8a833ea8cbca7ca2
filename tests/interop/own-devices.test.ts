// One's own computers against a closed relay process: a second one by two codes, the recovery key, a purge that reaches everybody.
import { readdir, readFile } from 'node:fs/promises';
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

/** Whether a text stands anywhere in the files of a folder. */
async function isInFiles(folder: string, text: string): Promise<boolean> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(path.join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    if (bytes.includes(text)) return true;
  }
  return false;
}

describe('a second computer of one’s own', () => {
  it('comes in by two codes, also after a restart in between, has a name, and is taken out again', async () => {
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace, space } = team;
    await team.page(ana, space, 'Plan');
    const { link } = await ana.call('device.invite', { workspace });
    const folder = await bench.folder();
    const before = await bench.start(folder);
    const { code, pending } = await before.call('device.answer', { link, name: 'train laptop' });
    expect(pending).toBe(workspace);
    await bench.stop(before);
    const laptop = await bench.start(folder);
    expect((await laptop.call('hello', {})).workspaces).toEqual([]);

    const { device } = await ana.call('device.add', { workspace, code });
    expect(await ana.call('device.add', { workspace, code })).toEqual({ device });
    await until('the laptop is in', async () => (await laptop.call('hello', {})).workspaces.length === 1);
    await team.untilTitles(laptop, 'Plan');
    expect((await laptop.call('hello', {})).workspaces).toMatchObject([
      { member: workspace, role: 'owner', mine: 'member' },
    ]);
    await team.page(laptop, space, 'From the train');
    await team.untilTitles(ana, 'From the train,Plan');
    await until('it has its name', async () =>
      (await ana.call('device.list', { workspace })).some((one) => one.id === device && one.name === 'train laptop'),
    );

    await ana.call('device.remove', { workspace, device });
    await until(
      'the laptop hears of it',
      async () => (await laptop.call('hello', {})).workspaces[0]?.mine === 'removed',
    );
    await expect(team.page(laptop, space, 'No')).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await team.titles(laptop)).toBe('From the train,Plan');
  }, 60_000);

  it('the lost device of a sole owner is recovered with the 24 words, and taken out', async () => {
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace, space, relay } = team;
    await team.page(ana, space, 'Plan');
    expect(await ana.call('recovery.state', { workspace })).toEqual({ made: false, tested: false });
    const first = (await ana.call('recovery.create', { workspace })).words;
    const { words } = await ana.call('recovery.create', { workspace });
    await expect(ana.call('recovery.confirm', { workspace, words: first })).rejects.toThrow('another recovery key');
    await expect(ana.call('recovery.confirm', { workspace, words: 'one two' })).rejects.toThrow('24 words');
    await ana.call('recovery.confirm', { workspace, words: words.toUpperCase() });
    expect(await ana.call('recovery.state', { workspace })).toEqual({ made: true, tested: true });
    expect((await ana.call('device.list', { workspace })).map((one) => one.name)).toContain('Recovery key');
    const [lost] = (await ana.call('device.list', { workspace })).filter((one) => one.me);
    await ana.call('sync.wait', { workspace, timeout: 10_000 });
    // Her only computer is gone, with its folder.
    await bench.stop(ana);

    const anew = await bench.start(await bench.folder());
    const asked = { relay: relay.url, workspace, name: 'new computer' };
    await expect(anew.call('workspace.recover', { ...asked, words: first })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    await anew.call('workspace.recover', { ...asked, words });
    expect((await anew.call('hello', {})).workspaces).toMatchObject([
      { member: workspace, role: 'owner', mine: 'member' },
    ]);
    await team.untilTitles(anew, 'Plan');
    await anew.call('device.remove', { workspace, device: lost!.id });
    await until(
      'the lost one is out',
      async () => !(await anew.call('device.list', { workspace })).some((one) => one.id === lost!.id),
    );
    await team.page(anew, space, 'On');
    await anew.call('sync.wait', { workspace, timeout: 10_000 });
    expect((await anew.call('workspace.truths', { workspace })).outbox).toEqual([]);
  }, 60_000);
});

describe('a purged document', () => {
  it('[PU3] leaves the owner’s computer, the relay and a member’s computer, also one that was away, and stays gone', async () => {
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace, space } = team;
    const word = 'marmaladefalcon';
    const page = await team.page(ana, space, word);
    await team.page(ana, space, 'Plan');
    const bo = await team.join('Bo');
    await team.untilTitles(bo, `Plan,${word}`);
    const folder = bo.folder.root;
    await bench.stop(bo);
    expect(await isInFiles(folder, word)).toBe(true);
    await ana.call('doc.purge', { workspace, document: page });
    expect(await team.titles(ana)).toBe('Plan');
    expect(await isInFiles(ana.folder.root, word)).toBe(false);
    await until('the relay has none of it', async () => !(await isInFiles(team.relayFolder, word)));
    const again = await bench.start(folder);
    await until('Bo’s computer let go of it', async () => !(await isInFiles(folder, word)));
    await team.untilTitles(again, 'Plan');
    await again.call('sync.wait', { workspace, timeout: 10_000 });
    expect((await again.call('workspace.truths', { workspace })).outbox).toEqual([]);
    expect(await isInFiles(team.relayFolder, word)).toBe(false);
    await expect(again.call('doc.purge', { workspace, document: page })).rejects.toThrow('not on this computer');
    expect((await ana.call('log.list', { workspace })).at(-1)).toMatchObject({
      verb: 'document.purge',
      document: page,
    });
  }, 60_000);
});
