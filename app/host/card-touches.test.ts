// What windows write in cards' own documents, as their board and its faces hear of it: over a real host in a folder, with a clock that tests turn.
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../../shared/base/clock.ts';
import { encodeUpdate } from '../../shared/protocol/room-frames.ts';
import { addCard, removeCard } from '../../shared/model/board/card-commands.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { bodyOf, cardsOf } from '../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { addPost, removePost } from '../../shared/model/thread/commands.ts';
import { HostBench, until } from '../../tests/support/host.ts';
import { Pipe } from '../../tests/support/pipe.ts';
import type { Announcement } from '../contract/calls.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function station() {
  const clock = new FakeClock();
  const host = await bench.start(await bench.folder(), { clock, links: false });
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await host.call('space.list', { workspace });
  const place = { workspace, space: space!.id, parent: null } as const;
  const { id: board, room } = await host.call('doc.create', { ...place, kind: 'board', title: 'Launch' });
  const { documents } = host.parts;
  const card = await documents.edit(room, (doc) => {
    const [column] = readBoard(doc).columns;
    return addCard(doc, { title: 'Antenna', column: column!.id, createdBy: member, createdAt: 1 });
  });
  const page = await host.call('card.page', { workspace, document: board, card });
  const touched = () => documents.read(room, (doc) => (cardsOf(doc).get(card) as Y.Map<unknown>).get('touched'));
  /** A window that has the card open and not the board. */
  const window = () => {
    const pipe = new Pipe();
    host.serveRoom(page.room, true, pipe.b);
    const doc = new Y.Doc();
    doc.on('update', (update: Uint8Array) => pipe.a.send(encodeUpdate(update)));
    return { pipe, doc };
  };
  return { clock, host, workspace, member, space: space!.id, board, room, card, page, documents, touched, window };
}

it('[B17][BD15] who writes in a card’s document touches the card on its board, at once and again while they go on; reading touches nothing', async () => {
  const { clock, host, member, room, card, page, documents, touched, window } = await station();
  const { doc } = window();
  await documents.read(page.room, () => undefined);
  expect(await touched()).toBeUndefined();
  const began = clock.now();
  doc.transact(() => appendBlocks(bodyOf(doc), parseMarkdown('Tune it').blocks));
  await until('it is said on the board', async () => (await touched()) !== undefined);
  expect(await touched()).toEqual({ by: member, at: began });
  // Another removes it, having seen that; words that come then, without knowing of it, bring it back.
  await documents.edit(room, (board) => removeCard(board, card, { by: member, at: 2 }));
  expect(await documents.read(room, (board) => readBoard(board).removed.length)).toBe(1);
  bodyOf(doc).insert(bodyOf(doc).length, ' well');
  await until('it is stored', () => documents.read(page.room, (one) => bodyOf(one).toJSON().includes('well')));
  clock.advance(9_000);
  expect(await touched()).toEqual({ by: member, at: began });
  await until('the card is back', async () => {
    clock.advance(60_000);
    return (await documents.read(room, readBoard)).restored.length === 1;
  });
  // At the end of the program nothing is left unsaid.
  const last = await touched();
  bodyOf(doc).insert(bodyOf(doc).length, ', please');
  await until('it is stored', () => documents.read(page.room, (one) => bodyOf(one).toJSON().includes('please')));
  clock.advance(1);
  const store = host.folder.root;
  await bench.stop(host);
  const again = await bench.start(store, { links: false });
  const said = await again.parts.documents.read(room, (one) =>
    (cardsOf(one).get(card) as Y.Map<unknown>).get('touched'),
  );
  expect(said).not.toEqual(last);
});

it('[B11] a board’s faces know of comments, attachments and descriptions without opening a card; changes are announced', async () => {
  const { host, workspace, member, board, card, page, documents } = await station();
  const told: Announcement[] = [];
  host.onAnnouncement((announcement) => void told.push(announcement));
  const facts = () => host.call('board.facts', { workspace, document: board });
  expect(await facts()).toEqual({});
  await documents.edit(page.room, (doc) => appendBlocks(bodyOf(doc), parseMarkdown(' ').blocks));
  await host.parts.catalogue.refresh(page.room);
  expect(await facts()).toEqual({});
  const post = await documents.edit(page.room, (doc) => {
    const blob = 'ab'.repeat(32);
    appendBlocks(bodyOf(doc), [
      { type: 'atom', kind: 'file', props: { blob, name: 'plan.pdf', mime: 'application/pdf', size: 3 } },
    ]);
    addPost(doc, { author: member, device: 'laptop', text: 'first', at: 1 });
    return addPost(doc, { author: member, device: 'laptop', text: 'second', at: 2 });
  });
  await host.parts.catalogue.settled();
  expect(await facts()).toEqual({ [card]: { comments: 2, attachments: 1, described: true } });
  expect(told).toContainEqual({ event: 'facts', workspace, documents: [board] });
  await documents.edit(page.room, (doc) => removePost(doc, post, { at: 3, by: member }));
  await host.parts.catalogue.refresh(page.room);
  expect(await facts()).toMatchObject({ [card]: { comments: 1 } });
  // They are there at once after a start, and after the catalogue is made anew.
  const folder = host.folder.root;
  await bench.stop(host);
  const again = await bench.start(folder, { links: false });
  expect(await again.call('board.facts', { workspace, document: board })).toMatchObject({ [card]: { comments: 1 } });
});

it('[DD5][BD16] the document of a card that somebody made where its board was follows the board; nobody else’s document takes such a way', async () => {
  const { host, workspace, member, space, board, room, card, page, documents } = await station();
  const late = await documents.edit(room, (doc) => {
    const [column] = readBoard(doc).columns;
    return addCard(doc, { title: 'Late', column: column!.id, createdBy: member, createdAt: 1 });
  });
  const other = await host.call('space.create', { workspace, name: 'Ground' });
  const note = await host.call('doc.create', { workspace, space: other.id, kind: 'page', title: 'Note', parent: null });
  await host.call('doc.transfer', { workspace, document: board, space: other.id });
  expect((await host.call('card.page', { workspace, document: board, card })).room).not.toBe(page.room);
  const write = (id: string) =>
    documents.edit(`${workspace}/${space}/${id}`, (doc) => {
      doc.getMap('meta').set('kind', 'card');
      doc.getMap('meta').set('parent', board);
      appendBlocks(bodyOf(doc), parseMarkdown('Did not know').blocks);
    });
  await write(note.id);
  await write('on-no-board');
  await write(late);
  await until('it is where the board is', async () => {
    await host.parts.catalogue.settled();
    const entry = await host.call('doc.get', { workspace, document: late });
    return entry?.space === other.id;
  });
  expect(await documents.read(note.room, (doc) => bodyOf(doc).length)).toBe(0);
  expect(host.parts.catalogue.row(`${workspace}/${other.id}/on-no-board`)).toBeNull();
});
