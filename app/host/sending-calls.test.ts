// Cards that are copied and moved to other boards, over real hosts in folders: what goes along, who may, what an end in between leaves, and what two do at once. One file, for all of it begins with the same two boards.
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { HostBench, until } from '../../tests/support/host.ts';
import { addCard, archiveCard, renameCard } from '../../shared/model/board/card-commands.ts';
import {
  linkCard,
  setCardField,
  setCardLabel,
  setCardMember,
  writeCardText,
} from '../../shared/model/board/card-details.ts';
import { addChecklist, addItems } from '../../shared/model/board/checklist-commands.ts';
import { setColumnLimit } from '../../shared/model/board/column-commands.ts';
import { addChoice, addField, addLabel } from '../../shared/model/board/definition-commands.ts';
import { beginLeaving, endLeaving, placeCards, takeCards } from '../../shared/model/board/parcel.ts';
import { readBoard, type Board } from '../../shared/model/board/read.ts';
import { readMovedTo } from '../../shared/model/document/moved.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { addPost } from '../../shared/model/thread/commands.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import { RoomBytes } from '../../shared/hub/room-bytes.ts';
import type { Host } from './host.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function station(folder?: string) {
  const data = folder ?? (await bench.folder());
  const host = await bench.start(data, { links: false });
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [everyone] = await host.call('space.list', { workspace });
  const closed = await host.call('space.create', { workspace, name: 'Ground', visibility: 'invited' });
  const make = (space: string, title: string, kind: 'board' | 'page' = 'board') =>
    host.call('doc.create', { workspace, space, kind, title, parent: null });
  const launch = await make(everyone!.id, 'Launch');
  const tests = await make(everyone!.id, 'Tests');
  const ground = await make(closed.id, 'Ground work');
  const { documents } = host.parts;
  const show = (room: string): Promise<Board> => documents.read(room, readBoard);
  const add = (title: string, column = 0) =>
    documents.edit(launch.room, (doc) =>
      addCard(doc, { title, column: readBoard(doc).columns[column]!.id, createdBy: member, createdAt: 1 }),
    );
  const describe = async (card: string, markdown: string) => {
    const page = await host.call('card.page', { workspace, document: launch.id, card });
    await documents.edit(page.room, (doc) => {
      appendBlocks(bodyOf(doc), parseMarkdown(markdown).blocks);
      addPost(doc, { author: member, device: 'laptop', text: 'Agreed', at: 5 });
    });
    await host.parts.catalogue.refresh(page.room);
    return page;
  };
  const send = async (cards: string[], to: { id: string; room: string }, more: object = {}) => {
    const column = (await show(to.room)).columns[0]!.id;
    const asked = { workspace, document: launch.id, cards, to: to.id, column, at: 'bottom', copy: false } as const;
    return host.call('cards.send', { ...asked, makeLabels: true, ...more });
  };
  return {
    host,
    data,
    workspace,
    member,
    everyone: everyone!.id,
    closed: closed.id,
    documents,
    make,
    launch,
    tests,
    ground,
    show,
    add,
    describe,
    send,
  };
}

const titles = (board: Board): string[][] => board.columns.map(({ cards }) => cards.map(({ title }) => title));
const words = (doc: Y.Doc): string => JSON.stringify(readBlocks(bodyOf(doc)));

