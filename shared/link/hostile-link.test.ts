// Shows what a link does with an end that breaks its rules: it closes with the right code, keeps nothing, and never throws.
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { spoiledFrame } from '../../tests/support/spoiled-frames.ts';
import { NOBODY } from '../../tests/support/linked-hubs.ts';
import { Pipe } from '../../tests/support/pipe.ts';
import { RoomSourceDouble } from '../../tests/support/room-source-double.ts';
import { FakeClock } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import { decodeLinkFrame, encodeLinkFrame, LINK_FRAME, type LinkFrame } from '../protocol/link-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import { encodeStep1, encodeStep2, encodeUpdate } from '../protocol/room-frames.ts';
import { acceptLink } from './accept-link.ts';
import { eventually } from '../../tests/support/eventually.ts';

type Sendable = Exclude<LinkFrame, { kind: 'unknown' }>;
const W = 'workspace';
const HELLO: Sendable = {
  kind: 'hello',
  versions: [1],
  hub: 'member',
  epoch: 'e',
  workspace: W,
  device: '',
  features: 0,
};
const OPEN: Sendable = { kind: 'open', channel: 1, live: false, pull: false, room: 'space/page' };
const EMPTY = Uint8Array.of(0);

const pipes: Pipe[] = [];
afterEach(() => {
  for (const pipe of pipes.splice(0)) pipe.cut();
});

function accepted(): {
  relay: RoomSourceDouble;
  clock: FakeClock;
  pipe: Pipe;
  send: (...frames: (Sendable | Uint8Array)[]) => void;
  heard: () => LinkFrame[];
  closedWith: () => Promise<number>;
} {
  const relay = new RoomSourceDouble(W);
  const clock = new FakeClock();
  const pipe = new Pipe();
  pipes.push(pipe);
  const closes: number[] = [];
  pipe.a.onMessage(() => undefined);
  pipe.a.onClose(({ code }) => closes.push(code));
  acceptLink(pipe.b, { source: relay, workspace: W, principal: NOBODY, clock, logger: silentLogger });
  return {
    relay,
    clock,
    pipe,
    send: (...frames) => {
      for (const frame of frames) pipe.a.send(frame instanceof Uint8Array ? frame : encodeLinkFrame(frame));
    },
    heard: () => pipe.b.sent.flatMap((bytes) => decodeLinkFrame(bytes) ?? []),
    closedWith: async () => {
      await eventually(() => expect(closes.length).toBe(1));
      expect(relay.held).toBe(0);
      expect(clock.pending).toBe(0);
      return closes[0]!;
    },
  };
}

