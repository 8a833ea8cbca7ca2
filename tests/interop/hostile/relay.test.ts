// A real relay process under broken connections: it lives, its memory comes back, and two honest clients go on all the while.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { until } from '../../support/stock-client.ts';
import { offender } from './honest.ts';
import { closeCode, frameHead, raw, sendBeyond, upgradeRequest, type RawSocket } from './raw.ts';
import { relaySurvives, type RelayAttack } from './survives.ts';
import { builtPrograms, type Programs, type Victim } from './victim.ts';

const ROOM = 'team/space/page';
const VICTIMS_ROOM = 'team/space/other';
const MiB = 1024 * 1024;

let programs: Programs;
beforeAll(() => {
  programs = builtPrograms();
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
      // Who stops at the limit reads it.
      const patient = await upgraded(relay);
      sendBeyond(patient, LIMITS.socketMessage);
      await patient.gone;
      expect(closeCode(patient.heard())).toBe(1009);
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
      while (!text.includes('caravan_sockets_rooms 4\n') && Date.now() < end) text = await gauge();
      expect(text).toContain('caravan_sockets_rooms 4\n');
    });
  });
});