it('[B14][GO1][GO2] a card that moves within a space is the same card there: its labels and fields by name, checklists, links, description and comments; and back again', async () => {
  const { host, workspace, member, documents, launch, tests, show, add, describe, send } = await station();
  const [before, antenna, other] = [await add('Cable'), await add('Antenna'), await add('Mast')];
  const ids = await documents.edit(launch.room, (doc) => {
    const radio = addLabel(doc, { name: 'Radio', colour: 'moss' });
    const late = addLabel(doc, { name: 'late', colour: 'clay' });
    setCardLabel(doc, [antenna], radio, true);
    setCardLabel(doc, [antenna], late, true);
    const note = addField(doc, { name: 'Note', kind: 'text' });
    const band = addField(doc, { name: 'Band', kind: 'choice' });
    const vhf = addChoice(doc, band, { name: 'VHF' });
    writeCardText(doc, antenna, note, 'north side');
    setCardField(doc, antenna, band, vhf);
    const list = addChecklist(doc, antenna, { name: 'Before' });
    addItems(doc, { card: antenna, list }, [{ text: 'ladder', checked: true }, { text: 'rope' }]);
    setCardMember(doc, [antenna], member, true);
    linkCard(doc, other, 'blocks', antenna);
    return { radio };
  });
  const known = await documents.edit(tests.room, (doc) => addLabel(doc, { name: 'radio', colour: 'sky' }));
  const page = await describe(antenna, 'Tune it.');
  const plan = await host.call('cards.plan', {
    workspace,
    document: launch.id,
    cards: [antenna],
    to: tests.id,
    copy: false,
  });
  expect(plan).toMatchObject({
    labels: { known: ['Radio'], missing: ['late'] },
    fields: { known: [], missing: ['Note', 'Band'] },
    checklists: 1,
    comments: 1,
    descriptions: 1,
    outsiders: [],
    unreachable: [],
  });
  const sent = await send([antenna], tests);
  expect(titles(await show(launch.room))).toEqual([['Cable', 'Mast'], [], []]);
  const there = await show(tests.room);
  const [card] = there.columns[0]!.cards;
  const [note, band] = there.fields;
  expect(card).toMatchObject({
    id: antenna,
    title: 'Antenna',
    members: [member],
    labels: [known, there.labels.find(({ name }) => name === 'late')!.id],
    checklists: [{ name: 'Before', items: [{ text: 'ladder', checked: true }, { text: 'rope' }] }],
    links: { blockedBy: [other] },
    values: [
      { field: note!.id, value: 'north side' },
      { field: band!.id, value: band!.choices[0]!.id },
    ],
    createdAt: 1,
  });
  expect(card!.labels).not.toContain(ids.radio);
  // The same document, which says where it is now; the old board leads on.
  expect(await host.call('doc.get', { workspace, document: antenna })).toMatchObject({
    room: page.room,
    parent: tests.id,
  });
  expect((await show(launch.room)).elsewhere).toMatchObject([{ card: { id: antenna }, to: tests.id, late: [] }]);
  expect(await host.call('cards.find', { workspace, card: antenna })).toEqual({ board: tests.id });
  expect(await host.call('board.facts', { workspace, document: tests.id })).toMatchObject({
    [antenna]: { comments: 1 },
  });
  await expect(host.call('card.page', { workspace, document: launch.id, card: antenna })).rejects.toThrow(
    'not on the board',
  );
  await host.call('cards.takeBack', { workspace, back: sent.back });
  const back = await show(launch.room);
  expect(back.columns[0]!.cards.map(({ id }) => id)).toEqual([before, antenna, other]);
  expect(back.columns[0]!.cards[1]!.labels).toHaveLength(2);
  expect(titles(await show(tests.room)).flat()).toEqual([]);
  expect(await host.call('doc.get', { workspace, document: antenna })).toMatchObject({ parent: launch.id });
});

