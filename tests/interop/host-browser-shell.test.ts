// The loopback server as browsers, strangers and stock y-websocket clients meet it.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Host } from '../../app/host/host.ts';
import { serveHost, type ServedHost } from '../../app/host/serve-host.ts';
import { HostBench, until } from '../support/host.ts';
import { TypingClient } from '../support/typing-client.ts';

let bench: HostBench;
let windows: string;
let folder: string;
let host: Host;
let served: ServedHost;

beforeEach(async () => {
  bench = new HostBench();
  windows = await mkdtemp(path.join(os.tmpdir(), 'caravan-windows-'));
  await mkdir(path.join(windows, 'assets'));
  await writeFile(path.join(windows, 'index.html'), '<!doctype html><title>Caravan</title>');
  await writeFile(path.join(windows, 'assets/app-1a2b.js'), 'export {};');
  await writeFile(path.join(windows, 'assets/app.map'), '{}');
  folder = await bench.folder();
  host = await bench.start(folder);
  served = await serveHost(host, { windows, shell: 'none' });
});
afterEach(async () => {
  await served.close();
  await bench.dispose();
  await rm(windows, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** A request with exactly these headers and this path, as no browser's URL parser would let through. */
function ask(
  target: string,
  init: { method?: string; headers?: http.OutgoingHttpHeaders; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port: served.port, path: target, method: init.method ?? 'GET', headers: init.headers ?? {} },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    request.once('error', reject);
    request.end(init.body);
  });
}

const own = (): string => `http://127.0.0.1:${served.port}`;

function exchange(token: string, headers: http.OutgoingHttpHeaders = {}): Promise<Answer> {
  return ask('/v1/session', {
    method: 'POST',
    headers: { origin: own(), 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ token }),
  });
}

async function cookie(): Promise<string> {
  const answer = await exchange(new URL(served.newWindowUrl()).hash.slice('#token='.length));
  expect(answer.status).toBe(204);
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

/** The status of a WebSocket's upgrade: 101 when it opened. */
function upgrade(target: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${served.port}${target}`, { headers });
    socket.once('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => undefined);
  });
}

async function page(): Promise<{ workspace: string; room: string }> {
  const { id: workspace } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await host.call('space.list', { workspace });
  const made = await host.call('doc.create', {
    workspace,
    space: space!.id,
    kind: 'page',
    title: 'Plan',
    parent: null,
  });
  return { workspace, room: made.room };
}

describe('the loopback server', () => {
  it('serves the windows with a policy that runs no inline script, and nothing outside their folder', async () => {
    const index = await ask('/');
    expect(index.status).toBe(200);
    expect(index.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(index.headers['content-security-policy']).toMatch(/script-src 'self';/);
    expect(index.headers['content-security-policy']).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
    expect(index.headers['x-content-type-options']).toBe('nosniff');
    const script = await ask('/assets/app-1a2b.js');
    expect(script).toMatchObject({ status: 200, text: 'export {};' });
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');

    const secret = path.join(folder, 'device.json');
    await symlink(secret, path.join(windows, 'assets/key.json'));
    for (const target of [
      '/../device.json',
      '/%2e%2e/device.json',
      '/..%2f..%2fetc%2fpasswd',
      '/assets/..\\..\\x.json',
      '/assets/%00.js',
      '/%E0%A4%A',
      '/assets/key.json',
      '/assets',
      '/assets/app.map',
      '//etc/passwd',
    ]) {
      expect([target, (await ask(target)).status]).toEqual([target, 404]);
    }
    expect((await ask('/', { method: 'DELETE' })).status).toBe(405);
  });

  it('answers no page of another name and no page of another origin', async () => {
    const token = new URL(served.newWindowUrl()).hash.slice('#token='.length);
    for (const name of ['evil.example', 'localhost', `localhost:${served.port}`, '127.0.0.1', '127.0.0.1:1']) {
      expect([name, (await ask('/', { headers: { host: name } })).status]).toEqual([name, 421]);
    }
    for (const origin of [
      'http://evil.example',
      'null',
      `http://localhost:${served.port}`,
      `https://127.0.0.1:${served.port}`,
    ]) {
      expect((await ask('/', { headers: { origin } })).status).toBe(403);
      expect((await exchange(token, { origin })).status).toBe(403);
    }
    // The token was not used up by any of them.
    expect((await exchange(token)).status).toBe(204);
  });

  it('takes the token of an address once, and only as JSON from its own page', async () => {
    const token = new URL(served.newWindowUrl()).hash.slice('#token='.length);
    expect((await exchange(token, { 'content-type': 'text/plain' })).status).toBe(403);
    expect((await exchange('x'.repeat(43))).status).toBe(401);
    const first = await exchange(token);
    expect(first.status).toBe(204);
    expect(String(first.headers['set-cookie'])).toMatch(
      /^caravan_[0-9a-f]{12}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect((await exchange(token)).status).toBe(401);
    expect((await exchange('y'.repeat(10_000))).status).toBeGreaterThanOrEqual(400);
  });

  it('opens calls and rooms to a window with its cookie and origin, and to nobody else', async () => {
    const { room } = await page();
    const session = await cookie();
    const origin = own();
    expect((await ask('/v1/session', { headers: { cookie: session } })).status).toBe(204);
    expect((await ask('/v1/session')).status).toBe(401);
    for (const target of ['/v1/calls', `/${room}`]) {
      expect(await upgrade(target, { cookie: session, origin })).toBe(101);
      expect(await upgrade(target, { origin })).toBe(401);
      expect(await upgrade(target, { cookie: session })).toBe(401);
      expect(await upgrade(target, { cookie: `${session}x`, origin })).toBe(401);
      expect(await upgrade(target, { cookie: session, origin: 'http://evil.example' })).toBe(403);
      expect(await upgrade(target, { cookie: session, origin, host: 'evil.example' })).toBe(421);
    }
    expect(await upgrade('/v1/nothing', { cookie: session, origin })).toBe(404);
    expect(await upgrade('/a/b', { cookie: session, origin })).toBe(404);
  });

  it('takes the owner’s token from programs, and never from a page', async () => {
    const { token } = JSON.parse(await readFile(path.join(folder, 'host.json'), 'utf8')) as { token: string };
    const authorization = `Bearer ${token}`;
    expect(await upgrade('/v1/calls', { authorization })).toBe(101);
    expect(await upgrade('/v1/calls', { authorization, origin: own() })).toBe(401);
    expect(await upgrade('/v1/calls', { authorization: 'Bearer x' })).toBe(401);
    expect((await ask('/v1/window', { method: 'POST', headers: { authorization } })).status).toBe(200);
    expect(
      (await ask('/v1/window', { method: 'POST', headers: { cookie: await cookie(), origin: own() } })).status,
    ).toBe(405);
  });

  it('keeps the port and the sessions over a restart, so that an open tab comes back by itself', async () => {
    const { port } = served;
    const session = await cookie();
    await served.close();
    served = await serveHost(host, { windows, shell: 'none' });
    expect(served.port).toBe(port);
    expect((await ask('/v1/session', { headers: { cookie: session } })).status).toBe(204);
    await served.close();
    const taken = net.createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    served = await serveHost(host, { windows, shell: 'none' });
    expect(served.port).not.toBe(port);
    await expect(serveHost(host, { windows, shell: 'none', port })).rejects.toMatchObject({ code: 'already-exists' });
    await new Promise((resolve) => taken.close(resolve));
  });
});

