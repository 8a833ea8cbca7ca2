// The canary: random words in everything of space two; a guest of space one uses every call and frame there is, and hears none of them.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { randomId } from '../../shared/base/random-id.ts';
import { encodePresence } from '../../shared/link/presence.ts';
import { encodeLinkFrame } from '../../shared/protocol/link-frames.ts';
import { encodeAwareness, encodeUpdate } from '../../shared/protocol/room-frames.ts';
import { attached, handOver, startClosedRelay } from '../support/closed-relay.ts';
import type { Person } from '../support/log-writer.ts';
import { RawLink, RawRoom } from '../support/raw-sockets.ts';
import { bundleRelay, type RelayBundle } from '../support/relay-process.ts';
import { until } from '../support/stock-client.ts';

let bundle: RelayBundle;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

const canaries: string[] = [];
const canary = (): string => {
  const word = `canary${randomBytes(12).toString('hex')}`;
  canaries.push(word);
  return word;
};

const found = (heard: readonly Uint8Array[]): readonly string[] => {
  const text = Buffer.concat(heard).toString('latin1');
  return canaries.filter((word) => text.includes(word));
};

test(
  '[RE60] a guest of space one who uses the whole raw protocol hears nothing of space two',
  { timeout: 120_000 },
  async () => {
    const closed = await startClosedRelay(bundle);
    const { calls, relay } = closed;
    const made = await attached(closed);
    const { log, owner, workspace, space } = made;
    const two = await log.space(owner);
    const open = await log.space(owner, 'open');
    const insider = await log.join(owner, 'member', [
      { space: two, role: 'member' },
      { space: open, role: 'member' },
    ]);
    const guest = await log.join(owner, 'guest', [{ space, role: 'guest' }]);
    await handOver(closed, made);

    // Ids of documents are canaries too: they are in nothing that a guest may hear. (Those of spaces and people stand in the log.)
    const documents = Array.from({ length: 3 }, canary);
    const rooms = [
      ...documents.map((document) => `${two}/${document}`),
      `${two}/${two}`,
      `${open}/${open}`,
      `${open}/${canary()}`,
      `@${insider.member}/profile`,
      `~${insider.member}/inbox`,
      `~${owner.member}/inbox`,
    ];
    const content = (): Uint8Array => {
      const doc = new Y.Doc();
      doc.transact(() => {
        doc.getText('title').insert(0, canary());
        doc.getText('body').insert(0, canary());
        doc.getMap('comments').set(canary(), canary());
        doc.getMap('meta').set('name', canary());
        doc.getText('body').delete(0, 2);
      });
      return Y.encodeStateAsUpdate(doc);
    };
    const insiders: RawRoom[] = [];
    const writeIn = async (person: Person, place: string): Promise<void> => {
      const ticket = await calls.ticket(person.key, workspace, place);
      const room = (await RawRoom.open(relay.url, `${workspace}/${place}`, ticket))!;
      room.send(encodeUpdate(content()));
      await until(() => room.talk.acknowledged === 1, 'the words of space two are durable');
      insiders.push(room);
    };
    const personOf = (place: string): Person => (place.startsWith(`~${owner.member}`) ? owner : insider);
    for (const place of rooms) await writeIn(personOf(place), place);
    // Some sessions end, and are history; others go on.
    for (const room of insiders.splice(0, 4)) await room.close();
    const insidersLink = (await RawLink.open(relay.url, workspace, await calls.ticket(insider.key, workspace, '*')))!;
    await insidersLink.list();
    insidersLink.followSegments();
    await until(() => insidersLink.offered().size > 1, 'history of space two');
    const segments = [...insidersLink.offered()].map(([room, segment]) => ({
      space: room.split('/')[1] ?? '',
      ...segment,
    }));
    insidersLink.frame({ kind: 'holds', holdings: [{ space: two, after: 1, lacks: documents.slice(0, 1) }] });
    for (const document of documents) await (await insidersLink.room(`${workspace}/${two}/${document}`)).talk.read();
    // The search would find them where they are.
    expect(found(insidersLink.bytes).length).toBeGreaterThan(documents.length);

    const heard: Uint8Array[] = [];
    const before = calls.heard.length;
    const link = (await RawLink.open(
      relay.url,
      workspace,
      await calls.ticket(guest.key, workspace, '*'),
      insider.key.id,
    ))!;
    const spaces = [
      space,
      two,
      open,
      `@${insider.member}`,
      `~${insider.member}`,
      `~${owner.member}`,
      '@workspace',
      'nowhere',
    ];
    await link.list(spaces);
    await link.list();
    link.frame({
      kind: 'followSegments',
      more: false,
      cursors: spaces.map((one) => ({ space: one, epoch: link.epoch, after: 0, tag: '00'.repeat(32) })),
    });
    link.frame({ kind: 'holds', holdings: spaces.map((one) => ({ space: one, after: 1, lacks: [] })) });
    link.frame({ kind: 'relays', hubs: [randomId()] });
    link.send(encodeLinkFrame({ kind: 'batch', frames: [encodeLinkFrame({ kind: 'heartbeat', wantsAnswer: true })] }));
    link.send(new Uint8Array([99, 1, 2, 3]));
    for (const segment of segments) {
      expect(await link.fetchSegment(segment.space, segment.number, segment.hash)).toBe(false);
      // By the number of a space that may be read, and the hash of another.
      expect(await link.fetchSegment(space, segment.number, segment.hash)).toBe(false);
    }
    // What nobody but an insider should know is known to this guest: ids, numbers, hashes.
    for (const [at, place] of rooms.entries()) {
      const room = `${workspace}/${place}`;
      const channel = 1_001 + 2 * at;
      link.frame({ kind: 'open', channel, live: true, pull: at % 2 === 0, room: place });
      for (const message of [new Uint8Array([0, 0, 1, 0]), new Uint8Array([3]), encodeUpdate(content())]) {
        link.frame({ kind: 'data', channel, more: false, bytes: message });
      }
      const presence = encodePresence([{ client: 7, clock: 1, state: '{"user":"guest"}' }]);
      link.frame({ kind: 'data', channel, more: false, bytes: encodeAwareness(presence) });
      expect((await link.room(room)).code).toBe(4403);
      for (const ticket of [null, await calls.ticket(guest.key, workspace, '*'), 'x']) {
        expect(await RawRoom.open(relay.url, room, ticket)).toBeNull();
      }
      expect((await calls.askTicket(guest.key, workspace, place)).status).toBe(403);
    }
    // Space two goes on meanwhile: words, people who come and go, what devices hold, a new member, a new space.
    for (const room of insiders) {
      room.send(encodeUpdate(content()));
      const state = JSON.stringify({ user: { name: canary() }, status: canary() });
      room.send(encodeAwareness(encodePresence([{ client: room.talk.doc.clientID, clock: 1, state }])));
      await until(() => room.talk.acknowledged === 2, 'more words');
      await room.close();
    }
    await log.join(owner, 'member', [{ space: two, role: 'member' }]);
    await handOver(closed, made);
    await writeIn(insider, `${two}/${canary()}`);
    const mine = (await RawRoom.open(
      relay.url,
      `${workspace}/${space}/D`,
      await calls.ticket(guest.key, workspace, `${space}/D`),
    ))!;
    mine.talk.write('mine');
    await until(() => mine.talk.acknowledged === 1, 'a guest writes where they may');
    await mine.talk.announce('guest');
    await calls.readLog(guest.key, workspace);
    await calls.ask('/healthz');
    await calls.ask('/metrics');
    await calls.join(guest.key, workspace, 'unknown');
    await calls.attach(guest.key, workspace, log.records, null);
    await calls.appendLog(guest.key, workspace, [await log.sign(guest.key, { verb: 'space.archive', space: two })]);
    await link.list(spaces);
    expect(link.code).toBeNull();
    expect(
      [...link.told()].every((room) => room.startsWith(`${workspace}/${space}/`) || room.startsWith(`${workspace}/@`)),
    ).toBe(true);

    heard.push(...link.bytes, ...mine.bytes, ...calls.heard.slice(before).map((text) => Buffer.from(text)));
    // The calls of the owner and the insiders stand among those: their answers hold tickets and the log, no word either.
    expect(found(heard)).toEqual([]);
    expect(heard.length).toBeGreaterThan(100);
  },
);
