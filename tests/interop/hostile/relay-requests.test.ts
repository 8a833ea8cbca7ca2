// A real relay process under hostile names and bodies of requests: refused with a code and words, nothing is kept of them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { raw, upgradeRequest } from './raw.ts';
import { relaySurvives, type RelayAttack } from './survives.ts';
import { builtPrograms, type Programs, type Victim } from './victim.ts';

const MiB = 1024 * 1024;

let programs: Programs;
beforeAll(() => {
  programs = builtPrograms();
});
afterAll(() => programs.dispose());

const survives = (attack: RelayAttack): Promise<void> => relaySurvives(programs, attack);

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
