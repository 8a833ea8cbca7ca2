// What stands beside a page's words in an export: comments where they stood, what became of them, answers to what a page asks. Over real hosts in folders.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { endedJob, HostBench } from '../../tests/support/host.ts';
import { addComment, reactTo, replyTo, resolveComment } from '../../shared/model/comments/commands.ts';
import { readPlainComments } from '../../shared/model/comments/plain.ts';
import { readComments } from '../../shared/model/comments/read.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { answerBlock, answersTo } from '../../shared/model/page/answers.ts';
import { decideComment, setConsultation } from '../../shared/model/page/consultation.ts';
import { EMPTY_ASK } from '../../shared/model/page/ask.ts';
import { readDone, setDone } from '../../shared/model/page/done.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import { readPeople } from '../../shared/model/board/people.ts';

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

/** Anchors on the nth place where words stand in a text. */
function anchor(text: Y.Text, words: string, nth: number): [unknown, unknown] {
  const signs = (text.toDelta() as { insert: unknown }[])
    .map(({ insert }) => (typeof insert === 'string' ? insert : '\n'))
    .join('');
  let at = -1;
  for (let time = 0; time <= nth; time += 1) at = signs.indexOf(words, at + 1);
  const relative = (index: number, assoc: number) =>
    Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, index, assoc)) as unknown;
  return [relative(at, 0), relative(at + words.length, -1)];
}

const ask = (text: string, choices: readonly string[], anonymous = false) => ({
  ...EMPTY_ASK,
  text,
  choices,
  anonymous,
});

it('[I2][EX5] comments come back to the words where they stood, with replies, reactions, decisions and answers; a second import adds what came since', async () => {
  const { host, workspace, space, member } = await workspaceOf('Ana');
  const { documents, device } = host.parts;
  const page = await host.call('doc.create', { workspace, space, kind: 'page', title: 'Mast', parent: null });
  const post = (author: string, text: string, at: number) => ({ author, device: device.id, text, at });
  const bytes = async function* () {
    yield new TextEncoder().encode('a plan');
  };
  const { blob } = await host.parts.attachments.add(workspace, space, bytes());
  const [first] = await documents.edit(page.room, (doc) => {
    const body = bodyOf(doc);
    appendBlocks(body, [
      ...parseMarkdown('The mast is high. The mast is **red**.\n\n| a | b |\n| --- | --- |\n| the mast | x |\n').blocks,
      { type: 'atom', kind: 'poll', props: { ask: ask('When?', ['Mon', 'Fri']) } },
      { type: 'atom', kind: 'done', props: { ask: ask('Read it', []) } },
      { type: 'atom', kind: 'poll', props: { ask: ask('Who?', ['A', 'B'], true) } },
    ]);
    const one = addComment(doc, {
      anchor: [anchor(body, 'mast is', 1)],
      quote: 'mast is',
      post: post('bo', `Is it? page:${page.id}`, 10),
    });
    replyTo(doc, one, post(member, `It is. [a plan.txt](blob:${blob})`, 20));
    const { posts } = readComments(doc).comments[0]!;
    reactTo(doc, one, { post: posts[0]!.id, member, emoji: '👍' }, true);
    resolveComment(doc, one, { at: 30, by: member });
    decideComment(doc, one, { outcome: 'accepted', reason: 'True', by: member, at: 40 });
    addComment(doc, { anchor: [], quote: 'words that are gone', post: post('bo', 'Gone?', 5) });
    setConsultation(doc, 5_000, { by: member, at: 1 });
    const [when, read, who] = readBlocks(body).flatMap((block) =>
      block.type === 'atom' && block.kind !== 'table' ? [block.id] : [],
    );
    const choices = (block: string) =>
      [...(body.toDelta() as { insert: unknown }[])].flatMap(({ insert }) => {
        const marker = insert instanceof Y.Map ? (insert as Y.Map<unknown>) : null;
        return marker?.get('id') === block
          ? [...(marker.get('choices') as Y.Map<Y.Map<unknown>>).entries()]
              .sort(([, a], [, b]) => (String(a.get('order')) < String(b.get('order')) ? -1 : 1))
              .map(([id]) => id)
          : [];
      });
    for (const [who, at] of [
      ['bo', 1],
      [member, 0],
    ] as const)
      answerBlock(doc, when!, { member: who, choices: [choices(when!)[at]!], at: 7 });
    setDone(doc, read!, { member: 'bo', at: 9 });
    for (const one of ['bo', 'cy'])
      answerBlock(doc, who!, { member: one, choices: [choices(who!)[1]!], at: 8, unnamed: true });
    doc.getMap('people').set('bo', 'Bo of elsewhere');
    return [one];
  });
  const out = async (from: typeof host, of: string, at: string) => {
    const folder = path.join(await bench.folder(), 'out');
    const { report } = await endedJob(
      from,
      (await from.call('export.markdown', { workspace: of, space: at, directory: folder })).job,
    );
    expect(report?.problems).toEqual([]);
    return {
      folder,
      beside: await readFile(path.join(folder, 'Mast.page.json'), 'utf8'),
      text: await readFile(path.join(folder, 'Mast.md'), 'utf8'),
    };
  };
  const sent = await out(host, workspace, space);

  expect(sent.beside).not.toMatch(/"cy"/);
  const to = await workspaceOf('Ana');
  const bring = async (directory: string) =>
    (
      await endedJob(
        to.host,
        (await to.host.call('import.markdown', { workspace: to.workspace, space: to.space, directory })).job,
      )
    ).report;
  expect(await bring(sent.folder)).toMatchObject({ created: 1, problems: [] });
  const [entry] = (await to.host.call('doc.list', { workspace: to.workspace })).filter(({ title }) => title === 'Mast');
  const here = await to.host.parts.documents.read(entry!.room, (doc) => ({
    comments: readComments(doc).comments,
    places: [...readPlainComments(doc).comments.values()].map(({ places }) => places),
    people: readPeople(doc),
    done: readDone(doc),
    asked: readBlocks(bodyOf(doc)).flatMap((block) =>
      block.type === 'atom' && block.kind === 'poll'
        ? [[...answersTo(doc, block.id).values()].map(({ choices }) => choices.length), block.props.ask?.until]
        : [],
    ),
  }));
  expect(here.comments).toMatchObject([
    { quote: 'words that are gone', anchor: [], posts: [{ author: 'bo', device: null }] },
    {
      id: first,
      quote: 'mast is',
      resolved: { by: to.member, at: 30 },
      posts: [
        { text: `Is it? page:${entry!.id}`, author: 'bo' },
        { text: `It is. [a plan.txt](blob:${blob})`, author: to.member },
      ],
    },
  ]);
  expect(here.places).toContainEqual([{ words: 'mast is', nth: 1 }]);
  expect(here.people).toEqual([{ id: 'bo', name: 'Bo of elsewhere' }]);
  expect(here.done).toMatchObject([{ text: 'Read it', completions: [{ member: 'bo', at: 9 }] }]);
  const there = { workspace: to.workspace, space: to.space, blob };
  expect(await to.host.parts.attachments.state(there)).toMatchObject({ state: 'here', size: 6 });
  // A poll without names has ended by going out.
  expect(here.asked).toEqual([[1, 1], null, [1, 1], 8]);

  const again = await out(to.host, to.workspace, to.space);
  expect(again.text).toBe(sent.text);
  const plain = (text: string, ids: readonly string[]) =>
    ids
      .reduce((all, id, at) => all.replaceAll(id, `<${String(at)}>`), text)
      .replace(/,(?=\n)/g, '')
      .split('\n')
      .sort();
  expect(plain(again.beside, [to.member, entry!.id])).toEqual(plain(sent.beside, [member, page.id]));
  expect(await bring(sent.folder)).toMatchObject({ created: 0, updated: 0, unchanged: 1 });

  await documents.edit(page.room, (doc) => replyTo(doc, first, post('bo', 'Later', 50)));
  const later = await out(host, workspace, space);
  expect(await bring(later.folder)).toMatchObject({ created: 0, updated: 1, unchanged: 0 });
  expect(
    await to.host.parts.documents.read(entry!.room, (doc) =>
      readComments(doc)
        .comments.find(({ id }) => id === first)
        ?.posts.map(({ text }) => text),
    ),
  ).toEqual([`Is it? page:${entry!.id}`, `It is. [a plan.txt](blob:${blob})`, 'Later']);
});

