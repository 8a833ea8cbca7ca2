// History of real hubs: what is recorded, when it is cut, what a crash leaves, what is found again; with the page's own model.
import { describe, expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { join } from 'node:path';
import { linkHubs, NOBODY } from '../../../tests/support/linked-hubs.ts';
import { eventually } from '../../../tests/support/eventually.ts';
import { faultyDatabase } from '../../../tests/support/faulty-database.ts';
import { temporaryFolder } from '../../../tests/support/temp-folder.ts';
import { testSigner } from '../../../tests/support/test-signer.ts';
import { FakeClock, systemClock, type Clock } from '../../base/clock.ts';
import { silentLogger } from '../../base/logger.ts';
import type { RoomHandle } from '../../link/room-source.ts';
import { readBlocks } from '../../model/page/read.ts';
import { appendBlocks } from '../../model/page/write.ts';
import { LevelDocStore } from '../../node/level-doc-store.ts';
import type { DocStore } from '../doc-store.ts';
import { editRoom } from '../edit-room.ts';
import { Hub } from '../hub.ts';
import { MemoryDocStore, MemoryMedium } from '../memory-doc-store.ts';
import { History } from './history.ts';
import { PENDING_AREA } from './pending-rows.ts';
import type { Retention } from './retention.ts';
import { decodeSegment } from './segment.ts';
import { typedText } from './typed-text.ts';

const ROOM = 'ws/space/page';
const FOR_EVER: Retention = { days: 0, bytes: 0 };

interface Running {
  readonly hub: Hub;
  readonly history: History;
  readonly store: DocStore;
  close(): Promise<void>;
}

async function running(
  store: DocStore = new MemoryDocStore(),
  clock: Clock = new FakeClock(),
  retention: Retention = FOR_EVER,
): Promise<Running> {
  const history = new History({ store, signer: await testSigner(), clock, logger: silentLogger, retention });
  const access = { allows: () => true, onChange: () => ({ dispose: () => undefined }) };
  const limits = { compactAfter: 1, tailEntries: 5 };
  const hub = new Hub({ store, access, clock, logger: silentLogger, recorder: history.recorder, limits });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await hub.close();
    await history.close();
    await store.close();
  };
  onTestFinished(close);
  return { hub, history, store, close };
}

/** A window: a document of its own, whose edits go to the hub as one socket's. */
class Window {
  readonly doc = new Y.Doc();
  readonly #room: RoomHandle;
  readonly #sent: Promise<unknown>[] = [];

  constructor(room: RoomHandle) {
    this.#room = room;
    Y.applyUpdate(this.doc, room.diff(new Uint8Array([0])), 'hub');
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'hub') this.#sent.push(room.apply(update, this, 'socket'));
    });
    room.onUpdate(({ update, origins }) => {
      if (!origins.has(this)) Y.applyUpdate(this.doc, update, 'hub');
    });
  }

  static async open(hub: Hub, device: string | null = null): Promise<Window> {
    const opened = await hub.open(ROOM, { device, member: device && `member of ${device}` });
    if (opened.kind === 'refused') throw new Error(opened.reason);
    return new Window(opened.room);
  }

  get body(): Y.Text {
    return this.doc.getText('body');
  }

  async type(text: string): Promise<void> {
    this.body.insert(this.body.length, text);
    await this.stored();
  }

  async stored(): Promise<void> {
    await Promise.all(this.#sent);
  }

  close(): void {
    this.#room.dispose();
  }
}

const words = async (history: History, room = ROOM): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const { hash } of await history.segmentsOf(room)) {
    found.push(...typedText((await history.readUpdates('ws', hash)) ?? []));
  }
  return found;
};

const pendingRows = async (store: DocStore): Promise<number> => {
  let rows = 0;
  for await (const _row of store.values.entries(PENDING_AREA)) rows += 1;
  return rows;
};

