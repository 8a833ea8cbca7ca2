// Boards edited apart by two hosts with a relay between them: real sockets and stores.
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Host } from '../../app/host/host.ts';
import { startRelay, type Relay } from '../../server/relay.ts';
import { readSettings } from '../../server/settings.ts';
import { addCard, removeCard } from '../../shared/model/board/card-commands.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { encodeUpdate } from '../../shared/protocol/room-frames.ts';
import { HostBench, until } from '../support/host.ts';
import { Pipe } from '../support/pipe.ts';

let bench: HostBench;
let relay: Relay;
beforeEach(async () => {
  bench = new HostBench();
});
afterEach(async () => {
  await bench.dispose();
  await relay.close();
});

async function relayAt(data: string, port: number): Promise<Relay> {
  return startRelay(readSettings({ flags: { data, port, open: true }, environment: {} }));
}

async function inStep(...hosts: readonly Host[]): Promise<void> {
  for (const host of [...hosts, ...hosts]) {
    for (const { id: workspace } of (await host.call('hello', {})).workspaces) {
      expect(await host.call('sync.wait', { workspace, timeout: 20_000 })).toMatchObject({ done: true });
    }
  }
}

it('[B17][BD15] a card whose description one edits apart, in no window the board, comes back where another removed it, with the words', async () => {
  const data = await bench.folder();
  relay = await relayAt(data, 0);
  const port = Number(new URL(relay.url).port);
  const [ana, bo] = [await bench.start(await bench.folder()), await bench.start(await bench.folder())];
  const { id: workspace, member } = await ana.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await ana.call('space.list', { workspace });
  const place = { workspace, space: space!.id, parent: null } as const;
  const { id: document, room } = await ana.call('doc.create', { ...place, kind: 'board', title: 'Launch' });
  const [card, other] = await ana.parts.documents.edit(room, (doc) => {
    const [column] = readBoard(doc).columns;
    const made = { column: column!.id, createdBy: member, createdAt: 1 };
    return ['Antenna', 'Cable'].map((title) => addCard(doc, { ...made, title }));
  });
  const page = await ana.call('card.page', { workspace, document, card: card! });
  const { link } = await ana.call('relay.attach', { workspace, url: relay.url.replace('ws:', 'http:') });
  await bo.call('workspace.join', { link, name: 'Bo' });
  await inStep(ana, bo);
  await until('Bo knows the card', async () => (await bo.call('doc.get', { workspace, document: card! })) !== null);

  await relay.close();
  const offline = async (host: Host) => (await host.call('workspace.truths', { workspace })).link.state !== 'online';
  await until('both are alone', async () => (await offline(ana)) && (await offline(bo)));
  await ana.parts.documents.edit(room, (doc) => {
    for (const id of [card!, other!]) removeCard(doc, id, { by: member, at: 5 });
  });
  const window = new Pipe();
  bo.serveRoom(page.room, true, window.b);
  const typed = new Y.Doc();
  typed.on('update', (update: Uint8Array) => window.a.send(encodeUpdate(update)));
  appendBlocks(bodyOf(typed), parseMarkdown('Tune it to 437 MHz').blocks);
  const touched = (doc: Y.Doc) => (doc.getMap('cards').get(card!) as Y.Map<unknown>).has('touched');
  await until('it is said on the board', () => bo.parts.documents.read(room, touched));

  relay = await relayAt(data, port);
  for (const host of [ana, bo]) {
    await until('the removal and the words have met', async () => {
      const board = await host.parts.documents.read(room, readBoard);
      return board.restored.length === 1 && board.removed.length === 1;
    });
    const board = await host.parts.documents.read(room, readBoard);
    expect([board.restored[0]!.id, board.removed[0]!.id]).toEqual([card, other]);
    await until('the words are there', async () => {
      const blocks = await host.parts.documents.read(page.room, (doc) => readBlocks(bodyOf(doc)));
      return JSON.stringify(blocks).includes('Tune it to 437 MHz');
    });
    expect(await host.call('doc.list', { workspace })).toHaveLength(1);
  }
  window.a.close(1000, '');
});
