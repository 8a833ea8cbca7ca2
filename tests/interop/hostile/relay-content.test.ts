// A real relay process under hostile content: updates, questions, presence, forgeries. It lives, and two honest clients go on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { encodeStep1, encodeUpdate } from '../../../shared/protocol/room-frames.ts';
import { encodeLinkFrame } from '../../../shared/protocol/link-frames.ts';
import { stockClient, synced, until } from '../../support/stock-client.ts';
import { offender } from './honest.ts';
import { relaySurvives, type RelayAttack } from './survives.ts';
import * as updates from './updates.ts';
import { builtPrograms, type Programs, type Victim } from './victim.ts';

const ROOM = 'team/space/page';
const VICTIMS_ROOM = 'team/space/other';
let programs: Programs;
beforeAll(() => {
  programs = builtPrograms();
});
afterAll(() => programs.dispose());

const survives = (attack: RelayAttack): Promise<void> => relaySurvives(programs, attack);

const socketUrl = (relay: Victim, path: string): string => `ws://127.0.0.1:${relay.port}/${path}`;

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
      // Structs that could be joined are joined when the room is merged meanwhile: then there are never too many of them.
      for (let at = 0; at < 40; at += 1) sender.socket.send(encodeUpdate(updates.manyItems(50_000, 200 - at)));
      await pair.talk();
      expect(await sender.closed).toBe(4413);
    });
  });

  test('[HB29] letters of 20 clients at one spot, which take hours to merge: others write on meanwhile', async () => {
    await survives(async (relay, pair) => {
      const sender = await offender(socketUrl(relay, VICTIMS_ROOM), ['caravan.ack.v1'], (bytes) => {
        if (bytes[0] === 64) acknowledged += 1;
      });
      let acknowledged = 0;
      // With rising ids Yjs walks past all of the others; more than waits unmerged, so that merging is asked for.
      for (let client = 1; client <= 20; client += 1) {
        sender.socket.send(encodeUpdate(updates.prepended(8_000, client)));
        await pair.talk();
      }
      await until(() => acknowledged > 0, 'the letters are stored');
      await until(() => relay.log.includes('compaction-too-slow'), 'merging is given up', 20_000);
      for (let round = 0; round < 5; round += 1) await pair.talk();
      sender.socket.close();
      await pair.talk();
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
      const frame = updates.crowd(200_000, 1_000, '{"user":{"name":"a ghost"}}');
      expect(frame.length).toBeGreaterThan(6_000_000);
      for (let at = 0; at < 5; at += 1) sender.socket.send(frame);
      for (let at = 0; at < 3_000; at += 1) {
        sender.socket.send(updates.crowd(60, 1_000 + at * 60, '{"__proto__":{"polluted":true}}'));
      }
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