describe('what windows say to it', () => {
  async function calls(): Promise<(text: string) => Promise<Record<string, unknown> | null>> {
    const socket = new WebSocket(`ws://127.0.0.1:${served.port}/v1/calls`, {
      headers: { cookie: await cookie(), origin: own() },
    });
    await new Promise((resolve) => socket.once('open', resolve));
    return (text) =>
      new Promise((resolve) => {
        const hear = (data: unknown): void => {
          const message = JSON.parse(String(data)) as Record<string, unknown>;
          if (!('id' in message)) return;
          socket.off('message', hear);
          resolve(message);
        };
        socket.on('message', hear);
        socket.send(text);
      });
  }

  it('calls are checked: unknown ones, wrong parameters and things of other folders are refused in words', async () => {
    const say = await calls();
    expect(await say(JSON.stringify({ id: 1, call: 'hello', params: {} }))).toMatchObject({
      id: 1,
      ok: { workspaces: [] },
    });
    for (const [call, params, code] of [
      ['constructor', {}, 'unsupported'],
      ['format.disk', {}, 'unsupported'],
      ['workspace.create', { title: 5 }, 'bad-input'],
      ['workspace.create', { title: 'x'.repeat(5_000), name: 'A' }, 'bad-input'],
      ['doc.list', { workspace: '../..' }, 'not-found'],
      ['doc.show', { workspace: 'w', document: 'd' }, 'not-found'],
      ['job.get', { job: 'none' }, 'not-found'],
    ] as const) {
      expect(await say(JSON.stringify({ id: 2, call, params }))).toMatchObject({ id: 2, error: { code } });
    }
    // What is no call at all is passed over; the socket lives on.
    const socket = await calls();
    expect(await socket(`{"id":3,"call":"hello","params":{}}`)).toMatchObject({ id: 3 });
  });

  it('a stock y-websocket client writes a page, is told what is durable, and another reads it', async () => {
    const { workspace, room } = await page();
    const headers = { cookie: await cookie(), origin: own() };
    class Socket extends WebSocket {
      constructor(url: string, protocols?: string[]) {
        super(url, protocols, { headers });
      }
    }
    const doc = new Y.Doc();
    const stock = new WebsocketProvider(`ws://127.0.0.1:${served.port}`, room, doc, {
      WebSocketPolyfill: Socket as never,
      disableBc: true,
    });
    await until('it is synced', () => stock.synced);
    expect(doc.getText('title').toString()).toBe('Plan');
    const other = new TypingClient({ url: `ws://127.0.0.1:${served.port}/${room}`, headers });
    await other.synced;
    doc.getText('title').insert(4, ' B');
    other.type('Hello');
    await until(
      'both have both',
      () => doc.getText('body').toString() === 'Hello' && other.doc.getText('title').toString() === 'Plan B',
    );
    await until('the word is durable', () => other.durable.includes('Hello'));
    await until(
      'the list has the new title',
      async () => (await host.call('doc.list', { workspace }))[0]?.title === 'Plan B',
    );
    stock.destroy();
    stock.awareness.destroy();
    doc.destroy();
    other.close();
  });

  it('a room of a workspace that is not in this folder is refused for good', async () => {
    await page();
    const stranger = new TypingClient({
      url: `ws://127.0.0.1:${served.port}/${'w'.repeat(43)}/space/document`,
      headers: { cookie: await cookie(), origin: own() },
    });
    expect(await stranger.closed).toBe(4403);
  });
});