describe('recording', () => {
  test('[SG5] a session is cut when its socket ends: with its device, member, clients, times and updates as they came', async () => {
    const clock = new FakeClock(1_000_000);
    const { hub, history } = await running(new MemoryDocStore(), clock);
    const news: unknown[] = [];
    history.onSegment((one) => news.push(one));
    const window = await Window.open(hub, 'laptop');
    await window.type('one ');
    clock.advance(500);
    await window.type('two');
    expect(await history.segmentsOf(ROOM)).toEqual([]);
    window.close();
    await history.settled();
    const [summary, ...more] = await history.segmentsOf(ROOM);
    expect(more).toEqual([]);
    expect(summary).toMatchObject({
      device: 'laptop',
      member: 'member of laptop',
      startedAt: 1_000_000,
      endedAt: 1_000_500,
      clients: [window.doc.clientID],
      updates: 2,
      words: 2,
    });
    expect(news).toEqual([{ workspace: 'ws', space: 'space', number: 1 }]);
    expect(await words(history)).toEqual(['one two']);
  });

  test('[SG5] a session that goes on is cut after five idle minutes, after half an hour, and at 256 KiB', async () => {
    const clock = new FakeClock();
    const { hub, history } = await running(new MemoryDocStore(), clock);
    const window = await Window.open(hub);
    const cuts = async (): Promise<number> => {
      await history.settled();
      return (await history.segmentsOf(ROOM)).length;
    };
    await window.type('a');
    clock.advance(4 * 60_000);
    expect(await cuts()).toBe(0);
    clock.advance(2 * 60_000);
    expect(await cuts()).toBe(1);
    for (let minute = 0; minute < 31; minute += 1) {
      await window.type('b');
      clock.advance(60_000);
    }
    expect(await cuts()).toBe(2);
    await window.type('c'.repeat(300 * 1024));
    await window.type('d');
    expect(await cuts()).toBe(3);
  });

  test('[SG5] what changed nothing, was refused, or came from another hub is in no segment', async () => {
    const { hub, history } = await running();
    const window = await Window.open(hub);
    await window.type('words');
    const opened = await hub.open(ROOM, NOBODY);
    if (opened.kind === 'refused') throw new Error(opened.reason);
    const whole = opened.room.diff(new Uint8Array([0]));
    expect(await opened.room.apply(whole, {}, 'socket')).toEqual({ kind: 'unchanged' });
    expect(await opened.room.apply(new Uint8Array([9, 9]), {}, 'socket')).toMatchObject({ kind: 'refused' });
    const other = new Y.Doc();
    other.getText('body').insert(0, 'from elsewhere');
    expect(await opened.room.apply(Y.encodeStateAsUpdate(other), {})).toMatchObject({ kind: 'stored' });
    window.close();
    opened.room.dispose();
    await history.settled();
    expect(await words(history)).toEqual(['words']);
  });

  test('[SG5] commands of one device in one room are one session', async () => {
    const clock = new FakeClock();
    const { hub, history } = await running(new MemoryDocStore(), clock);
    const principal = { device: 'laptop', member: null };
    for (const text of ['one', 'two']) {
      await editRoom(hub, ROOM, principal, (doc) => doc.getText('body').insert(0, text));
    }
    clock.advance(6 * 60_000);
    await history.settled();
    expect(await history.segmentsOf(ROOM)).toMatchObject([{ device: 'laptop', updates: 2 }]);
  });

  test('[SG5] what a socket sent last is in its segment, although the socket was gone before it was stored', async () => {
    const { hub, history, store } = await running();
    const window = await Window.open(hub);
    window.body.insert(0, 'last words');
    window.close();
    await window.stored();
    await eventually(async () => expect(await history.segmentsOf(ROOM)).toHaveLength(1));
    expect(await words(history)).toEqual(['last words']);
    await history.settled();
    expect(await pendingRows(store)).toBe(0);
  });

  test('[SG6] what an open session left in a crash is cut at the next start, and the rows go with it', async () => {
    const medium = new MemoryMedium();
    const first = await running(new MemoryDocStore(medium));
    const window = await Window.open(first.hub, 'laptop');
    await window.type('unfinished');
    // The first is never closed: its process is gone.
    const second = await running(new MemoryDocStore(medium));
    expect(await pendingRows(second.store)).toBe(1);
    second.history.start();
    await second.history.settled();
    expect(await words(second.history)).toEqual(['unfinished']);
    expect(await pendingRows(second.store)).toBe(0);
  });

  test('[SG6] closing cuts what is open: the last session needs no next start', async () => {
    const medium = new MemoryMedium();
    const first = await running(new MemoryDocStore(medium));
    const window = await Window.open(first.hub, 'laptop');
    await window.type('the last words');
    await first.close();
    const second = await running(new MemoryDocStore(medium));
    expect(await pendingRows(second.store)).toBe(0);
    expect(await words(second.history)).toEqual(['the last words']);
  });

  test('[SG6] [GC5] on a full disk nothing is recorded of what was not stored, and nothing is lost of what was', async () => {
    const clock = new FakeClock();
    const store = new MemoryDocStore();
    const { hub, history } = await running(store, clock);
    const { AppError } = await import('../../base/app-error.ts');
    const window = await Window.open(hub);
    await window.type('kept');
    store.failWith(new AppError('disk-full', 'The disk is full.'));
    const opened = await hub.open(ROOM, NOBODY);
    if (opened.kind === 'refused') throw new Error(opened.reason);
    const other = new Y.Doc();
    other.getText('body').insert(0, 'lost');
    expect(await opened.room.apply(Y.encodeStateAsUpdate(other), {}, 'socket')).toMatchObject({ kind: 'failed' });
    window.close();
    opened.room.dispose();
    await history.settled();
    store.failWith(null);
    expect(await history.segmentsOf(ROOM)).toEqual([]);
    clock.advance(61_000);
    await history.settled();
    expect(await words(history)).toEqual(['kept']);
    expect(await pendingRows(store)).toBe(0);
  });
});

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

