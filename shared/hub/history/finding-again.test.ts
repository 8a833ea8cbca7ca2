// What is found again in the segments: typed words that no copy has, the state of each moment, also after a merging that failed.
import { describe, expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { join } from 'node:path';
import { linkHubs } from '../../../tests/support/linked-hubs.ts';
import { eventually } from '../../../tests/support/eventually.ts';
import { faultyDatabase } from '../../../tests/support/faulty-database.ts';
import { temporaryFolder } from '../../../tests/support/temp-folder.ts';
import { FakeClock, systemClock } from '../../base/clock.ts';
import { readBlocks } from '../../model/page/read.ts';
import { appendBlocks } from '../../model/page/write.ts';
import { LevelDocStore } from '../../node/level-doc-store.ts';
import { MemoryDocStore } from '../memory-doc-store.ts';
import { ROOM, Window, running, words } from '../../../tests/support/recording-hub.ts';

describe('finding again', () => {
  test('[SG10] a word typed into a table that somebody deletes meanwhile is in no copy, and it is found in the segments', async () => {
    // Two hosts and a relay; nothing of Ana's word is left anywhere but in the raw update of her session.
    const relay = await running(new MemoryDocStore(), systemClock);
    const hosts = await Promise.all([
      running(new MemoryDocStore(), systemClock),
      running(new MemoryDocStore(), systemClock),
    ]);
    const links = hosts.map(({ hub }) => linkHubs(hub, () => relay.hub, { workspace: 'ws' }));
    onTestFinished(() => Promise.all(links.map(({ link }) => link.close())).then(() => undefined));
    const [ana, bo] = await Promise.all(hosts.map(({ hub }, at) => Window.open(hub, `laptop ${at}`)));
    if (!ana || !bo) throw new Error('two windows');
    ana.doc.transact(() => {
      appendBlocks(ana.body, [
        { type: 'text', kind: 'paragraph', content: [{ type: 'text', text: 'Plan', marks: {} }] },
      ]);
      // As a newer program writes a table: a marker with cells of its own.
      const cells = new Y.Map([['r1/c1', new Y.Text()]]);
      const table = new Y.Map<unknown>([
        ['kind', 'table'],
        ['id', 'table'],
        ['cells', cells],
      ]);
      ana.body.insertEmbed(ana.body.length, table);
    });
    await ana.stored();
    for (const { link } of links) link.start();
    await eventually(() => expect(readBlocks(bo.body)).toHaveLength(2));
    const before = Date.now();
    // Apart: the links are down.
    await Promise.all(links.map(({ link }) => link.close()));
    const cellOf = (window: Window): Y.Text => {
      const embed = window.body
        .toDelta()
        .map(({ insert }: { insert: unknown }) => insert)
        .find((insert: unknown): insert is Y.Map<unknown> => insert instanceof Y.Map && insert.get('kind') === 'table');
      return (embed?.get('cells') as Y.Map<Y.Text>).get('r1/c1')!;
    };
    cellOf(ana).insert(0, 'swordfish');
    await ana.stored();
    // Within one millisecond the moment after her word would be the moment after his deletion as well.
    const typed = Date.now();
    await eventually(() => expect(Date.now()).toBeGreaterThan(typed));
    bo.body.delete(bo.body.length - 1, 1);
    await bo.stored();
    const again = hosts.map(({ hub }) => linkHubs(hub, () => relay.hub, { workspace: 'ws' }));
    onTestFinished(() => Promise.all(again.map(({ link }) => link.close())).then(() => undefined));
    for (const { link } of again) link.start();
    await eventually(() => expect([ana, bo].map(({ body }) => readBlocks(body).length)).toEqual([1, 1]));
    const holds = (update: Uint8Array): boolean => Buffer.from(update).includes('swordfish');
    expect(holds(Y.encodeStateAsUpdate(ana.doc))).toBe(false);
    ana.close();
    bo.close();
    for (const { hub, history, store } of hosts) {
      await history.settled();
      await hub.close();
      // Merged, as it will be at the next unloading.
      const stored = await store.load(ROOM);
      const merged = new Y.Doc();
      for (const part of [...(stored?.state ? [stored.state.update] : []), ...(stored?.tail ?? [])])
        Y.applyUpdate(merged, part);
      expect(holds(Y.encodeStateAsUpdate(merged))).toBe(false);
    }
    const history = hosts[0]!.history;
    expect(await words(history)).toContain('swordfish');
    // And the page as it was, the word in its cell.
    const past = await history.stateAt(ROOM, Date.now());
    expect(past.since).toBeLessThanOrEqual(before);
    // Bo's deletion is in Bo's segment; with it both hosts know all.
    for (const { hash } of await hosts[1]!.history.segmentsOf(ROOM)) {
      const bytes = await hosts[1]!.history.readSegment('ws', hash);
      expect(await history.addSegment('ws', hash, bytes!, ROOM)).toEqual({ kind: 'stored' });
      expect(await history.addSegment('ws', hash, bytes!, ROOM)).toEqual({ kind: 'known' });
    }
    const [own] = (await history.segmentsOf(ROOM)).filter(({ device }) => device === 'laptop 0');
    const whole = await history.stateAt(ROOM, own!.endedAt);
    expect(whole.complete).toBe(true);
    const doc = new Y.Doc({ gc: false });
    Y.applyUpdate(doc, whole.update);
    expect(JSON.stringify(doc.getText('body').toDelta())).toContain('swordfish');
  });

  test('[SG10] the state of each moment comes back from a real store, although the room was merged again and again', async () => {
    const clock = new FakeClock();
    const directory = join(await temporaryFolder(), 'store');
    const { hub, history, store } = await running(await LevelDocStore.open({ directory }), clock);
    const window = await Window.open(hub);
    const kept: { readonly at: number; readonly text: string }[] = [];
    for (let at = 0; at < 40; at += 1) {
      clock.advance(1000);
      if (at % 3 === 2) window.body.delete(0, 4);
      else window.body.insert(window.body.length, `word${at} `);
      await window.stored();
      kept.push({ at: clock.now(), text: window.body.toString() });
      if (at === 20) clock.advance(6 * 60_000);
    }
    window.close();
    clock.advance(10_000);
    await hub.close();
    await history.settled();
    expect((await store.load(ROOM))?.state).not.toBeNull();
    expect((await history.segmentsOf(ROOM)).length).toBeGreaterThan(1);
    for (const { at, text } of kept) {
      const past = new Y.Doc();
      const { update, complete } = await history.stateAt(ROOM, at);
      Y.applyUpdate(past, update);
      expect(past.getText('body').toString()).toBe(text);
      expect(complete).toBe(true);
    }
    await expect(history.stateAt('ws/space/nothing', 1)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('[SG13] [RO3] a merging that fails, before or after it reached the disk, changes neither content nor history', async () => {
    for (const mode of ['full', 'unsynced'] as const) {
      const directory = join(await temporaryFolder(), 'store');
      const { open, faults } = faultyDatabase();
      const clock = new FakeClock();
      const opened = () => LevelDocStore.open({ directory, openDatabase: open, spaceNeeded: 1024 });
      const first = await running(await opened(), clock);
      const window = await Window.open(first.hub);
      for (let at = 0; at < 8; at += 1) await window.type(`${at} `);
      window.close();
      await first.history.settled();
      const before = await words(first.history);
      const batches = faults.batches;
      faults.mode = mode;
      clock.advance(1);
      await eventually(() => expect(faults.batches).toBeGreaterThan(batches));
      // The process ends here: nothing is put right by the one that failed.
      await first.close();
      faults.mode = 'none';
      const second = await running(await opened(), clock);
      const after = await Window.open(second.hub);
      expect(after.body.toString()).toBe('0 1 2 3 4 5 6 7 ');
      expect(await words(second.history)).toEqual(before);
      const past = new Y.Doc();
      Y.applyUpdate(past, (await second.history.stateAt(ROOM, clock.now())).update);
      expect(past.getText('body').toString()).toBe('0 1 2 3 4 5 6 7 ');
      await second.close();
    }
  });
});
