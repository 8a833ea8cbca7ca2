// Boards as documents of the tree, and the documents of their cards: over a real host in a folder.
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { HostBench } from '../../tests/support/host.ts';
import { linkCard, setCardField, setCardLabel } from '../../shared/model/board/card-details.ts';
import { addCard, archiveCard, removeCard } from '../../shared/model/board/card-commands.ts';
import { addChecklist, addItems, removeItem } from '../../shared/model/board/checklist-commands.ts';
import { addField, addLabel } from '../../shared/model/board/definition-commands.ts';
import { openCardPage } from '../../shared/model/board/card-page.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { addPost, react } from '../../shared/model/thread/commands.ts';
import { readThread } from '../../shared/model/thread/read.ts';

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
  const make = (kind: 'page' | 'board', title: string, parent: string | null = null) =>
    host.call('doc.create', { workspace, space: space!.id, kind, title, parent });
  const { documents } = host.parts;
  const { room, id: board } = await make('board', 'Launch');
  const show = (at = room) => documents.read(at, readBoard);
  const first = (await show()).columns[0]!.id;
  const add = (title: string, id?: string): Promise<string> =>
    documents.edit(room, (doc) =>
      addCard(doc, { ...(id === undefined ? {} : { id }), title, column: first, createdBy: member, createdAt: 1 }),
    );
  /** A card with a description and a comment. */
  const write = async (card: string, markdown: string) => {
    const page = await host.call('card.page', { workspace, document: board, card });
    await documents.edit(page.room, (doc) => {
      appendBlocks(bodyOf(doc), parseMarkdown(markdown).blocks);
      const post = addPost(doc, { author: member, device: 'laptop', text: `On ${markdown}`, at: 5 });
      react(doc, { post, member, emoji: '👍' }, true);
    });
    await host.parts.catalogue.refresh(page.room);
    return page;
  };
  return { host, workspace, space: space!.id, member, documents, board, room, make, show, add, write };
}

it('[B1][BD17] a new board has three columns, the last completes; opening it writes nothing; it stands among pages and below them', async () => {
  const { host, workspace, board, room, make, show, documents } = await station();
  const made = await show();
  expect(made.columns.map(({ name, completes }) => [name, completes])).toEqual([
    ['Next', false],
    ['Doing', false],
    ['Done', true],
  ]);
  expect(await host.call('doc.show', { workspace, document: board })).toMatchObject({ kind: 'board', title: 'Launch' });
  const before = await documents.read(room, (doc) => Y.encodeStateVector(doc));
  await show();
  expect(await documents.read(room, (doc) => Y.encodeStateVector(doc))).toEqual(before);
  const page = await make('page', 'Plan');
  await host.call('doc.move', { workspace, document: board, parent: page.id });
  await host.call('doc.rename', { workspace, document: board, title: 'Lift-off' });
  await host.call('favourites.set', { workspace, document: board, favourite: true });
  await host.call('doc.archive', { workspace, document: page.id });
  expect(await host.call('doc.get', { workspace, document: board })).toMatchObject({
    kind: 'board',
    title: 'Lift-off',
    parent: page.id,
    archived: true,
  });
  expect(await host.call('favourites.list', { workspace })).toEqual([board]);
  await expect(host.call('doc.move', { workspace, document: page.id, parent: board })).rejects.toThrow('subpages');
});

it('[BD3][BD16] a card’s own document is made when it is asked for, is the same for two who make it apart, and stands in no list', async () => {
  const { host, workspace, space, member, board, add, make } = await station();
  const card = await add('Antenna');
  const page = await host.call('card.page', { workspace, document: board, card });
  expect(page).toMatchObject({
    id: card,
    room: `${workspace}/${space}/${card}`,
    kind: 'card',
    title: '',
    parent: board,
  });
  expect(await host.call('card.page', { workspace, document: board, card })).toEqual(page);
  await expect(host.call('card.page', { workspace, document: board, card: 'nowhere' })).rejects.toThrow(
    'not on the board',
  );
  const note = await make('page', 'Note');
  await expect(host.call('card.page', { workspace, document: note.id, card })).rejects.toThrow('not a board');
  // An honest program gives a card a random id; one that has a page's leads nobody into that page.
  await add('Posing', note.id);
  await expect(host.call('card.page', { workspace, document: board, card: note.id })).rejects.toThrow(
    'Another document',
  );
  const [one, other] = [new Y.Doc(), new Y.Doc()];
  openCardPage(one, board, { by: member, at: 1 });
  openCardPage(other, board, { by: 'other', at: 2 });
  appendBlocks(bodyOf(one), parseMarkdown('Mine').blocks);
  appendBlocks(bodyOf(other), parseMarkdown('Theirs').blocks);
  Y.applyUpdate(one, Y.encodeStateAsUpdate(other));
  expect(readBlocks(bodyOf(one))).toHaveLength(2);
  const titles = (await host.call('doc.list', { workspace })).map((one) => one.title);
  expect(titles.sort()).toEqual(['Launch', 'Note']);
  expect((await host.call('doctor', {})).every((check) => check.ok)).toBe(true);
  await host.call('doc.trash', { workspace, document: board });
  expect(await host.call('card.page', { workspace, document: board, card })).toMatchObject({ archived: true });
  await host.call('doc.untrash', { workspace, document: board });
  expect(await host.call('doc.get', { workspace, document: card })).toMatchObject({ archived: false });
  for (const name of ['doc.trash', 'doc.archive', 'doc.purge'] as const) {
    await expect(host.call(name, { workspace, document: card })).rejects.toThrow('not on this computer');
  }
  expect(await host.call('doc.history', { workspace, document: card })).toEqual([]);
});

