// Cards that go to boards of other spaces, with a closed relay process between several hosts: who may, who will see them, and what never flows from one space into another.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import { addCard } from '../../shared/model/board/card-commands.ts';
import { readBoard, type Board } from '../../shared/model/board/read.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
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

it('[B14][GO2][GO3] guests are named before; who may only read refuses and changes nothing; of two goings into two spaces one holds, and what is written in the other space stays there', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace, space } = team;
  const pilot = await ana.call('space.create', { workspace, name: 'Pilot', visibility: 'invited' });
  const make = (of: string, title: string) =>
    ana.call('doc.create', { workspace, space: of, kind: 'board', title, parent: null });
  const [launch, tests] = [await make(space, 'Launch'), await make(space, 'Tests')];
  const secret = await make(pilot.id, 'Secret');
  const read = (host: Host, room: string): Promise<Board> => host.parts.documents.read(room, readBoard);
  const titles = async (host: Host, room: string): Promise<string[]> =>
    (await read(host, room)).columns.flatMap(({ cards }) => cards.map(({ title }) => title));
  const send = async (
    host: Host,
    from: { id: string },
    card: string,
    to: { id: string; room: string },
    copy = false,
  ) => {
    const column = (await read(ana, to.room)).columns[0]!.id;
    const asked = { workspace, document: from.id, cards: [card], to: to.id, copy };
    return host.call('cards.send', { ...asked, column, at: 'bottom', makeLabels: true });
  };
  const card = await ana.parts.documents.edit(launch.room, (doc) =>
    addCard(doc, { title: 'Antenna', column: readBoard(doc).columns[0]!.id, createdBy: 'm', createdAt: 1 }),
  );
  const page = await ana.call('card.page', { workspace, document: launch.id, card });
  await ana.parts.documents.edit(page.room, (doc) => appendBlocks(bodyOf(doc), parseMarkdown('for all').blocks));
  const bo = await team.join('Bo');
  const vic = await team.join('Vic', { role: 'viewer' });
  const gus = await team.join('Gus', { role: 'guest', spaces: [{ space: pilot.id, role: 'viewer' }] });
  for (const host of [bo, vic]) await team.untilTitles(host, 'Launch,Tests');
  await team.untilTitles(gus, 'Secret');
  for (const host of [bo, vic])
    await until('the card is there', async () => (await titles(host, launch.room)).length === 1);
  await until('Bo has what it holds', async () => (await bo.call('doc.get', { workspace, document: card })) !== null);

  await expect(send(vic, launch, card, tests)).rejects.toMatchObject({ code: 'not-allowed' });
  await expect(send(vic, launch, card, tests, true)).rejects.toMatchObject({ code: 'not-allowed' });
  await expect(send(bo, launch, card, secret)).rejects.toMatchObject({ code: 'not-found' });
  expect(await titles(vic, launch.room)).toEqual(['Antenna']);

  await team.relay.end('SIGTERM');
  // Bo takes it to another board and back: twice counts more than once.
  await send(bo, launch, card, tests);
  await send(bo, tests, card, launch);
  const asked = { workspace, document: launch.id, cards: [card], to: secret.id, copy: false };
  expect(await ana.call('cards.plan', asked)).toMatchObject({ outsiders: [team.member(gus)], descriptions: 1 });
  expect((await send(ana, launch, card, secret)).outsiders).toEqual([team.member(gus)]);
  const there = `${workspace}/${pilot.id}/${card}`;
  await ana.parts.documents.edit(there, (doc) => appendBlocks(bodyOf(doc), parseMarkdown('for few').blocks));
  await team.startRelay();

  for (const host of [ana, bo]) {
    await until('Bo’s holds', async () => (await titles(host, launch.room)).join() === 'Antenna', 40_000);
  }
  await until('it left the other board', async () => (await titles(ana, secret.room)).length === 0, 40_000);
  await until('Gus hears of it', async () => (await read(gus, secret.room)).elsewhere.length === 1, 40_000);
  expect((await read(ana, secret.room)).elsewhere).toMatchObject([{ to: launch.id, beaten: { by: team.member(ana) } }]);
  expect(await titles(bo, tests.room)).toEqual([]);
  const words = (host: Host): Promise<string> =>
    host.parts.documents.read(page.room, (doc) => JSON.stringify(readBlocks(bodyOf(doc))));
  for (const host of [ana, bo]) {
    expect(await words(host)).toContain('for all');
    expect(await words(host)).not.toContain('for few');
  }
  await until('its document is Bo’s again', async () => {
    const entry = await bo.call('doc.get', { workspace, document: card });
    return entry?.room === page.room && entry.parent === launch.id;
  });
  // Ana wants hers to go along: it is her word, and she may write in both.
  const [lost] = (await read(ana, secret.room)).elsewhere;
  await ana.call('cards.late', { workspace, document: secret.id, key: lost!.card.place.key, put: true });
  await until('the words come to Bo', async () => (await words(bo)).includes('for few'), 40_000);
}, 120_000);