it('[B14][GO2] into another space what it holds goes along, with its files, and what is written in the old document follows; what cannot be reached there is named', async () => {
  const { host, workspace, everyone, closed, documents, make, launch, ground, show, add, describe, send } =
    await station();
  const [antenna, mast] = [await add('Antenna'), await add('Mast')];
  const plan = await make(everyone, 'Plan of the site', 'page');
  const begun = await host.call('blob.begin', { workspace, space: everyone, size: 4 });
  const { upload } = begun as { upload: string };
  await host.call('blob.append', { upload, base64: 'AQIDBA==' });
  const { blob } = await host.call('blob.finish', { upload });
  await documents.edit(launch.room, (doc) => linkCard(doc, antenna, 'relates', mast));
  const page = await describe(antenna, `See [the plan](page:${plan.id}).`);
  await documents.edit(page.room, (doc) =>
    appendBlocks(bodyOf(doc), [
      {
        type: 'atom',
        kind: 'file',
        indent: 0,
        props: { blob, name: 'x.bin', mime: 'application/x', size: 4 },
      } as never,
    ]),
  );
  await host.parts.catalogue.refresh(page.room);
  await host.parts.attachments.reread(page.room);
  const asked = { workspace, document: launch.id, cards: [antenna], to: ground.id };
  expect(await host.call('cards.plan', { ...asked, copy: false })).toMatchObject({
    unreachable: ['Mast', 'Plan of the site'],
    files: 1,
    filesAway: 0,
  });
  const copied = await send([antenna], ground, { copy: true });
  await send([antenna], ground);
  const there = await show(ground.room);
  expect(there.columns[0]!.cards.map(({ id, title }) => [id, title])).toEqual([
    [copied.cards[0], 'Antenna'],
    [antenna, 'Antenna'],
  ]);
  for (const card of [antenna, copied.cards[0]!]) {
    const own = await host.call('card.page', { workspace, document: ground.id, card });
    expect(own.room).toBe(`${workspace}/${closed}/${card}`);
    expect(await documents.read(own.room, words)).toContain(blob);
    expect(await documents.read(own.room, (doc) => readThread(doc).posts)).toMatchObject([{ text: 'Agreed' }]);
  }
  expect((await host.call('blob.state', { workspace, space: closed, blobs: [blob] }))[0]).toMatchObject({
    state: 'here',
  });
  expect(await documents.read(page.room, (doc) => readMovedTo(doc, everyone))).toBe(closed);
  // Somebody who did not know goes on in the old document.
  await arrives(host, page.room, (doc) => appendBlocks(bodyOf(doc), parseMarkdown('Too late').blocks));
  await until('the words are there', async () =>
    (await documents.read(`${workspace}/${closed}/${antenna}`, words)).includes('Too late'),
  );
});

it('[B14][GO2] a copy has an id and a maker of its own; links among those that are copied lead to the copies; it can be taken back', async () => {
  const { host, workspace, member, documents, launch, tests, show, add, describe, send } = await station();
  const [lift, test] = [await add('Lift'), await add('Test')];
  await documents.edit(launch.room, (doc) => linkCard(doc, lift, 'blocks', test));
  await describe(lift, `See [the test](page:${test}).`);
  const label = await documents.edit(launch.room, (doc) => addLabel(doc, { name: 'radio' }));
  await documents.edit(launch.room, (doc) => setCardLabel(doc, [lift], label, true));
  const { cards, back } = await send([lift, test], tests, { copy: true, at: 'top', makeLabels: false });
  const [one, two] = (await show(tests.room)).columns[0]!.cards;
  expect([one!.id, two!.id]).toEqual(cards);
  expect(one).toMatchObject({ title: 'Lift', createdBy: member, labels: [], links: { blocks: [two!.id] } });
  expect((await show(tests.room)).labels).toEqual([]);
  const page = await host.call('card.page', { workspace, document: tests.id, card: one!.id });
  expect(await documents.read(page.room, words)).toContain(`page:${two!.id}`);
  expect(titles(await show(launch.room))[0]).toEqual(['Lift', 'Test']);
  await host.call('cards.takeBack', { workspace, back });
  expect(titles(await show(tests.room)).flat()).toEqual([]);
});

it('[B14][GO2] what may not be, or has no room, changes nothing and says why', async () => {
  const { host, workspace, documents, make, everyone, launch, tests, ground, show, add, send } = await station();
  const card = await add('Antenna');
  await documents.edit(tests.room, (doc) => {
    const [column] = readBoard(doc).columns;
    addCard(doc, { title: 'There', column: column!.id, createdBy: 'm', createdAt: 1 });
    setColumnLimit(doc, column!.id, { most: 1, hard: true });
  });
  const before = await documents.read(launch.room, (doc) => Y.encodeStateVector(doc));
  await expect(send([card], tests)).rejects.toThrow('no more than 1 cards');
  await expect(send([card, 'gone'], ground)).rejects.toThrow('not on this board any more');
  await expect(send([card], ground, { column: 'gone' })).rejects.toThrow('not on the board any more');
  await expect(send([card], launch)).rejects.toThrow('already');
  const page = await make(everyone, 'Page', 'page');
  await expect(
    host.call('cards.plan', { workspace, document: launch.id, cards: [card], to: page.id, copy: true }),
  ).rejects.toThrow('not a board');
  await host.call('doc.archive', { workspace, document: ground.id });
  await expect(send([card], ground)).rejects.toThrow('restore it first');
  expect(await documents.read(launch.room, (doc) => Y.encodeStateVector(doc))).toEqual(before);
  expect(titles(await show(tests.room))[0]).toEqual(['There']);
  // A card in the archive goes to the archive.
  await documents.edit(tests.room, (doc) => setColumnLimit(doc, readBoard(doc).columns[0]!.id, null));
  await documents.edit(launch.room, (doc) => archiveCard(doc, card, 7));
  await send([card], tests);
  expect((await show(tests.room)).archived).toMatchObject([{ id: card, archivedAt: 7 }]);
});

