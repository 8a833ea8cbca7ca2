// Threads in an export: written beside the pages, read back as equal threads; hostile files. Over real hosts in folders.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endedJob, HostBench } from '../../tests/support/host.ts';
import { bodyOf, metaOf } from '../../shared/model/document/roots.ts';
import { readTitle } from '../../shared/model/document/title.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { addTag } from '../../shared/model/properties/commands.ts';
import { addPost, editPost, react, removePost, vote } from '../../shared/model/thread/commands.ts';
import * as facts from '../../shared/model/thread/fact-commands.ts';
import { hidePost, readReports, reportPost } from '../../shared/model/thread/moderation.ts';
import { readPoll, tallyOf } from '../../shared/model/thread/poll.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import type { Host } from './host.ts';
import { readThreadFile } from './thread-file.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function workspaceOf(name: string) {
  const host = await bench.start(await bench.folder(), { links: false });
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name });
  const [space] = await host.call('space.list', { workspace });
  return { host, workspace, member, space: space!.id };
}

const EVIL = '../../etc/passwd: "x"\n---\nowner: me';

/** A thread of each type, with all that can be said in and of one. */
async function filled() {
  const at = await workspaceOf('Ana');
  const { host, workspace, member, space } = at;
  const { documents, device } = host.parts;
  const begin = async (type: 'discussion' | 'question' | 'idea' | 'announcement' | 'poll', title: string, more = {}) =>
    host.call('thread.begin', { workspace, space, type, title, text: `About ${title}`, ...more });
  const plan = await host.call('doc.create', { workspace, space, kind: 'page', title: 'Plan', parent: null });
  const talk = await begin('discussion', EVIL, { topics: ['größe', 'radio'] });
  const ask = await begin('question', 'Which radio?');
  const idea = await begin('idea', 'A second antenna');
  const old = await begin('idea', 'Two antennas');
  const news = await begin('announcement', 'We moved', { confirm: true });
  const choices = ['Monday', 'Friday'];
  const open = await begin('poll', 'When?', {
    poll: { choices, multiple: true, anonymous: false, until: 90_000_000_000_000 },
  });
  const secret = await begin('poll', 'Who?', { poll: { choices, multiple: false, anonymous: true, until: null } });
  const post = (author: string, text: string, time: number, reply: string | null = null) => ({
    author,
    device: device.id,
    text,
    at: time,
    reply,
  });
  const posted = await documents.edit(talk.room, (doc) => {
    const first = addPost(
      doc,
      post('bo', `See [the plan](page:${plan.id}) and caravan://page#${workspace}/${ask.id}`, 100),
    );
    const second = addPost(
      doc,
      post(member, '<img src=x onerror=alert(1)>\n\n![t](http://evil.example/t.png)', 90, first),
    );
    editPost(doc, first, { text: `See [it](page:${plan.id})\n## Zoë, 1970\n> as if`, at: 120 });
    const gone = addPost(doc, post('bo', 'secret words', 80));
    removePost(doc, gone, { at: 130, by: 'bo' });
    const hidden = addPost(doc, post('cy', 'rude words', 70));
    hidePost(doc, hidden, { by: member, at: 140, reason: 'rude' });
    reportPost(doc, { post: first, by: 'cy', at: 150, reason: 'off topic' });
    react(doc, { post: first, member: 'cy', emoji: '👍' }, true);
    react(doc, { post: first, member, emoji: '👍' }, true);
    facts.setPinned(doc, { by: member, at: 160 });
    facts.setClosed(doc, { by: member, at: 170 });
    return { first, second, gone, hidden };
  });
  await documents.edit(ask.room, (doc) => {
    const answer = addPost(doc, post('bo', 'The red one', 100));
    facts.acceptAnswer(doc, answer, { by: member, at: 110 });
    vote(doc, { member: 'cy', choices: [], at: 120 });
  });
  await documents.edit(idea.room, (doc) => {
    for (const one of [member, 'bo']) vote(doc, { member: one, choices: [], at: 100 });
    facts.decide(doc, { state: 'planned', reason: 'Cheap enough', by: member, at: 110 });
    facts.markMerged(doc, old.id);
    addTag(doc, 'radio');
  });
  await documents.edit(old.room, (doc) => {
    for (const one of ['cy', 'bo']) vote(doc, { member: one, choices: [], at: 90 });
    facts.mergeInto(doc, idea.id, { by: member, at: 115 });
  });
  for (const { room, member: who } of [
    { room: open.room, member: 'bo' },
    { room: secret.room, member: 'bo' },
    { room: secret.room, member: 'cy' },
    { room: secret.room, member },
  ])
    await documents.edit(room, (doc) => {
      const ids = readPoll(doc).choices.map(({ id }) => id);
      vote(doc, { member: who, choices: [ids[who === 'cy' ? 0 : 1]!], at: 500 });
    });
  await documents.edit(plan.room, (doc) =>
    appendBlocks(bodyOf(doc), parseMarkdown(`To [Which radio?](page:${ask.id})`).blocks),
  );
  // Names of people who left long ago.
  for (const { room } of [talk, ask, idea, old, open, secret])
    await documents.edit(room, (doc) => {
      doc.getMap('people').set('bo', 'Bo of elsewhere');
      doc.getMap('people').set('cy', 'Cy');
    });
  await host.parts.catalogue.settled();
  return { ...at, plan, talk, ask, idea, old, news, open, secret, posted };
}

