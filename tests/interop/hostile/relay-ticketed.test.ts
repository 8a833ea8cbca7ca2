// A real relay process that asks for tickets, under attack by who has none, by who has a bad one, and by a member gone bad.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { randomId } from '../../../shared/base/random-id.ts';
import { encodePresence } from '../../../shared/link/presence.ts';
import { decodeLinkFrame, encodeLinkFrame } from '../../../shared/protocol/link-frames.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { encodeAwareness, encodeUpdate } from '../../../shared/protocol/room-frames.ts';
import { attached, handOver, type Team } from '../../support/closed-relay.ts';
import type { Person } from '../../support/log-writer.ts';
import { RelayCalls } from '../../support/relay-calls.ts';
import { until } from '../../support/stock-client.ts';
import { temporaryFolder } from '../../support/temp-folder.ts';
import { offender, type HonestPair } from './honest.ts';
import { closeCode, frameHead, raw, sendBeyond, upgradeRequest, type RawSocket } from './raw.ts';
import { survivesBeside } from './survives.ts';
import * as updates from './updates.ts';
import { builtPrograms, type Programs, type Victim } from './victim.ts';

const MiB = 1024 * 1024;

let programs: Programs;
beforeAll(() => {
  programs = builtPrograms();
});
afterAll(() => programs.dispose());

interface Attacked extends Team {
  readonly relay: Victim;
  readonly pair: HonestPair;
  readonly room: string;
  /** A member who may write, and whose program does as it likes. */
  readonly member: Person;
  ticket(room: string): Promise<string>;
}

/** A team with two honest members' clients and a third who attacks. */
async function survives(attack: (attacked: Attacked) => Promise<void>): Promise<void> {
  const data = await temporaryFolder();
  const relay = await programs.startClosedRelay(data);
  const calls = new RelayCalls(relay.url.origin.replace('http', 'ws'));
  const key = readFileSync(join(data, 'registration-key'), 'utf8').trim();
  const closed = { data, calls, key, relay: { url: relay.url.origin.replace('http', 'ws') } } as never;
  const team = await attached(closed);
  const { log, owner, workspace, space } = team;
  const member = await log.join(owner, 'member', [{ space, role: 'member' }]);
  await handOver({ calls }, team);
  const document = `${space}/${randomId()}`;
  const room = `${workspace}/${document}`;
  const seat = { room, protocols: ['caravan.v1', `tkt.${await calls.ticket(owner.key, workspace, document)}`] };
  const ticket = (of: string): Promise<string> => calls.ticket(member.key, workspace, of);
  await survivesBeside(seat, relay, (_relay, pair) => attack({ ...team, relay, pair, room, member, ticket }));
}

const WEBSOCKET: readonly (readonly [Buffer, number])[] = [
  [frameHead(2n ** 63n), 1009],
  [frameHead(2n ** 63n - 1n), 1009],
  [frameHead(101n * 1024n * 1024n), 1009],
  [Buffer.from([0xf2, 0x80, 0, 0, 0, 0]), 1002],
  [Buffer.from([0x83, 0x80, 0, 0, 0, 0]), 1002],
  [Buffer.from([0x82, 0x01, 0]), 1002],
  [Buffer.from([0x80, 0x80, 0, 0, 0, 0]), 1002],
  [Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]), 1007],
];

async function asks(relay: Victim, path: string, protocols: readonly string[]): Promise<RawSocket> {
  const socket = await raw(relay.port);
  const header = protocols.length > 0 ? { 'Sec-WebSocket-Protocol': protocols.join(', ') } : {};
  socket.send(upgradeRequest(relay.port, path, header));
  return socket;
}

