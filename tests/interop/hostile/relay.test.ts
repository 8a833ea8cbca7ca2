// A real relay process under attack: it lives, its memory comes back, and two honest clients go on all the while.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { encodeAwareness, encodeStep1, encodeUpdate } from '../../../shared/protocol/room-frames.ts';
import { encodeLinkFrame } from '../../../shared/protocol/link-frames.ts';
import { stockClient, synced, until } from '../../support/stock-client.ts';
import { offender } from './honest.ts';
import { closeCode, frameHead, raw, upgradeRequest, type RawSocket } from './raw.ts';
import { relaySurvives, type RelayAttack } from './survives.ts';
import * as updates from './updates.ts';
import { bundlePrograms, type Programs, type Victim } from './victim.ts';

const ROOM = 'team/space/page';
const VICTIMS_ROOM = 'team/space/other';
const MiB = 1024 * 1024;

let programs: Programs;
beforeAll(async () => {
  programs = await bundlePrograms();
});
afterAll(() => programs.dispose());

const survives = (attack: RelayAttack): Promise<void> => relaySurvives(programs, attack);

const socketUrl = (relay: Victim, path: string): string => `ws://127.0.0.1:${relay.port}/${path}`;

async function upgraded(relay: Victim, path = `/${VICTIMS_ROOM}`, headers = {}): Promise<RawSocket> {
  const socket = await raw(relay.port);
  socket.send(upgradeRequest(relay.port, path, headers));
  await until(() => socket.heard().includes('\r\n\r\n'), 'an answer');
  expect(socket.heard().toString('latin1')).toMatch(/^HTTP\/1.1 101 /);
  return socket;
}

