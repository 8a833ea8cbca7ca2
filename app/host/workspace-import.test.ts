// A whole workspace goes out in one action, and importing it into an empty one gives the same: spaces, pages, threads, comments. Over real hosts in folders.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endedJob, HostBench } from '../../tests/support/host.ts';
import { addComment } from '../../shared/model/comments/commands.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { vote } from '../../shared/model/thread/commands.ts';
import type { Host } from './host.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function workspaceOf(name: string) {
  const host = await bench.start(await bench.folder(), { links: false });
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name });
  return { host, workspace, member };
}

async function filesOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((one) => one.isFile() && !one.name.startsWith('.'));
  const found = new Map<string, string>();
  for (const { parentPath, name } of files) {
    const whole = path.join(parentPath, name);
    found.set(path.relative(folder, whole), await readFile(whole, 'utf8'));
  }
  return found;
}

async function out(host: Host, workspace: string) {
  const folder = path.join(await bench.folder(), 'out');
  const { status } = await endedJob(host, (await host.call('export.markdown', { workspace, directory: folder })).job);
  expect(status.state).toBe('done');
  return { folder, files: await filesOf(folder) };
}

it('[I2][EX6][EX7] every space with what is in it comes back in a workspace that has none of them; a second time nothing changes', async () => {
  const from = await workspaceOf('Ana');
  const { host, workspace, member } = from;
  for (const [name, purpose] of [
    ['Radio: all', 'Antennas and noise'],
    ['Bread', ''],
  ] as const) {
    const { id: space } = await host.call('space.create', { workspace, name, purpose });
    const page = await host.call('doc.create', { workspace, space, kind: 'page', title: `Of ${name}`, parent: null });
    await host.call('doc.create', { workspace, space, kind: 'board', title: 'Board', parent: page.id });
    const idea = await host.call('thread.begin', {
      workspace,
      space,
      type: 'idea',
      title: 'Idea',
      text: `See [[x]](page:${page.id})`,
    });
    await host.parts.documents.edit(idea.room, (doc) => vote(doc, { member, choices: [], at: 5 }));
    await host.parts.documents.edit(page.room, (doc) => {
      appendBlocks(bodyOf(doc), parseMarkdown(`Words of [Idea](page:${idea.id})`).blocks);
      addComment(doc, {
        anchor: [],
        quote: 'Words',
        post: { author: member, device: host.parts.device.id, text: 'Yes', at: 9 },
      });
    });
  }
  const old = await host.call('doc.create', {
    workspace,
    space: (await host.call('space.list', { workspace })).find(({ name }) => name === 'Bread')!.id,
    kind: 'page',
    title: 'Old',
    parent: null,
  });
  await host.call('doc.archive', { workspace, document: old.id });
  const say = (of: typeof from, key: string, value: unknown) =>
    of.host.parts.documents.edit(`${of.workspace}/@${of.member}/profile`, (doc) =>
      doc.getMap('profile').set(key, value),
    );
  await say(from, 'role', 'Radio operator');
  await say(from, 'skill/kites', 'Kites');
  await say(from, 'place', 'Recife');
  await say(from, 'later', { of: ['a', 'version'] });
  await say(from, 'picture', { blob: 'a'.repeat(64), size: 3 });
  const sent = await out(host, workspace);
  expect([...sent.files.keys()].sort()).toEqual([
    'Bread/Of Bread/Board.board.json',
    'Bread/Of Bread/Board.md',
    'Bread/Of Bread/index.md',
    'Bread/Of Bread/index.page.json',
    'Bread/_archive/Old.md',
    'Bread/_threads/Idea.md',
    'Bread/_threads/Idea.thread.json',
    'Radio- all/Of Radio- all/Board.board.json',
    'Radio- all/Of Radio- all/Board.md',
    'Radio- all/Of Radio- all/index.md',
    'Radio- all/Of Radio- all/index.page.json',
    'Radio- all/_threads/Idea.md',
    'Radio- all/_threads/Idea.thread.json',
    '_people.json',
  ]);

  const to = await workspaceOf('Ana');
  await say(to, 'place', 'Olinda');
  const bring = async () =>
    (
      await endedJob(
        to.host,
        (await to.host.call('import.markdown', { workspace: to.workspace, directory: sent.folder })).job,
      )
    ).report;
  expect(await bring()).toMatchObject({ created: 7, updated: 0, left: [], problems: [] });
  // One's own profile takes what it does not say yet; nobody writes another's.
  const profile = await to.host.parts.documents.read(`${to.workspace}/@${to.member}/profile`, (doc) =>
    doc.getMap('profile').toJSON(),
  );
  expect(profile).toEqual({
    role: 'Radio operator',
    'skill/kites': 'Kites',
    later: { of: ['a', 'version'] },
    place: 'Olinda',
  });
  await say(to, 'place', 'Recife');
  const spaces = await to.host.call('space.list', { workspace: to.workspace });
  expect(
    spaces
      .filter(({ name }) => /Radio|Bread/.test(name))
      .map(({ name, purpose }) => [name, purpose])
      .sort(),
  ).toEqual([
    ['Bread', ''],
    ['Radio: all', 'Antennas and noise'],
  ]);
  const again = await out(to.host, to.workspace);
  expect([...again.files.keys()].sort()).toEqual([...sent.files.keys()].sort());
  const all = async (of: typeof from) => [
    of.workspace,
    of.member,
    ...(await of.host.call('doc.list', { workspace: of.workspace }))
      .sort((a, b) => (a.title + a.room.length < b.title + b.room.length ? -1 : 1))
      .map(({ id }) => id),
  ];
  const idsOfBoth = [await all(from), await all(to)] as const;
  for (const [name, text] of sent.files) {
    const plain = (said: string, ids: readonly string[]) =>
      ids
        .reduce((whole, id) => whole.replaceAll(id, '<id>'), said)
        .replace(/,(?=\n)/g, '')
        .split('\n')
        .sort();
    expect([name, plain(again.files.get(name)!, idsOfBoth[1])]).toEqual([name, plain(text, idsOfBoth[0])]);
  }
  expect(await bring()).toMatchObject({ created: 0, updated: 0, unchanged: 7, left: [], problems: [] });

  // As a window does it, which reads the files itself.
  const third = await workspaceOf('Ana');
  const manifest = await readFile(path.join(sent.folder, '.caravan-export.json'), 'utf8');
  const made = await third.host.call('import.spaces', { workspace: third.workspace, manifest });
  expect(made.spaces.map(({ folder }) => folder).sort()).toEqual(['Bread', 'Radio- all']);
  const read = [...sent.files, ['.caravan-export.json', manifest] as const];
  const files = read.map(([name, text]) => ({ path: name, text }));
  const { report } = await endedJob(
    third.host,
    (await third.host.call('import.files', { workspace: third.workspace, files })).job,
  );
  expect(report).toMatchObject({ created: 7, updated: 0, left: [], problems: [] });
  const where = (await third.host.call('doc.list', { workspace: third.workspace })).map(({ space }) => space);
  expect([...new Set(where)].sort()).toEqual(made.spaces.map(({ space }) => space).sort());
  const ownProfile = `${third.workspace}/@${third.member}/profile`;
  expect(await third.host.parts.documents.read(ownProfile, (doc) => doc.getMap('profile').get('skill/kites'))).toBe(
    'Kites',
  );
});

