// The loopback server of a host process under attack from this computer and from a window gone bad: it lives and goes on.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { encodeUpdate } from '../../../shared/protocol/room-frames.ts';
import { HostBench } from '../../support/host.ts';
import { until } from '../../support/stock-client.ts';
import { TypingClient } from '../../support/typing-client.ts';
import { closeCode, frameHead, raw, upgradeRequest, type RawSocket } from './raw.ts';
import * as updates from './updates.ts';
import { builtPrograms, type Programs, type Victim } from './victim.ts';

const MiB = 1024 * 1024;
const LEFT_BEHIND = 60 * MiB;

let programs: Programs;
beforeAll(() => {
  programs = builtPrograms();
});
afterAll(() => programs.dispose());

let host: Victim;
let room: string;
let authorization: string;
let ana: TypingClient;
let before: number;

beforeEach(async () => {
  const bench = new HostBench();
  const folder = await bench.folder();
  const maker = await bench.start(folder);
  const { id: workspace } = await maker.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await maker.call('space.list', { workspace });
  const place = { workspace, space: space!.id, parent: null };
  room = (await maker.call('doc.create', { ...place, kind: 'page', title: 'Plan' })).room;
  await bench.stop(maker);
  host = await programs.startHost(folder);
  onTestFinished(async () => {
    await host.end();
    await bench.dispose();
  });
  const file = JSON.parse(await readFile(path.join(folder, 'host.json'), 'utf8')) as { token: string };
  authorization = `Bearer ${file.token}`;
  ana = new TypingClient({ url: `ws://127.0.0.1:${host.port}/${room}`, headers: { authorization } });
  onTestFinished(() => ana.close());
  await ana.synced;
  await types();
  before = await host.memory();
});

let words = 0;
/** The honest window's word is durable within seconds. */
async function types(): Promise<void> {
  words += 1;
  const word = `word${words} `;
  ana.type(word);
  await until(() => ana.durable.includes(word), 'the word is durable', 10_000);
}

/** What holds after each attack. */
async function stands(): Promise<void> {
  await types();
  expect((await host.state()).changed).toEqual([]);
  let after = await host.memory();
  const end = Date.now() + 20_000;
  while (after > before + LEFT_BEHIND && Date.now() < end) after = await host.memory();
  expect(after - before).toBeLessThan(LEFT_BEHIND);
  expect(host.alive).toBe(true);
}

async function window(target: string): Promise<{ socket: WebSocket; closed: Promise<number> }> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}${target}`, { headers: { authorization } });
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  onTestFinished(() => socket.terminate());
  await new Promise((resolve) => socket.once('open', resolve));
  return { socket, closed };
}

describe('strangers on this computer', () => {
  test('[HB30] bytes that are no HTTP, and upgrades without a right, end their connection, even one that is never closed', async () => {
    const attacks = [
      Buffer.alloc(70_000, 0xff),
      frameHead(2n ** 63n),
      upgradeRequest(host.port, `/${room}`),
      upgradeRequest(host.port, '/v1/calls', { Host: 'evil.example' }),
      upgradeRequest(host.port, '/v1/calls', { Authorization: 'Bearer x' }),
      upgradeRequest(host.port, '/../../etc/passwd', { Authorization: authorization }),
      upgradeRequest(host.port, '/a/b/%00', { Authorization: authorization }),
      upgradeRequest(host.port, '/__proto__', { Authorization: authorization }),
    ];
    for (const bytes of attacks) {
      const { socket, send, gone, heard } = await raw(host.port);
      send(bytes);
      await gone;
      expect(heard().toString('latin1')).not.toContain(' 101 ');
      // A refused upgrade used to leave the socket half open for as long as the other end liked: now a write fails.
      const probe = setInterval(() => socket.writable && socket.write('x'), 20);
      onTestFinished(() => clearInterval(probe));
      await until(() => socket.destroyed, 'cut at both ends', 10_000);
    }
    await stands();
  });

  test('[HB31] headers byte by byte and bodies that never end are cut off in seconds', async () => {
    const slow: RawSocket[] = [];
    for (let at = 0; at < 200; at += 1) slow.push(await raw(host.port));
    for (const { send } of slow) send('GET / HTTP/1.1\r\nHost: 127');
    const body = await raw(host.port);
    const lines = [
      'POST /v1/session HTTP/1.1',
      `Host: 127.0.0.1:${host.port}`,
      `Origin: http://127.0.0.1:${host.port}`,
      'Content-Type: application/json',
      'Content-Length: 4000',
    ];
    body.send(`${lines.join('\r\n')}\r\n\r\n{`);
    await types();
    await Promise.all([...slow, body].map(({ gone }) => gone));
    await stands();
  });
});

describe('a window gone bad', () => {
  test('[HB32] frames that break RFC 6455 or claim 2^63 bytes end their socket with its code', async () => {
    for (const target of [`/${room}`, '/v1/calls']) {
      for (const [bytes, code] of [
        [frameHead(2n ** 63n), 1009],
        [frameHead(101n * 1024n * 1024n), 1009],
        [Buffer.from([0xf2, 0x80, 0, 0, 0, 0]), 1002],
        [Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]), 1007],
      ] as const) {
        const socket = await raw(host.port);
        socket.send(upgradeRequest(host.port, target, { Authorization: authorization }));
        await until(() => socket.heard().includes('\r\n\r\n'), 'an answer');
        socket.send(bytes);
        await socket.gone;
        expect([target, closeCode(socket.heard())]).toEqual([target, code]);
      }
    }
    await stands();
  });

  test('[HB33] calls that are no calls are answered in words or ignored', async () => {
    const { socket } = await window('/v1/calls');
    const answers: string[] = [];
    socket.on('message', (data) => answers.push(String(data)));
    const texts = [
      '{',
      'null',
      '[]',
      '{"id":1}',
      '{"id":2,"call":"__proto__","params":{}}',
      '{"id":3,"call":"hello","params":{"__proto__":{"polluted":true}}}',
      '{"id":{"__proto__":1},"call":"hello"}',
      `{"id":4,"call":"doc.list","params":{"workspace":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
      `{"id":5,"call":"doc.list","params":{"workspace":"${'x'.repeat(5 * MiB)}"}}`,
    ];
    for (const text of texts) socket.send(text);
    socket.send(new Uint8Array(1_000));
    socket.send('{"id":99,"call":"hello","params":{}}');
    await until(() => answers.some((text) => text.includes('"id":99')), 'the next call is answered');
    expect(answers.find((text) => text.includes('"id":2'))).toContain('unsupported');
    expect(socket.readyState).toBe(WebSocket.OPEN);
    await stands();
  });

  test.each([
    ['[HB34] 15 million structs', () => updates.manyStructs(15_000_000), 4413],
    ['[HB34] a value 3,000 deep', () => updates.deepAny(3_000), 4400],
    ['[HB34] bytes that are no update', () => Uint8Array.of(9, 9, 9), 4400],
  ] as const)('%s in a room close their window’s socket with a code', async (_title, make, code) => {
    const { socket, closed } = await window(`/${room}`);
    socket.send(encodeUpdate(make()));
    expect(await closed).toBe(code);
    await stands();
  });
});
