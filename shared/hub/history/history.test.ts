// History of real hubs: what is recorded, when it is cut, what a crash leaves, what is found again; with the page's own model.
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { NOBODY } from '../../../tests/support/linked-hubs.ts';
import { eventually } from '../../../tests/support/eventually.ts';
import { FakeClock } from '../../base/clock.ts';
import { editRoom } from '../edit-room.ts';
import { SessionRecorder } from './session-recorder.ts';
import { MemoryDocStore, MemoryMedium } from '../memory-doc-store.ts';
import { ROOM, Window, pendingRows, running, words } from '../../../tests/support/recording-hub.ts';

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

  test('[SG5] [SG20] the clocks of many others count: a session beside a thousand who write is cut before it is large', () => {
    const clock = new FakeClock();
    const over: string[] = [];
    const recorder = new SessionRecorder(clock, (prefix) => over.push(prefix));
    const author = { kind: 'socket', origin: {}, principal: { device: 'laptop', member: null } } as const;
    for (let second = 1; second <= 300; second += 3) {
      const clocks = new Map(Array.from({ length: 900 }, (_, client) => [client, second] as const));
      const key = { update: Uint8Array.of(0, 0), author, at: clock.now() };
      recorder.begin(ROOM, [key], clocks).settled(true);
      clock.advance(3_000);
    }
    // 900 kB of clocks in five minutes.
    expect(over).toHaveLength(3);
    recorder.close();
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

  test('[SG5] two windows of one device that begin in the same millisecond are two sessions, cut or not', async () => {
    const { hub, history } = await running();
    const [first, second] = [await Window.open(hub, 'laptop'), await Window.open(hub, 'laptop')];
    await first.type('one');
    await second.type('two');
    const sessions = async (): Promise<(readonly [cut: boolean, client: number | undefined])[]> =>
      (await history.sessionsOf(ROOM)).map(({ signer, clients }) => [signer !== null, clients[0]] as const);
    const are = async (firstIsCut: boolean, secondIsCut: boolean): Promise<void> => {
      const found = new Map((await sessions()).map(([cut, client]) => [client, cut]));
      expect(found).toEqual(
        new Map([
          [first.doc.clientID, firstIsCut],
          [second.doc.clientID, secondIsCut],
        ]),
      );
    };
    await are(false, false);
    first.close();
    await history.settled();
    await are(true, false);
    second.close();
    await history.settled();
    await are(true, true);
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

  test('[SG6] what an earlier run left waits three seconds, or until somebody asks for the past: who was cut off comes back first', async () => {
    for (const asks of [false, true]) {
      const medium = new MemoryMedium();
      const first = await running(new MemoryDocStore(medium));
      await (await Window.open(first.hub)).type('unfinished');
      const clock = new FakeClock();
      const { store, history } = await running(new MemoryDocStore(medium), clock);
      history.start();
      clock.advance(2_999);
      expect(await pendingRows(store)).toBe(1);
      if (asks) await history.segmentsOf(ROOM);
      else clock.advance(1);
      await eventually(async () => expect(await pendingRows(store)).toBe(0));
    }
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
