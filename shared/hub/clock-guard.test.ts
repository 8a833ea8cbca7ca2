// A window's words under clocks that somebody else took: they survive at their own hub, are offered back, and reach the others.
import { describe, expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { LinkOrigin } from '../link/room-channel.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import {
  bring,
  clockOf,
  emptied,
  guardedHub,
  relayHub,
  ROOM,
  textAt,
  Window,
} from '../../tests/support/guarded-hub.ts';
import { linkHubs, NOBODY, type Linked } from '../../tests/support/linked-hubs.ts';
import { until } from '../../tests/support/started-hub.ts';
import { encodeStateVector } from './knowledge.ts';
import type { Hub } from './hub.ts';
import { MemoryMedium } from './memory-doc-store.ts';
import { returnWords } from './return-words.ts';
import { readUpdateFacts } from './update-facts.ts';

function linkTo(member: Hub, relay: Hub): Linked {
  const linked = linkHubs(member, () => relay, { workspace: 'team' });
  onTestFinished(() => linked.link.close());
  return linked;
}

describe('the victim', () => {
  test('[FC2] words that the relay never saw are set aside when it has something else there, and come back in their place', async () => {
    const { hub, guard } = await guardedHub();
    const relay = relayHub();
    const ana = await Window.open(hub);
    await ana.type('Hello world');
    const first = linkTo(hub, relay);
    await first.link.start();
    await first.link.settled();
    await first.link.close();
    const typedAt = clockOf(ana.doc);
    await ana.type(' and everybody');
    await bring(relay, emptied(ana.doc.clientID, typedAt, 5), false);
    expect(await textAt(relay)).toBe('Hello world');

    const again = linkTo(hub, relay);
    await again.link.start();
    await again.link.settled();
    expect(ana.gone).toBe(CLOSE.reload);
    const [passage, ...more] = guard.aside.open('team');
    expect([passage?.text, more]).toEqual(['and everybody', []]);
    expect(await textAt(hub)).toBe('Hello world');

    await returnWords(hub, guard.aside, passage!.id, NOBODY);
    expect(guard.aside.open('team')).toEqual([]);
    await again.link.settled();
    expect(await textAt(hub)).toBe('Hello world and everybody');
    expect(await textAt(relay)).toBe('Hello world and everybody');
  });

  test.each([1, 5, 400])('[FC2] restarted in between: also %i clocks ahead', async (ahead) => {
    const medium = new MemoryMedium();
    const relay = relayHub();
    let client: number;
    {
      const before = await guardedHub(medium);
      const ana = await Window.open(before.hub);
      await ana.type('never seen by anybody');
      client = ana.doc.clientID;
      await before.close();
    }
    await bring(relay, emptied(client, 0, ahead), false);
    const { hub, guard } = await guardedHub(medium);
    const linked = linkTo(hub, relay);
    await linked.link.start();
    await linked.link.settled();
    const [passage] = guard.aside.open('team');
    expect(passage?.text).toBe('never seen by anybody');
    await returnWords(hub, guard.aside, passage!.id, NOBODY);
    await linked.link.settled();
    expect(await textAt(relay)).toBe('never seen by anybody');
  });

  test('[FC3] words that come from the window after the clocks were taken go aside and are acknowledged', async () => {
    const { hub, guard } = await guardedHub();
    const ana = await Window.open(hub);
    await ana.type('Hello');
    const at = clockOf(ana.doc);
    // The window does not hear of it before it typed.
    const typing = new Y.Doc();
    Y.applyUpdate(typing, Y.encodeStateAsUpdate(ana.doc));
    typing.clientID = ana.doc.clientID;
    expect(await bring(hub, emptied(typing.clientID, at, 3), true)).toMatchObject({ kind: 'stored' });
    const updates: Uint8Array[] = [];
    typing.on('update', (update: Uint8Array) => updates.push(update));
    for (const letter of ' world') typing.getText('body').insert(typing.getText('body').length, letter);
    for (const update of updates) expect(await bring(hub, update, false)).toEqual({ kind: 'aside' });
    // Once more, as after a lost connection.
    expect(await bring(hub, Y.encodeStateAsUpdate(typing), false)).toEqual({ kind: 'aside' });
    const [passage, ...more] = guard.aside.open('team');
    expect([passage?.text, more]).toEqual(['world', []]);
    await returnWords(hub, guard.aside, passage!.id, NOBODY);
    expect(await textAt(hub)).toBe('Hello world');
    await returnWords(hub, guard.aside, passage!.id, NOBODY);
    expect(await textAt(hub)).toBe('Hello world');
  });

  test('[FC3] what a window writes under its new id beside words that went aside goes with them', async () => {
    // Told by a browser: Yjs took a new id between two keys, and the second one stood beside nothing: it was lost to everybody.
    const { hub, guard } = await guardedHub();
    const ana = await Window.open(hub);
    await ana.type('seen');
    const typing = new Y.Doc();
    Y.applyUpdate(typing, Y.encodeStateAsUpdate(ana.doc));
    typing.clientID = ana.doc.clientID;
    await bring(hub, emptied(typing.clientID, clockOf(typing), 4), true);
    const updates: Uint8Array[] = [];
    typing.on('update', (update: Uint8Array) => updates.push(update));
    typing.getText('body').insert(4, ' ');
    typing.clientID = 99;
    typing.getText('body').insert(5, 'word');
    for (const update of updates) expect(await bring(hub, update, false)).toEqual({ kind: 'aside' });
    const passages = guard.aside.open('team');
    expect(passages).toHaveLength(1);
    await returnWords(hub, guard.aside, passages[0]!.id, NOBODY);
    expect(await textAt(hub)).toBe('seen word');
  });

  test('[FC3] a client id that was taken before its first word', async () => {
    const { hub, guard } = await guardedHub();
    const ana = await Window.open(hub);
    await bring(hub, emptied(4_711, 0, 1_000), true);
    const typing = new Y.Doc();
    typing.clientID = 4_711;
    typing.getText('body').insert(0, 'first');
    expect(await bring(hub, Y.encodeStateAsUpdate(typing), false)).toEqual({ kind: 'aside' });
    expect(guard.aside.open('team').map(({ text }) => text)).toEqual(['first']);
    // What the window heard of the other one's is nobody's word.
    Y.applyUpdate(ana.doc, Y.encodeStateAsUpdate(typing));
    expect(await bring(hub, emptied(4_711, 0, 1_000), false)).toEqual({ kind: 'unchanged' });
  });

  test('[FC8] nobody deletes over a link what a window typed this moment and what never left', async () => {
    const { hub } = await guardedHub();
    const ana = await Window.open(hub);
    const stored = ana.type('word');
    const { clientID } = ana.doc;
    const deletion = new Y.Doc();
    Y.applyUpdate(deletion, Y.encodeStateAsUpdate(ana.doc));
    const before = Y.encodeStateVector(deletion);
    deletion.getText('body').delete(0, 4);
    const update = Y.encodeStateAsUpdate(deletion, before);
    expect(await ana.room.apply(update, new LinkOrigin('other'))).toEqual({ kind: 'gap' });
    expect(await stored).toMatchObject({ kind: 'stored' });
    expect([ana.doc.clientID, await textAt(hub)]).toEqual([clientID, 'word']);
    // Now they can have read it.
    expect(await bring(hub, update, true)).toMatchObject({ kind: 'stored' });
    expect(await textAt(hub)).toBe('');
  });

  // A hub said that empty clocks were deleted. The member whose clocks had been taken took that for a deletion of words which it had
  // not told yet, never compared them, and they were neither in the room nor offered.
  test('[FC8] what a difference empties and names as deleted is compared, and is no deletion of what never left', async () => {
    const { hub, guard } = await guardedHub();
    const relay = relayHub();
    const linked = linkTo(hub, relay);
    await linked.link.start();
    const ana = await Window.open(hub);
    await ana.type('seen');
    await linked.link.settled();
    await bring(relay, emptied(ana.doc.clientID, 4, 50), true);
    const asked = await relay.open(ROOM, NOBODY);
    if (asked.kind === 'refused') throw new Error(asked.reason);
    const difference = asked.room.diff(encodeStateVector(new Map([[ana.doc.clientID, 4]])));
    asked.room.dispose();
    expect(readUpdateFacts(difference)!.deletes.get(ana.doc.clientID)).toEqual([{ start: 4, end: 54 }]);
    linked.pipe().pause();
    const stored = ana.type(' and told');
    expect(await ana.room.apply(difference, new LinkOrigin('relay'))).toMatchObject({ kind: 'failed' });
    await stored;
    await until(() => guard.aside.open('team').length > 0);
    expect(guard.aside.open('team').map(({ text }) => text)).toEqual(['and told']);
    expect(await textAt(hub)).toBe('seen');
  });

  test('[FC1] what the same words say again is no other meaning: cut otherwise, whole, deleted here, over the link', async () => {
    const { hub, guard } = await guardedHub();
    const relay = relayHub();
    const ana = await Window.open(hub);
    for (const letter of 'one two three') await ana.type(letter);
    ana.doc.getText('body').delete(4, 4);
    await ana.outcome;
    expect(await bring(hub, Y.encodeStateAsUpdate(ana.doc), true)).toEqual({ kind: 'unchanged' });
    expect(await bring(hub, Y.encodeStateAsUpdate(ana.doc), false)).toEqual({ kind: 'unchanged' });
    const linked = linkTo(hub, relay);
    await linked.link.start();
    await linked.link.settled();
    await ana.type(' four');
    await linked.link.settled();
    expect(guard.aside.open('team')).toEqual([]);
    expect([ana.gone, await textAt(relay)]).toEqual([null, 'one three four']);
  });

  test('[FC4] what is kept aside survives a restart, until it is put back or let go', async () => {
    const medium = new MemoryMedium();
    const first = await guardedHub(medium);
    await bring(first.hub, emptied(4_711, 0, 10), true);
    const typing = new Y.Doc();
    typing.clientID = 4_711;
    typing.getText('body').insert(0, 'kept');
    await bring(first.hub, Y.encodeStateAsUpdate(typing), false);
    await first.close();
    const second = await guardedHub(medium);
    const [passage] = second.guard.aside.open('team');
    expect(passage?.text).toBe('kept');
    await second.guard.aside.settle(passage!.id, 'dismissed');
    expect(second.guard.aside.open('team')).toEqual([]);
    await second.guard.aside.settle(passage!.id, 'open');
    expect(second.guard.aside.open('team')).toHaveLength(1);
    await second.guard.aside.settle(passage!.id, 'dismissed');
    await second.close();
    const third = await guardedHub(medium);
    expect(third.guard.aside.open('team')).toEqual([]);
    await expect(returnWords(third.hub, third.guard.aside, 'another', NOBODY)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('any order', () => {
  test.each(Array.from({ length: process.env['CARAVAN_LONG'] === '1' ? 200 : 6 }, (_, seed) => seed + 1))(
    '[FC2][FC3] clocks taken at any moment while somebody types: every letter once, in its order (seed %i)',
    async (seed) => {
      let state = seed;
      const random = (below: number): number => {
        state = (state * 48_271) % 2_147_483_647;
        return state % below;
      };
      const { hub, guard } = await guardedHub();
      const relay = relayHub();
      const linked = linkTo(hub, relay);
      await linked.link.start();
      linked.link.pin(ROOM);
      let ana = await Window.open(hub);
      let typed = '';
      for (let at = 0; at < 60; at += 1) {
        if (random(8) === 0) {
          const before = ana.doc.clientID;
          const theirs = await Window.open(relay);
          const clock = Y.decodeStateVector(theirs.room.stateVector()).get(before) ?? 0;
          theirs.room.dispose();
          if (clock > 0) await bring(relay, emptied(before, clock, 1 + random(4)), false);
        }
        const letter = String.fromCharCode(97 + (at % 26));
        const outcome = ana.type(letter);
        typed += letter;
        if (random(3) > 0) await outcome;
        if (random(3) === 0) await new Promise((resolve) => setImmediate(resolve));
        if (ana.gone !== null || (await ana.asides()) > 0) {
          await ana.handOver(hub);
          ana = await Window.open(hub);
        }
      }
      await linked.link.settled();
      await ana.handOver(hub);
      for (const { id } of guard.aside.open('team')) await returnWords(hub, guard.aside, id, NOBODY);
      await linked.link.settled();
      const text = await textAt(hub);
      expect([...text].sort().join('')).toBe([...typed].sort().join(''));
      expect(await textAt(relay)).toBe(text);
    },
  );
});
