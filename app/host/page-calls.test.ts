// Calls that put pages away, copy them, and mark them: over a real host in a folder.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HostBench, until } from '../../tests/support/host.ts';
import { bodyOf, metaOf } from '../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { addTag, lockPage, setOwner, setTemplate } from '../../shared/model/properties/commands.ts';
import type { Announcement } from '../contract/calls.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function station() {
  const folder = await bench.folder();
  const host = await bench.start(folder);
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await host.call('space.list', { workspace });
  const make = async (title: string, parent: string | null = null) =>
    (await host.call('doc.create', { workspace, space: space!.id, kind: 'page', title, parent })).id;
  const room = (id: string): string => `${workspace}/${space!.id}/${id}`;
  /** Titles of what is not put away, with those of their parents. */
  const shown = async () => {
    const all = await host.call('doc.list', { workspace });
    const titleOf = (id: string | null) => all.find((one) => one.id === id)?.title ?? '';
    return all.filter((one) => !one.archived).map((one) => `${titleOf(one.parent)}/${one.title}`);
  };
  return { folder, host, workspace, member, space: space!.id, make, room, shown };
}

it('[W22][X13][DD6] the trash takes what stands below along; what was archived before goes back to the archive', async () => {
  const { host, workspace, member, make, shown } = await station();
  const plan = await make('Plan');
  const may = await make('May', plan);
  const old = await make('Old', plan);
  await host.call('doc.archive', { workspace, document: old });
  await host.call('doc.trash', { workspace, document: plan });
  expect(await shown()).toEqual([]);
  for (const id of [plan, may, old]) {
    expect(await host.call('doc.get', { workspace, document: id })).toMatchObject({
      archived: true,
      trashed: { by: member },
    });
  }
  await host.call('doc.untrash', { workspace, document: plan });
  expect((await shown()).sort()).toEqual(['/Plan', 'Plan/May']);
  const kept = await host.call('doc.get', { workspace, document: old });
  expect(kept).toMatchObject({ archived: true, parent: plan });
  expect(kept).not.toHaveProperty('trashed');
});

it('[W22] a duplicate stands behind its original, with what is below it, its text and what is said of it; links lead to the copies', async () => {
  const { host, workspace, member, make, room, shown } = await station();
  const plan = await make('Plan');
  const may = await make('May', plan);
  const after = await make('After');
  await host.parts.documents.edit(room(may), (doc) =>
    appendBlocks(bodyOf(doc), [
      { type: 'text', id: 'first-of-may', kind: 'paragraph', content: [{ type: 'page', page: plan, block: 'gone' }] },
    ]),
  );
  await host.parts.documents.edit(room(plan), (doc) => {
    addTag(doc, 'Radio');
    setOwner(doc, member);
    lockPage(doc, { by: member, at: 1 });
    metaOf(doc).set('frontMatter', 'layout: wide');
    appendBlocks(bodyOf(doc), [
      {
        type: 'text',
        kind: 'paragraph',
        content: [
          { type: 'text', text: 'see', marks: { link: `page:${may}` } },
          { type: 'text', text: ' and elsewhere', marks: { link: 'https://example.org/' } },
          { type: 'page', page: may },
          { type: 'page', page: may, block: 'first-of-may' },
          { type: 'page', page: after },
          { type: 'text', text: 'days', marks: { link: `page:${may}#Days%20of%20May` } },
        ],
      },
      ...parseMarkdown(`| Month |\n| --- |\n| [May](page:${may}) |`).blocks,
    ]);
  });
  await host.call('doc.list', { workspace });
  const copy = await host.call('doc.duplicate', { workspace, document: plan, below: true });
  expect(copy).toMatchObject({ title: 'Plan (copy)', parent: null, properties: { tags: ['Radio'], owner: member } });
  expect(copy.properties).not.toHaveProperty('locked');
  expect(await shown()).toEqual(expect.arrayContaining(['Plan/May', 'Plan (copy)/May']));
  const all = await host.call('doc.list', { workspace });
  const top = all.filter((one) => one.parent === null).sort((a, b) => (a.order < b.order ? -1 : 1));
  expect(top.map((one) => one.title)).toEqual(['Plan', 'Plan (copy)', 'After']);
  const copiedMay = all.find((one) => one.parent === copy.id)!.id;
  const { blocks, frontMatter } = await host.parts.documents.read(room(copy.id), (doc) => ({
    blocks: readBlocks(bodyOf(doc)),
    frontMatter: metaOf(doc).get('frontMatter'),
  }));
  expect(frontMatter).toBe('layout: wide');
  const mayBlocks = await host.parts.documents.read(room(copiedMay), (doc) => readBlocks(bodyOf(doc)));
  // Links, embeds with live titles, and those to a block or a heading; also in cells. What was not copied is led to as it was.
  expect(blocks[0]).toMatchObject({
    content: [
      { marks: { link: `page:${copiedMay}` } },
      { marks: { link: 'https://example.org/' } },
      { type: 'page', page: copiedMay },
      { type: 'page', page: copiedMay, block: mayBlocks[0]!.id },
      { type: 'page', page: after },
      { marks: { link: `page:${copiedMay}#Days%20of%20May` } },
    ],
  });
  expect(JSON.stringify(blocks[1])).toContain(`page:${copiedMay}`);
  expect(mayBlocks[0]).toMatchObject({ content: [{ type: 'page', page: copy.id, block: 'gone' }] });
  expect(JSON.stringify([blocks, mayBlocks])).not.toMatch(new RegExp(`${may}|${plan}|first-of-may`));
  const alone = await host.call('doc.duplicate', { workspace, document: plan, below: false });
  expect((await host.call('doc.list', { workspace })).some((one) => one.parent === alone.id)).toBe(false);
});

