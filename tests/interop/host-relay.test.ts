// Hosts and a relay in one process, over real sockets and stores: joining, editing, and the truths about what is where.
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import { startRelay, type Relay } from '../../server/relay.ts';
import { readSettings } from '../../server/settings.ts';
import { HostBench, until } from '../support/host.ts';

let bench: HostBench;
let relays: Relay[];
beforeEach(() => {
  bench = new HostBench();
  relays = [];
});
afterEach(async () => {
  await bench.dispose();
  await Promise.all(relays.map((relay) => relay.close()));
});

async function relayAt(data: string, port = 0): Promise<Relay> {
  const relay = await startRelay(readSettings({ flags: { data, port, open: true }, environment: {} }));
  relays.push(relay);
  return relay;
}

async function stopRelay(relay: Relay): Promise<void> {
  relays = relays.filter((one) => one !== relay);
  await relay.close();
}

async function titles(host: Host, workspace: string): Promise<string[]> {
  return (await host.call('doc.list', { workspace })).map((one) => one.title).sort();
}

interface Team {
  readonly data: string;
  readonly relay: Relay;
  readonly ana: Host;
  readonly bo: Host;
  readonly workspace: string;
  readonly space: string;
  readonly folders: readonly [string, string];
}

/** Ana has a workspace with a page, attached to a relay; Bo has joined by her link. */
async function team(): Promise<Team> {
  const data = await bench.folder();
  const relay = await relayAt(data);
  const folders = [await bench.folder(), await bench.folder()] as const;
  const ana = await bench.start(folders[0]);
  const bo = await bench.start(folders[1]);
  const { id: workspace } = await ana.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await ana.call('space.list', { workspace });
  await ana.call('doc.create', { workspace, space: space!.id, kind: 'page', title: 'Plan', parent: null });
  const { link } = await ana.call('relay.attach', { workspace, url: relay.url.replace('ws:', 'http:') });
  expect(await bo.call('workspace.join', { link, name: 'Bo' })).toMatchObject({ id: workspace, title: 'Perigee' });
  await until('Bo has the page', async () => (await titles(bo, workspace)).includes('Plan'));
  return { data, relay, ana, bo, workspace, space: space!.id, folders };
}

