// The relay in this process, served to stock y-websocket 3.1 clients and to hand-made sockets.
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { startRelay, type Relay, type RelayOptions } from '../../server/relay.ts';
import { readSettings } from '../../server/settings.ts';
import { createDeviceKey } from '../../shared/access/device-key.ts';
import { hashRecord, signRecord } from '../../shared/access/membership-log.ts';
import { decodeRoomFrame, encodeStep1, encodeUpdate, type RoomFrame } from '../../shared/protocol/room-frames.ts';
import { stockClient, synced, until } from '../support/stock-client.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

const ROOM = 'team/space/page';

async function relay(options: RelayOptions = {}, data?: string): Promise<Relay> {
  const folder = data ?? join(await temporaryFolder(), 'data');
  const started = await startRelay(
    readSettings({ flags: { data: folder, port: 0, open: true }, environment: {} }),
    options,
  );
  onTestFinished(() => started.close());
  return started;
}

describe('stock y-websocket clients', () => {
  test('[RE10] two clients write and read the same page, cursors included', async () => {
    const { url } = await relay();
    const [ana, bo] = [stockClient(url, ROOM), stockClient(url, ROOM)];
    await Promise.all([synced(ana), synced(bo)]);
    ana.write('hello ');
    await until(() => bo.text === 'hello ', 'Bo sees the word');
    bo.write('world');
    await until(() => ana.text === 'hello world', 'Ana sees the word');
    ana.provider.awareness.setLocalStateField('user', { name: 'Ana' });
    const anaAtBo = () => bo.provider.awareness.getStates().get(ana.doc.clientID)?.['user'];
    await until(() => anaAtBo() !== undefined, 'Bo sees Ana');
    ana.destroy();
    await until(() => anaAtBo() === undefined, 'Ana is gone');
  });

  test('[RE11] the first `synced` already has the content, also after a restart of the relay', async () => {
    const data = await temporaryFolder();
    const first = await relay({}, data);
    const ana = stockClient(first.url, ROOM);
    await synced(ana);
    ana.write('kept');
    await until(() => first.hub.load.bytes > 0, 'stored');
    ana.destroy();
    await first.close();
    const { url } = await relay({}, data);
    const bo = stockClient(url, ROOM);
    const atSync = await new Promise<string>((resolve) => bo.provider.once('sync', () => resolve(bo.text)));
    expect(atSync).toBe('kept');
  });

  test('[RE12] what two clients wrote while the relay was gone arrives after it is back', async () => {
    const data = await temporaryFolder();
    const first = await relay({}, data);
    const port = Number(new URL(first.url).port);
    const [ana, bo] = [stockClient(first.url, ROOM), stockClient(first.url, ROOM)];
    await Promise.all([synced(ana), synced(bo)]);
    await first.close();
    ana.write('ana ');
    bo.write('bo ');
    const again = await startRelay(readSettings({ flags: { data, port, open: true }, environment: {} }));
    onTestFinished(() => again.close());
    await until(() => ana.text === bo.text && ana.text.length === 7, 'both have both');
    expect([ana.text.includes('ana '), ana.text.includes('bo ')]).toEqual([true, true]);
  });

  test('[RE13] idle rooms are unloaded, and their content comes back', async () => {
    const { url, hub } = await relay({ hubLimits: { linger: 20 } });
    const clients = Array.from({ length: 20 }, (_, at) => stockClient(url, `team/space/page-${at}`));
    for (const [at, client] of clients.entries()) client.write(`text ${at}`);
    await until(() => clients.every(({ provider }) => provider.synced), 'all are synced');
    expect(hub.load.rooms).toBe(20);
    for (const client of clients) client.destroy();
    await until(() => hub.load.rooms === 0, 'all rooms are unloaded');
    const back = stockClient(url, 'team/space/page-7');
    await synced(back);
    expect(back.text).toBe('text 7');
  });

  test('[RE14] a burst of a thousand updates arrives whole, and the tail is merged behind it', async () => {
    const { url, hub } = await relay({ hubLimits: { compactAfter: 1, tailEntries: 10 } });
    const [ana, bo] = [stockClient(url, ROOM), stockClient(url, ROOM)];
    await Promise.all([synced(ana), synced(bo)]);
    for (let i = 0; i < 1_000; i += 1) {
      ana.write('x');
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => bo.text.length === 1_000, 'Bo has all of it');
    expect(hub.storage).toEqual({ state: 'ok' });
  });
});

