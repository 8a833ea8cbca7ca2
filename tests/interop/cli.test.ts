// The `caravan` command as scripts run it: results, exit codes, and the same with and without a running host.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { startRelay, type Relay } from '../../server/relay.ts';
import { readSettings } from '../../server/settings.ts';
import { addCard } from '../../shared/model/board/card-commands.ts';
import { readBoard, type Board } from '../../shared/model/board/read.ts';
import { HostBench, until } from '../support/host.ts';
import { caravan, killLeftovers, openHost, type Ran } from '../support/host-process.ts';

let bench: HostBench;
let relays: Relay[];
beforeEach(() => {
  bench = new HostBench();
  relays = [];
});
afterEach(async () => {
  killLeftovers();
  await Promise.all(relays.map((relay) => relay.close()));
  await bench.dispose();
});

async function relay(): Promise<Relay> {
  const started = await startRelay(
    readSettings({ flags: { data: await bench.folder(), port: 0, open: true }, environment: {} }),
  );
  relays.push(started);
  return started;
}

/** Runs a command that must succeed; its JSON. */
async function json<T>(...args: string[]): Promise<T> {
  const ran: Ran = await caravan(...args, '--json');
  expect([args.join(' '), ran.code, ran.err]).toEqual([args.join(' '), 0, ran.err]);
  return ran.json() as T;
}

async function vault(): Promise<string> {
  const folder = await bench.folder();
  await mkdir(path.join(folder, 'guide'));
  await writeFile(
    path.join(folder, 'index.md'),
    '# Welcome\n\nSee [the guide](guide/first.md).\n\n![Mast](mast.png)\n',
  );
  await writeFile(path.join(folder, 'mast.png'), Buffer.alloc(3_000, '\x89PNG\r\n\x1a\n', 'latin1'));
  await writeFile(path.join(folder, 'guide/first.md'), '---\ntitle: First steps\n---\n\nHello **world**.\n');
  return folder;
}