describe('two hosts and a relay', () => {
  // Each question to such a relay had ten seconds, one behind the other, and an end waited for them.
  it('[X7] a host ends while its relay takes connections and answers nothing', async () => {
    const { relay, ana, bo } = await team();
    const port = Number(new URL(relay.url).port);
    await stopRelay(relay);
    let asked = 0;
    const silent = createServer((socket) => socket.once('data', () => (asked += 1)).on('error', () => undefined));
    onTestFinished(() => new Promise<void>((resolve) => silent.close(() => resolve())));
    await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
    await until('the relay is asked something', () => asked > 0);
    let ended = false;
    // Of itself: a host goes on with the next part after a while whatever this one does.
    const closing = [ana, bo].map((host) => host.parts.workspaces.close());
    const ending = Promise.all(closing).then(() => (ended = true));
    await until('it has ended', () => ended, 5_000);
    await ending;
    await bench.dispose();
  });

  it('[X6] Bo joins by a link and sees the workspace, its spaces, pages and people; Ana sees Bo', async () => {
    const { ana, bo, workspace, space } = await team();
    await until('Bo knows the names', async () => {
      const members = await bo.call('workspace.members', { workspace });
      return (
        members
          .map((member) => member.name)
          .sort()
          .join() === 'Ana,Bo'
      );
    });
    await until('Ana knows the names', async () => {
      const members = await ana.call('workspace.members', { workspace });
      return (
        members
          .map((member) => member.name)
          .sort()
          .join() === 'Ana,Bo'
      );
    });
    expect(await bo.call('space.list', { workspace })).toMatchObject([{ id: space, name: 'Everyone' }]);
    await expect(
      bo.call('workspace.join', { link: (await ana.call('invite.create', { workspace })).link, name: 'Bo' }),
    ).rejects.toMatchObject({
      code: 'already-exists',
    });
  });

  it('an edit on one is seen on the other, both ways, and both outboxes become empty', async () => {
    const { ana, bo, workspace, space } = await team();
    await bo.call('doc.create', { workspace, space, kind: 'page', title: 'From Bo', parent: null });
    await until('Ana has it', async () => (await titles(ana, workspace)).includes('From Bo'));
    const [plan] = (await ana.call('doc.list', { workspace })).filter((one) => one.title === 'Plan');
    await ana.call('doc.rename', { workspace, document: plan!.id, title: 'Plan for May' });
    await until('Bo sees the new title', async () => (await titles(bo, workspace)).includes('Plan for May'));
    for (const host of [ana, bo]) {
      expect(await host.call('sync.wait', { workspace, timeout: 10_000 })).toMatchObject({
        done: true,
        truths: { link: { state: 'online' }, outbox: [], fetching: 0 },
      });
    }
  });

  it('[X8] the truths tell the truth while the relay is stopped, over a restart of the host, and when it is back', async () => {
    const { ana, bo, relay, data, workspace, space, folders } = await team();
    await ana.call('sync.wait', { workspace, timeout: 10_000 });
    const port = Number(new URL(relay.url).port);
    await stopRelay(relay);
    await until('Ana knows that the relay is gone', async () => {
      return (await ana.call('workspace.truths', { workspace })).link.state === 'offline';
    });
    const page = await ana.call('doc.create', { workspace, space, kind: 'page', title: 'Offline', parent: null });
    const truths = await ana.call('workspace.truths', { workspace });
    expect(truths).toMatchObject({ storage: { state: 'ok' }, link: { state: 'offline' } });
    expect(truths.outbox.map((entry) => [entry.id, entry.title])).toEqual([[page.id, 'Offline']]);
    await bo.call('doc.create', { workspace, space, kind: 'page', title: 'Also offline', parent: null });

    // What waits is known after a restart, before any connection.
    await bench.stop(ana);
    const again = await bench.start(folders[0]);
    await until('the outbox is read', async () => {
      const { outbox } = await again.call('workspace.truths', { workspace });
      return outbox.map((entry) => entry.title).join() === 'Offline';
    });
    expect((await again.call('sync.wait', { workspace, timeout: 50 })).done).toBe(false);

    await relayAt(data, port);
    await until(
      'both have both pages',
      async () => {
        const [mine, theirs] = await Promise.all([titles(again, workspace), titles(bo, workspace)]);
        return mine.includes('Also offline') && theirs.includes('Offline');
      },
      40_000,
    );
    for (const host of [again, bo]) {
      expect((await host.call('sync.wait', { workspace, timeout: 10_000 })).truths).toMatchObject({
        link: { state: 'online' },
        outbox: [],
      });
    }
  }, 60_000);

  it('a space that both make while apart is there for both, and the log is one', async () => {
    const { ana, bo, relay, data, workspace } = await team();
    const port = Number(new URL(relay.url).port);
    await stopRelay(relay);
    await ana.call('space.create', { workspace, name: 'Product' });
    await bo.call('space.create', { workspace, name: 'Sales' });
    await relayAt(data, port);
    const names = async (host: Host) =>
      (await host.call('space.list', { workspace }))
        .map((space) => space.name)
        .sort()
        .join();
    await until(
      'both have all three',
      async () => {
        await Promise.all([ana, bo].map((host) => host.call('sync.wait', { workspace, timeout: 5_000 })));
        return (await names(ana)) === 'Everyone,Product,Sales' && (await names(bo)) === 'Everyone,Product,Sales';
      },
      50_000,
    );
  }, 70_000);

  it('an empty relay in the place of the old one gets everything again', async () => {
    const { ana, bo, relay, workspace, space } = await team();
    await ana.call('sync.wait', { workspace, timeout: 10_000 });
    const port = Number(new URL(relay.url).port);
    await stopRelay(relay);
    await ana.call('doc.create', { workspace, space, kind: 'page', title: 'Later', parent: null });
    await relayAt(await bench.folder(), port);
    await until('Bo has what Ana wrote', async () => (await titles(bo, workspace)).includes('Later'), 40_000);
    expect((await ana.call('sync.wait', { workspace, timeout: 10_000 })).truths.outbox).toEqual([]);
  }, 60_000);
});

describe('what fails says what was kept', () => {
  it('[X10] joining at a relay that does not answer, does not know, or with half a link changes nothing', async () => {
    const relay = await relayAt(await bench.folder());
    const host = await bench.start(await bench.folder());
    const link = (url: string) =>
      `caravan://join#v=1&relay=${encodeURIComponent(url)}&workspace=${'a'.repeat(43)}&title=X`;
    await expect(host.call('workspace.join', { link: link(relay.url), name: 'Bo' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(host.call('workspace.join', { link: link('ws://127.0.0.1:1'), name: 'Bo' })).rejects.toMatchObject({
      code: 'unreachable',
    });
    await expect(host.call('workspace.join', { link: link(relay.url).slice(0, 40), name: 'Bo' })).rejects.toMatchObject(
      {
        code: 'bad-input',
      },
    );
    expect((await host.call('hello', {})).workspaces).toEqual([]);
  });

  it('[X10] attaching a relay that is not there keeps the workspace as it was', async () => {
    const host = await bench.start(await bench.folder());
    const { id: workspace } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
    await expect(host.call('relay.attach', { workspace, url: 'ws://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'unreachable',
    });
    await expect(host.call('relay.attach', { workspace, url: 'ftp://x' })).rejects.toMatchObject({ code: 'bad-input' });
    expect((await host.call('hello', {})).workspaces).toMatchObject([{ relay: null }]);
  });
});