it('[B14][GO3] an end in between leaves the card on one board: before it was there it stays, afterwards the next start ends it', async () => {
  const { host, data, workspace, member, documents, launch, tests, add } = await station();
  const [stays, goes] = [await add('Stays'), await add('Goes')];
  const doing = { by: member, at: 9 };
  const begin = (card: string) =>
    documents.edit(launch.room, (doc) => {
      const taken = takeCards(doc, [card]);
      return { taken, going: beginLeaving(doc, taken, tests.id, doing).get(card)! };
    });
  await begin(stays);
  const { taken, going } = await begin(goes);
  await documents.edit(tests.room, (doc) => {
    const parcels = [{ id: goes, taken: taken.cards[0]!, going: { ...going, from: launch.id } }];
    const runs = [{ column: readBoard(doc).columns[0]!.id, parcels }];
    placeCards(doc, runs, { taken, makeLabels: true, doing, isCopy: false, authors: new Set() });
  });
  // It ends here.
  await bench.stop(host);
  const again = await bench.start(data, { links: false });
  const read = (room: string): Promise<Board> => again.parts.documents.read(room, readBoard);
  await until('it is ended', async () => (await read(launch.room)).columns[0]!.cards.length === 1);
  expect(titles(await read(launch.room))[0]).toEqual(['Stays']);
  expect(titles(await read(tests.room))[0]).toEqual(['Goes']);
  await again.call('cards.send', {
    workspace,
    document: launch.id,
    cards: [stays],
    to: tests.id,
    column: (await read(tests.room)).columns[0]!.id,
    at: 'top',
    copy: false,
    makeLabels: true,
  });
  expect(titles(await read(tests.room))[0]).toEqual(['Stays', 'Goes']);
});

