// Boards in an export: written beside the pages, read back as equal boards; hostile files. Over real hosts in folders.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endedJob, HostBench } from '../../tests/support/host.ts';
import { boardMeaning } from '../../tests/support/board-meaning.ts';
import { addCard, archiveCard, moveCard, removeCard } from '../../shared/model/board/card-commands.ts';
import * as details from '../../shared/model/board/card-details.ts';
import { addCardFiles, removeCardFile } from '../../shared/model/board/card-file-commands.ts';
import { readCardFiles } from '../../shared/model/board/card-files.ts';
import { addChecklist, addItems, setItemMember } from '../../shared/model/board/checklist-commands.ts';
import { addColumn, setColumnColour, setColumnLimit } from '../../shared/model/board/column-commands.ts';
import { addChoice, addField, addLabel } from '../../shared/model/board/definition-commands.ts';
import { writePeople } from '../../shared/model/board/people.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { bodyOf, cardsOf } from '../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import { printMarkdown } from '../../shared/model/markdown/print-markdown.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { addPost, editPost, react } from '../../shared/model/thread/commands.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import { readBoardFile } from './board-file.ts';
import type { Host } from './host.ts';
import { printable } from './show-document.ts';

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

async function filled() {
  const at = await workspaceOf('Ana');
  const { host, workspace, member, space } = at;
  const plan = await host.call('doc.create', { workspace, space, kind: 'page', title: 'Plan', parent: null });
  const board = await host.call('doc.create', { workspace, space, kind: 'board', title: 'Launch: all', parent: null });
  const notes = await host.call('doc.create', { workspace, space, kind: 'page', title: 'Notes', parent: board.id });
  const { documents } = host.parts;
  const bytes = Buffer.from('a plan');
  const { upload } = await host.call('blob.begin', { workspace, space, size: bytes.length });
  await host.call('blob.append', { upload, base64: bytes.toString('base64') });
  const { blob } = await host.call('blob.finish', { upload });
  const [lift, test] = await documents.edit(board.room, (doc) => {
    const [next, doing, done] = readBoard(doc).columns.map(({ id }) => id) as [string, string, string];
    const made = { createdBy: member, createdAt: 100 };
    const add = (title: string, column: string) => addCard(doc, { title, column, ...made });
    const cards = [
      add('Lift', next),
      add('Test', next),
      add('Done already', done),
      add('Old', next),
      add('Gone', next),
    ] as const;
    moveCard(doc, cards[1], { column: doing }, { by: member, at: 500 });
    setColumnLimit(doc, doing, { most: 3, hard: true });
    setColumnColour(doc, next, 'moss');
    addColumn(doc, { name: 'Later *maybe*' });
    archiveCard(doc, cards[3], 700);
    removeCard(doc, cards[4], { by: member, at: 800 });
    const [radio, crew] = [addLabel(doc, { name: 'radio', colour: 'sky' }), addLabel(doc, { name: 'crew' })];
    for (const label of [crew, radio]) details.setCardLabel(doc, [cards[0]], label, true);
    writePeople(doc, [{ id: 'person-1', name: 'Zoë of elsewhere' }]);
    for (const one of ['person-1', member]) details.setCardMember(doc, [cards[0]], one, true);
    details.setCardDue(doc, cards[0], '2026-05-09');
    details.setCardStart(doc, cards[0], 1_700_000_000_000);
    details.setCardPriority(doc, cards[0], 'high');
    details.linkCard(doc, cards[0], 'blocks', cards[1]);
    details.linkCard(doc, cards[0], 'page', plan.id);
    const size = addField(doc, { name: 'Size', kind: 'choice' });
    details.setCardField(doc, cards[0], size, addChoice(doc, size, { name: 'Large', colour: 'clay' }));
    details.setCardField(doc, cards[0], addField(doc, { name: 'Lead', kind: 'person' }), member);
    details.writeCardText(doc, cards[0], addField(doc, { name: 'Where', kind: 'text' }), 'Pier 3');
    const list = addChecklist(doc, cards[0], { name: 'Before' });
    const [fuel] = addItems(doc, { card: cards[0], list }, [{ text: 'fuel', checked: true }, { text: 'radio' }]);
    setItemMember(doc, { card: cards[0], item: fuel! }, member);
    const stray = addCard(doc, { title: 'Stray', column: next, ...made });
    (cardsOf(doc).get(stray) as { set(key: string, value: unknown): void }).set('column', 'gone');
    return cards;
  });
  const page = await host.call('card.page', { workspace, document: board.id, card: lift });
  await documents.edit(page.room, (doc) => {
    const markdown = `# Lift-off\n\nSee [Test](page:${test}), [Plan](page:${plan.id}) and **this**:`;
    appendBlocks(bodyOf(doc), [
      ...parseMarkdown(markdown).blocks,
      { type: 'atom', kind: 'file', props: { blob, name: 'plan.txt', mime: 'text/plain', size: bytes.length } },
    ]);
    const first = addPost(doc, { author: member, device: host.parts.device.id, text: 'frist', at: 10 });
    editPost(doc, first, { text: 'first', at: 11 });
    addPost(doc, { author: 'person-1', device: host.parts.device.id, text: '`second`', at: 12 });
    react(doc, { post: first, member, emoji: '👍' }, true);
    const sent = { name: 'Sent plan.txt', blob, mime: 'text/plain', size: bytes.length };
    addCardFiles(doc, [sent, { name: 'Map', url: 'https://example.org/m' }], { by: member, at: 13 });
    const [old] = addCardFiles(doc, [{ ...sent, name: 'old.txt' }], { by: member, at: 14 });
    removeCardFile(doc, old!, { by: member, at: 15 });
  });
  await documents.edit(plan.room, (doc) =>
    appendBlocks(bodyOf(doc), parseMarkdown(`To [the card](page:${lift}) on [Launch: all](page:${board.id})`).blocks),
  );
  await host.parts.catalogue.settled();
  return { ...at, plan, board, notes, lift, test, blob };
}