it('[W22][PP5] a page made of a template has its text with the placeholders filled in, and is no template', async () => {
  const { host, workspace, space, make, room } = await station();
  const template = await make('Pass {{date}}');
  await host.parts.documents.edit(room(template), (doc) => {
    setTemplate(doc, true);
    addTag(doc, 'pass');
    appendBlocks(bodyOf(doc), [
      {
        type: 'text',
        kind: 'paragraph',
        content: [{ type: 'text', text: '{{title}}, noted by {{author}}', marks: {} }],
      },
    ]);
  });
  const made = await host.call('doc.fromTemplate', {
    workspace,
    space,
    template,
    title: 'Pass {{date}}',
    parent: null,
  });
  expect(made.title).toMatch(/^Pass \d{4}-\d{2}-\d{2}$/);
  expect(made.properties).toEqual({ tags: ['pass'] });
  const shown = await host.call('doc.show', { workspace, document: made.id });
  expect(shown['content']).toContain(`${made.title}, noted by Ana`);
});

it('[W24][PP4] a locked page is not renamed from a list', async () => {
  const { host, workspace, member, make, room } = await station();
  const plan = await make('Plan');
  await host.parts.documents.edit(room(plan), (doc) => lockPage(doc, { by: member, at: 5 }));
  await until('the lock is in the list', async () => {
    const entry = await host.call('doc.get', { workspace, document: plan });
    return entry?.properties?.locked?.at === 5;
  });
  await expect(host.call('doc.rename', { workspace, document: plan, title: 'Other' })).rejects.toThrow(/locked/);
});

it('[W22][PS2] favourites are mine, in my order, and there after a restart; what changed is announced', async () => {
  const { folder, host, workspace, make } = await station();
  const [a, b] = [await make('A'), await make('B')];
  const heard: Announcement[] = [];
  host.onAnnouncement((one) => heard.push(one));
  await host.call('favourites.set', { workspace, document: a, favourite: true });
  await host.call('favourites.set', { workspace, document: b, favourite: true, after: null });
  expect(await host.call('favourites.list', { workspace })).toEqual([b, a]);
  expect(heard.filter((one) => one.event === 'favourites').at(-1)).toEqual({
    event: 'favourites',
    workspace,
    documents: [b, a],
  });
  await expect(host.call('favourites.set', { workspace, document: 'nowhere', favourite: true })).rejects.toThrow(
    /not on this/,
  );
  await host.call('favourites.set', { workspace, document: a, favourite: false });
  await bench.stop(host);
  const again = await bench.start(folder);
  expect(await again.call('favourites.list', { workspace })).toEqual([b]);
});
