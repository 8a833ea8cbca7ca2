// One room's channel with a writer that is slow: what counts as held at the other end before anything left.
import { expect, test } from 'vitest';
import { disposable, type Disposable } from '../base/disposable.ts';
import { RoomSourceDouble } from '../../tests/support/room-source-double.ts';
import type { Produced } from './frame-writer.ts';
import { LinkOrigin, RoomChannel, type ChannelPort } from './room-channel.ts';
import { encodeStep1, encodeStep2, encodeUpdate } from '../protocol/room-frames.ts';
import * as Y from 'yjs';

const ROOM = 'ws/space/page';

/** Keeps what is queued until the test lets it go, as a full transport does. */
class SlowPort implements ChannelPort {
  readonly waiting: (() => Produced | null)[] = [];
  control(): void {}
  queue(_channel: number, _urgent: boolean, _weight: number, produce: () => Produced | null): void {
    this.waiting.push(produce);
  }
  broken(reason: string): void {
    throw new Error(reason);
  }
  giveUp(): void {}
  reading(): void {}
  questionWait(): number {
    return 0;
  }
  answering<T>(_room: string, answer: () => T): T {
    return answer();
  }
  after(): Disposable {
    return disposable(() => undefined);
  }

  /** Sends what waits; the answer is how many room messages went out. */
  flow(): number {
    return this.waiting.splice(0).filter((produce) => produce()?.message).length;
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('[MK1] an edit that still waits behind a slow line is not held because the other end sent one of its own', async () => {
  // The other end's change counted as "held up to its number" at once. An edit of ours with a lower number that was
  // queued and not sent yet went along: it left the outbox, and after a lost connection nobody ever sent it.
  const source = new RoomSourceDouble('ws');
  source.type(ROOM, 'before ');
  const opened = await source.open(ROOM);
  if (opened.kind !== 'open') throw new Error('not open');
  const port = new SlowPort();
  let progress = 0;
  const channel = new RoomChannel({
    id: 1,
    room: opened.room,
    purpose: 'live',
    ours: true,
    origin: new LinkOrigin('relay'),
    marks: false,
    forwardPresence: false,
    port,
    onProgress: () => (progress += 1),
  });
  await turn();
  channel.start();
  port.flow();
  const theirs = new Y.Doc();
  Y.applyUpdate(theirs, source.state(ROOM));
  channel.receive(encodeStep1(Y.encodeStateVector(theirs)));
  expect(port.flow()).toBe(1);
  channel.acknowledged(1, 1);
  expect(channel.held).toBe(1);

  source.type(ROOM, 'mine');
  await turn();
  const updates: Uint8Array[] = [];
  theirs.on('update', (update: Uint8Array) => updates.push(update));
  theirs.getText('title').insert(0, 'theirs');
  channel.receive(encodeUpdate(updates[0]!));
  await turn();
  await turn();
  expect(opened.room.number).toBe(3);
  expect([channel.held, channel.pushed]).toEqual([1, false]);

  // The line is free again: only the acknowledgement of our edit makes all of it held.
  expect(port.flow()).toBe(1);
  expect([channel.held, channel.pushed]).toEqual([1, false]);
  channel.acknowledged(2, 3);
  expect([channel.held, channel.pushed]).toEqual([3, true]);

  // Nothing of ours waits, and the line is slow once more: their change is held in its turn, and that is told.
  theirs.getText('title').insert(0, 'more of ');
  channel.receive(encodeUpdate(updates[1]!));
  await turn();
  await turn();
  const told = progress;
  port.flow();
  await turn();
  expect(channel.held).toBe(4);
  expect(progress).toBeGreaterThan(told);
  channel.dispose();
});

test('[CH11] a channel that only pulls claims what the other end brought, and nothing once an edit of ours came in between', async () => {
  const source = new RoomSourceDouble('ws');
  source.type(ROOM, 'before ');
  const opened = await source.open(ROOM);
  if (opened.kind !== 'open') throw new Error('not open');
  const port = new SlowPort();
  const channel = new RoomChannel({
    id: 1,
    room: opened.room,
    purpose: 'pull',
    ours: true,
    origin: new LinkOrigin('relay'),
    marks: false,
    forwardPresence: false,
    port,
  });
  await turn();
  channel.start();
  expect(channel.pushed).toBe(true);
  const theirs = new Y.Doc();
  Y.applyUpdate(theirs, source.state(ROOM));
  const sends = (text: string): Promise<void> => {
    theirs.getText('body').insert(0, text);
    channel.receive(encodeUpdate(Y.encodeStateAsUpdate(theirs)));
    return turn().then(turn);
  };
  await sends('theirs ');
  expect(channel.held).toBe(2);
  source.type(ROOM, 'mine');
  await turn();
  await sends('again ');
  expect(opened.room.number).toBe(4);
  expect(channel.held).toBe(2);
  // An end that asks all the same (it lacks something, or knows no such channels) is answered.
  channel.receive(encodeStep1(Uint8Array.of(0)));
  expect(channel.pushed).toBe(false);
});

test('[FC4] an acknowledgement that overtakes what came before it confirms nothing yet', async () => {
  // The other end held something else under our clocks, counted our words as known, and said so at once; what it held was still
  // on its way when the connection broke. The words were taken as confirmed, nothing was compared ever after, and others never
  // had them.
  const source = new RoomSourceDouble('ws');
  source.type(ROOM, 'mine');
  const opened = await source.open(ROOM);
  if (opened.kind !== 'open') throw new Error('not open');
  let confirmed = 0;
  const room = Object.assign(opened.room, { confirmed: () => (confirmed += 1) });
  const port = new SlowPort();
  const channel = new RoomChannel({
    id: 1,
    room,
    purpose: 'live',
    ours: true,
    origin: new LinkOrigin('relay'),
    marks: false,
    forwardPresence: false,
    port,
  });
  await turn();
  channel.start();
  port.flow();
  channel.receive(encodeStep1(Uint8Array.of(0)));
  port.flow();
  // Their answer to our question, and the mark behind it.
  channel.receive(encodeStep2(Y.encodeStateAsUpdate(new Y.Doc())));
  await turn();
  channel.marked(1);
  channel.acknowledged(1, 2);
  expect(channel.pushed).toBe(true);
  expect(confirmed).toBe(0);
  // What had the number 2 there comes, and with it the word that all up to 2 is here.
  channel.receive(encodeUpdate(Y.encodeStateAsUpdate(new Y.Doc())));
  channel.marked(2);
  await turn();
  expect(confirmed).toBeGreaterThan(0);
});
