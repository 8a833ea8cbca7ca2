// Notifications between real programs: a mention that comes over the relay is shown once, by one window of several, not after a kill, and once for all that a landing brings.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CallClient } from '../../app/contract/call-messages.ts';
import type { Announcement, CallName, CallParams } from '../../app/contract/calls.ts';
import type { Notice } from '../../app/contract/notify.ts';
import type { Host } from '../../app/host/host.ts';
import { systemClock, type Clock } from '../../shared/base/clock.ts';
import { addPost } from '../../shared/model/thread/commands.ts';
import { AccessTeam } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
import { killLeftovers, openHost } from '../support/host-process.ts';
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
afterEach(async () => {
  killLeftovers();
  await bench.dispose();
});

/** A window's connection, as far as notifications go. */
class Window {
  readonly notices: Notice[] = [];
  readonly counts: number[] = [];
  readonly #socket: WebSocket;
  readonly #client: CallClient;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    const hear = (news: Announcement): void => {
      if (news.event === 'notice') this.notices.push(news.notice);
      if (news.event === 'inbox') this.counts.push(news.count);
    };
    this.#client = new CallClient({ send: (text) => socket.send(text) }, hear);
    socket.on('message', (data: Buffer) => this.#client.receive(data.toString()));
    socket.on('close', () => this.#client.close('the host is gone'));
  }

  static async of(folder: string): Promise<Window> {
    const file = JSON.parse(await readFile(path.join(folder, 'host.json'), 'utf8')) as { port: number; token: string };
    const headers = { authorization: `Bearer ${file.token}` };
    const window = new Window(new WebSocket(`ws://127.0.0.1:${file.port}/v1/calls`, { headers }));
    await new Promise((resolve, reject) => window.#socket.once('open', resolve).once('error', reject));
    return window;
  }

  call<N extends CallName>(name: N, params: CallParams<N>) {
    return this.#client.call(name, params);
  }

  async says(state: Partial<CallParams<'notify.window'>>): Promise<void> {
    await this.call('notify.window', { focused: false, visible: true, permission: 'granted', shows: null, ...state });
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#socket.once('close', done));
    this.#socket.close();
    await closed;
  }
}

async function talk(team: AccessTeam, title: string): Promise<string> {
  const { workspace, space } = team;
  const thread = await team.ana.call('thread.begin', { workspace, space, type: 'discussion', title, text: 'Here' });
  return thread.room;
}

/** Ana writes to Bo. */
async function mention(team: AccessTeam, room: string, member: string, words: string): Promise<void> {
  const { ana, workspace } = team;
  const about = { author: team.member(ana), device: ana.parts.device.id, at: Date.now() };
  await ana.parts.documents.edit(room, (doc) => addPost(doc, { ...about, text: `[@Bo](member:${member}) ${words}` }));
  await ana.call('sync.wait', { workspace, timeout: 20_000 });
}

it('[T19] [B13] a mention over the relay is shown once, by the window with the focus; hidden where that is wished; a kill -9 repeats nothing', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { workspace } = team;
  const room = await talk(team, 'Doppler lag');
  const folder = await bench.folder();
  const { link } = await team.ana.call('invite.create', { workspace });
  let process = await openHost(folder);
  const [first, second] = [await Window.of(folder), await Window.of(folder)];
  await first.call('workspace.join', { link, name: 'Bo' });
  const { workspaces } = await first.call('hello', {});
  const bo = workspaces[0]?.member ?? '';
  await until('the thread is here', async () => (await first.call('doc.list', { workspace })).length > 0);
  // A notification names people and spaces as they are known when it is shown; names come with rooms of their own.
  await until('the names are here', async () => {
    const people = await first.call('workspace.members', { workspace });
    const spaces = await first.call('space.list', { workspace });
    return people.some(({ name }) => name === 'Ana') && spaces.some(({ name }) => name === 'Everyone');
  });
  expect((await first.call('notify.read', { workspace })).end).toBe('none');
  expect(await first.call('notify.try', { workspace })).toEqual({ shown: false });
  await first.says({});
  await second.says({ focused: true, permission: 'denied' });
  expect((await first.call('notify.read', { workspace })).end).toBe('browser');

  await mention(team, room, bo, 'can you measure it?');
  await until('it is shown', () => first.notices.length === 1);
  const thread = room.split('/')[2] ?? '';
  expect(first.notices[0]).toMatchObject({
    title: 'Ana mentioned you',
    body: 'Doppler lag, in Everyone\n@Bo can you measure it?',
    place: { to: 'thing', workspace, document: thread, kind: 'thread' },
  });
  // The window that may not show them, although it has the focus, was handed nothing.
  expect(second.notices).toEqual([]);
  expect(await first.call('notify.counts', {})).toEqual({ [workspace]: 1 });

  await second.says({ focused: true });
  expect(await first.call('notify.try', { workspace })).toEqual({ shown: true });
  await until('the one with the focus shows it', () => second.notices.length === 1);
  expect(first.notices).toHaveLength(1);
  // A window that is closed shows nothing; the next one does.
  await second.close();
  await until('the host knows that it is gone', async () => {
    await first.call('notify.try', { workspace });
    return first.notices.length > 1;
  });

  process.child.kill('SIGKILL');
  await process.ended;
  process = await openHost(folder);
  const again = await Window.of(folder);
  await again.says({ focused: true });
  await again.call('notify.change', { workspace, hide: 'content' });
  await mention(team, await talk(team, 'Cables'), bo, 'and these?');
  await until('what is new is shown', () => again.notices.length > 0);
  // Of one, and without where and what.
  expect(again.notices).toMatchObject([{ title: 'Ana mentioned you', body: '' }]);
  expect(await again.call('notify.counts', {})).toEqual({ [workspace]: 2 });
  await process.end('SIGTERM');
}, 90_000);

