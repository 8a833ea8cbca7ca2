// Shows rooms that a window has open: a live channel, presence, and what an edit costs on it. Hubs and wires are doubles.
import { describe, expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { hubs, linkFixture, room } from '../../tests/support/link-fixture.ts';
import { framesOf, roomsOpened } from '../../tests/support/sent-frames.ts';

const { linked } = linkFixture();

describe('[LK] a room that a window has open', () => {
  it('[LP9] keeps a pinned room open and live, with presence, and lets go of it', async () => {
    const { member, relay } = hubs();
    relay.type(room('page'), 'start');
    const made = await linked(member, relay);
    const pin = made.link.pin(room('page'));
    await made.link.settled();
    await eventually(() => expect([member.held, relay.held]).toEqual([1, 1]));
    member.type(room('page'), ' here');
    await eventually(() => expect(relay.text(room('page'))).toBe('start here'));
    relay.type(room('page'), ' there');
    await eventually(() => expect(member.text(room('page'))).toBe('start here there'));
    expect(roomsOpened(made.pipe()).filter((name) => name === 'space/page').length).toBeLessThanOrEqual(2);
    const window = {};
    member.announcePresence(room('page'), Uint8Array.of(0), window);
    await eventually(() => expect(relay.presentIn(room('page'))).toBe(1));
    await eventually(() => expect(made.link.outbox()).toEqual([]));
    pin.dispose();
    await eventually(() => expect([member.held, relay.held]).toEqual([0, 0]));
    expect(relay.presentIn(room('page'))).toBe(0);
  });

  it('[LP9] drops the presence of a link that breaks, and pins again on the next one', async () => {
    const { member, relay } = hubs();
    member.type(room('page'), 'text');
    const made = await linked(member, relay);
    made.link.pin(room('page'));
    member.announcePresence(room('page'), Uint8Array.of(0), {});
    await eventually(() => expect(relay.presentIn(room('page'))).toBe(1));
    made.pipe().cut();
    expect(relay.presentIn(room('page'))).toBe(0);
    await eventually(() => expect(relay.presentIn(room('page'))).toBe(1));
  });

  it('[LP10] [CH10] an edit in a pinned room costs one update, one acknowledgement and one mark, and is not sent back', async () => {
    const { member, relay } = hubs();
    member.type(room('page'), 'text');
    const made = await linked(member, relay);
    made.link.pin(room('page'));
    await made.link.settled();
    await eventually(() => expect(relay.held).toBe(1));
    const before = framesOf(made.pipe()).length;
    member.type(room('page'), '!');
    await made.link.settled();
    const frames = framesOf(made.pipe())
      .filter((frame) => frame.kind !== 'follow' && frame.kind !== 'listed')
      .map((frame) => frame.kind);
    expect(framesOf(made.pipe()).length).toBeGreaterThan(before);
    const counts = frames.filter((kind) => kind === 'data').length;
    member.type(room('page'), '!');
    await made.link.settled();
    const after = framesOf(made.pipe()).filter((frame) => frame.kind === 'data').length;
    expect(after - counts).toBe(1);
  });
});