describe('broken connections', () => {
  test('[HB01] bytes that are no HTTP, and WebSocket frames before the upgrade, end their connection', async () => {
    await survives(async (relay, pair) => {
      const attacks = [
        Buffer.alloc(70_000, 0xff),
        frameHead(2n ** 63n),
        'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
        `GET /${ROOM} HTTP/1.1\r\n${'X-Long: '.padEnd(40_000, 'x')}\r\n\r\n`,
        upgradeRequest(relay.port, `/${ROOM}`, { 'Sec-WebSocket-Key': 'no' }),
        upgradeRequest(relay.port, `/${ROOM}`, { 'Sec-WebSocket-Version': '99' }),
        upgradeRequest(relay.port, `/${ROOM}`, { Upgrade: 'h2c' }),
        `POST /v1/log/team HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
      ];
      for (const bytes of attacks) {
        const socket = await raw(relay.port);
        socket.send(bytes);
        await socket.gone;
        await pair.talk();
      }
    });
  });

  test('[HB02] frames that break RFC 6455 end their socket with its code', async () => {
    await survives(async (relay, pair) => {
      const attacks: readonly (readonly [Buffer, number])[] = [
        [frameHead(2n ** 63n), 1009],
        [frameHead(2n ** 63n - 1n), 1009],
        [frameHead(2n ** 53n), 1009],
        [frameHead(101n * 1024n * 1024n), 1009],
        [Buffer.from([0xf2, 0x80, 0, 0, 0, 0]), 1002],
        [Buffer.from([0x83, 0x80, 0, 0, 0, 0]), 1002],
        [Buffer.from([0x82, 0x01, 0]), 1002],
        [Buffer.from([0x09, 0x80, 0, 0, 0, 0]), 1002],
        [Buffer.from([0x80, 0x80, 0, 0, 0, 0]), 1002],
        [Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]), 1007],
        [Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0, 1]), 1002],
      ];
      for (const path of [`/${VICTIMS_ROOM}`, '/v1/link/team']) {
        for (const [bytes, code] of attacks) {
          const headers = path.startsWith('/v1') ? { 'Sec-WebSocket-Protocol': 'caravan.link.v1' } : {};
          const socket = await upgraded(relay, path, headers);
          socket.send(bytes);
          await socket.gone;
          expect([bytes.toString('hex'), closeCode(socket.heard())]).toEqual([bytes.toString('hex'), code]);
        }
        await pair.talk();
      }
    });
  });

  test('[HB03] a message of 101 MiB, whole or in pieces, is cut off at the limit and not kept', async () => {
    await survives(async (relay, pair) => {
      for (let round = 0; round < 3; round += 1) {
        const whole = await offender(socketUrl(relay, VICTIMS_ROOM));
        whole.socket.send(new Uint8Array(101 * MiB));
        const pieces = await offender(socketUrl(relay, VICTIMS_ROOM));
        const part = new Uint8Array(MiB);
        for (let sent = 0; sent < 101; sent += 1) pieces.socket.send(part, { fin: sent === 100 });
        await pair.talk();
        // Who is still sending may find the connection cut before the code is read.
        expect([1006, 1009]).toContain(await whole.closed);
        expect([1006, 1009]).toContain(await pieces.closed);
      }
    });
  });

  test('[HB04] headers byte by byte: cut off in seconds, however many connections do it', async () => {
    await survives(async (relay, pair) => {
      const slow: RawSocket[] = [];
      for (let at = 0; at < 400; at += 1) slow.push(await raw(relay.port));
      const request = upgradeRequest(relay.port, `/${ROOM}`);
      let sent = 0;
      const drip = setInterval(() => {
        for (const { socket, send } of slow) if (socket.writable) send(request.charAt(sent) || 'x');
        sent = Math.min(sent + 1, request.indexOf('Sec-WebSocket-Key'));
      }, 100);
      onTestFinished(() => clearInterval(drip));
      await pair.talk();
      await Promise.all(slow.map(({ gone }) => gone));
    });
  });

  test('[HB05] connections that say nothing are cut off too', async () => {
    await survives(async (relay, pair) => {
      const silent: RawSocket[] = [];
      for (let at = 0; at < 200; at += 1) silent.push(await raw(relay.port));
      // Linked and silent: no hello.
      const links = await Promise.all(
        Array.from({ length: 50 }, () => offender(socketUrl(relay, 'v1/link/team'), ['caravan.link.v1'])),
      );
      await pair.talk();
      await Promise.all(silent.map(({ gone }) => gone));
      expect(new Set(await Promise.all(links.map(({ closed }) => closed)))).toEqual(new Set([4504]));
    });
  });

  test('[HB06] who never reads is let go of, and what waited for them with it', async () => {
    await survives(async (relay, pair) => {
      const deaf = await Promise.all(Array.from({ length: 5 }, () => upgraded(relay, `/${ROOM}`)));
      for (const { socket } of deaf) socket.pause();
      const doc = pair.ana.doc.getArray<string>('ballast');
      const block = 'x'.repeat(0.6 * MiB);
      // Replaced again and again: what is sent grows, the document does not.
      for (let at = 0; at < 40; at += 1) {
        pair.ana.doc.transact(() => {
          doc.delete(0, doc.length);
          doc.push([block]);
        });
        await until(() => pair.bo.doc.getArray('ballast').length === 1, 'it arrives');
        await new Promise((resolve) => setImmediate(resolve));
      }
      const gauge = async (): Promise<string> => (await fetch(`http://127.0.0.1:${relay.port}/metrics`)).text();
      let text = await gauge();
      const end = Date.now() + 20_000;
      while (!text.includes('caravan_sockets_rooms 2\n') && Date.now() < end) text = await gauge();
      expect(text).toContain('caravan_sockets_rooms 2\n');
    });
  });
});

describe('hostile content', () => {
  // One message of 30 MB took 3 GB and 13 s to decode. JSON 200,000 deep was decoded and stored, and then nobody could merge
  // or write it again: the room was lost to everybody.
  const cases: readonly (readonly [string, () => Uint8Array, number])[] = [
    ['[HB10] 15 million structs of two bytes', () => updates.manyStructs(15_000_000), 4413],
    ['[HB10] 15 million empty objects in one value', () => updates.manyValues(15_000_000), 4413],
    ['[HB10] 15 million deleted ranges', () => updates.manyDeletes(15_000_000), 4413],
    ['[HB11] a JSON value 200,000 deep', () => updates.deepJson(200_000), 4400],
    ['[HB11] a JSON value 3,000 deep', () => updates.deepJson(3_000), 4400],
    ['[HB11] a value 20,000 deep', () => updates.deepAny(20_000), 4400],
    ['[HB11] a value 3,000 deep', () => updates.deepAny(3_000), 4400],
  ];
  test.each(cases)('%s closes its sender; the room goes on', async (_title, make, code) => {
    await survives(async (relay, pair) => {
      const sender = await offender(socketUrl(relay, ROOM));
      sender.socket.send(encodeUpdate(make()));
      expect(await sender.closed).toBe(code);
      await pair.talk();
      const late = stockClient(socketUrl(relay, '').slice(0, -1), ROOM);
      await synced(late);
      expect(late.text).toBe(pair.ana.text);
      late.destroy();
    });
  });

  test('[HB10] a million structs brought in small pieces stop at the same limit', async () => {
    await survives(async (relay, pair) => {
      const sender = await offender(socketUrl(relay, VICTIMS_ROOM));
      for (let at = 0; at < 40; at += 1) sender.socket.send(encodeUpdate(updates.manyStructs(50_000, 100 + at)));
      await pair.talk();
      expect(await sender.closed).toBe(4413);
    });
  });

  test('[HB12] types nested 20,000 deep: the document is set aside, the relay and other rooms go on', async () => {
    await survives(async (relay, pair) => {
      const sender = await offender(socketUrl(relay, VICTIMS_ROOM));
      sender.socket.send(encodeUpdate(updates.deepTypes(20_000)));
      expect(await sender.closed).toBe(4410);
      await pair.talk();
      const again = await offender(socketUrl(relay, VICTIMS_ROOM));
      expect(await again.closed).toBe(4410);
    });
  });

  test('[HB13] thousands of updates that nothing can satisfy are not stored, not forwarded, and cost little', async () => {
    await survives(async (relay, pair) => {
      let questions = 0;
      const sender = await offender(socketUrl(relay, ROOM), undefined, (bytes) => {
        if (bytes[0] === 0 && bytes[1] === 0) questions += 1;
      });
      for (const bytes of updates.unsatisfiable(5_000)) sender.socket.send(encodeUpdate(bytes));
      await pair.talk();
      // The first question is the greeting; then it asks three times and no more.
      await until(() => questions >= 4, 'it asks');
      sender.socket.send(encodeStep1(Uint8Array.of(0)));
      await pair.talk();
      expect(questions).toBe(4);
      expect(pair.ana.doc.store.pendingStructs).toBeNull();
      sender.socket.close();
    });
  });

  test('[HB14] [RM3] questions are answered without starving others, however often they are asked', async () => {
    await survives(async (relay, pair) => {
      const body = pair.ana.doc.getText('ballast');
      pair.ana.doc.transact(() => {
        for (let at = 0; at < 60_000; at += 1) body.insert(0, 'ab');
      });
      await until(() => pair.bo.doc.getText('ballast').length === 120_000, 'Bo has it');
      const sender = await offender(socketUrl(relay, ROOM));
      const almost = encoding.createEncoder();
      for (const number of [1, pair.ana.doc.clientID, 100]) encoding.writeVarUint(almost, number);
      const question = encodeStep1(encoding.toUint8Array(almost));
      // Each answer decodes the whole document: before a socket's questions waited, these kept the relay busy for minutes.
      for (let at = 0; at < 5_000; at += 1) sender.socket.send(question);
      await pair.talk();
      sender.socket.terminate();
    });
  });

  test('[HB15] 200,000 presence entries and frames of 6 MB make no ghosts', async () => {
    await survives(async (relay, pair) => {
      const sender = await offender(socketUrl(relay, ROOM));
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, 200_000);
      for (let at = 0; at < 200_000; at += 1) {
        encoding.writeVarUint(encoder, 1_000 + at);
        encoding.writeVarUint(encoder, 1);
        encoding.writeVarString(encoder, '{"user":{"name":"a ghost"}}');
      }
      const frame = encodeAwareness(encoding.toUint8Array(encoder));
      expect(frame.length).toBeGreaterThan(6_000_000);
      for (let at = 0; at < 5; at += 1) sender.socket.send(frame);
      const few = (from: number): Uint8Array => {
        const small = encoding.createEncoder();
        encoding.writeVarUint(small, 60);
        for (let at = 0; at < 60; at += 1) {
          encoding.writeVarUint(small, from + at);
          encoding.writeVarUint(small, 1);
          encoding.writeVarString(small, '{"__proto__":{"polluted":true}}');
        }
        return encodeAwareness(encoding.toUint8Array(small));
      };
      for (let at = 0; at < 3_000; at += 1) sender.socket.send(few(1_000 + at * 60));
      await pair.talk();
      await until(() => pair.ana.provider.awareness.getStates().size > 2, 'the ghosts that are allowed');
      expect(pair.ana.provider.awareness.getStates().size).toBeLessThanOrEqual(2 + 64);
      sender.socket.terminate();
      await until(() => pair.ana.provider.awareness.getStates().size <= 2, 'they leave with their socket');
    });
  });

  test('[HB18] an update forged in somebody else’s name takes none of the words that had arrived', async () => {
    await survives(async (relay, pair) => {
      const { ana, bo } = pair;
      const before = ana.text;
      const sender = await offender(socketUrl(relay, ROOM));
      for (const { doc } of [ana, bo]) {
        const { clientID } = doc;
        const clock = Y.decodeStateVector(Y.encodeStateVector(doc)).get(clientID) ?? 0;
        sender.socket.send(encodeUpdate(updates.forged(clientID, clock, 1_000)));
        // Yjs notices somebody else under its id and takes a new one: what is written from now on is its own.
        await until(() => doc.clientID !== clientID, 'a new client id');
      }
      await pair.talk();
      await pair.talk();
      expect(ana.text.startsWith(before)).toBe(true);
      await until(() => bo.text === ana.text, 'both have the same');
      sender.socket.close();
      // The stock provider cannot say goodbye under another id than the one it began with.
      for (const { doc, provider } of [ana, bo]) doc.clientID = provider.awareness.clientID;
    });
  });

  test('[HB16] keys that name a prototype stay keys', async () => {
    await survives(async (relay, pair) => {
      const sender = await offender(socketUrl(relay, ROOM));
      sender.socket.send(encodeUpdate(updates.prototypeKeys()));
      await until(() => pair.ana.doc.getMap('__proto__').size === 1, 'it arrives');
      for (const path of ['__proto__/space/page', 'team/__proto__/constructor', '__proto__/__proto__/__proto__']) {
        const client = stockClient(socketUrl(relay, '').slice(0, -1), path);
        client.write('kept');
        await synced(client);
        const other = stockClient(socketUrl(relay, '').slice(0, -1), path);
        await until(() => other.text === 'kept', 'a room like any other');
        client.destroy();
        other.destroy();
      }
      sender.socket.close();
    });
  });

  test('[HB17] what nobody knows how to read closes its sender with 4400, room and link alike', async () => {
    await survives(async (relay, pair) => {
      const hello = {
        kind: 'hello',
        versions: [1],
        hub: 'attacker',
        epoch: 'e',
        workspace: 'team',
        device: '',
        features: 0,
      } as const;
      let seed = 20_260_101;
      const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) & 255;
      for (let round = 0; round < 200; round += 1) {
        const noise = Uint8Array.from({ length: 1 + (round % 90) }, random);
        const room = await offender(socketUrl(relay, VICTIMS_ROOM));
        room.socket.send(encodeUpdate(noise));
        room.socket.send(Uint8Array.of(0, 2, 255, 255, 255));
        expect(await room.closed).toBe(4400);
        const link = await offender(socketUrl(relay, 'v1/link/team'), ['caravan.link.v1']);
        link.socket.send(encodeLinkFrame(hello));
        link.socket.send(noise);
        link.socket.send(Uint8Array.of(1, 255));
        expect(await link.closed).toBe(4400);
      }
      await pair.talk();
    });
  });
});

