// Shows the link between in-memory hubs over pipes: what travels, what is told, what is left behind. Sockets are in tests/interop.
import { describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../base/clock.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { hubs, linkFixture, room, W } from '../../tests/support/link-fixture.ts';
import { RoomSourceDouble } from '../../tests/support/room-source-double.ts';
import { framesOf } from '../../tests/support/sent-frames.ts';

const { linked } = linkFixture();

describe('[LK] the link between two hubs', () => {
  it('[LP1] carries what each end has to the other, and says so', async () => {
    const { member, relay } = hubs();
    member.type(room('mine'), 'typed here');
    relay.type(room('theirs'), 'typed there');
    const { link } = await linked(member, relay);
    await link.settled();
    expect(relay.text(room('mine'))).toBe('typed here');
    expect(member.text(room('theirs'))).toBe('typed there');
    expect(link.outbox()).toEqual([]);
    expect(link.fetching).toBe(0);
    expect(link.status).toMatchObject({ state: 'online', url: 'ws://relay.test' });
    await eventually(() => expect(member.held + relay.held).toBe(0));
  });

  it('[LP1] carries later changes in rooms that nobody has open, and rooms and spaces that are new', async () => {
    const { member, relay } = hubs();
    const { link } = await linked(member, relay);
    await link.settled();
    relay.type(room('theirs', 'other'), 'new space');
    member.type(room('mine'), 'new room');
    await eventually(() => expect(member.text(room('theirs', 'other'))).toBe('new space'));
    await eventually(() => expect(relay.text(room('mine'))).toBe('new room'));
    relay.type(room('mine'), ', answered');
    await eventually(() => expect(member.text(room('mine'))).toBe('new room, answered'));
    await eventually(() => expect(link.outbox()).toEqual([]));
  });

  it('[LP2] carries what both ends wrote while apart, deletions without any text included', async () => {
    const { member, relay } = hubs();
    member.type(room('page'), 'one two three');
    const made = await linked(member, relay);
    await made.link.settled();
    made.reachable = false;
    made.pipe().cut();
    member.edit(room('page'), (doc) => doc.getText('body').delete(0, 4));
    relay.edit(room('page'), (doc) => doc.getText('body').delete(7, 6));
    member.type(room('a'), 'here');
    relay.type(room('b'), 'there');
    const waiting = new Set([room('page'), room('a')]);
    await eventually(() => expect(new Set(made.link.outbox().map((entry) => entry.room))).toEqual(waiting));
    expect(made.link.status.state).not.toBe('online');
    made.reachable = true;
    await made.link.settled();
    expect(member.text(room('page'))).toBe('two');
    expect(relay.text(room('page'))).toBe('two');
    expect([relay.text(room('a')), member.text(room('b'))]).toEqual(['here', 'there']);
    expect(Buffer.compare(member.state(room('page')), relay.state(room('page')))).toBe(0);
  });

  it('[LP3] loses nothing when the connection breaks within a message', async () => {
    const { member, relay } = hubs();
    member.type(room('big'), 'x'.repeat(400_000));
    relay.type(room('large'), 'y'.repeat(400_000));
    let cut = false;
    const made = await linked(member, relay, {
      onPipe: (pipe) => {
        if (cut) return;
        pipe.pause();
        void eventually(() => {
          pipe.deliver(1);
          // Two pieces of a message have gone, the rest has not.
          expect(framesOf(pipe).filter((frame) => frame.kind === 'data' && frame.more).length).toBeGreaterThan(2);
        }).then(() => {
          cut = true;
          pipe.cut();
        });
      },
    });
    await made.link.settled();
    expect(cut).toBe(true);
    expect(relay.text(room('big')).length).toBe(400_000);
    expect(member.text(room('large')).length).toBe(400_000);
  });

  it('[LP12] stops for good on a final close, says why, and tries again when asked', async () => {
    const { member, relay } = hubs();
    let version = true;
    const made = await linked(member, relay, {
      onPipe: (pipe) => {
        if (version) pipe.b.close(4426, 'needs an update');
      },
    });
    await eventually(() =>
      expect(made.link.status).toMatchObject({ state: 'refused', code: 4426, reason: 'needs an update' }),
    );
    expect(made.dials()).toBe(1);
    await expect(made.link.settled()).rejects.toMatchObject({ code: 'not-allowed' });
    version = false;
    made.link.retryNow();
    await made.link.settled();
    expect(made.link.status.state).toBe('online');
  });

  it('[LP12] backs off while the other end cannot be reached, without moving the time since when', async () => {
    const { member, relay } = hubs();
    const made = await linked(member, relay);
    await made.link.settled();
    made.reachable = false;
    made.pipe().cut();
    await eventually(() => expect(made.dials()).toBeGreaterThan(3));
    expect(['offline', 'connecting']).toContain(made.link.status.state);
    const { since } = made.link.status;
    await eventually(() => expect(made.dials()).toBeGreaterThan(5));
    expect(made.link.status.since).toBe(since);
    made.reachable = true;
    await made.link.settled();
  });

  it('[LP12] refuses a link to a hub with its own identity, and to another workspace', async () => {
    const member = new RoomSourceDouble(W, 'same');
    const relay = new RoomSourceDouble(W, 'same');
    const { link } = await linked(member, relay);
    await eventually(() => expect(link.status).toMatchObject({ state: 'refused', code: 4403 }));
  });

  it('[LP13] leaves no timer, no listener and no room when it ends', async () => {
    const { member, relay } = hubs();
    const clock = new FakeClock();
    member.type(room('page'), 'text');
    const made = await linked(member, relay, { clock });
    made.link.pin(room('page'));
    await eventually(() => {
      clock.advance(5);
      expect(relay.text(room('page'))).toBe('text');
    });
    expect(clock.pending).toBeGreaterThan(0);
    await made.link.close();
    await eventually(() => expect(member.held + relay.held).toBe(0));
    expect(clock.pending).toBe(0);
    await expect(made.link.settled()).rejects.toMatchObject({ code: 'closed' });
  });

  it('[LP14] tells the outbox honestly while an edit is under way', async () => {
    const { member, relay } = hubs();
    const made = await linked(member, relay);
    await made.link.settled();
    made.pipe().pause();
    member.type(room('page'), 'text');
    await eventually(() => expect(made.link.outbox().length).toBe(1));
    const heard = vi.fn();
    made.link.onOutbox(heard);
    made.pipe().resume();
    await eventually(() => expect(made.link.outbox()).toEqual([]));
    await eventually(() => expect(heard).toHaveBeenCalled());
  });
});
