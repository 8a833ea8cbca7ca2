// A real relay process and somebody who comes with many: sockets, half-open connections, questions, rooms, requests of a link.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as encoding from 'lib0/encoding';
import { encodeLinkFrame } from '../../../shared/protocol/link-frames.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { encodeStep1 } from '../../../shared/protocol/room-frames.ts';
import { stockClient, synced, until } from '../../support/stock-client.ts';
import { offender, type Offender } from './honest.ts';
import { raw, upgradeRequest } from './raw.ts';
import { relaySurvives, type RelayAttack } from './survives.ts';
import { builtPrograms, type Programs, type Victim } from './victim.ts';

const ROOM = 'team/space/page';
/** Another address of this computer: to the relay it is somebody else than the honest pair. */
const ELSEWHERE = '127.0.0.2';
const MiB = 1024 * 1024;

let programs: Programs;
beforeAll(() => {
  programs = builtPrograms();
});
afterAll(() => programs.dispose());

const survives = (attack: RelayAttack, settings: Readonly<Record<string, string>> = {}): Promise<void> =>
  relaySurvives(programs, attack, settings);
const socketUrl = (relay: Victim, path: string): string => `ws://127.0.0.1:${relay.port}/${path}`;

async function linkFrom(relay: Victim): Promise<Offender> {
  const link = await offender(socketUrl(relay, 'v1/link/team'), ['caravan.link.v1'], undefined, ELSEWHERE);
  const hello = { versions: [1], hub: 'attacker', epoch: 'e', workspace: 'team', device: '', features: 0 } as const;
  link.socket.send(encodeLinkFrame({ kind: 'hello', ...hello }));
  return link;
}

describe('many at once from one place', () => {
  test('[HB24] [RE35] one socket more than an origin may have is refused before the upgrade, until one of them ends', async () => {
    const most = 200;
    await survives(
      async (relay, pair) => {
        const mine = await Promise.all(
          Array.from({ length: most }, (_, at) =>
            offender(socketUrl(relay, `team/space/p${at}`), [], undefined, ELSEWHERE),
          ),
        );
        const refused = async (): Promise<string> => {
          const more = await raw(relay.port, ELSEWHERE);
          more.send(upgradeRequest(relay.port, `/${ROOM}`));
          await until(() => more.heard().includes('\r\n\r\n'), 'an answer');
          const status = more.heard().toString('latin1').slice(9, 12);
          more.socket.destroy();
          return status;
        };
        for (let at = 0; at < 50; at += 1) expect(await refused()).toBe('503');
        await pair.talk();
        const newcomer = stockClient(socketUrl(relay, '').slice(0, -1), ROOM);
        await synced(newcomer);
        newcomer.destroy();
        mine[0]!.socket.close();
        await mine[0]!.closed;
        let status = '';
        // The relay hears of the end in its own time.
        for (let tries = 0; tries < 500 && status !== '101'; tries += 1) status = await refused();
        expect(status).toBe('101');
        for (const { socket } of mine) socket.terminate();
      },
      { CARAVAN_RELAY_SOCKETS_PER_ADDRESS: String(most) },
    );
  });

  test('[HB25] [RE33] connections that ask for nothing keep nobody out: the flood loses its own', async () => {
    await survives(async (relay, pair) => {
      const silent = await Promise.all(Array.from({ length: 600 }, () => raw(relay.port, ELSEWHERE)));
      let cut = 0;
      for (const { gone } of silent) void gone.then(() => (cut += 1));
      // While those are open, before the 5 s after which they would be cut by time.
      const newcomer = stockClient(socketUrl(relay, '').slice(0, -1), ROOM);
      await synced(newcomer);
      await until(() => cut >= 100, 'the oldest are cut');
      await pair.talk();
      newcomer.destroy();
      for (const { socket } of silent) socket.destroy();
    });
  });

  test('[HB26] [RM3] many sockets that each ask a costly question share one budget', async () => {
    await survives(async (relay, pair) => {
      const body = pair.ana.doc.getText('ballast');
      pair.ana.doc.transact(() => {
        for (let at = 0; at < 60_000; at += 1) body.insert(0, 'ab');
      });
      await until(() => pair.bo.doc.getText('ballast').length === 120_000, 'Bo has it');
      const almost = encoding.createEncoder();
      for (const number of [1, pair.ana.doc.clientID, 100]) encoding.writeVarUint(almost, number);
      const question = encodeStep1(encoding.toUint8Array(almost));
      const sockets = await Promise.all(
        Array.from({ length: 150 }, () => offender(socketUrl(relay, ROOM), [], undefined, ELSEWHERE)),
      );
      let answers = 0;
      for (const { socket } of sockets) {
        socket.on('message', (bytes: Buffer) => {
          if (bytes.length > 50_000) answers += 1;
        });
        for (let at = 0; at < 40; at += 1) socket.send(question);
      }
      await until(() => answers > 0, 'a first answer');
      for (let word = 0; word < 3; word += 1) await pair.talk();
      // Each would have got one at once, and another after each rest of its own: 150 sockets took all of the processor.
      expect(answers).toBeLessThan(150);
      for (const { socket } of sockets) socket.terminate();
    });
  });
});

describe('a link that asks too much', () => {
  test('[HB27] [CG6] requests without end close it with 4429; rooms opened and closed at once leave nothing behind', async () => {
    await survives(async (relay, pair) => {
      const opening = await linkFrom(relay);
      for (let at = 0; at < LIMITS.channels + 500; at += 1) {
        const channel = 1 + 2 * at;
        const room = `space/page${at}`;
        opening.socket.send(encodeLinkFrame({ kind: 'open', channel, live: false, pull: false, room }));
        opening.socket.send(encodeLinkFrame({ kind: 'close', channel, code: 1000, reason: '' }));
      }
      await pair.talk();
      const asking = await linkFrom(relay);
      for (let request = 1; request < 3_000; request += 1) {
        asking.socket.send(encodeLinkFrame({ kind: 'follow', request, more: false, digests: true, cursors: [] }));
      }
      expect(await asking.closed).toBe(4429);
      await pair.talk();
      opening.socket.terminate();
    });
  });
});

describe('an honest client that looks like an attack', () => {
  test('[HB28] [HU20] replacing a mebibyte 40 times in a second is taken: it is merged before it is judged', async () => {
    await survives(async (relay, pair) => {
      const writer = stockClient(socketUrl(relay, '').slice(0, -1), 'team/space/large');
      await synced(writer);
      let closes = 0;
      writer.provider.on('connection-close', (event) => {
        if (event && event.code >= 4400 && event.code < 4500) closes += 1;
      });
      const body = writer.doc.getText('body');
      for (let round = 0; round < 40; round += 1) {
        writer.doc.transact(() => {
          body.delete(0, body.length);
          body.insert(0, String.fromCharCode(97 + (round % 26)).repeat(MiB));
        });
      }
      const text = writer.text;
      writer.doc.getText('body').insert(0, 'done');
      await pair.talk();
      const reader = stockClient(socketUrl(relay, '').slice(0, -1), 'team/space/large');
      await until(() => reader.text === `done${text}`, 'all of it has arrived', 60_000);
      expect(closes).toBe(0);
      writer.destroy();
      reader.destroy();
    });
  });
});