describe('before a ticket was shown', () => {
  test('[HB01] [HB02] [HB03] [RE50] frames behind an upgrade without a ticket, or with a bad one, are read by nobody', async () => {
    await survives(async ({ relay, pair, room, workspace, space, ticket }) => {
      const elsewhere = await ticket(`${space}/${randomId()}`);
      const [head = '', body = '', signature = ''] = (await ticket(room.slice(workspace.length + 1))).split('.');
      const offers = [
        [],
        ['caravan.v1'],
        ['caravan.v1', 'tkt.'],
        ['caravan.v1', 'tkt.x.y.z'],
        ['caravan.v1', `tkt.${elsewhere}`],
        ['caravan.v1', `tkt.${head}.${body}.${signature.slice(0, -4)}AAAA`],
        ['caravan.v1', `tkt.${'x'.repeat(10_000)}`],
      ];
      const behind = [...WEBSOCKET.map(([bytes]) => bytes), Buffer.alloc(8 * MiB, 0x82)];
      for (const protocols of offers) {
        for (const path of [`/${room}`, `/v1/link/${workspace}`]) {
          for (const bytes of behind) {
            const socket = await asks(relay, path, protocols);
            socket.send(bytes);
            await socket.gone;
            // Nothing at all is heard where more was sent than it reads: the connection is reset.
            expect(socket.heard().toString('latin1')).toMatch(/^(HTTP\/1\.1 403 |$)/);
          }
        }
        await pair.talk();
      }
      const { sockets } = await gauges(relay);
      // The honest pair, and the two beside it that write steadily.
      expect(sockets).toBe(4);
    });
  });

  test('[HB20] with a ticket that is good elsewhere, no name leads anywhere', async () => {
    await survives(async ({ relay, pair, room, workspace, ticket }) => {
      const document = room.slice(workspace.length + 1);
      const good = await ticket(document);
      const names = [
        `/${workspace}/../${room}`,
        `/${room}/`,
        `/${room}/..`,
        `/${room}%00`,
        `/${room}\u00e9`,
        `/${workspace}%2f${document}`,
        `/__proto__/${document}`,
        `/${workspace}/__proto__/constructor`,
        `/${room.toUpperCase()}x`,
        `/v1/link/${workspace}`,
        `/v1/link/${workspace}/../${workspace}`,
      ];
      for (const name of names) {
        const socket = await raw(relay.port);
        socket.send(
          Buffer.from(
            upgradeRequest(relay.port, name, { 'Sec-WebSocket-Protocol': `caravan.v1, caravan.link.v1, tkt.${good}` }),
          ),
        );
        await socket.gone;
        const status = socket.heard().toString('latin1').slice(9, 12);
        expect([name, status]).toEqual([name, expect.stringMatching(/^(40[034])?$/)]);
      }
      await pair.talk();
    });
  });
});