describe('segments from elsewhere', () => {
  test('[SG9] bytes under a false name, a broken signature, another workspace, a clock ahead: refused, and nothing is stored', async () => {
    const clock = new FakeClock();
    const from = await running(new MemoryDocStore(), clock);
    const window = await Window.open(from.hub);
    await window.type('signed');
    window.close();
    await from.history.settled();
    const { hash, endedAt, size } = (await from.history.segmentsOf(ROOM))[0]!;
    const bytes = (await from.history.readSegment('ws', hash))!;
    const to = await running(new MemoryDocStore(), clock);
    const late = await running(new MemoryDocStore(), new FakeClock(1_000));
    const signer = await testSigner();
    const refused = async (at: History, workspace: string, given: Uint8Array, name?: string): Promise<void> => {
      const outcome = await at.addSegment(workspace, name ?? (await signer.hash(given)), given, ROOM);
      expect(outcome).toMatchObject({ kind: 'refused' });
    };
    const forged = new Uint8Array(bytes);
    forged[bytes.length - 70]! ^= 1;
    await refused(to.history, 'ws', bytes, 'f'.repeat(64));
    await refused(to.history, 'ws', forged);
    await refused(to.history, 'other', bytes);
    await refused(to.history, 'ws', bytes.subarray(0, 40));
    await refused(late.history, 'ws', bytes);
    const elsewhere = await to.history.addSegment('ws', hash, bytes, 'ws/space/other');
    expect(elsewhere).toMatchObject({ kind: 'refused' });
    expect(await to.history.totals()).toMatchObject({ segments: 0, bytes: 0, oldest: null });
    const ref = { room: ROOM, hash, size, endedAt };
    expect(await to.history.wantsSegment(ref)).toBe(true);
    expect(await late.history.wantsSegment(ref)).toBe(false);
    expect(await to.history.addSegment('ws', hash, bytes, ROOM)).toEqual({ kind: 'stored' });
    expect(await to.history.wantsSegment(ref)).toBe(false);
    expect(decodeSegment((await to.history.readSegment('ws', hash))!)?.signed.length).toBe(bytes.length - 64);
    // The room itself is untouched.
    expect(await to.store.load(ROOM)).toBeNull();
    expect(await to.history.totals()).toMatchObject({ segments: 1, bytes: size, oldest: endedAt });
  });
});

describe('retention', () => {
  test('[SG12] the oldest go first, by age and by size; they are not fetched again; the state before counts as there always', async () => {
    const clock = new FakeClock();
    const { hub, history } = await running(new MemoryDocStore(), clock, { days: 10, bytes: 4_000 });
    const removed: { room: string; hash: string; size: number; endedAt: number }[] = [];
    for (let day = 0; day < 12; day += 1) {
      const window = await Window.open(hub);
      await window.type(`day${day} `);
      window.close();
      await history.settled();
      if (day < 2) {
        const { hash, size, endedAt } = (await history.segmentsOf(ROOM)).at(-1)!;
        removed.push({ room: ROOM, hash, size, endedAt });
      }
      clock.advance(24 * 60 * 60_000);
    }
    await history.prune();
    expect(await words(history)).toEqual([
      'day2 ',
      'day3 ',
      'day4 ',
      'day5 ',
      'day6 ',
      'day7 ',
      'day8 ',
      'day9 ',
      'day10 ',
      'day11 ',
    ]);
    for (const ref of removed) expect(await history.wantsSegment(ref)).toBe(false);
    const window = await Window.open(hub);
    await window.type('long '.repeat(600));
    window.close();
    await history.settled();
    clock.advance(11_000);
    await history.settled();
    const totals = await history.totals();
    expect(totals.bytes).toBeLessThanOrEqual(4_000);
    expect(totals.segments).toBeGreaterThan(0);
    expect((await words(history))[0]).not.toBe('day2 ');
    const past = await history.stateAt(ROOM, 1);
    expect(past.complete).toBe(false);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, past.update);
    expect(doc.getText('body').toString()).toMatch(/^day0 day1 day2 /);
  });

  test('[SG12] close() leaves no timer', async () => {
    const clock = new FakeClock();
    const one = await running(new MemoryDocStore(), clock, { days: 1, bytes: 1 });
    one.history.start();
    const window = await Window.open(one.hub);
    await window.type('x');
    await one.close();
    expect(clock.pending).toBe(0);
  });
});