it('[I2][EX5] hostile comments are refused or read as far as they go', async () => {
  const { host, workspace, space } = await workspaceOf('Ana');
  const folder = path.join(await bench.folder(), 'in');
  await mkdir(folder);
  const post = {
    author: 'x',
    device: 'd'.repeat(43),
    number: 3,
    at: 5,
    versions: { $map: { v: { text: 'Words', at: 5, number: 1 } } },
  };
  const good = { format: 'caravan-page', version: 1 };
  const files: Record<string, string> = {
    'A.page.json': JSON.stringify({
      ...good,
      comments: {
        one: {
          quote: 7,
          places: [{ words: '', nth: 0 }, { words: 'x'.repeat(10), nth: -1 }, 5],
          posts: { p: post, q: 5 },
          reactions: ['a'],
          resolved: 'yes',
        },
        'not an id!': {},
      },
      decisions: { 'one/d': { outcome: 'odd' }, odd: 5 },
      answers: [[{ member: '../x', choices: [], at: 1 }], 'none', [[]]],
      consultation: [],
      people: { x: 5 },
    }),
    'A.md': '# A\n\nwords\n',
    'B.page.json': '{',
    'C.page.json': JSON.stringify({ ...good, version: 9 }),
    'D.page.json': JSON.stringify({ ...good, comments: { one: { posts: { p: post } } } }),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  const { status, report } = await endedJob(
    host,
    (await host.call('import.markdown', { workspace, space, directory: folder })).job,
  );
  expect([status.state, report?.created]).toEqual(['done', 1]);
  expect(report?.problems.map(({ path: at }) => at).sort()).toEqual(['A.page.json', 'B.page.json', 'C.page.json']);
  const [entry] = await host.call('doc.list', { workspace, space });
  const { comments, unreadable } = await host.parts.documents.read(entry!.room, readComments);
  expect(unreadable).toEqual([]);
  expect(comments).toMatchObject([
    { id: 'one', quote: '', anchor: [], resolved: null, posts: [{ text: 'Words', device: null, number: 0 }] },
  ]);
});