async function exported(host: Host, workspace: string, space: string) {
  const folder = path.join(await bench.folder(), 'out');
  const { job } = await host.call('export.markdown', { workspace, space, directory: folder });
  const { status, report } = await endedJob(host, job);
  expect([status.state, report?.problems]).toEqual(['done', []]);
  const files = new Map<string, string>();
  for (const name of (await readdir(path.join(folder, '_threads'))).sort())
    files.set(name, await readFile(path.join(folder, '_threads', name), 'utf8'));
  return { folder, files };
}

async function brought(host: Host, workspace: string, space: string, directory: string) {
  return endedJob(host, (await host.call('import.markdown', { workspace, space, directory })).job);
}

/** What an export says, whatever the ids of documents and people are. */
function withoutIds(files: ReadonlyMap<string, string>, ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    [...files].map(([name, text]) => [
      name,
      ids.reduce((said, id, at) => said.replaceAll(id, `<${String(at)}>`), text),
    ]),
  );
}

it('[I2][EX1][EX2][EX3] threads of every type go out for people and for machines; imported elsewhere they are equal, and so is their next export', async () => {
  const from = await filled();
  const { host, workspace, space } = from;
  const out = await exported(host, workspace, space);
  expect([...out.files.keys()].filter((name) => name.endsWith('.md'))).toEqual(
    [
      'A second antenna.md',
      'Two antennas.md',
      'We moved.md',
      'When-.md',
      'Which radio-.md',
      'Who-.md',
      '-etc-passwd- -x- --- owner- me.md'.replace(/^-etc/, '-..-etc'),
    ].sort(),
  );
  const talk = [...out.files].find(([name]) => name.includes('passwd') && name.endsWith('.md'))![1];
  // One line of front matter for the title, and every word of a post inside its quotation.
  expect(talk).toMatch(/^---\ntitle: '[^\n]*owner: me'\ntype: discussion\npinned: true\nclosed: true\n---\n/);
  expect(talk).toContain('## Bo of elsewhere, 1970-01-01 00:00 UTC · edited');
  expect(talk).toContain('> See [it](../Plan.md)');
  expect(talk).toContain('> ## Zoë, 1970');
  expect(talk).toContain(
    '> ```\n> <img src=x onerror=alert(1)>\n> ```\n>\n> ```\n> ![t](http://evil.example/t.png)\n> ```\n',
  );
  expect(talk).not.toMatch(/secret words|rude words/);
  expect(talk).toContain('👍 2');
  expect(out.files.get('A second antenna.md')).toContain('Votes: 3');
  expect(out.files.get('Who-.md')).toMatch(/Monday: 1\n.*Friday: 2\n/);
  const whole = [...out.files.values()].join('\n');
  expect(whole).not.toContain('secret words');
  expect(out.files.get('Who-.thread.json')).not.toMatch(/"(bo|cy)": \{/);
  expect(await readFile(path.join(out.folder, 'Plan.md'), 'utf8')).toContain(
    '[Which radio?](./_threads/Which%20radio-.md)',
  );

  const to = await workspaceOf('Ana');
  const first = await brought(to.host, to.workspace, to.space, out.folder);
  expect(first.report).toMatchObject({ created: 8, updated: 0, left: [], problems: [] });
  const listed = await to.host.call('thread.list', { workspace: to.workspace, space: to.space });
  expect(listed.threads.map(({ type, unread }) => [type, unread]).sort()).toEqual(
    (['announcement', 'discussion', 'idea', 'poll', 'poll', 'question'] as const).map((type) => [type, 0]),
  );
  expect(listed.threads.find(({ type }) => type === 'idea')).toMatchObject({ votes: 3, state: 'planned', voted: true });
  expect(listed.threads.find(({ type }) => type === 'question')).toMatchObject({ votes: 1, answered: true });
  const here = async (title: string) => {
    const entry = (await to.host.call('doc.list', { workspace: to.workspace })).find((one) => one.title === title)!;
    return { entry, thread: await to.host.parts.documents.read(entry.room, readThread) };
  };
  const was = await host.parts.documents.read(from.talk.room, readThread);
  const now = await here(await host.parts.documents.read(from.talk.room, readTitle));
  const ask = await here('Which radio?');
  const page = await here('Plan');
  expect(now.thread.posts.map(({ id }) => id)).toEqual(was.posts.map(({ id }) => id));
  expect(now.thread.posts.find(({ id }) => id === from.posted.first)).toMatchObject({
    author: 'bo',
    device: null,
    number: 0,
    text: `See [it](page:${page.entry.id})\n## Zoë, 1970\n> as if`,
    versions: [
      { text: `See [the plan](page:${page.entry.id}) and caravan://page#${to.workspace}/${ask.entry.id}` },
      {},
    ],
    reactions: [{ emoji: '👍', members: ['bo', 'cy', to.member].filter((one) => one !== 'bo').sort() }],
  });
  expect(now.thread.posts.find(({ id }) => id === from.posted.gone)).toMatchObject({
    text: '',
    removal: { kind: 'removed', by: 'bo' },
  });
  expect(now.thread.marks.hidden.get(from.posted.hidden)).toMatchObject({ by: to.member, reason: 'rude' });
  expect(await to.host.parts.documents.read(now.entry.room, readReports)).toHaveLength(1);
  expect(now.thread.people).toEqual(
    new Map([
      ['bo', 'Bo of elsewhere'],
      ['cy', 'Cy'],
    ]),
  );
  expect(now.thread.facts.imported).toMatchObject({ by: to.member });
  const poll = (await here('Who?')).thread;
  expect([...tallyOf(poll.poll!, poll.votes).byChoice.values()].map((all) => all.length)).toEqual([1, 2]);
  expect(poll.poll!.until).not.toBeNull();
  expect((await here('Two antennas')).thread.facts.mergedInto?.thread).toBe((await here('A second antenna')).entry.id);

  const again = await exported(to.host, to.workspace, to.space);
  const idsOf = async (of: { host: Host; workspace: string; space: string; member: string }) => {
    const all = await of.host.call('doc.list', { workspace: of.workspace });
    return [of.workspace, of.member, ...all.sort((a, b) => (a.title < b.title ? -1 : 1)).map(({ id }) => id)];
  };
  const sorted = (files: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(files).map(([name, text]) => [
        name,
        text
          .replace(/ Votes until [^\n]*|,(?=\n)/g, '')
          .split('\n')
          .sort()
          .join('\n'),
      ]),
    );
  // Ids sort their keys: so the lines are compared in one order. A poll without names ends by going out (EX3).
  expect(sorted(withoutIds(again.files, await idsOf(to)))).toEqual(sorted(withoutIds(out.files, await idsOf(from))));

  // A second time nothing changes.
  expect((await brought(to.host, to.workspace, to.space, out.folder)).report).toMatchObject({
    created: 0,
    updated: 0,
    unchanged: 8,
    left: [],
  });
});

it('[I2][EX4] a second import brings what came since into the same threads, and leaves what was changed here', async () => {
  const from = await filled();
  const { host, workspace, space, member } = from;
  const out = await exported(host, workspace, space);
  const to = await workspaceOf('Ana');
  await brought(to.host, to.workspace, to.space, out.folder);
  const { documents } = host.parts;
  const later = { author: member, device: host.parts.device.id, text: 'One more', at: 900 };
  await documents.edit(from.ask.room, (doc) => {
    addPost(doc, later);
    facts.unacceptAnswer(doc);
  });
  await host.call('doc.rename', { workspace, document: from.ask.id, title: 'Which radio, then?' });
  await documents.edit(from.talk.room, (doc) => addPost(doc, later));
  const mine = (await to.host.call('thread.list', { workspace: to.workspace, space: to.space })).threads;
  const idOf = (type: string) => mine.find((one) => one.type === type)!.id;
  const roomOf = (id: string) => `${to.workspace}/${to.space}/${id}`;
  await to.host.parts.documents.edit(roomOf(idOf('discussion')), (doc) =>
    addPost(doc, { ...later, device: to.host.parts.device.id, text: 'Written here' }),
  );
  await to.host.parts.documents.edit(roomOf(idOf('announcement')), (doc) => doc.getMap('readers').set('x', 5));
  const second = await exported(host, workspace, space);
  const { report } = await brought(to.host, to.workspace, to.space, second.folder);
  // The page that leads to the renamed question says its new name.
  expect(report).toMatchObject({ created: 0, updated: 2, unchanged: 5, left: [{ id: idOf('discussion') }] });
  const ask = await to.host.parts.documents.read(
    roomOf(idOf('question')),
    (doc) => [readTitle(doc), readThread(doc)] as const,
  );
  expect([ask[0], ask[1].posts.map(({ text }) => text), ask[1].facts.accepted]).toEqual([
    'Which radio, then?',
    ['About Which radio?', 'The red one', 'One more'],
    null,
  ]);
  expect((await to.host.call('thread.list', { workspace: to.workspace, space: to.space })).total).toBe(6);
});

it('[I2][EX1] a hostile thread file is refused or read as far as it goes, and says nothing of its place, of devices, or of other documents', async () => {
  const { host, workspace, space } = await workspaceOf('Ana');
  const folder = await bench.folder();
  const good = { format: 'caravan-thread', version: 1, id: 't'.repeat(22), title: 'Odd' };
  const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  const files: Record<string, string> = {
    'not-json': '{',
    deep: deep(200_000),
    newer: JSON.stringify({ ...good, version: 2 }),
    same: JSON.stringify(good),
    proto: `{"format":"caravan-thread","version":1,"id":"${'p'.repeat(22)}","title":"Proto","__proto__":{"meta":{}},"meta":{"__proto__":{"x":1},"deep":${deep(50)}},"posts":{"__proto__":{"text":"x"}}}`,
    odd: JSON.stringify({
      ...good,
      title: 'Odd\nline',
      createdBy: 'not an id!',
      meta: {
        kind: 'space',
        'movedTo/other': true,
        parent: 'x',
        type: 'question',
        source: { path: 'x' },
        imported: 5,
        pinned: { $map: {} },
      },
      posts: {
        one: {
          author: 'x',
          device: 'd'.repeat(43),
          number: 7,
          at: 5,
          versions: { $map: { v: { text: 'Words', at: 5, number: 1 } } },
        },
        two: { versions: 'none' },
        three: { versions: { $map: { v: { $map: { w: { $map: {} } } } } } },
        'not an id!': {},
      },
      votes: { x: { choices: 'many' }, y: { choices: [], at: 1 } },
      reactions: ['one/x/👍', 'd', 5],
      assets: { ['a'.repeat(64)]: '../../../../etc/passwd' },
      pages: { plan: '../../../../etc/passwd' },
      people: { x: 'Xu\u202e', y: 4 },
    }),
  };
  await mkdir(path.join(folder, '_threads'));
  for (const [name, text] of Object.entries(files))
    await writeFile(path.join(folder, '_threads', `${name}.thread.json`), text);
  await writeFile(path.join(folder, '_threads/not-json.md'), '# Still read\n\nas a page\n');
  await writeFile(path.join(folder, '_threads/odd.md'), '# Not read\n');
  const { status, report } = await brought(host, workspace, space, folder);
  expect(status.state).toBe('done');
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  expect(report!.problems.map(({ path: at, reason }) => `${at}: ${reason}`).sort()).toEqual([
    expect.stringMatching(/deep.thread.json: This is no discussion of an export/),
    expect.stringMatching(/newer.thread.json: .*newer version/),
    expect.stringMatching(/not-json.thread.json: .*not JSON/),
    expect.stringMatching(/odd.thread.json: Parts that cannot be read were left out: \d+/),
    expect.stringMatching(/proto.thread.json: Parts that cannot be read were left out: 3/),
    expect.stringMatching(/same.thread.json: There are two files of this discussion/),
  ]);
  const listed = await host.call('doc.list', { workspace, space });
  expect(listed.map(({ kind, title }) => [kind, title]).sort()).toEqual([
    ['page', 'Still read'],
    ['page', '_threads'],
    ['thread', 'Odd line'],
    ['thread', 'Proto'],
  ]);
  const odd = listed.find((one) => one.title === 'Odd line')!;
  const [thread, meta] = await host.parts.documents.read(
    odd.room,
    (doc) => [readThread(doc), metaOf(doc).toJSON()] as const,
  );
  expect(thread.posts.map(({ text, device, number, author }) => [text, device, number, author])).toContainEqual([
    'Words',
    null,
    0,
    'x',
  ]);
  expect(thread.facts).toMatchObject({ type: 'question', pinned: null });
  expect([meta['kind'], meta['parent'], meta['movedTo/other']]).toEqual(['thread', undefined, undefined]);
  expect(readThreadFile(JSON.stringify({ ...good, id: '../../x' }))).toMatchObject({ kind: 'refused' });
});