/** The system's, moved on as a computer's is that slept or was packed away. */
class MovedClock implements Clock {
  #ahead = 0;
  now(): number {
    return systemClock.now() + this.#ahead;
  }
  after(milliseconds: number, run: () => void): ReturnType<Clock['after']> {
    return systemClock.after(milliseconds, run);
  }
  move(milliseconds: number): void {
    this.#ahead += milliseconds;
  }
}

it('[D1] what 40 changes away bring is one notification at the landing, to the digest; a second reconnect shows nothing', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { workspace } = team;
  const rooms = [await talk(team, 'One'), await talk(team, 'Two'), await talk(team, 'Three')];
  const clock = new MovedClock();
  const shown: Notice[] = [];
  const { link } = await team.ana.call('invite.create', { workspace });
  const notifier = {
    kind: 'electron',
    show: (notice: Notice) => shown.push(notice) > 0,
    count: () => undefined,
    stay: () => undefined,
  } as const;
  const folder = await bench.folder();
  let host: Host = await bench.start(folder, { clock, notifier });
  await host.call('workspace.join', { link, name: 'Bo' });
  const bo = team.member(host);
  await until('the threads are here', async () => (await host.call('doc.list', { workspace })).length === 3);
  await host.call('sync.wait', { workspace, timeout: 20_000 });
  const state = () => host.parts.workspaces.get(workspace).link?.status.state;

  // All that comes is at the relay before Bo is back: what somebody sends after that is news.
  await bench.stop(host);
  clock.move(6 * 60_000);
  const about = { author: team.member(team.ana), device: team.ana.parts.device.id };
  for (const [at, room] of rooms.entries()) {
    await team.ana.parts.documents.edit(room, (doc) =>
      addPost(doc, { ...about, text: `[@Bo](member:${bo}) the ${at}`, at: Date.now() }),
    );
  }
  for (let at = 0; at < 37; at += 1) await team.page(team.ana, team.space, `Page ${at}`);
  await team.ana.call('sync.wait', { workspace, timeout: 20_000 });
  host = await bench.start(folder, { clock, notifier });
  await until('one notification', () => shown.length > 0, 40_000);
  expect(shown).toMatchObject([
    { title: 'While you were away: 3 for you', body: '3 mentions', place: { to: 'digest', workspace } },
  ]);

  await team.relay.end('SIGTERM');
  await until('Bo is away again', () => state() !== 'online');
  clock.move(60 * 60_000);
  await team.startRelay();
  await until('Bo is back', () => state() === 'online', 40_000);
  await host.call('sync.wait', { workspace, timeout: 20_000 });
  await host.parts.notifying.notify.settled();
  expect(shown).toHaveLength(1);
}, 120_000);
