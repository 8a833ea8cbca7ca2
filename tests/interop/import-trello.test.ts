// A real board of Trello by the command line: every count is equal in what scripts read, and in what was reported.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readTrello } from '../../app/host/import-trello/read-trello.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { boardMeaning } from '../support/board-meaning.ts';
import { HostBench } from '../support/host.ts';
import { caravan, killLeftovers } from '../support/host-process.ts';

const KEPS = path.join(import.meta.dirname, '../../../shared/data/board/keps-trello.json');
const bench = new HostBench();
afterEach(async () => {
  killLeftovers();
  await bench.dispose();
});

interface ShownCard {
  readonly title: string;
  readonly due: unknown;
  readonly start: unknown;
  readonly members: readonly string[];
  readonly labels: readonly string[];
  readonly checklists: readonly { readonly items: readonly { readonly checked: boolean }[] }[];
}
interface ShownBoard {
  readonly columns: readonly { readonly name: string; readonly cards: readonly ShownCard[] }[];
  readonly archived: readonly ShownCard[];
  readonly labels: readonly { readonly id: string; readonly name: string }[];
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly unsorted: readonly ShownCard[];
  readonly unreadable: readonly string[];
}

it.skipIf(!existsSync(KEPS))(
  `[B20] a real board with hundreds of cards, lists and people imports with every count equal (skipped when ${KEPS} is not there)`,
  { timeout: 300_000 },
  async () => {
    const data = await bench.folder();
    const run = async <T>(...args: string[]): Promise<T> => {
      const ran = await caravan(...args, '--data', data, '--json');
      expect([args[0], ran.code, ran.err]).toEqual([args[0], 0, ran.err]);
      return ran.json() as T;
    };
    await run('init', '--name', 'Ana', '--workspace', 'Perigee');
    const reading = readTrello(await readFile(KEPS, 'utf8'));
    if (reading.kind === 'refused') throw new Error(reading.message);
    const { plan } = reading;
    const items = plan.cards.flatMap((card) => card.checklists.flatMap((list) => list.items));
    const [first] = plan.members;
    const mapping = ['--member', `${first!.name}=Ana`];
    const made = await run<{ document: string; counts: object }>(
      'import',
      'trello',
      KEPS,
      '--space',
      'Board',
      ...mapping,
    );
    expect(made.counts).toMatchObject({
      cards: 655,
      lists: 9,
      labels: 22,
      people: 525,
      checklists: 478,
      items: items.length,
    });
    const board = await run<ShownBoard>('doc', 'show', made.document);
    const shown = board.columns.flatMap((column) => column.cards);
    const all = [...shown, ...board.archived, ...board.unsorted];
    expect([all.length, board.archived.length, board.columns.length, board.labels.length, board.people.length]).toEqual(
      [655, 17, 9, 22, 524],
    );
    expect(board.unreadable).toEqual([]);
    const lists = all.flatMap((card) => card.checklists);
    expect(lists.length).toBe(478);
    const ticks = (of: readonly { readonly checked: boolean }[]) => of.filter((item) => item.checked).length;
    expect([lists.flatMap((list) => list.items).length, ticks(lists.flatMap((list) => list.items))]).toEqual([
      items.length,
      ticks(items),
    ]);
    // Column by column, card by card, in order, with labels and people by name.
    const names = new Map([...board.people, ...board.labels].map(({ id, name }) => [id, name]));
    const nameIn = (id: string): string => names.get(id) ?? first!.name;
    const of = new Map([...plan.members, ...plan.labels].map(({ source, name }) => [source, name]));
    const wanted = plan.columns.map((column) => [
      column.name,
      plan.cards
        .filter((card) => card.column === column.source && !card.archived)
        .map(({ title, due, start, members, labels }) => [
          title,
          due,
          start,
          [...members, ...labels].map((source) => of.get(source)),
        ]),
    ]);
    const found = board.columns.map((column) => [
      column.name,
      column.cards.map(({ title, due, start, members, labels }) => [
        title,
        due,
        start,
        [...members, ...labels].map(nameIn),
      ]),
    ]);
    expect(found).toEqual(wanted);

    // Out to a folder and in again: equal, with what the cards hold.
    const folder = path.join(await bench.folder(), 'out');
    expect(await run('export', folder, '--space', 'Board')).toMatchObject({ pages: 1, problems: [] });
    expect(await run('import', 'markdown', folder, '--space', 'Again')).toMatchObject({ created: 1, problems: [] });
    const host = await bench.start(data, { links: false });
    const workspace = (await host.call('hello', {})).workspaces[0]!.id;
    const boards = (await host.call('doc.list', { workspace })).filter((one) => one.kind === 'board');
    const meanings = await Promise.all(
      boards.map(async ({ id: document, room }) => {
        const view = await host.parts.documents.read(room, readBoard);
        const facts = Object.values(await host.call('board.facts', { workspace, document }));
        return [boardMeaning(view), facts.length, facts.filter((one) => one.described).length];
      }),
    );
    expect(meanings[1]).toEqual(meanings[0]);
    expect(meanings[0]!.slice(1)).toEqual([646, 646]);
  },
);