describe('a link and an end that breaks its rules', () => {
  it('[HE1] closes with 4400 when the first frame is not a hello', async () => {
    const { send, closedWith } = accepted();
    send(OPEN);
    expect(await closedWith()).toBe(4400);
  });

  it('[HE1] [CC4504] closes with 4504 when no hello comes in time', async () => {
    const { clock, closedWith } = accepted();
    clock.advance(LIMITS.unauthenticatedTime);
    expect(await closedWith()).toBe(4504);
  });

  it('[HE2] [VE2] [CC4426] closes with 4426 without a common version, and talks to a newer end that still speaks this one', async () => {
    const old = accepted();
    old.send({ ...HELLO, versions: [7, 9] } as Sendable);
    expect(await old.closedWith()).toBe(4426);
    // What else it says is not looked at: that could mean something else in its version.
    const strange = accepted();
    strange.send({ ...HELLO, versions: [7], workspace: 'other', hub: strange.relay.hub } as Sendable);
    expect(await strange.closedWith()).toBe(4426);
    const newer = accepted();
    newer.send({ ...HELLO, versions: [2, 1] } as Sendable, Uint8Array.of(200, 1, 5), OPEN);
    await eventually(() => expect(newer.heard().some((frame) => frame.kind === 'opened')).toBe(true));
  });

  it('[HE3] closes with 4403 for another workspace and for its own identity', async () => {
    const other = accepted();
    other.send({ ...HELLO, workspace: 'other' } as Sendable);
    expect(await other.closedWith()).toBe(4403);
    const same = accepted();
    same.send({ ...HELLO, hub: same.relay.hub } as Sendable);
    expect(await same.closedWith()).toBe(4403);
  });

  it('[LF3] [CC4413] closes with 4413 for a frame beyond the limit, smaller before the hello', async () => {
    const before = accepted();
    before.send(new Uint8Array(LIMITS.unauthenticatedFrame + 1));
    expect(await before.closedWith()).toBe(4413);
    const after = accepted();
    after.send(HELLO, new Uint8Array(LIMITS.linkFrame + 1));
    expect(await after.closedWith()).toBe(4413);
  });

  it.each([
    ['[CH1] a channel number of the other end', { ...OPEN, channel: 2 } as Sendable],
    ['[CH1] channel 0', { ...OPEN, channel: 0 } as Sendable],
    ['[LF1] a frame that ends early', Uint8Array.of(LINK_FRAME.open, 1)],
    ['[BT1] a batch within a batch', { kind: 'batch', frames: [Uint8Array.of(LINK_FRAME.batch)] } as Sendable],
    ['[BT1] a batch with a frame that ends early', { kind: 'batch', frames: [Uint8Array.of(1, 1)] } as Sendable],
    ['[BT1] a batch whose length goes beyond it', Uint8Array.of(LINK_FRAME.batch, 9, 1)],
  ])('closes with 4400 for %s', async (_name, frame) => {
    const { send, closedWith } = accepted();
    send(HELLO, frame);
    expect(await closedWith()).toBe(4400);
  });

  it('[CH1] closes with 4400 when a channel is opened twice', async () => {
    const { send, closedWith } = accepted();
    send(HELLO, OPEN, OPEN);
    expect(await closedWith()).toBe(4400);
  });

  it('[CH2] refuses malformed and unknown rooms alike, and goes on', async () => {
    const { relay, send, heard } = accepted();
    relay.refused.set(`${W}/space/secret`, 4403);
    send(HELLO, { ...OPEN, room: '../../etc' } as Sendable, { ...OPEN, channel: 3, room: 'space/secret' } as Sendable);
    send({ ...OPEN, channel: 5, room: 'a/b/c' } as Sendable, { ...OPEN, channel: 7 } as Sendable);
    await eventually(() => expect(heard().some((frame) => frame.kind === 'opened' && frame.channel === 7)).toBe(true));
    const refused = heard().flatMap((frame) => (frame.kind === 'refused' ? [[frame.channel, frame.code]] : []));
    expect(refused.sort()).toEqual([
      [1, 4403],
      [3, 4403],
      [5, 4403],
    ]);
  });

  it('[RM2] [CC4400] closes with 4400 for a room message that cannot be read', async () => {
    const { send, closedWith } = accepted();
    send(HELLO, OPEN, { kind: 'data', channel: 1, more: false, bytes: Uint8Array.of(0, 2, 99) });
    expect(await closedWith()).toBe(4400);
  });

  it('[AK5] closes with 4400 when more is acknowledged than was sent', async () => {
    const { send, heard, closedWith } = accepted();
    send(HELLO, OPEN);
    await eventually(() => expect(heard().some((frame) => frame.kind === 'opened')).toBe(true));
    send({ kind: 'ack', channel: 1, count: 99, number: 1 });
    expect(await closedWith()).toBe(4400);
  });

  it('[CH6] closes with 4413 for a message that never ends, and keeps nothing of channels that are not open', async () => {
    const { send, closedWith, heard } = accepted();
    const piece: Sendable = { kind: 'data', channel: 99, more: true, bytes: new Uint8Array(LIMITS.fragment) };
    send(HELLO);
    for (let i = 0; i < 1_200; i += 1) send(piece);
    send(OPEN);
    await eventually(() => expect(heard().some((frame) => frame.kind === 'opened')).toBe(true));
    for (let i = 0; i < 600; i += 1) send({ ...piece, channel: 1 } as Sendable);
    expect(await closedWith()).toBe(4413);
  });

  it('[CH7] refuses rooms beyond the limit of channels', async () => {
    const { send, heard } = accepted();
    send(HELLO);
    for (let i = 0; i <= LIMITS.channels; i += 1)
      send({ ...OPEN, channel: 1 + 2 * i, room: `space/page${i}` } as Sendable);
    await eventually(() => expect(heard().filter((frame) => frame.kind === 'refused').length).toBe(1));
  });

  it('[CH7] [CC4429] closes with 4429 when more rooms are opened than can be loaded, closed ones included', async () => {
    const { relay, send, closedWith, heard } = accepted();
    let load = (): void => undefined;
    relay.loading = new Promise((resolve) => (load = resolve));
    send(HELLO);
    for (let i = 0; i < LIMITS.channels; i += 1) {
      const channel = 1 + 2 * i;
      send({ ...OPEN, channel, room: `space/page${i}` } as Sendable);
      send({ kind: 'close', channel, code: 1000, reason: '' });
    }
    send({ kind: 'heartbeat', wantsAnswer: true });
    await eventually(() => expect(heard().some((frame) => frame.kind === 'heartbeat')).toBe(true));
    send({ ...OPEN, channel: 1 + 2 * LIMITS.channels, room: 'space/more' } as Sendable);
    expect(await closedWith()).toBe(4429);
    load();
    await eventually(() => expect([relay.opened, relay.held]).toEqual([LIMITS.channels, 0]));
  });

  it.each(['storing', 'loading'] as const)(
    '[LF5] reads no further while what was sent to all rooms waits (%s), blames nobody for the silence, and takes it in the end',
    async (slow) => {
      const { relay, clock, pipe, send, heard } = accepted();
      let go = (): void => undefined;
      relay[slow] = new Promise((resolve) => (go = resolve));
      send(HELLO);
      const [rooms, rounds, letters] = [30, 12, 60_000];
      const docs = Array.from({ length: rooms }, (_, at) => {
        const channel = 1 + 2 * at;
        send({ ...OPEN, channel, room: `space/page${at}` } as Sendable);
        const doc = new Y.Doc();
        doc.on('update', (update: Uint8Array) =>
          send({ kind: 'data', channel, more: false, bytes: encodeUpdate(update) }),
        );
        return doc;
      });
      for (let round = 0; round < rounds; round += 1) {
        for (const doc of docs) doc.getText('body').insert(0, 'x'.repeat(letters));
      }
      await eventually(() => expect(pipe.b.unread).toBeGreaterThan(0));
      await eventually(() => expect(pipe.waiting).toBe(0));
      expect(relay.given).toBeLessThanOrEqual(LIMITS.linkReadAhead + 2 * LIMITS.fragment);
      const read = rooms * rounds - pipe.b.unread;
      expect(read * letters).toBeLessThanOrEqual(LIMITS.linkReadAhead + 2 * LIMITS.fragment);
      clock.advance(10 * LIMITS.silence);
      go();
      for (const at of docs.keys()) {
        await eventually(() => expect(relay.text(`${W}/space/page${at}`).length).toBe(rounds * letters));
      }
      await eventually(() =>
        expect(heard().filter((frame) => frame.kind === 'ack' && frame.count === rounds)).toHaveLength(rooms),
      );
      expect([pipe.b.unread, pipe.b.inbox.closed]).toEqual([0, false]);
    },
  );

  it('[CH8] gives a channel up that builds on missing changes again and again, and keeps the link', async () => {
    const { relay, send, heard } = accepted();
    relay.failing = { kind: 'gap' };
    send(HELLO, OPEN, { kind: 'data', channel: 1, more: false, bytes: encodeStep1(EMPTY) });
    for (let i = 0; i < 10; i += 1)
      send({ kind: 'data', channel: 1, more: false, bytes: encodeStep2(Uint8Array.of(0, 0)) });
    await eventually(() => expect(heard().some((frame) => frame.kind === 'close' && frame.code === 4400)).toBe(true));
    expect(heard().filter((frame) => frame.kind === 'ack')).toEqual([]);
    send({ ...OPEN, channel: 3 } as Sendable);
    await eventually(() => expect(heard().some((frame) => frame.kind === 'opened' && frame.channel === 3)).toBe(true));
  });

  it('[CG1] [CC4429] closes with 4429 when cursors never end', async () => {
    const { send, closedWith } = accepted();
    send(HELLO);
    for (let i = 0; i < 30; i += 1) send({ kind: 'follow', request: 1, more: true, digests: true, cursors: [] });
    expect(await closedWith()).toBe(4429);
  });

  it('[CG3] answers every cursor that means nothing with a reset', async () => {
    const { relay, send, heard } = accepted();
    relay.type(`${W}/space/page`, 'text');
    const cursor = { epoch: relay.epoch, after: 0, heard: 9 };
    send(HELLO, {
      kind: 'follow',
      request: 4,
      more: false,
      digests: false,
      cursors: [
        { ...cursor, space: 'space' },
        { ...cursor, space: 'gone' },
      ],
    });
    await eventually(() => expect(heard().some((frame) => frame.kind === 'listed' && frame.request === 4)).toBe(true));
    const changes = heard().flatMap((frame) => (frame.kind === 'changes' ? [frame] : []));
    expect(changes).toEqual([
      { kind: 'changes', space: 'space', reset: true, upTo: 1, entries: [{ document: 'page', number: 1 }] },
      { kind: 'changes', space: 'gone', reset: true, upTo: 0, entries: [] },
    ]);
  });

  it('[LF1] survives any frames in any order', async () => {
    const frame = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .record({ type: fc.nat({ max: 12 }), rest: fc.uint8Array({ maxLength: 40 }) })
        .map(({ type, rest }) => Uint8Array.of(type, ...rest)),
      fc.constantFrom<Sendable>(
        OPEN,
        { ...OPEN, channel: 3, live: true } as Sendable,
        { kind: 'close', channel: 1, code: 1000, reason: '' },
        { kind: 'refused', channel: 1, code: 4403, reason: '' },
        { kind: 'opened', channel: 2 },
        { kind: 'mark', channel: 1, number: 5 },
        { kind: 'follow', request: 1, more: false, digests: false, cursors: [] },
        { kind: 'data', channel: 1, more: true, bytes: encodeStep1(EMPTY) },
        { kind: 'data', channel: 1, more: false, bytes: encodeStep2(Uint8Array.of(0, 0)) },
        { kind: 'heartbeat', wantsAnswer: true },
        HELLO,
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 30 }), async (frames) => {
        const { relay, clock, pipe, send } = accepted();
        send(HELLO, ...frames);
        await eventually(() => expect(pipe.waiting).toBe(0));
        pipe.cut();
        await eventually(() => expect([relay.held, clock.pending]).toEqual([0, 0]));
      }),
      { numRuns: 150 },
    );
  });

  it('[LF1] [LF2] frames of every type with bits flipped, cut or made up: at worst the link ends, nothing stays, and an honest link goes on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(spoiledFrame(), { maxLength: 12 }), async (frames) => {
        const { relay, clock, pipe, send } = accepted();
        send({ ...HELLO, features: 31 }, OPEN, ...frames);
        const honest = new Pipe();
        pipes.push(honest);
        honest.a.onMessage(() => undefined);
        acceptLink(honest.b, { source: relay, workspace: W, principal: NOBODY, clock, logger: silentLogger });
        honest.a.send(encodeLinkFrame({ ...HELLO, hub: 'honest' }));
        honest.a.send(encodeLinkFrame(OPEN));
        await eventually(() => expect(honest.b.sent.map((bytes) => decodeLinkFrame(bytes)?.kind)).toContain('opened'));
        for (const one of [pipe, honest]) one.cut();
        await eventually(() => expect([relay.held, clock.pending]).toEqual([0, 0]));
      }),
      { numRuns: process.env['CARAVAN_LONG'] === '1' ? 2_000 : 200 },
    );
  });
});