describe('a member gone bad', () => {
  test('[HB02] [HB03] frames that break RFC 6455, and messages without end, close with their code, room and link alike', async () => {
    await survives(async ({ relay, pair, room, workspace, ticket }) => {
      const places = [
        { path: `/${room}`, protocols: ['caravan.v1', `tkt.${await ticket(room.slice(workspace.length + 1))}`] },
        { path: `/v1/link/${workspace}`, protocols: ['caravan.link.v1', `tkt.${await ticket('*')}`] },
      ];
      for (const { path, protocols } of places) {
        const enter = async (): Promise<RawSocket> => {
          const socket = await asks(relay, path, protocols);
          await until(() => socket.heard().includes('\r\n\r\n'), 'an answer');
          expect(socket.heard().toString('latin1')).toMatch(/^HTTP\/1.1 101 /);
          return socket;
        };
        for (const [bytes, code] of WEBSOCKET) {
          const socket = await enter();
          socket.send(bytes);
          await socket.gone;
          expect([path, bytes.toString('hex'), closeCode(socket.heard())]).toEqual([path, bytes.toString('hex'), code]);
        }
        const endless = await enter();
        sendBeyond(endless, LIMITS.socketMessage);
        await endless.gone;
        expect([path, closeCode(endless.heard())]).toEqual([path, 1009]);
        await pair.talk();
      }
    });
  });

  test('[HB10] [HB11] [HB12] [HB13] [HB17] what nobody can read, and documents that nobody could hold, close their sender', async () => {
    await survives(async ({ relay, pair, room, workspace, space, ticket }) => {
      const url = `ws://127.0.0.1:${relay.port}`;
      const enter = async (document: string, heard?: (bytes: Buffer) => void) =>
        offender(`${url}/${workspace}/${document}`, ['caravan.v1', `tkt.${await ticket(document)}`], heard);
      const page = room.slice(workspace.length + 1);
      const attacks: readonly (readonly [Uint8Array, number])[] = [
        [encodeUpdate(updates.manyStructs(15_000_000)), 4413],
        [encodeUpdate(updates.deepJson(200_000)), 4400],
        [encodeUpdate(updates.deepAny(20_000)), 4400],
        [Uint8Array.of(0, 2, 255, 255, 255), 4400],
      ];
      for (const [message, code] of attacks) {
        const sender = await enter(page);
        sender.socket.send(message);
        expect(await sender.closed).toBe(code);
        await pair.talk();
      }
      const deep = await enter(`${space}/${randomId()}`);
      deep.socket.send(encodeUpdate(updates.deepTypes(20_000)));
      expect(await deep.closed).toBe(4410);
      const restless = await enter(page);
      for (const bytes of updates.unsatisfiable(5_000)) restless.socket.send(encodeUpdate(bytes));
      await pair.talk();
      expect(pair.ana.doc.store.pendingStructs).toBeNull();
      restless.socket.close();
      // On a link the same garbage, behind a hello that holds.
      for (const noise of [Uint8Array.of(1, 255), Uint8Array.of(255, 255, 255), new Uint8Array(LIMITS.linkFrame + 1)]) {
        const link = await offender(`${url}/v1/link/${workspace}`, ['caravan.link.v1', `tkt.${await ticket('*')}`]);
        link.socket.send(hello(workspace, [1]));
        link.socket.send(noise);
        // A type that is not known is ignored (LF2).
        link.socket.send(Uint8Array.of(1, 255));
        expect(await link.closed).toBe(noise.length > LIMITS.linkFrame ? 4413 : 4400);
      }
    });
  });

  test('[HB18] [PR2] [PR6] [PR9] nobody is present under another’s name or client id, and no ghost is left', async () => {
    await survives(async ({ relay, pair, room, workspace, member, ticket }) => {
      const { ana, bo } = pair;
      ana.provider.awareness.setLocalState({ user: { name: 'Ana' }, what: 'here' });
      const states = (): Record<string, unknown>[] =>
        [...bo.provider.awareness.getStates().values()] as Record<string, unknown>[];
      await until(() => states().some(({ what }) => what === 'here'), 'Bo sees Ana');
      const document = room.slice(workspace.length + 1);
      const forger = await offender(`ws://127.0.0.1:${relay.port}/${room}`, [
        'caravan.v1',
        `tkt.${await ticket(document)}`,
      ]);
      const victim = ana.provider.awareness.clientID;
      for (const state of ['{"user":{"name":"Ana"},"what":"forged"}', 'null']) {
        for (const clock of [1_000, 2 ** 40]) {
          forger.socket.send(encodeAwareness(encodePresence([{ client: victim, clock, state }])));
        }
      }
      const state = JSON.stringify({ user: { name: 'Ana', member: 'somebody else' }, what: 'mine' });
      forger.socket.send(encodeAwareness(encodePresence([{ client: 4_711, clock: 1, state }])));
      await until(() => states().some(({ what }) => what === 'mine'), 'the entry of its own');
      expect(states().some(({ what }) => what === 'forged')).toBe(false);
      expect(states().some(({ what }) => what === 'here')).toBe(true);
      // Who it is comes from its ticket; what it calls itself is dropped.
      expect(states().find(({ what }) => what === 'mine')).toEqual({ user: { member: member.member }, what: 'mine' });
      forger.socket.send(updates.crowd(200_000, 10_000, '{"what":"ghost"}'));
      await pair.talk();
      expect(states().length).toBeLessThanOrEqual(2 + LIMITS.presenceClients);
      forger.socket.terminate();
      await until(
        () => !states().some(({ what }) => what === 'mine' || what === 'ghost'),
        'all leave with their socket',
      );
      expect(states().some(({ what }) => what === 'here')).toBe(true);
    });
  });

  test('[VE2] [HE2] [LF2] a link that speaks other versions is refused with 4426, a newer one that speaks this too is not', async () => {
    await survives(async ({ relay, pair, workspace, space, ticket }) => {
      const enter = async (heard?: (bytes: Buffer) => void) =>
        offender(
          `ws://127.0.0.1:${relay.port}/v1/link/${workspace}`,
          ['caravan.link.v1', `tkt.${await ticket('*')}`],
          heard,
        );
      for (const versions of [[7], [9, 7], [2]]) {
        const other = await enter();
        other.socket.send(hello(workspace, versions));
        // What it goes on to say means something else in its version, and is not looked at.
        say(other.socket, Uint8Array.of(1, 255));
        expect([versions, await other.closed]).toEqual([versions, 4426]);
      }
      const opened: number[] = [];
      const newer = await enter((bytes) => {
        const frame = decodeLinkFrame(new Uint8Array(bytes));
        if (frame?.kind === 'opened') opened.push(frame.channel);
      });
      newer.socket.send(hello(workspace, [2, 1]));
      newer.socket.send(Uint8Array.of(200, 1, 5));
      const room = `${space}/${randomId()}`;
      newer.socket.send(encodeLinkFrame({ kind: 'open', channel: 1, live: false, pull: false, room }));
      await until(() => opened.includes(1), 'a room is opened');
      await pair.talk();
      newer.socket.close();
    });
  });
});

function hello(workspace: string, versions: readonly number[]): Uint8Array {
  const rest = { hub: randomId(), epoch: randomId(), workspace, device: '', features: 0 };
  return encodeLinkFrame({ kind: 'hello', versions: [...versions], ...rest });
}

/** Where it was not closed already. */
function say(socket: WebSocket, bytes: Uint8Array): void {
  if (socket.readyState === socket.OPEN) socket.send(bytes);
}

async function gauges(relay: Victim): Promise<{ readonly sockets: number }> {
  const text = await (await fetch(`http://127.0.0.1:${relay.port}/metrics`)).text();
  return { sockets: Number(/^caravan_sockets_rooms (\d+)$/m.exec(text)?.[1]) };
}