// Each command is a process of its own; on a busy machine one takes a second.
describe('caravan', { timeout: 180_000 }, () => {
  it('[B14] moves a card to another board by its title and column, and copies it', async () => {
    const data = await bench.folder();
    const host = await bench.start(data, { links: false });
    const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
    const [space] = await host.call('space.list', { workspace });
    const make = (title: string) =>
      host.call('doc.create', { workspace, space: space!.id, kind: 'board', title, parent: null });
    const [launch, flight] = [await make('Launch'), await make('Flight')];
    const id = await host.parts.documents.edit(launch.room, (doc) => {
      const [column] = readBoard(doc).columns;
      return addCard(doc, { title: 'Antenna', column: column!.id, createdBy: member, createdAt: 1 });
    });
    await bench.stop(host);
    const moved = await json('card', 'move', id, '--to', 'Flight', '--column', 'Doing', '--data', data);
    expect(moved).toMatchObject({ card: id, board: flight.id, outsiders: [] });
    const copied = await json<{ card: string }>('card', 'copy', id, '--to', launch.id, '--data', data);
    expect(copied.card).not.toBe(id);
    const shown = await json<Board>('doc', 'show', flight.id, '--data', data);
    expect(shown.columns.map(({ cards }) => cards.map((card) => card.id))).toEqual([[], [id], []]);
    const wrong = await caravan('card', 'move', id, '--to', 'Launch', '--column', 'Nowhere', '--data', data);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('It has: "Next", "Doing", "Done"')]);
  });

  it('starts a workspace, makes spaces, imports, lists and shows, each as JSON', async () => {
    const data = await bench.folder();
    const workspace = await json<{ id: string; title: string }>(
      'init',
      '--name',
      'Ana',
      '--workspace',
      'Perigee',
      '--data',
      data,
    );
    expect(workspace.title).toBe('Perigee');
    expect(await json('workspace', 'list', '--data', data)).toMatchObject([{ id: workspace.id, relay: null }]);
    expect(await json('space', 'create', 'Product', '--data', data)).toMatchObject({ name: 'Product' });
    const report = await json<{ created: number; links: { resolved: number } }>(
      'import',
      'markdown',
      await vault(),
      '--space',
      'Handbook',
      '--data',
      data,
    );
    expect(report).toMatchObject({ created: 2, links: { resolved: 1 }, problems: [] });
    const spaces = await json<{ id: string; name: string }[]>('space', 'list', '--data', data);
    expect(spaces.map((space) => space.name)).toEqual(['Everyone', 'Off topic', 'Product', 'Handbook']);
    const documents = await json<{ id: string; room: string; title: string; kind: string }[]>(
      'doc',
      'list',
      '--space',
      'Handbook',
      '--data',
      data,
    );
    const first = documents.find((document) => document.title === 'First steps');
    expect(first).toMatchObject({ kind: 'page' });
    expect(await json('doc', 'show', first!.id, '--data', data)).toMatchObject({
      kind: 'page',
      title: 'First steps',
      content: 'Hello **world**.\n',
    });
    // A room's name works like the id, and people get a tree.
    expect(await json('doc', 'show', first!.room, '--data', data)).toMatchObject({ id: first!.id });
    const tree = await caravan('doc', 'list', '--data', data);
    expect(tree.out).toMatch(/^Handbook\n {2}guide .*\n {4}First steps .*\n {2}Welcome /);
    expect(await json('status', '--data', data)).toMatchObject({
      documents: documents.length,
      relay: null,
      outbox: [],
      attachments: { here: 1, hereBytes: 3_000, waiting: 0, missing: 0, largest: 256 * 1024 * 1024 },
      history: { days: 0, maxBytes: 1024 ** 3 },
    });
    const attachments = '1 here, 3 kB; a file may have at most 256 MiB';
    expect((await caravan('status', '--data', data)).out).toContain(`\nAttachments: ${attachments}\n`);
    const findings = await json<{ check: string; ok: boolean; detail: string }[]>('doctor', '--data', data);
    expect(findings.every((finding) => finding.ok)).toBe(true);
    expect(findings).toContainEqual({ check: 'attachments of "Perigee"', ok: true, detail: attachments });
  });

  it('ends with 2 for wrong usage, with 1 for a reason, and says what was kept', async () => {
    const data = await bench.folder();
    for (const args of [
      ['doc', 'list', '--frob'],
      ['frobnicate'],
      ['doc', 'show'],
      ['init', '--name', 'Ana'],
      ['open', '--shell', 'carrier-pigeon'],
      ['open', '--port', '99999999'],
      ['sync', '--timeout', 'soon'],
      ['doc', 'list', 'too', 'many'],
    ]) {
      const ran = await caravan(...args, '--data', data);
      expect([args.join(' '), ran.code, ran.out]).toEqual([args.join(' '), 2, '']);
      expect(ran.err).not.toBe('');
    }
    for (const args of [
      ['doc', 'list'],
      ['join', 'https://example.org/', '--name', 'Bo'],
    ]) {
      const ran = await caravan(...args, '--data', data);
      expect([args.join(' '), ran.code]).toEqual([args.join(' '), 1]);
      expect(ran.err).not.toMatch(/\bat .*:\d+:\d+/);
    }
    await json('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', data);
    for (const [args, said] of [
      [['invite'], /has no relay.*everything is kept/],
      [['sync', '--wait'], /has no relay/],
      [['relay', 'attach', 'ws://127.0.0.1:1'], /does not answer. Everything is kept/],
      [['relay', 'attach', 'not an address'], /not a relay's address/],
      [['doc', 'show', 'nothing'], /not on this computer/],
      [['doc', 'list', '--space', 'Nowhere'], /no space "Nowhere"/],
      [['workspace', 'list', '--workspace', 'x'], /unknown option/],
      [['space', 'list', '--workspace', 'Other'], /no workspace called "Other"/],
    ] as const) {
      const ran = await caravan(...args, '--data', data);
      expect([args.join(' '), ran.code]).toEqual([args.join(' '), args[0] === 'workspace' ? 2 : 1]);
      expect(ran.err).toMatch(said);
    }
    expect((await caravan('--help')).code).toBe(0);
    expect((await caravan('import', '--help')).code).toBe(0);
    expect((await caravan('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('with several workspaces asks which, by id or title', async () => {
    const data = await bench.folder();
    const one = await json<{ id: string }>('init', '--name', 'Ana', '--workspace', 'One', '--data', data);
    await json('init', '--name', 'Ana', '--workspace', 'Two', '--data', data);
    const asked = await caravan('space', 'list', '--data', data);
    expect(asked.code).toBe(1);
    expect(asked.err).toContain(one.id);
    expect(await json('space', 'list', '--workspace', 'Two', '--data', data)).toHaveLength(2);
    expect(await json('space', 'list', '--workspace', one.id, '--data', data)).toHaveLength(2);
  });

  it('goes through the running host: its window hears of what the command made', async () => {
    const data = await bench.folder();
    await json('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', data);
    const host = await openHost(data);
    await json('space', 'create', 'Product', '--data', data);
    await json('import', 'markdown', await vault(), '--space', 'Product', '--data', data);
    expect(await json('doc', 'list', '--data', data)).toHaveLength(3);
    expect(await host.end('SIGTERM')).toBe(0);
    expect(await json('doc', 'list', '--data', data)).toHaveLength(3);
  });

  it('two people: attach, join, sync; a stock y-websocket client opens a page by its ticket', async () => {
    const [ana, bo] = [await bench.folder(), await bench.folder()];
    const { url } = await relay();
    await json('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', ana);
    await json('import', 'markdown', await vault(), '--space', 'Handbook', '--data', ana);
    const { link } = await json<{ link: string }>('relay', 'attach', url, '--data', ana);
    expect((await caravan('invite', '--data', ana)).out.trim()).toMatch(/^caravan:\/\/join#v=2&/);
    expect(await json('sync', '--wait', '--timeout', '30', '--data', ana)).toMatchObject({ done: true, outbox: [] });
    await json('join', link, '--name', 'Bo', '--data', bo);
    expect(await json('sync', '--wait', '--timeout', '30', '--data', bo)).toMatchObject({ done: true });
    const documents = await json<{ id: string; room: string; title: string }[]>('doc', 'list', '--data', bo);
    expect(documents.map((document) => document.title).sort()).toEqual(['First steps', 'Welcome', 'guide']);

    const first = documents.find((document) => document.title === 'First steps');
    const ticket = await json<{ url: string; protocols: string[]; room: string }>('ticket', first!.room, '--data', bo);
    expect(ticket).toEqual({ url, protocols: ['caravan.v1', expect.stringMatching(/^tkt\./)], room: first!.room });
    const doc = new Y.Doc();
    const stock = new WebsocketProvider(ticket.url, ticket.room, doc, {
      protocols: ticket.protocols,
      WebSocketPolyfill: WebSocket as never,
      disableBc: true,
    });
    await until('it is synced', () => stock.synced);
    doc.getText('title').insert(0, 'Very ');
    await until(
      'Ana has the change',
      async () => {
        await json('sync', '--wait', '--timeout', '10', '--data', ana);
        const shown = await json<{ title: string }>('doc', 'show', first!.id, '--data', ana);
        return shown.title === 'Very First steps';
      },
      30_000,
    );
    stock.destroy();
    stock.awareness.destroy();
    doc.destroy();

    await Promise.all(relays.splice(0).map((one) => one.close()));
    const late = await caravan('sync', '--wait', '--timeout', '1', '--data', ana);
    expect(late.code).toBe(1);
    expect(late.err).toMatch(/Not in step within 1 seconds.*Everything is kept/);
    expect(await json('status', '--data', ana)).toMatchObject({ relay: url, link: { state: 'offline' } });
  });

  it('[X10] a folder of a newer version is refused with the reason, and not touched', async () => {
    const data = await bench.folder();
    const newer = JSON.stringify({ program: 'caravan', format: 7 });
    await writeFile(path.join(data, 'format.json'), newer);
    for (const args of [
      ['open', '--shell', 'none'],
      ['doc', 'list'],
    ]) {
      const ran = await caravan(...args, '--data', data);
      expect(ran.code).toBe(1);
      expect(ran.err).toMatch(/newer version.*Nothing was changed/);
    }
    expect(await readFile(path.join(data, 'format.json'), 'utf8')).toBe(newer);
  });
});
