// A session over a pipe: readers, slow readers, refusals, and what is left when it ends.
import { describe, expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { Pipe } from '../../tests/support/pipe.ts';
import { AppError } from '../base/app-error.ts';
import { FakeClock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { silentLogger } from '../base/logger.ts';
import type { TransportClose } from '../link/transport.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { LIMITS } from '../protocol/limits.ts';
import { decodeRoomFrame, encodeStep1, encodeStep2, encodeUpdate, type RoomFrame } from '../protocol/room-frames.ts';
import type { Operation } from './access-policy.ts';
import { Hub } from './hub.ts';
import { MemoryDocStore } from './memory-doc-store.ts';
import { acceptSession } from './session.ts';

function start(allows: (operation: Operation) => boolean = () => true) {
  const clock = new FakeClock();
  const store = new MemoryDocStore();
  const access = {
    allows: (_: unknown, operation: Operation) => allows(operation),
    onChange: new Emitter<void>().event,
  };
  const hub = new Hub({ store, access, clock, logger: silentLogger });
  onTestFinished(() => hub.close());
  const join = () => {
    const pipe = new Pipe();
    const frames: RoomFrame[] = [];
    const closes: TransportClose[] = [];
    pipe.b.onMessage((message) => frames.push(decodeRoomFrame(message)!));
    pipe.b.onClose((close) => closes.push(close));
    const principal = { device: null, member: null };
    const session = acceptSession(pipe.a, {
      source: hub,
      room: 'ws/space/page',
      principal,
      ack: true,
      clock,
      logger: silentLogger,
    });
    const heard = (kind: RoomFrame['kind']) => frames.filter((frame) => frame.kind === kind).length;
    return { pipe, client: pipe.b, frames, closes, session, heard };
  };
  return { hub, store, clock, join };
}

function typed(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('body').insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}

async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; !condition(); turns += 1) {
    if (turns > 1_000) throw new Error('the condition never came true');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('acceptSession', () => {
  /** Any failure counted as the client's: 4400 stops a stock client for good, for bytes that were unreadable here. */
  test('[CC4400] [CC4507] a question that is none is the client’s fault, bytes that cannot be read here are not', async () => {
    const { join, store } = start();
    await store.append('ws/space/page', typed('merged'));
    const stateVector = Y.encodeStateVectorFromUpdate(typed('merged'));
    await store.compact('ws/space/page', 1, {
      update: Uint8Array.of(9, 9, 9),
      stateVector,
      deleteSet: Uint8Array.of(0),
    });
    await store.append('ws/space/page', typed('behind it'));
    const [honest, other] = [join(), join()];
    honest.client.send(encodeStep1(Uint8Array.of(0)));
    await until(() => honest.closes.length === 1);
    expect(honest.closes[0]!.code).toBe(CLOSE.cannotStore);
    other.client.send(encodeStep1(Uint8Array.of(5, 1)));
    await until(() => other.closes.length === 1);
    expect(other.closes[0]!.code).toBe(CLOSE.badFrame);
  });

  test('[HU11] a reader whose answer changes nothing is acknowledged; one that would change something goes on reading', async () => {
    let writable = true;
    const { join, store } = start((operation) => operation !== 'write' || writable);
    const writer = join();
    const reader = join();
    writer.client.send(encodeUpdate(typed('hello')));
    await until(() => reader.heard('update') === 1);
    writable = false;
    // Stock readers answer SyncStep1 with what they hold, deletions included: judged by effect, not by presence of bytes.
    reader.client.send(
      encodeStep2((reader.frames.find(({ kind }) => kind === 'update') as { update: Uint8Array }).update),
    );
    await until(() => reader.heard('ack') === 1);
    reader.client.send(encodeUpdate(typed('not mine to write')));
    reader.client.send(encodeStep1(new Uint8Array([0])));
    await until(() => reader.heard('step2') === 1);
    expect([reader.heard('ack'), reader.closes]).toEqual([1, []]);
    expect((await store.load('ws/space/page'))?.tail).toHaveLength(1);
  });

  test('[HU5] [CC4507] when the store fails the session ends with 4507, and nothing was acknowledged', async () => {
    const { join, store } = start();
    const { client, closes, heard } = join();
    store.failWith(new AppError('disk-full', 'The disk is full.'));
    client.send(encodeUpdate(typed('hello')));
    await until(() => closes.length === 1);
    expect([closes[0]!.code, heard('ack')]).toEqual([CLOSE.cannotStore, 0]);
  });

  test('[HU3] who sends what nothing can satisfy is asked a few times and then no more', async () => {
    const { join } = start();
    const { client, heard } = join();
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    for (let i = 0; i < 20; i += 1) doc.getText('body').insert(i, 'x');
    for (const update of updates.slice(1)) client.send(encodeUpdate(update));
    client.send(encodeStep1(new Uint8Array([0])));
    await until(() => heard('step2') === 1);
    expect(heard('step1')).toBe(1 + LIMITS.gapAnswers);
  });

  test('[SS1] [CC4509] who reads too slowly is closed with 4509, counted behind the message in flight', async () => {
    const { join } = start();
    const slow = join();
    const writer = join();
    await until(() => slow.heard('step1') === 1);
    const { pipe } = slow;
    // As a socket would say it: everything but the first message, which is gone, still waits.
    const nothingLeaves = (): void => {
      pipe.a.backlog = pipe.a.sent.slice(1).reduce((sum, { length }) => sum + length, 0);
    };
    const large = (letter: string): Uint8Array => encodeUpdate(typed(letter.repeat(9 * 1024 * 1024)));
    for (const [at, message] of [large('x'), encodeUpdate(typed('more')), large('y')].entries()) {
      // One large message in flight makes nobody slow.
      writer.client.send(message);
      await until(() => slow.heard('update') === at + 1);
      nothingLeaves();
    }
    writer.client.send(encodeUpdate(typed('the last straw')));
    await until(() => slow.closes.length === 1);
    expect(slow.closes[0]!.code).toBe(CLOSE.slow);
    expect(writer.closes).toEqual([]);
  });

  test('[PR7] an update of nobody is sent on each heartbeat, and no timer outlives the session', async () => {
    const { join, clock, hub } = start();
    const { heard, session } = join();
    await until(() => heard('step1') === 1);
    clock.advance(LIMITS.heartbeat * 3);
    await until(() => heard('awareness') === 3);
    session.dispose();
    await hub.close();
    expect(clock.pending).toBe(0);
  });
});

describe('a room that loads', () => {
  test('[HU10] [AK3] an update that comes while its room loads, just before this end stops, is not acknowledged: its sender keeps it', async () => {
    const { hub, store, join } = start();
    const load = store.load.bind(store);
    let goOn = (): void => undefined;
    store.load = (room) => new Promise((resolve, reject) => (goOn = () => void load(room).then(resolve, reject)));
    const { client, closes, session, heard } = join();
    client.send(encodeUpdate(typed('written while it loads')));
    await until(() => hub.load.rooms === 1);
    session.dispose();
    goOn();
    await until(() => closes.length === 1);
    expect([closes[0]?.code, heard('ack')]).toEqual([CLOSE.stopping, 0]);
    expect(await load('ws/space/page')).toBeNull();
    // The sender comes back and offers everything again, as after any lost connection.
    store.load = load;
    const again = join();
    again.client.send(encodeStep2(typed('written while it loads')));
    await until(() => again.heard('ack') === 1);
    expect((await load('ws/space/page'))?.tail.length).toBe(1);
  });
});

describe('a sender that is faster than the disk', () => {
  test('[SS2] is read no further than half a megabyte ahead, and again once its updates are stored', async () => {
    const { store, join } = start();
    const { pipe, client, heard } = join();
    const held: boolean[] = [];
    Object.assign(pipe.a, { hold: (on: boolean) => held.push(on) });
    await until(() => heard('step1') > 0);
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const append = store.append.bind(store);
    store.append = async (...args: Parameters<typeof append>) => {
      await gate;
      return append(...args);
    };
    const doc = new Y.Doc();
    doc.on('update', (update: Uint8Array) => client.send(encodeUpdate(update)));
    for (let sent = 0; sent < 5; sent += 1) doc.getText('body').insert(0, 'x'.repeat(150_000));
    await until(() => held.length > 0);
    expect(held).toEqual([true]);
    expect(heard('ack')).toBe(0);
    release();
    await until(() => held.length === 2);
    expect(held).toEqual([true, false]);
    await until(() => heard('ack') > 0);
  });
});