it('[I2][EX6] a folder that says nothing of spaces is refused with a sentence, and a hostile manifest leads nowhere', async () => {
  const { host, workspace } = await workspaceOf('Ana');
  const folder = path.join(await bench.folder(), 'in');
  await mkdir(folder);
  await writeFile(path.join(folder, 'a.md'), '# A\n');
  await expect(host.call('import.markdown', { workspace, directory: folder })).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('Nothing was imported'),
  });
  for (const manifest of ['', '{"format":1,"files":[]}', '{"format":1,"files":[],"spaces":[{"folder":7}]}']) {
    await expect(host.call('import.spaces', { workspace, manifest })).rejects.toMatchObject({ code: 'bad-input' });
  }
  await expect(host.call('import.files', { workspace, files: [] })).rejects.toMatchObject({ code: 'bad-input' });
  const spaces = [{ folder: '../..', id: '../x', name: 'Evil\nname', purpose: '' }];
  await writeFile(path.join(folder, '.caravan-export.json'), JSON.stringify({ format: 1, spaces, files: [] }));
  const { status, report } = await endedJob(
    host,
    (await host.call('import.markdown', { workspace, directory: folder })).job,
  );
  expect([status.state, report?.created]).toEqual(['done', 0]);
  expect(await host.call('doc.list', { workspace })).toEqual([]);
});