describe('hostile and odd sockets', () => {
  test('[RE20] bad frames close their own socket with 4400 and disturb nobody', async () => {
    const { url } = await relay();
    const ana = stockClient(url, ROOM);
    await synced(ana);
    for (const bad of [new Uint8Array(), new Uint8Array([0, 2, 255]), new Uint8Array([0, 2, 1, 9]), 'text']) {
      const socket = await open(`${url}/${ROOM}`);
      socket.send(bad);
      expect(await closeCode(socket)).toBe(4400);
    }
    const bo = stockClient(url, ROOM);
    ana.write('still here');
    await until(() => bo.text === 'still here', 'the room goes on');
  });

  test('[RE20] an invalid WebSocket frame ends its socket and not the relay', async () => {
    const { url } = await relay();
    const socket = await open(`${url}/${ROOM}`);
    // Reserved bits that no extension asked for: before this was heard, one such frame ended the process.
    const raw = socket as unknown as { _socket: { write(bytes: Uint8Array): void } };
    raw._socket.write(new Uint8Array([0xff, 0x80, 0, 0, 0, 0]));
    await closeCode(socket);
    await synced(stockClient(url, ROOM));
  });

  test('[RE21] unknown message types are ignored by rule', async () => {
    const { url } = await relay();
    const socket = await open(`${url}/${ROOM}`);
    const frames = collect(socket);
    for (const type of [2, 64, 100]) socket.send(new Uint8Array([type, 1, 2, 3]));
    socket.send(encodeStep1(new Uint8Array([0])));
    await until(() => frames.some(({ kind }) => kind === 'step2'), 'the answer');
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.close();
  });

  test('[RE22] [AK4] [VE1] acknowledgements count what is durable, only for who asked', async () => {
    const { url } = await relay();
    const socket = await open(`${url}/${ROOM}`, ['caravan.ack.v1', 'caravan.v1']);
    expect(socket.protocol).toBe('caravan.ack.v1');
    const frames = collect(socket);
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    for (const word of ['a', 'b', 'c']) doc.getText('body').insert(0, word);
    // The second builds on the first, which never came: it is not acknowledged, and the hub asks for the whole.
    socket.send(encodeUpdate(updates[1]!));
    await until(() => frames.filter(({ kind }) => kind === 'step1').length === 2, 'the hub asks');
    expect(frames.some(({ kind }) => kind === 'ack')).toBe(false);
    socket.send(encodeStep2Of(doc));
    socket.send(encodeUpdate(updates[2]!));
    await until(() => frames.some((frame) => frame.kind === 'ack' && frame.count === 3), 'all three are covered');
    socket.close();
    const plain = await open(`${url}/${ROOM}`, ['caravan.v1']);
    const others = collect(plain);
    plain.send(encodeStep2Of(doc));
    plain.send(encodeStep1(new Uint8Array([0])));
    await until(() => others.some(({ kind }) => kind === 'step2'), 'the answer');
    expect(others.some(({ kind }) => kind === 'ack')).toBe(false);
    plain.close();
  });

  test('[RE2] Host, Origin, path and subprotocol are checked before the upgrade', async () => {
    const { url } = await relay();
    const own = url.replace('ws:', 'http:');
    expect(await refusal(`${url}/${ROOM}`, { origin: 'https://evil.example' })).toBe(403);
    expect(await refusal(`${url}/${ROOM}`, { headers: { host: 'evil.example' } })).toBe(403);
    expect(await refusal(`${url}/team/space`)).toBe(403);
    expect(await refusal(`${url}/team/space/${'x'.repeat(80)}`)).toBe(403);
    expect(await refusal(`${url}/team/space/..%2f`)).toBe(403);
    expect(await refusal(`${url}/v1/link/team`)).toBe(403);
    (await open(`${url}/${ROOM}`, [], { origin: own })).close();
    expect((await fetch(`${own}/healthz`, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
  });
});

describe('HTTP', () => {
  test('[RE30] health and metrics', async () => {
    const { url } = await relay();
    const base = url.replace('ws:', 'http:');
    const ana = stockClient(url, ROOM);
    await synced(ana);
    expect(await (await fetch(`${base}/healthz`)).json()).toEqual({
      status: 'ok',
      history: { segments: 0, bytes: 0, historyDays: 0, historyBytes: 8 * 1024 ** 3 },
      largeDocuments: 0,
    });
    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).toContain('caravan_rooms_loaded 1');
    expect(metrics).toContain('caravan_sockets_rooms 1');
    expect((await fetch(`${base}/nothing`)).status).toBe(404);
  });

  test('[RE31] a membership log is verified, kept, handed out, and refuses a stale head with 409', async () => {
    const data = await temporaryFolder();
    const first = await relay({}, data);
    const base = first.url.replace('ws:', 'http:');
    const key = await createDeviceKey();
    const create = await signRecord(key, {
      previous: null,
      at: 1,
      body: { verb: 'workspace.create', device: key.publicKey, nonce: 'n' },
    });
    const workspace = await hashRecord(create);
    const join1 = await joinRecord(workspace);
    const path = `/v1/log/${workspace}`;
    expect((await fetch(base + path)).status).toBe(404);
    expect((await post(base + path, { records: [create] })).status).toBe(200);
    expect((await post(base + path, { records: [create] })).status).toBe(200);
    expect((await post(base + path, { records: [join1] })).status).toBe(200);
    const stale = await post(base + path, { records: [await joinRecord(workspace)] });
    expect([stale.status, await stale.json()]).toEqual([409, { records: [create, join1] }]);
    expect((await post(`${base}/v1/log/another`, { records: [create] })).status).toBe(422);
    for (const bad of [{ records: ['x.y.z'] }, { records: [] }, { other: 1 }]) {
      expect((await post(`${base}/v1/log/another`, bad)).status).toBeGreaterThanOrEqual(400);
    }
    await first.close();
    const again = (await relay({}, data)).url.replace('ws:', 'http:');
    expect(await (await fetch(again + path)).json()).toMatchObject({ records: [create, join1] });
  });

  test('[RE32] [CC4503] close() tells every socket 4503 and leaves nothing open', async () => {
    const data = await temporaryFolder();
    const running = await relay({}, data);
    const sockets = await Promise.all([
      open(`${running.url}/${ROOM}`),
      open(`${running.url}/v1/link/team`, ['caravan.link.v1']),
    ]);
    const codes = Promise.all(sockets.map(closeCode));
    await running.close();
    expect(await codes).toEqual([4503, 4503]);
    await expect(fetch(`${running.url.replace('ws:', 'http:')}/healthz`)).rejects.toThrow();
    // The folder is free again.
    await (await relay({}, data)).close();
  });
});

async function joinRecord(previous: string): Promise<string> {
  const key = await createDeviceKey();
  return signRecord(key, { previous, at: 2, body: { verb: 'member.join', device: key.publicKey, nonce: 'n' } });
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify(body) });
}

function encodeStep2Of(doc: Y.Doc): Uint8Array {
  const step2 = encodeUpdate(Y.encodeStateAsUpdate(doc));
  step2[1] = 1;
  return step2;
}

const heard = new WeakMap<WebSocket, RoomFrame[]>();

async function open(url: string, protocols: string[] = [], options = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, protocols, options);
  socket.on('error', () => undefined);
  // From the first byte on: the relay's question may come in one packet with the answer to the upgrade, before `open` is awaited.
  const frames: RoomFrame[] = [];
  heard.set(socket, frames);
  socket.on('message', (data: Buffer) => {
    const frame = decodeRoomFrame(new Uint8Array(data));
    if (frame) frames.push(frame);
  });
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
}

function refusal(url: string, options = {}): Promise<number> {
  const socket = new WebSocket(url, [], options);
  return new Promise((resolve, reject) => {
    socket.once('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.once('open', () => reject(new Error('it was not refused')));
    socket.on('error', () => undefined);
  });
}

function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', (code) => resolve(code)));
}

/** What the socket has heard so far, and hears. */
function collect(socket: WebSocket): readonly RoomFrame[] {
  return heard.get(socket) ?? [];
}