it('[B14][BD16] a copy of a board has cards of its own with what they hold; links between the cards, and in their words, lead to the copies', async () => {
  const { host, workspace, member, board, room, documents, make, show, add, write } = await station();
  const plan = await make('page', 'Plan');
  await host.call('doc.move', { workspace, document: board, parent: plan.id });
  const [lift, test, gone, old] = [await add('Lift'), await add('Test'), await add('Gone'), await add('Old')];
  const label = await documents.edit(room, (doc) => {
    const made = addLabel(doc, { name: 'radio', colour: 'moss' });
    const field = addField(doc, { name: 'Mass', kind: 'number' });
    setCardLabel(doc, [lift], made, true);
    setCardField(doc, lift, field, 12);
    linkCard(doc, lift, 'blocks', test);
    linkCard(doc, lift, 'page', plan.id);
    linkCard(doc, lift, 'relates', 'card-of-another-board');
    const list = addChecklist(doc, lift, { name: 'Before' });
    const [, second] = addItems(doc, { card: lift, list }, [{ text: 'fuel', checked: true }, { text: 'never mind' }]);
    removeItem(doc, { card: lift, item: second! }, { by: member, at: 2 });
    archiveCard(doc, old, 3);
    removeCard(doc, gone, { by: member, at: 4 });
    return made;
  });
  await write(lift, `See [the test](page:${test}) and [the plan](page:${plan.id}).`);
  const copy = await host.call('doc.duplicate', { workspace, document: plan.id, below: true });
  const boards = (await host.call('doc.list', { workspace })).filter((one) => one.kind === 'board');
  const copied = boards.find((one) => one.parent === copy.id)!;
  expect(copied.title).toBe('Launch');
  const shown = await show(copied.room);
  const cards = shown.columns.flatMap((column) => column.cards);
  expect([cards.map((card) => card.title), shown.archived.map((card) => card.title), shown.removed]).toEqual([
    ['Lift', 'Test'],
    ['Old'],
    [],
  ]);
  expect(shown.labels.map((one) => one.id)).toEqual([label]);
  const [first, second] = cards;
  expect([lift, test]).not.toContain(first!.id);
  expect(first).toMatchObject({
    labels: [label],
    values: [{ value: 12 }],
    links: { blocks: [second!.id], page: [copy.id], relates: ['card-of-another-board'] },
    checklists: [{ name: 'Before', items: [{ text: 'fuel', checked: true }] }],
  });
  expect(second!.links.blockedBy).toEqual([first!.id]);
  const page = await host.call('card.page', { workspace, document: copied.id, card: first!.id });
  expect(await host.call('doc.show', { workspace, document: first!.id })).toMatchObject({
    kind: 'card',
    parent: copied.id,
    posts: [{ author: member, text: expect.stringContaining('On See') as unknown }],
  });
  const { words, posts } = await documents.read(page.room, (doc) => ({
    words: JSON.stringify(readBlocks(bodyOf(doc))),
    posts: readThread(doc).posts,
  }));
  expect(words).toContain(`page:${second!.id}`);
  expect(words).toContain(`page:${copy.id}`);
  expect(posts).toMatchObject([{ author: member, at: 5, reactions: [{ emoji: '👍', members: [member] }] }]);
  // Nothing was written in the other cards: they have no document.
  expect(await host.call('doc.get', { workspace, document: second!.id })).toBeNull();
  const original = await show();
  expect(original.columns.flatMap((column) => column.cards.map((card) => card.id))).toEqual([lift, test]);
});

it('[DD5][BD16] a board that moves to another space, and one that is purged, takes its cards’ documents along', async () => {
  const { host, workspace, space, board, documents, add, write } = await station();
  const other = await host.call('space.create', { workspace, name: 'Ground' });
  const card = await add('Antenna');
  const before = await write(card, 'Tune it.');
  await host.call('doc.transfer', { workspace, document: board, space: other.id });
  const page = await host.call('card.page', { workspace, document: board, card });
  expect(page.room).toBe(`${workspace}/${other.id}/${card}`);
  expect(await documents.read(page.room, (doc) => readThread(doc).posts)).toHaveLength(1);
  // And back, where its earlier rooms are.
  await host.call('doc.transfer', { workspace, document: board, space });
  const back = await host.call('card.page', { workspace, document: board, card });
  expect(back.room).toBe(before.room);
  await host.call('doc.purge', { workspace, document: board });
  expect(await host.call('doc.get', { workspace, document: board })).toBeNull();
  expect(await host.call('doc.get', { workspace, document: card })).toBeNull();
  await expect(documents.edit(back.room, (doc) => openCardPage(doc, board, { by: 'm', at: 1 }))).rejects.toThrow();
});
