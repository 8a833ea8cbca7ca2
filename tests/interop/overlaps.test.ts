// Two hosts that edit apart with a relay that goes: both find what both changed, the same on both, in their inboxes too; settled by one it is settled for the other. Real sockets and stores.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type * as Y from 'yjs';
import type { Host } from '../../app/host/host.ts';
import { startRelay, type Relay } from '../../server/relay.ts';
import { readSettings } from '../../server/settings.ts';
import { addCard, moveCard } from '../../shared/model/board/card-commands.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { settleOverlap } from '../../shared/model/overlap/settle.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import { acceptAnswer } from '../../shared/model/thread/fact-commands.ts';
import { addPost } from '../../shared/model/thread/commands.ts';
import { HostBench, until } from '../support/host.ts';

let bench: HostBench;
let relay: Relay;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(async () => {
  await bench.dispose();
  await relay.close();
});

async function relayAt(data: string, port: number): Promise<Relay> {
  return startRelay(readSettings({ flags: { data, port, open: true }, environment: {} }));
}

const type = (from: string, to: string) => (doc: Y.Doc) => {
  const body = bodyOf(doc);
  const at = body.toString().indexOf(from);
  // A marker counts one where the text shows none.
  body.delete(at + 1, from.length);
  body.insert(at + 1, to);
};

it('[D3] [B16] [SG20] [OV4] a block, a card and an accepted answer that two change while the relay is away are listed once for both, and settled for both', async () => {
  const data = await bench.folder();
  relay = await relayAt(data, 0);
  const port = Number(new URL(relay.url).port);
  const boFolder = await bench.folder();
  const [ana, bo] = [await bench.start(await bench.folder()), await bench.start(boFolder)];
  const { id: workspace, member } = await ana.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await ana.call('space.list', { workspace });
  const place = { workspace, space: space!.id, parent: null } as const;
  const page = await ana.call('doc.create', { ...place, kind: 'page', title: 'Torque' });
  await ana.parts.documents.edit(page.room, (doc) => {
    const content = [{ type: 'text' as const, text: 'Tighten the stem by hand', marks: {} }];
    appendBlocks(bodyOf(doc), [{ type: 'text', kind: 'paragraph', content }]);
  });
  const board = await ana.call('doc.create', { ...place, kind: 'board', title: 'Launch' });
  const card = await ana.parts.documents.edit(board.room, (doc) =>
    addCard(doc, { title: 'Guy wires', column: readBoard(doc).columns[0]!.id, createdBy: member, createdAt: 1 }),
  );
  const asked = await ana.call('thread.begin', {
    ...{ workspace, space: space!.id, type: 'question', title: 'Which grease?', text: 'For the stem.' },
  });
  const { link } = await ana.call('relay.attach', { workspace, url: relay.url.replace('ws:', 'http:') });
  await bo.call('workspace.join', { link, name: 'Bo' });
  const people = [ana, bo] as const;
  const inStep = async (...hosts: readonly Host[]): Promise<void> => {
    for (const host of [...hosts, ...hosts])
      expect(await host.call('sync.wait', { workspace, timeout: 20_000 })).toMatchObject({ done: true });
  };
  await inStep(ana, bo);
  const me = (await bo.call('hello', {})).workspaces[0]!.member;
  await bo.parts.documents.edit(asked.room, (doc) =>
    ['Lithium', 'Copper'].forEach((text) => addPost(doc, { author: me, device: bo.parts.device.id, text, at: 5 })),
  );
  await inStep(ana, bo);
  const apart = async (work: () => Promise<void>): Promise<void> => {
    await relay.close();
    const offline = async (host: Host) => (await host.call('workspace.truths', { workspace })).link.state !== 'online';
    await until('both are alone', async () => (await offline(ana)) && (await offline(bo)));
    await work();
    relay = await relayAt(data, port);
  };
  const posts = await ana.parts.documents.read(asked.room, (doc) => readThread(doc).posts.map(({ id }) => id));
  await apart(async () => {
    for (const [host, word, column, post] of [
      [ana, 'Torque', 1, 1],
      [bo, 'Loosen', 2, 2],
    ] as const) {
      const by = host === ana ? member : me;
      await host.parts.documents.edit(page.room, type('Tighten', word));
      await host.parts.documents.edit(board.room, (doc) =>
        moveCard(doc, card, { column: readBoard(doc).columns[column]!.id }, { by, at: 10 }),
      );
      await host.parts.documents.edit(asked.room, (doc) => acceptAnswer(doc, posts[post]!, { by, at: 11 }));
    }
  });
  for (const host of people)
    await until('all three are found', async () => (await host.call('overlap.list', { workspace })).count === 3);
  const [hers, his] = await Promise.all(people.map((host) => host.call('overlap.list', { workspace })));
  const ids = (list: typeof hers) => list!.entries.map(({ id }) => id).sort();
  expect(ids(hers)).toEqual(ids(his));
  const words = (list: typeof hers, at: string) => {
    const one = list!.entries.find(({ place }) => place.at === at)!;
    return [one.what, one.mine.label, one.theirs.label];
  };
  const [torque, loosen] = ['Torque the stem by hand', 'Loosen the stem by hand'];
  expect(words(hers, 'words')).toEqual(['a paragraph', torque, loosen]);
  expect(words(his, 'words')).toEqual(['a paragraph', loosen, torque]);
  expect(words(hers, 'card')).toEqual(['the column', 'Doing', 'Done']);
  expect(words(his, 'accepted')).toEqual(['the accepted answer', 'Copper', 'Lithium']);
  expect((await bo.parts.documents.read(board.room, readBoard)).columns.flatMap(({ cards }) => cards)).toHaveLength(1);
  for (const host of people) {
    await until('the inbox has them', async () => {
      const { entries } = await host.call('inbox.list', { workspace });
      const told = entries
        .filter(({ reason }) => reason === 'overlap' || reason === 'moved')
        .map(({ reason }) => reason);
      return told.sort().join() === 'moved,overlap,overlap';
    });
  }

  // Bo takes Ana's words; she hears of it, and the list is the same after a restart.
  const taken = his!.entries.find(({ place: { at } }) => at === 'words')!;
  await bo.parts.documents.edit(page.room, (doc) => {
    const doing = { by: me, at: 20 };
    settleOverlap(doc, { id: taken.id, place: taken.place, choice: 'take', value: taken.theirs.value, doing }, null);
  });
  for (const host of people) {
    await until('it is settled for both', async () => {
      const { entries, count } = await host.call('overlap.list', { workspace });
      return count === 2 && entries.at(-1)?.settled[0]?.by === me && entries.at(-1)?.now.label === torque;
    });
  }
  await inStep(ana, bo);
  const before = await bo.call('overlap.list', { workspace });
  await bench.stop(bo);
  const again = await bench.start(boFolder);
  await until('it is as it was', async () => (await again.call('overlap.list', { workspace })).count === 2);
  expect(await again.call('overlap.list', { workspace })).toEqual(before);
  // One after the other, with a link, is nothing to be told.
  await ana.parts.documents.edit(page.room, type('hand', 'wrench'));
  await inStep(ana, again);
  await ana.parts.history.settled();
  await ana.parts.overlaps.settled();
  expect((await ana.call('overlap.list', { workspace })).count).toBe(2);
});