async function boardIn(host: Host, workspace: string, space: string) {
  const all = await host.call('doc.list', { workspace, space });
  const entry = all.find((one) => one.kind === 'board')!;
  const view = await host.parts.documents.read(entry.room, readBoard);
  const cards = [...view.columns.flatMap(({ cards }) => cards), ...view.unsorted, ...view.archived];
  const idOf = (title: string) => cards.find((card) => card.title === title)!.id;
  const held = await host.parts.documents.read(`${workspace}/${space}/${idOf('Lift')}`, (doc) => ({
    text: printMarkdown(readBlocks(bodyOf(doc)).map(printable)),
    blobs: readBlocks(bodyOf(doc)).flatMap((block) =>
      block.type === 'atom' && block.kind === 'file' ? [block.props] : [],
    ),
    posts: readThread(doc).posts,
    files: readCardFiles(doc),
  }));
  return { all, entry, view, idOf, held };
}

it('[I2][BD21][BD24] an exported board is a text for people beside a file that holds all of it; importing that gives an equal board with all that its cards hold', async () => {
  const from = await filled();
  const { host, workspace, space, member, board, lift, test, plan } = from;
  const folder = path.join(await bench.folder(), 'out');
  const { job } = await host.call('export.markdown', { workspace, space, directory: folder });
  const exported = await endedJob(host, job);
  expect([exported.status.state, exported.report?.unchanged, exported.report?.problems]).toEqual(['done', 3, []]);
  expect((await readdir(folder)).sort()).toEqual(['.caravan-export.json', 'Launch- all', 'Plan.md', 'assets']);
  expect((await readdir(path.join(folder, 'Launch- all'))).sort()).toEqual([
    'Notes.md',
    'index.board.json',
    'index.md',
  ]);
  const text = await readFile(path.join(folder, 'Launch- all/index.md'), 'utf8');
  expect(text).toContain('## Next');
  expect(text).toMatch(
    /- \[ \] Lift · starts .* · due 2026-05-09 · high · \\?#crew \\?#radio · Zoë of elsewhere, Ana · 1\/2 · Size: Large/,
  );
  expect(text).toContain('- [x] Done already');
  expect(text).toContain('Zoë of elsewhere, 1970-01-01 00:00 UTC: ');
  expect(text).toContain('  - [Sent plan.txt](../assets/plan.txt)\n  - [Map](https://example.org/m)\n');
  expect(text).not.toMatch(/Gone|old\.txt/);

  const { markdown } = await host.call('doc.markdown', { workspace, document: board.id });
  expect(markdown).toMatch(/^# Launch: all\n\n## Next\n\n- \[ \] Lift · /);
  const one = await host.call('doc.markdown', { workspace, document: board.id, card: lift });
  expect(one.markdown).toMatch(/^# Lift\n\nNext · starts [^]*- \[Sent plan\.txt\]/);
  expect(one.markdown).not.toContain('Done already');
  await expect(host.call('doc.markdown', { workspace, document: board.id, card: 'nowhere' })).rejects.toThrow(
    'This card is not on this board',
  );

  const original = await host.parts.documents.read(board.room, readBoard);
  const names = (of: { members: readonly { id: string; name: string }[] }) => (id: string) =>
    of.members.find((one) => one.id === id)?.name ?? id;
  const wanted = boardMeaning(original, names({ members: await host.call('workspace.members', { workspace }) }));
  const elsewhere = await workspaceOf('Ana');
  const again = await host.call('space.create', { workspace, name: 'Again' });
  const targets = [
    { host, workspace, space: again.id, member },
    { host: elsewhere.host, workspace: elsewhere.workspace, space: elsewhere.space, member: elsewhere.member },
  ];
  for (const target of targets) {
    const into = { workspace: target.workspace, space: target.space };
    const bring = async () =>
      endedJob(target.host, (await target.host.call('import.markdown', { ...into, directory: folder })).job);
    const { report } = await bring();
    expect(report).toMatchObject({ created: 3, problems: [] });
    const there = await boardIn(target.host, target.workspace, target.space);
    const members = await target.host.call('workspace.members', { workspace: target.workspace });
    expect(boardMeaning(there.view, names({ members }))).toEqual(wanted);
    expect([there.idOf('Lift'), there.idOf('Test')]).not.toEqual([lift, test]);
    const planHere = there.all.find((one) => one.title === 'Plan')!;
    expect(there.view.columns[0]!.cards[0]!.links.page).toEqual([planHere.id]);
    expect(there.all.find((one) => one.title === 'Notes')?.parent).toBe(there.entry.id);
    expect(there.held.text).toContain(`page:${there.idOf('Test')}`);
    expect(there.held.text).toContain('# Lift-off');
    const attached = { by: target.member, at: 13, returned: false };
    expect(there.held.files).toMatchObject([
      { ...attached, kind: 'file', name: 'Sent plan.txt', blob: from.blob, size: 6, mime: 'text/plain' },
      { ...attached, kind: 'link', name: 'Map', url: 'https://example.org/m' },
    ]);
    expect(there.held.blobs).toMatchObject([{ blob: from.blob, name: 'plan.txt', size: 6 }]);
    expect(there.held.posts.map(({ author, at, text: said, versions }) => [author, at, said, versions.length])).toEqual(
      [
        [target.member, 10, 'first', 2],
        ['person-1', 12, '`second`', 1],
      ],
    );
    expect(there.held.posts[0]!.reactions).toEqual([{ emoji: '👍', members: [target.member] }]);
    const words = await target.host.parts.documents.read(planHere.room, (doc) =>
      JSON.stringify(readBlocks(bodyOf(doc))),
    );
    expect([words.includes(there.idOf('Lift')), words.includes(there.entry.id)]).toEqual([true, true]);
    expect(words).not.toContain(lift);
    // A second time nothing changes.
    expect((await bring()).report).toMatchObject({ created: 0, updated: 0, unchanged: 3, left: [] });
  }
  expect(plan.id).not.toBe('');
});

it('[I2][BD21] a hostile board file is refused or read as far as it goes, and nothing of it reaches what is not the board', async () => {
  const { host, workspace, space } = await workspaceOf('Ana');
  const folder = await bench.folder();
  const good = { format: 'caravan-board', version: 1, id: 'b'.repeat(22), title: 'Odd' };
  const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  const files: Record<string, string> = {
    'not-json': '{',
    deep: deep(200_000),
    other: '{"format":"other"}',
    newer: JSON.stringify({ ...good, version: 2 }),
    proto: `{"format":"caravan-board","version":1,"id":"${'p'.repeat(22)}","title":"Proto","__proto__":{"columns":{}},"columns":{"__proto__":{"name":"x"},"c1":{"name":{"$text":"Next"},"order":"a0","__proto__":{"polluted":true}}},"cards":{"c2":{"title":{"$text":"x"},"deep":${deep(50)}}}}`,
    odd: JSON.stringify({
      ...good,
      title: 'Odd\nline',
      properties: { owner: 5, tags: ['a', 7], reviewMonths: -1 },
      columns: { first: { name: { $text: 'Kept' }, order: 'a0' }, bad: 7, 'not an id!': {} },
      labels: 'none',
      cards: {
        one: {
          title: 'A string',
          column: 'first',
          order: 5,
          'page/plan': true,
          'member/x': 'a0',
          completed: 'yes',
          due: {},
        },
        two: { title: { $map: { $map: {} } }, 'list/l': { $map: { name: { $map: { a: { $map: {} } } } } } },
      },
      own: {
        one: {
          description: 9,
          posts: { p: { text: 'x' } },
          reactions: ['a/b/c', 'd', 5],
          files: { f: { address: '../../../../etc/passwd', blob: 7 }, g: 8, h: { url: 'file:///etc/passwd' } },
        },
        ghost: { description: 'none' },
      },
      members: { x: 'Xu', y: 4 },
      pages: { plan: '../../../../etc/passwd' },
    }),
  };
  await mkdir(path.join(folder, 'in'));
  for (const [name, text] of Object.entries(files))
    await writeFile(path.join(folder, 'in', `${name}.board.json`), text);
  await writeFile(path.join(folder, 'in/not-json.md'), '# Still read\n\nas a page\n');
  const { job } = await host.call('import.markdown', { workspace, space, directory: folder });
  const { status, report } = await endedJob(host, job);
  expect(status.state).toBe('done');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(report!.problems.map(({ path: at, reason }) => `${at}: ${reason}`).sort()).toEqual([
    expect.stringMatching(/^in\/deep.board.json: This is no board of an export/),
    expect.stringMatching(/^in\/newer.board.json: .*newer version/),
    expect.stringMatching(/^in\/not-json.board.json: .*not JSON/),
    expect.stringMatching(/^in\/odd.board.json: Parts that cannot be read were left out: \d+/),
    expect.stringMatching(/^in\/other.board.json: This is no board of an export/),
    expect.stringMatching(/^in\/proto.board.json: Parts that cannot be read were left out: 3/),
  ]);
  const listed = await host.call('doc.list', { workspace });
  expect(listed.map(({ kind, title }) => [kind, title]).sort()).toEqual([
    ['board', 'Odd line'],
    ['board', 'Proto'],
    ['page', 'Still read'],
    ['page', 'in'],
  ]);
  const odd = listed.find((one) => one.title === 'Odd line')!;
  const view = await host.parts.documents.read(odd.room, readBoard);
  expect(view.columns.map(({ name, cards }) => [name, cards.map((card) => card.title)])).toEqual([
    ['Kept', ['A string']],
  ]);
  expect(view.people).toEqual([{ id: 'x', name: 'Xu' }]);
  expect(readBoardFile(JSON.stringify({ ...good, id: '../../x' }))).toMatchObject({ kind: 'refused' });
});
