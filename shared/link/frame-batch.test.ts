// Shows how frames share messages: in order, at once where somebody waits, and never with an end that does not read batches.
import { describe, expect, it } from 'vitest';
import { linkFixture, hubs, room } from '../../tests/support/link-fixture.ts';
import { Pipe } from '../../tests/support/pipe.ts';
import { framesIn, framesOf } from '../../tests/support/sent-frames.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { FakeClock } from '../base/clock.ts';
import { decodeLinkFrame, encodeLinkFrame } from '../protocol/link-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import { FrameBatch } from './frame-batch.ts';
import { Peer } from './peer.ts';
import { silentLogger } from '../base/logger.ts';
import { NOBODY } from '../../tests/support/linked-hubs.ts';

const { linked } = linkFixture();
const opened = (channel: number): Uint8Array => encodeLinkFrame({ kind: 'opened', channel });

function batch(): { clock: FakeClock; pipe: Pipe; made: FrameBatch; channels: () => number[][] } {
  const clock = new FakeClock();
  const pipe = new Pipe({ flowing: false });
  const made = new FrameBatch(pipe.a, clock);
  made.enabled = true;
  const channels = (): number[][] =>
    pipe.a.sent.map((message) => framesIn([message]).map((frame) => ('channel' in frame ? frame.channel : -1)));
  return { clock, pipe, made, channels };
}

describe('FrameBatch', () => {
  it('[BT3] collects for a few milliseconds, keeps the order, and leaves no timer', () => {
    const { clock, made, channels } = batch();
    for (const channel of [1, 3, 5]) made.send(opened(channel), false);
    expect(channels()).toEqual([]);
    clock.advance(10);
    expect(channels()).toEqual([[1, 3, 5]]);
    expect([clock.pending, made.waiting]).toEqual([0, 0]);
    made.send(opened(7), false);
    made.dispose();
    clock.advance(10);
    expect(channels()).toEqual([[1, 3, 5]]);
    expect(clock.pending).toBe(0);
  });

  it('[BT3] lets what somebody waits for go at the end of the turn, and everything before it', async () => {
    const { clock, made, channels } = batch();
    made.send(opened(1), false);
    made.send(opened(3), true);
    made.send(opened(5), false);
    await Promise.resolve();
    expect(channels()).toEqual([[1, 3, 5]]);
    expect(clock.pending).toBe(0);
  });

  it('[BT2] sends a frame that is alone as it is', () => {
    const { pipe, made } = batch();
    made.send(opened(9), false);
    made.flush();
    expect(pipe.a.sent).toEqual([opened(9)]);
  });

  it('[BT2] stays below the length and the count of a message', () => {
    const { clock, pipe, made } = batch();
    const large = encodeLinkFrame({ kind: 'data', channel: 1, more: true, bytes: new Uint8Array(LIMITS.fragment) });
    for (let i = 0; i < 20; i += 1) {
      made.send(encodeLinkFrame({ kind: 'data', channel: 1, more: true, bytes: new Uint8Array(31 * 1024) }), false);
      made.send(large, false);
    }
    made.send(new Uint8Array(LIMITS.linkFrame), false);
    for (let i = 0; i < 3 * LIMITS.framesPerBatch; i += 1) made.send(opened(i), false);
    clock.advance(10);
    expect(Math.max(...pipe.a.sent.map(({ length }) => length))).toBeLessThanOrEqual(LIMITS.linkFrame);
    for (const message of pipe.a.sent.filter(({ length }) => length < LIMITS.linkFrame))
      expect(decodeLinkFrame(message)).not.toBeNull();
    expect(framesIn(pipe.a.sent).filter(({ kind }) => kind === 'opened').length).toBe(3 * LIMITS.framesPerBatch);
  });
});

describe('a link and batches', () => {
  it('[BT1] takes the frames of a batch one after the other', async () => {
    const { member, relay } = hubs();
    for (let i = 0; i < 30; i += 1) member.type(room(`page${i}`), 'text');
    const made = await linked(member, relay);
    await made.link.settled();
    expect(relay.roomNames().length).toBe(30);
    const all = framesOf(made.pipe()).length;
    expect(made.pipe().a.sent.length + made.pipe().b.sent.length).toBeLessThan(all / 5);
  });

  it('[BT2] [HE4] are sent to nobody who did not name them', async () => {
    const { member } = hubs();
    for (let i = 0; i < 5; i += 1) member.type(room(`page${i}`), 'text');
    const pipe = new Pipe();
    const peer = new Peer(
      {
        transport: pipe.a,
        source: member,
        workspace: 'workspace',
        principal: NOBODY,
        clock: new FakeClock(),
        logger: silentLogger,
        dialing: false,
        forwardPresence: false,
      },
      {
        onHello: () => undefined,
        onFollow: () => undefined,
        onChanges: () => undefined,
        onListed: () => undefined,
        onRelays: () => undefined,
        onChannelEnd: () => undefined,
        onEnd: () => undefined,
      },
    );
    peer.start();
    pipe.b.onMessage(() => undefined);
    // The hello of the first programs, byte for byte: nothing behind the workspace.
    const hello = { kind: 'hello', versions: [1], hub: 'old', epoch: 'e', workspace: 'workspace' } as const;
    pipe.b.send(encodeLinkFrame({ ...hello, device: '', features: 0 }).subarray(0, -2));
    for (let i = 0; i < 5; i += 1)
      pipe.b.send(
        encodeLinkFrame({ kind: 'open', channel: 1 + 2 * i, live: false, pull: false, room: `space/page${i}` }),
      );
    await eventually(() => expect(framesIn(pipe.a.sent).filter(({ kind }) => kind === 'opened').length).toBe(5));
    expect(pipe.a.sent.map((message) => decodeLinkFrame(message)?.kind)).not.toContain('batch');
    peer.dispose();
  });
});