it('[B16][GO3][GO4] one card that two take to two boards is on one, both are told, and what was written in the other is offered and put there', async () => {
  const { host, workspace, member, everyone, documents, make, launch, tests, show, add, send } = await station();
  const antenna = await add('Antenna');
  const flight = await make(everyone, 'Flight');
  // Bo has all that Ana has, and hears of nothing more.
  const [bosLaunch, bosFlight] = [await stored(host, launch.room), await stored(host, flight.room)];
  await send([antenna], tests);
  await documents.edit(tests.room, (doc) => renameCard(doc, antenna, 'Antenna at noon'));
  const doing = { by: 'bo', at: 20 };
  renameCard(bosLaunch, antenna, 'Antenna, mended');
  const taken = takeCards(bosLaunch, [antenna]);
  // The greater id holds.
  const going = beginLeaving(bosLaunch, taken, flight.id, doing).get(antenna)!;
  const parcels = [{ id: antenna, taken: taken.cards[0]!, going: { ...going, from: launch.id } }];
  const runs = [{ column: readBoard(bosFlight).columns[1]!.id, parcels }];
  placeCards(bosFlight, runs, { taken, makeLabels: true, doing, isCopy: false, authors: new Set() });
  endLeaving(bosLaunch, new Set([going.id]));
  await arrives(host, flight.room, bosFlight);
  await arrives(host, launch.room, bosLaunch);
  const boards = async () => ({
    tests: await show(tests.room),
    flight: await show(flight.room),
    launch: await show(launch.room),
  });
  await until('it is on one board', async () => {
    const { tests: one, flight: other } = await boards();
    const cards = [...one.columns, ...other.columns].flatMap((column) => column.cards);
    return cards.length === 1 && cards[0]!.place.beaten.length === 1;
  });
  const mine = (await show(tests.room)).elsewhere[0];
  if (mine) {
    // Bo's holds: Ana is told on the board where she put it, and what she wrote there is offered.
    expect(mine).toMatchObject({ to: flight.id, taken: { by: 'bo' }, beaten: { by: member }, late: ['title'] });
    const shown = await show(flight.room);
    expect(titles(shown)[1]).toEqual(['Antenna, mended']);
    expect(shown.columns[1]!.cards[0]!.place.beaten).toMatchObject([{ by: member, to: tests.id }]);
    await host.call('cards.late', { workspace, document: tests.id, key: mine.card.place.key, put: true });
    const title = titles(await show(flight.room))[1]![0]!;
    expect(title).toContain('mended');
    expect(title).toContain('at noon');
    expect((await show(tests.room)).elsewhere[0]).toMatchObject({ beaten: null, late: [] });
  } else {
    const theirs = (await show(flight.room)).elsewhere[0]!;
    expect(theirs).toMatchObject({ to: tests.id, taken: { by: member }, beaten: { by: 'bo' }, late: [] });
    const shown = await show(tests.room);
    expect(titles(shown)[0]).toEqual(['Antenna at noon']);
    expect(shown.columns[0]!.cards[0]!.place.beaten).toMatchObject([{ by: 'bo', to: flight.id }]);
    // Bo's words came into the board that the card had left.
    const [late] = (await show(launch.room)).elsewhere;
    expect(late).toMatchObject({ to: tests.id, late: ['title'] });
    await host.call('cards.late', { workspace, document: launch.id, key: late!.card.place.key, put: true });
    const title = titles(await show(tests.room))[0]![0]!;
    expect(title).toContain('mended');
    expect(title).toContain('at noon');
  }
  expect((await host.call('doctor', {})).every((check) => check.ok)).toBe(true);
});

it('[GO3] who may write on one board alone takes no card out of another by saying that it went', async () => {
  const { host, documents, launch, ground, show, add, send } = await station();
  const [antenna, secret] = [await add('Antenna'), await add('Secret')];
  await send([secret], ground);
  // On a board of their own somebody says that both came there.
  const forged = await stored(host, ground.room);
  const { columns } = readBoard(forged);
  const taken = takeCards(await stored(host, ground.room), [secret]);
  const parcel = { taken: taken.cards[0]!, going: { id: 'zzzzzzzzzzzzzzzzzzzzzz', n: 9, from: launch.id } };
  const parcels = [{ ...parcel, id: antenna }];
  const doing = { by: 'mallory', at: 1 };
  placeCards(forged, [{ column: columns[0]!.id, parcels }], {
    taken,
    makeLabels: true,
    doing,
    isCopy: false,
    authors: new Set(),
  });
  await arrives(host, ground.room, forged);
  await host.parts.catalogue.settled();
  await until('it was looked at', async () => (await show(ground.room)).columns[0]!.cards.length === 2);
  expect(titles(await show(launch.room))[0]).toEqual(['Antenna']);
  // Nor does what was taken from there say anything here.
  await documents.edit(launch.room, (doc) => renameCard(doc, antenna, 'Antenna 2'));
  await host.parts.catalogue.settled();
  expect(titles(await show(launch.room))[0]).toEqual(['Antenna 2']);
});

async function stored(host: Host, room: string): Promise<Y.Doc> {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new RoomBytes(await host.parts.store.load(room)).diff(new Uint8Array([0])));
  return doc;
}

/** What another writer of that room sent, as it comes from a relay. */
async function arrives(host: Host, room: string, theirs: Y.Doc | ((doc: Y.Doc) => void)): Promise<void> {
  const now = await stored(host, room);
  const known = Y.encodeStateVector(now);
  if (typeof theirs === 'function') theirs(now);
  const opened = await host.parts.hub.open(room, { device: host.parts.device.id, member: null });
  if (opened.kind !== 'open') throw new Error('not opened');
  const update = Y.encodeStateAsUpdate(typeof theirs === 'function' ? now : theirs, known);
  expect(await opened.room.apply(update, {})).toMatchObject({ kind: 'stored' });
  opened.room.dispose();
}
