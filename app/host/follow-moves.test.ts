// Words that arrive in the old room of a document that was moved, and somebody who only says that one was: who may not write there writes there by no way round. DD5.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Logger } from '../../shared/base/logger.ts';
import { RoomBytes } from '../../shared/hub/room-bytes.ts';
import { HostBench, until } from '../../tests/support/host.ts';
import type { Host } from './host.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

/** A host with two spaces, of somebody who may write in both, and what it has logged. */
async function writer() {
  const events: string[] = [];
  const logger: Logger = { log: (_level, event) => void events.push(event), child: () => logger };
  const host = await bench.start(await bench.folder(), { links: false, logger });
  const { id: workspace } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [open] = await host.call('space.list', { workspace });
  const closed = await host.call('space.create', { workspace, name: 'Closed', visibility: 'invited' });
  const place = { workspace, kind: 'page', parent: null } as const;
  const page = await host.call('doc.create', { ...place, space: closed.id, title: 'Budget' });
  await host.parts.documents.edit(page.room, (doc) => doc.getText('body').insert(0, 'as decided'));
  const roomIn = (space: string): string => `${workspace}/${space}/${page.id}`;
  return { host, workspace, open: open!.id, closed: closed.id, page, roomIn, events };
}

async function stored(host: Host, room: string): Promise<Y.Doc> {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new RoomBytes(await host.parts.store.load(room)).diff(new Uint8Array([0])));
  return doc;
}
const body = async (host: Host, room: string): Promise<string> => (await stored(host, room)).getText('body').toJSON();

/** What another writer of that room sent, as it comes from a relay. */
async function arrives(host: Host, room: string, doc: Y.Doc): Promise<void> {
  const known = Y.encodeStateVector(await stored(host, room));
  const opened = await host.parts.hub.open(room, { device: host.parts.device.id, member: null });
  if (opened.kind !== 'open') throw new Error('not opened');
  expect(await opened.room.apply(Y.encodeStateAsUpdate(doc, known), {})).toMatchObject({ kind: 'stored' });
  opened.room.dispose();
}

describe('[DD5] a document that left its space', () => {
  it('[DD5] goes on giving its new room what is written in the old one, by whoever may write there', async () => {
    const { host, workspace, open, closed, page, roomIn } = await writer();
    await host.call('doc.transfer', { workspace, document: page.id, space: open });
    const late = await stored(host, roomIn(closed));
    late.getText('body').insert(0, 'late, ');
    await arrives(host, roomIn(closed), late);
    await until('the words are in the new room', async () => (await body(host, roomIn(open))) === 'late, as decided');
    // Back again, and what is written in the room that it came back from follows as well.
    await host.call('doc.transfer', { workspace, document: page.id, space: closed });
    const back = await stored(host, roomIn(open));
    back.getText('body').insert(0, 'too ');
    await arrives(host, roomIn(open), back);
    await until('and back', async () => (await body(host, roomIn(closed))) === 'too late, as decided');
  });

  it('[DD5] who may read a space and write in another writes and deletes nothing in the first by saying that a document moved there', async () => {
    const { host, open, closed, roomIn, events } = await writer();
    // What a viewer has: the id, and all of its bytes. They bring it into their own space, emptied, with words of theirs, as moved.
    const forged = await stored(host, roomIn(closed));
    forged.getText('body').delete(0, 'as decided'.length);
    forged.getText('body').insert(0, 'as the viewer likes');
    forged.getMap('meta').set(`movedTo/${open}`, closed);
    await arrives(host, roomIn(open), forged);
    await until('it was looked at', () => events.includes('move-not-followed'));
    expect(await body(host, roomIn(closed))).toBe('as decided');
    // Nor does a document come into being in a space by such a word.
    const planted = new Y.Doc();
    planted.getMap('meta').set('kind', 'page');
    planted.getMap('meta').set(`movedTo/${open}`, closed);
    const nowhere = roomIn(open).replace(/[^/]+$/, 'planted');
    await arrives(host, nowhere, planted);
    await until('it was looked at', () => events.filter((event) => event === 'move-not-followed').length > 1);
    expect(await host.parts.store.load(nowhere.replace(open, closed))).toBeNull();
  });

  it('[DD5] a mark that comes before the new room is heeded when that says so too', async () => {
    const { host, workspace, open, closed, page, roomIn, events } = await writer();
    // Elsewhere: moved, and written in the old room by somebody who did not know.
    const there = await stored(host, roomIn(closed));
    there.getMap('meta').set(`movedTo/${closed}`, open);
    const old = new Y.Doc();
    Y.applyUpdate(old, Y.encodeStateAsUpdate(there));
    old.getText('body').insert(0, 'late, ');
    await arrives(host, roomIn(closed), old);
    await until('it was looked at', () => events.includes('move-not-followed'));
    expect(await host.parts.store.load(roomIn(open))).toBeNull();
    await arrives(host, roomIn(open), there);
    await until('the words are in the new room', async () => (await body(host, roomIn(open))) === 'late, as decided');
    await until('lists show it there', async () => {
      return (await host.call('doc.get', { workspace, document: page.id }))?.space === open;
    });
  });
});
