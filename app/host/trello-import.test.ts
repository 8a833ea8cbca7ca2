// A board of Trello into a workspace, through the calls of a real host: the preview, the writing, what the board then says, and refusals.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCardFiles } from '../../shared/model/board/card-files.ts';
import { readBoard, type Board } from '../../shared/model/board/read.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { printMarkdown } from '../../shared/model/markdown/print-markdown.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import { endedJob, HostBench, until } from '../../tests/support/host.ts';
import { IDS, trelloBoard } from './import-trello/trello-fixture.ts';
import { printable } from './show-document.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function station() {
  const host = await bench.start(await bench.folder(), { links: false });
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana Ruiz' });
  const [space] = await host.call('space.list', { workspace });
  return { host, workspace, member, space: space!.id };
}

const cardsOf = (board: Board) => [
  ...board.columns.flatMap((column) => column.cards),
  ...board.unsorted,
  ...board.archived,
];

describe('[B20] a board of Trello', () => {
  it('[B20] [I3] is shown before anything is written, and then written with all that the plan has', async () => {
    const { host, workspace, member, space } = await station();
    const source = trelloBoard();
    const [mast] = (source['cards'] as Record<string, unknown>[]).filter((card) => card['id'] === IDS.MAST);
    const ferry = (source['cards'] as Record<string, unknown>[]).find((card) => card['id'] === IDS.FERRY)!;
    ferry['shortLink'] = 'ferry123';
    (mast!['attachments'] as unknown[]).push({
      id: 'x',
      name: 'the ferry',
      url: 'https://trello.com/c/ferry123/1-book',
    });
    const file = { text: JSON.stringify(source) };
    const plan = await host.call('import.trelloPlan', { workspace, file });
    expect(plan.counts).toEqual({
      lists: 3,
      archivedLists: 1,
      cards: 4,
      archivedCards: 2,
      labels: 2,
      fields: 5,
      people: 3,
      checklists: 1,
      items: 2,
      descriptions: 1,
      comments: 3,
      attachments: 4,
    });
    expect(plan.people.find((one) => one.source === IDS.ANA)).toMatchObject({ name: 'Ana Ruiz', suggested: member });
    expect(plan.people.find((one) => one.source === IDS.BO)?.suggested).toBeNull();
    expect(await host.call('doc.list', { workspace })).toEqual([]);

    const { job } = await host.call('import.trello', {
      workspace,
      space,
      parent: null,
      file,
      members: { [IDS.ANA]: member },
    });
    const { status, report } = await endedJob(host, job);
    expect([status.state, report?.problems]).toEqual(['done', []]);
    const made = report!.boards![0]!;
    expect(made).toMatchObject({ title: 'Harbour works', counts: plan.counts, left: plan.left });
    expect((await host.call('doc.list', { workspace })).map((one) => [one.kind, one.title])).toEqual(
      expect.arrayContaining([
        ['board', 'Harbour works'],
        ['page', 'About Harbour works'],
      ]),
    );
    const { documents } = host.parts;
    const room = `${workspace}/${space}/${made.document}`;
    const board = await documents.read(room, readBoard);
    expect(board.unreadable).toEqual([]);
    expect(board.columns.map(({ name, limit, colour }) => [name, limit?.most ?? null, colour])).toEqual([
      ['To do', null, null],
      ['Doing', 3, 'moss'],
    ]);
    expect(board.removedColumns.map(({ name }) => name)).toEqual(['Old']);
    expect(board.columns[0]!.cards.map(({ title }) => title)).toEqual(['Book the ferry', 'Mast light']);
    expect(board.archived.map(({ title }) => title).sort()).toEqual(['Late', 'Paint']);
    const light = cardsOf(board).find(({ title }) => title === 'Mast light')!;
    const nameOf = (id: string | null) => board.people.find((one) => one.id === id)?.name ?? id;
    expect(light.members.map(nameOf)).toEqual(['Bo Li', member, 'Cy Dahl']);
    expect(light.labels.map((id) => board.labels.find((label) => label.id === id)?.name)).toEqual([
      'red light',
      'harbour',
    ]);
    expect(light).toMatchObject({
      createdBy: member,
      createdAt: Date.parse('2026-04-30T09:00:00.000Z'),
      start: Date.parse('2026-05-01T00:00:00.000Z'),
      due: Date.parse('2026-05-09T15:30:00.000Z'),
      completed: { by: member },
      checklists: [
        {
          name: 'Before',
          items: [
            { text: 'first', checked: false },
            { text: 'second', checked: true, due: Date.parse('2026-05-02T00:00:00.000Z'), member },
          ],
        },
      ],
    });
    const valueOf = (name: string) => {
      const field = board.fields.find((one) => one.name === name)!;
      const value = light.values.find((one) => one.field === field.id)?.value;
      return field.choices.find((choice) => choice.id === value)?.name ?? value;
    };
    expect(['Where', 'Cost', 'Tide', 'Size', 'Paid'].map(valueOf)).toEqual([
      'Pier 3',
      12.5,
      Date.parse('2026-05-08T04:00:00.000Z'),
      'Large',
      'Yes',
    ]);
    const [other] = board.columns[0]!.cards;
    expect(light.links.relates).toEqual([other!.id]);
    expect(other!.links.relates).toEqual([light.id]);

    const page = await host.call('doc.get', { workspace, document: light.id });
    const { text, posts, files } = await documents.read(page!.room, (doc) => ({
      files: readCardFiles(doc),
      text: printMarkdown(readBlocks(bodyOf(doc)).map(printable)),
      posts: readThread(doc).posts,
    }));
    expect(files).toMatchObject([
      { kind: 'link', name: 'plan.pdf', url: 'https://trello.com/1/cards/x/attachments/y/download/plan.pdf' },
      { kind: 'link', name: 'Light', url: 'https://example.org/light?a=1' },
    ]);
    expect(text).toContain('- Bad');
    expect(text).not.toMatch(/javascript:|the ferry|example\.org/);
    expect(posts.map(({ author, at, text: said }) => [nameOf(author), at, said])).toEqual([
      [member, Date.parse('2026-05-01T09:00:00.000Z'), 'First'],
      ['Bo Li', Date.parse('2026-05-02T09:00:00.000Z'), 'Second\nline'],
      ['Cy Dahl', Date.parse('2026-05-03T08:00:00.000Z'), 'Third'],
    ]);
    expect(await host.call('board.facts', { workspace, document: made.document })).toEqual({
      [light.id]: { comments: 3, attachments: 2, described: true },
      [other!.id]: { comments: 0, attachments: 0, described: true },
    });
    // Nothing was said of these but on the board: they have no document.
    for (const { id } of board.archived) expect(await host.call('doc.get', { workspace, document: id })).toBeNull();
  });

  it('[X9] [B20] cancelled before the writing nothing of it is left, in no list and in no room; afterwards it is too late, and it ends whole', async () => {
    const { host, workspace, space } = await station();
    const source = trelloBoard();
    const [one] = source['cards'] as Record<string, unknown>[];
    const cards = Array.from({ length: 100 }, (_, at) => ({ ...one, id: `${at}`.padStart(24, 'a'), desc: 'Words' }));
    const file = { text: JSON.stringify({ ...source, cards }) };
    const rooms = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const room of host.parts.store.rooms(workspace)) found.push(room);
      return found.sort();
    };
    const before = await rooms();
    const start = async () => (await host.call('import.trello', { workspace, space, parent: null, file })).job;
    const cancelled = await start();
    await host.call('job.cancel', { job: cancelled });
    expect((await endedJob(host, cancelled)).status).toMatchObject({ state: 'cancelled' });
    expect(await rooms()).toEqual(before);

    const late = await start();
    await until('the first is written', async () => (await rooms()).length > before.length);
    await host.call('job.cancel', { job: late });
    const { status, report } = await endedJob(host, late);
    expect([status.state, report?.boards?.[0]?.counts.cards]).toEqual(['done', 100]);
    expect((await rooms()).length).toBeGreaterThan(before.length + 100);
  });

  it('[B20] what is no board, nobody here or nobody there is refused, and nothing is written', async () => {
    const { host, workspace, member, space } = await station();
    const folder = await bench.folder();
    const file = path.join(folder, 'board.json');
    const good = JSON.stringify(trelloBoard());
    const attempt = (given: { text: string } | { path: string }, members: Record<string, string> = {}) =>
      host.call('import.trello', { workspace, space, parent: null, file: given, members });
    await writeFile(file, '{"cards": [');
    await expect(attempt({ path: file })).rejects.toThrow('not a board that Trello exported');
    await expect(attempt({ path: path.join(folder, 'none.json') })).rejects.toThrow('cannot be read');
    await expect(attempt({ path: folder })).rejects.toThrow(/not a file|cannot be read/);
    await expect(attempt({ text: '{"__proto__":{"lists":[],"cards":[]}}' })).rejects.toThrow('not a board');
    await expect(attempt({ text: `{"lists":${'['.repeat(100_000)}` })).rejects.toThrow('not a board');
    await expect(attempt({ text: good }, { [IDS.BO]: 'nobody' })).rejects.toThrow('not in this workspace');
    await expect(attempt({ text: good }, { nobody: member })).rejects.toThrow('does not name');
    expect(await host.call('doc.list', { workspace })).toEqual([]);
  });
});
