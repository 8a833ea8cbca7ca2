// A guest's end by the clock on a host: no record comes, and rights, open rooms, lists and the relay's words all end then. AH9, AH11.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../../shared/base/clock.ts';
import { RoomBytes } from '../../shared/hub/room-bytes.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { encodeUpdate } from '../../shared/protocol/room-frames.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { HostBench } from '../../tests/support/host.ts';
import { LogWriter } from '../../tests/support/log-writer.ts';
import { Pipe } from '../../tests/support/pipe.ts';
import type { Announcement } from '../contract/calls.ts';
import { RELAY } from './host-access.ts';
import type { Host } from './host.ts';

const DAY = 24 * 3_600_000;

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

/** A host whose device is a guest of one space for a day, without a relay that could say anything. */
async function guest() {
  const clock = new FakeClock();
  const folder = await bench.folder();
  const host = await bench.start(folder, { clock, links: false });
  const log = new LogWriter();
  const owner = await log.create();
  const space = await log.space(owner);
  const until = clock.now() + DAY;
  const invite = await log.invite(owner, 'guest', [{ space, role: 'guest' }], until);
  const { device } = host.parts;
  await log.add(device, await log.joinBody(device, invite));
  const workspace = await log.workspace();
  await host.parts.workspaces.enter(log.records, { relay: 'ws://127.0.0.1:1', title: 'Perigee' });
  const page = await host.call('doc.create', { workspace, space, kind: 'page', title: 'Plan', parent: null });
  return { clock, folder, host, workspace, space, until, page };
}

function words(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('body').insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}

const stored = async (host: Host, room: string): Promise<string> => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new RoomBytes(await host.parts.store.load(room)).diff(new Uint8Array([0])));
  return doc.getText('body').toString();
};

describe('the end of a guest by the clock', () => {
  it('[AH11] closes what is open, takes nothing more from windows, commands or the relay, and says so at once', async () => {
    const { clock, host, workspace, space, until, page } = await guest();
    const told: Announcement[] = [];
    host.onAnnouncement((announcement) => told.push(announcement));
    const pipe = new Pipe();
    const closed: number[] = [];
    pipe.a.onClose(({ code }) => closed.push(code));
    host.serveRoom(page.room, true, pipe.b);
    pipe.a.send(encodeUpdate(words('in time ')));
    await eventually(async () => expect(await stored(host, page.room)).toBe('in time '));
    const relay = await host.parts.hub.open(page.room, RELAY);
    if (relay.kind !== 'open') throw new Error('the relay has its part while the guest has');
    expect(await host.call('space.list', { workspace })).toMatchObject([{ id: space, part: 'guest', until }]);

    clock.advance(until - clock.now() - 1);
    expect((await host.call('space.list', { workspace }))[0]?.mayWrite).toBe(true);
    expect(closed).toEqual([]);
    clock.advance(1);

    await eventually(() => expect(closed).toEqual([CLOSE.forbidden]));
    const before = await stored(host, page.room);
    const late = new Pipe();
    const refused: number[] = [];
    late.a.onClose(({ code }) => refused.push(code));
    host.serveRoom(page.room, true, late.b);
    late.a.send(encodeUpdate(words('too late')));
    await eventually(() => expect(refused).toEqual([CLOSE.forbidden]));
    expect(await host.parts.hub.open(page.room, RELAY)).toMatchObject({ kind: 'refused', code: CLOSE.forbidden });
    for (const attempt of [
      host.call('doc.create', { workspace, space, kind: 'page', title: 'No', parent: null }),
      host.call('doc.rename', { workspace, document: page.id, title: 'No' }),
      host.call('doc.archive', { workspace, document: page.id }),
      host.call('space.rename', { workspace, space, name: 'No' }),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: expect.stringMatching(/^not-(allowed|found)$/) as unknown });
    }
    expect(await stored(host, page.room)).toBe(before);
    expect(await host.call('doc.list', { workspace })).toEqual([]);
    await eventually(() =>
      expect(told.filter((one) => one.event === 'spaces' || one.event === 'catalogue')).not.toEqual([]),
    );
    expect(told.findLast((one) => one.event === 'catalogue')).toMatchObject({ workspace, removed: [page.id] });
  });

  it('[AH11] [AH9] is the same after a restart: the time is over, what was received is still on the disk', async () => {
    const { clock, folder, host, workspace, space, until, page } = await guest();
    await host.parts.documents.edit(page.room, (doc) => doc.getText('body').insert(0, 'in time'));
    await bench.stop(host);
    const later = new FakeClock(until + DAY);
    const again = await bench.start(folder, { clock: later, links: false });
    expect(await again.call('doc.list', { workspace })).toEqual([]);
    await expect(
      again.call('doc.create', { workspace, space, kind: 'page', title: 'No', parent: null }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^not-(allowed|found)$/) as unknown });
    expect(await stored(again, page.room)).toBe('in time');
    expect(clock.pending).toBe(0);
  });
});