describe('names and bodies', () => {
  test('[HB20] room names that try to get out of the folder, or look like others, are refused before the upgrade', async () => {
    await survives(async (relay) => {
      const names = [
        '/../../etc/passwd',
        '/team/space/..',
        '/team/../page',
        '/team/space/page/',
        '/team//page',
        '/team/space/%2e%2e',
        '/team/space/page%00',
        '/team/space/page\u00e9',
        '/team/space/%C3%A9',
        '/team/space/p%61ge',
        '/team\\space\\page',
        `/team/space/${'x'.repeat(65)}`,
        '/team/space/-page',
        '/team/space/page;x',
        '/v1/link/../team',
        '/v1/link/%74eam',
        '/v1/link/',
      ];
      for (const name of names) {
        const socket = await raw(relay.port);
        socket.send(Buffer.from(upgradeRequest(relay.port, name, { 'Sec-WebSocket-Protocol': 'caravan.link.v1' })));
        await socket.gone;
        expect([name, socket.heard().toString('latin1').slice(9, 12)]).toEqual([
          name,
          expect.stringMatching(/^(40[034])?$/),
        ]);
      }
      const nul = await raw(relay.port);
      nul.send(upgradeRequest(relay.port, '/team/space/pa\0ge'));
      await nul.gone;
      expect(nul.heard().toString('latin1')).toMatch(/^HTTP\/1.1 400 |^$/);
    });
  });

  const log = (relay: Victim, body: string | Buffer): Promise<Response> =>
    fetch(`http://127.0.0.1:${relay.port}/v1/log/team`, { method: 'POST', body: body as string });

  test('[HB21] bodies beyond the limit are refused with 413 and words, malformed ones with 400', async () => {
    await survives(async (relay, pair) => {
      const big = await log(relay, Buffer.alloc(40 * MiB, 0x20));
      expect([big.status, await big.json()]).toEqual([413, { error: expect.objectContaining({ code: 'too-large' }) }]);
      const bodies = [
        '{',
        '[]',
        'null',
        '{"records":null}',
        '{"records":[1]}',
        '{"__proto__":{"records":["x"]}}',
        '{"records":["a.b.c"],"__proto__":{"x":1}}',
        `${'['.repeat(2 * MiB)}`,
        `{"records":[${'0,'.repeat(3 * MiB)}0]}`,
        `{"records":[${'"",'.repeat(2 * MiB)}""]}`,
        `{"records":[${'{"a":[]},'.repeat(800_000)}0]}`,
        Buffer.from([0x7b, 0xff, 0xfe, 0x00]),
      ];
      for (const body of bodies) {
        const answer = await log(relay, body);
        expect([body.slice(0, 40).toString(), answer.status]).toEqual([body.slice(0, 40).toString(), 400]);
        await pair.talk();
      }
    });
  });

  test('[HB22] a chunked body that never ends is cut off at the limit', async () => {
    await survives(async (relay, pair) => {
      const socket = await raw(relay.port);
      socket.send(`POST /v1/log/team HTTP/1.1\r\nHost: 127.0.0.1:${relay.port}\r\nTransfer-Encoding: chunked\r\n\r\n`);
      const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MiB, 0x20), Buffer.from('\r\n')]);
      for (let at = 0; at < 64 && socket.socket.writable; at += 1) {
        if (!socket.socket.write(chunk)) {
          await Promise.race([new Promise((resolve) => socket.socket.once('drain', resolve)), socket.gone]);
        }
      }
      await socket.gone;
      await pair.talk();
    });
  });

  test('[HB23] a body sent too slowly is cut off', { timeout: 90_000 }, async () => {
    await survives(async (relay, pair) => {
      const slow = await raw(relay.port);
      slow.send(`POST /v1/log/team HTTP/1.1\r\nHost: 127.0.0.1:${relay.port}\r\nContent-Length: 5000000\r\n\r\n{`);
      await pair.talk();
      await slow.gone;
    });
  });
});