describe('its end', () => {
  // A connection that was there and asked for its upgrade while others said goodbye was let in, was told nothing, and was waited for.
  it('[X7] waits for no window that does not answer, and for none that comes meanwhile', async () => {
    const headers = { origin: own(), cookie: await cookie() };
    const deaf = new WebSocket(`ws://127.0.0.1:${served.port}/v1/calls`, { headers });
    deaf.on('error', () => undefined);
    await new Promise((resolve) => deaf.once('open', resolve));
    deaf.pause();
    const late = net.connect(served.port, '127.0.0.1').on('error', () => undefined);
    let answer = '';
    late.setEncoding('utf8').on('data', (text: string) => (answer += text));
    const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const said = Object.entries({ ...headers, host: new URL(own()).host, connection: 'Upgrade', upgrade: 'websocket' });
    late.write(`GET /v1/calls HTTP/1.1\r\n${said.map((field) => field.join(': ')).join('\r\n')}\r\n${key}\r\n`);
    // Answered behind it: the other one has been accepted as well.
    expect((await ask('/')).status).toBe(200);
    let closed = false;
    const closing = served.close().then(() => (closed = true));
    const refuses = (): Promise<boolean> =>
      ask('/').then(
        () => false,
        () => true,
      );
    await until('it listens no more', refuses);
    late.write('\r\n');
    await until('it has ended', () => closed, 5_000);
    await closing;
    expect(answer).not.toContain('101');
    deaf.terminate();
  });
});

describe('attachments', () => {
  it('[W7] are there for a window with its cookie, under headers that let nothing run, and for nobody else', async () => {
    const { id: workspace } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
    const space = (await host.call('space.list', { workspace }))[0]!.id;
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "ran"</script></svg>';
    const { upload } = await host.call('blob.begin', { workspace, space, size: svg.length });
    await host.call('blob.append', { upload, base64: Buffer.from(svg).toString('base64') });
    const { blob } = await host.call('blob.finish', { upload });
    const target = `/blob/${workspace}/${space}/${blob}`;
    const mine = { cookie: await cookie() };
    const answer = await ask(target, { headers: mine });
    expect([answer.status, answer.text]).toEqual([200, svg]);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await ask(target, { headers: { ...mine, range: 'bytes=0-3' } })).text).toBe('<svg');
    expect((await ask(target, { method: 'HEAD', headers: mine })).text).toBe('');
    for (const [path, headers] of [
      [target, {}],
      [target, { ...mine, origin: 'http://evil.example' }],
      [target, { ...mine, host: 'evil.example' }],
      [`/blob/${workspace}/elsewhere/${blob}`, mine],
      [`/blob/${workspace}/${space}/${'0'.repeat(64)}`, mine],
      [`/blob/${workspace}/${space}/../../../device.json`, mine],
    ] as const) {
      const { status, text } = await ask(path, { headers });
      expect([path, status >= 400, text.includes('svg')]).toEqual([path, true, false]);
    }
  });
});
