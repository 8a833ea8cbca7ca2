// Shows the link between in-memory hubs over pipes: what travels, what is remembered, what is told. Sockets are in tests/interop.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../base/clock.ts';
import { decodeLinkFrame, type LinkFrame } from '../protocol/link-frames.ts';
import { linkHubs, type Linked } from '../../tests/support/linked-hubs.ts';
import type { Pipe } from '../../tests/support/pipe.ts';
import { RoomSourceDouble } from '../../tests/support/room-source-double.ts';
import { eventually } from '../../tests/support/eventually.ts';

const W = 'workspace';
const links: Linked[] = [];
afterEach(async () => {
  for (const { link } of links.splice(0)) await link.close();
});

function hubs(): { member: RoomSourceDouble; relay: RoomSourceDouble } {
  return { member: new RoomSourceDouble(W), relay: new RoomSourceDouble(W) };
}

async function linked(
  member: RoomSourceDouble,
  relay: RoomSourceDouble | (() => RoomSourceDouble),
  options: Partial<Parameters<typeof linkHubs>[2]> & { reachable?: boolean } = {},
): Promise<Linked> {
  const made = linkHubs(member, typeof relay === 'function' ? relay : () => relay, { workspace: W, ...options });
  made.reachable = options.reachable ?? true;
  links.push(made);
  await made.link.start();
  return made;
}

const room = (id: string, space = 'space'): string => `${W}/${space}/${id}`;

function framesOf(pipe: Pipe): LinkFrame[] {
  return [...pipe.a.sent, ...pipe.b.sent].flatMap((bytes) => decodeLinkFrame(bytes) ?? []);
}

function roomsOpened(pipe: Pipe): string[] {
  return framesOf(pipe).flatMap((frame) => (frame.kind === 'open' ? [frame.room] : []));
}

describe('[LK] the link between two hubs', () => {
  it('[LK1] carries what each end has to the other, and says so', async () => {
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

  it('[LK1] carries later changes in rooms that nobody has open, and rooms and spaces that are new', async () => {
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

  it('[LK2] carries what both ends wrote while apart, deletions without any text included', async () => {
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

  it('[LK3] loses nothing when the connection breaks within a message', async () => {
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

  it('[LK4] keeps a refused room in the outbox, goes on with the others, and tries again when the other end changes it', async () => {
    const { member, relay } = hubs();
    relay.refused.set(room('closed'), 4403);
    member.type(room('closed'), 'not wanted');
    member.type(room('open'), 'wanted');
    const { link } = await linked(member, relay);
    await link.settled();
    expect(relay.text(room('open'))).toBe('wanted');
    expect(link.outbox().map((entry) => entry.room)).toEqual([room('closed')]);
    relay.refused.clear();
    relay.type(room('closed'), 'news ');
    await eventually(() => expect(link.outbox()).toEqual([]));
    expect(relay.text(room('closed'))).toBe(member.text(room('closed')));
  });

  it('[LK4] reads on in a room that takes no updates from here', async () => {
    const { member, relay } = hubs();
    relay.readOnly.add(room('page'));
    relay.type(room('page'), 'theirs');
    member.type(room('page'), 'mine');
    const { link } = await linked(member, relay);
    await link.settled();
    expect(relay.text(room('page'))).toBe('theirs');
    expect(member.text(room('page'))).toContain('theirs');
    expect(link.outbox().map((entry) => entry.room)).toEqual([room('page')]);
    relay.type(room('page'), ' again');
    await eventually(() => expect(member.text(room('page'))).toContain('theirs again'));
    expect(link.outbox().length).toBe(1);
  });

  it('[LK5] [D10] fills a hub that was wiped, and says meanwhile that it holds nothing', async () => {
    const { member, relay } = hubs();
    for (let i = 0; i < 20; i += 1) member.type(room(`page${i}`), `text ${i}`);
    let current = relay;
    const made = await linked(member, () => current);
    await made.link.settled();
    made.reachable = false;
    made.pipe().cut();
    current = new RoomSourceDouble(W);
    const atOnline: number[] = [];
    made.link.onStatus(({ state }) => {
      if (state === 'online') atOnline.push(made.link.outbox().length);
    });
    made.reachable = true;
    await made.link.settled();
    expect(atOnline).toEqual([20]);
    for (let i = 0; i < 20; i += 1) expect(current.text(room(`page${i}`))).toBe(`text ${i}`);
    expect(made.link.outbox()).toEqual([]);
  });

  it('[LK5] [D10] does not pass its outbox for whole before it was read, nor while a wiped hub is compared', async () => {
    // An outbox that was not read yet is empty, and windows took that for "everything is on the relay": after each start,
    // for good when the memory could not be read, and for a wiped hub when looking for what it lost failed.
    const { member, relay } = hubs();
    member.type(room('page'), 'typed');
    const first = linkHubs(member, () => relay, { workspace: W });
    links.push(first);
    expect([first.link.outbox(), first.link.outboxIsComplete]).toEqual([[], false]);
    await first.link.start();
    expect([first.link.outbox().length, first.link.outboxIsComplete]).toEqual([1, true]);
    await first.link.settled();

    const restore = relay.snapshot();
    member.type(room('page'), 'more');
    await first.link.settled();
    first.reachable = false;
    first.pipe().cut();
    await eventually(() => expect(first.link.status.state).toBe('offline'));
    restore();
    const changes = member.changes.bind(member);
    const whole: boolean[] = [];
    let failing = true;
    member.changes = (...asked) => {
      whole.push(first.link.outboxIsComplete);
      return failing ? Promise.reject(new Error('cannot be read')) : changes(...asked);
    };
    first.reachable = true;
    await eventually(() => expect(whole.filter((one) => !one).length).toBeGreaterThan(1));
    expect(first.link.outboxIsComplete).toBe(false);
    failing = false;
    // By itself: nobody asks for settled(), which looks at everything anyway.
    await eventually(() => expect(relay.text(room('page'))).toContain('more'));
    await eventually(() => expect([first.link.outbox(), first.link.outboxIsComplete]).toEqual([[], true]));
  });

  it('[LK5] [D10] notices a hub that was restored from an older backup, though its cursor still holds', async () => {
    const { member, relay } = hubs();
    member.type(room('old'), 'old');
    const made = await linked(member, relay);
    await made.link.settled();
    const restore = relay.snapshot();
    member.type(room('new'), 'acknowledged, then lost');
    await made.link.settled();
    made.reachable = false;
    made.pipe().cut();
    restore();
    expect(relay.text(room('new'))).toBe('');
    made.reachable = true;
    await made.link.settled();
    expect(relay.text(room('new'))).toBe('acknowledged, then lost');
  });

  it('[LK5] [D10] believes no receipt of a space that the other hub never numbered', async () => {
    // A receipt in a new space stood before the other hub had announced a number there. With the connection lost in
    // between there was no cursor to notice by that a backup was restored: the receipt was believed for ever.
    for (const restart of [false, true]) {
      const { member, relay } = hubs();
      // Its time stands still: what changes is stored and acknowledged, and never announced.
      const made = await linked(member, relay, { acceptClock: new FakeClock() });
      await made.link.settled();
      const restore = relay.snapshot();
      member.type(room('page', 'fresh'), 'typed');
      await eventually(() => expect(relay.text(room('page', 'fresh'))).toBe('typed'));
      await eventually(() => expect(made.link.outbox()).toEqual([]));
      made.reachable = false;
      made.pipe().cut();
      if (restart) await made.link.close();
      restore();
      expect(relay.text(room('page', 'fresh'))).toBe('');
      made.reachable = true;
      if (restart) await linked(member, relay, { memory: made.memory });
      await eventually(() => expect(relay.text(room('page', 'fresh'))).toBe('typed'));
    }
  });

  it('[LK5] a new epoch alone costs nothing', async () => {
    const { member, relay } = hubs();
    for (let i = 0; i < 5; i += 1) member.type(room(`page${i}`), 'text');
    const made = await linked(member, relay);
    await made.link.settled();
    relay.newEpoch();
    made.pipe().cut();
    const first = made.pipe();
    await eventually(() => expect(made.pipe()).not.toBe(first));
    await made.link.settled();
    expect(roomsOpened(made.pipe())).toEqual([]);
  });

  it('[LK6] remembers after a restart what the other end holds; an edit stored just before a crash waits', async () => {
    const { member, relay } = hubs();
    member.type(room('a'), 'a');
    relay.type(room('b'), 'b');
    const first = await linked(member, relay);
    await first.link.settled();
    await first.link.close();
    // Stored by the hub, never seen by a link: as after kill -9.
    member.type(room('c'), 'just before');
    const second = await linked(member, relay, { memory: first.memory, reachable: false });
    expect(second.link.outbox().map((entry) => entry.room)).toEqual([room('c')]);
    second.reachable = true;
    second.link.retryNow();
    await second.link.settled();
    expect(relay.text(room('c'))).toBe('just before');
    expect(roomsOpened(second.pipe())).toEqual(['space/c']);
  });

  it('[LK6] before the first connection everything waits, and the time since when survives a restart', async () => {
    const { member, relay } = hubs();
    const clock = new FakeClock();
    member.type(room('a'), 'a');
    const first = await linked(member, relay, { reachable: false, clock });
    expect(first.link.outbox()).toEqual([{ room: room('a'), since: clock.now() }]);
    const { since } = first.link.outbox()[0]!;
    await first.link.close();
    clock.advance(60_000);
    const second = await linked(member, relay, { reachable: false, clock, memory: first.memory });
    expect(second.link.outbox()).toEqual([{ room: room('a'), since }]);
  });

  it('[LK7] [D10] catches up 10 of 2,000 rooms by touching those 10', async () => {
    const { member, relay } = hubs();
    for (let i = 0; i < 2_000; i += 1) relay.type(room(`page${i}`), `text ${i}`);
    const made = await linked(member, relay);
    await made.link.settled();
    expect(member.roomNames().length).toBe(2_000);
    made.reachable = false;
    made.pipe().cut();
    for (let i = 0; i < 10; i += 1) relay.type(room(`page${i * 100}`), ' more');
    made.reachable = true;
    made.link.retryNow();
    await made.link.settled();
    expect(roomsOpened(made.pipe()).length).toBe(10);
    // hello 2, follow 2, changes 1, listed 2, and per room open, opened, 2 x SyncStep1, 2 x SyncStep2, 2 x ack, mark, close.
    expect(framesOf(made.pipe()).length).toBeLessThanOrEqual(7 + 10 * 12);
    expect(member.text(room('page900'))).toBe('text 900 more');
  });

  it('[LK7] never has more than 64 rooms under way, and closes each', async () => {
    const { member, relay } = hubs();
    for (let i = 0; i < 300; i += 1) member.type(room(`page${i}`), 'text');
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, member.held)), 0);
    const made = await linked(member, relay);
    await made.link.settled();
    clearInterval(watch);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(64);
    await eventually(() => expect(member.held + relay.held).toBe(0));
  });

  it('[LK8] what a member pushed is not fetched back when it is announced', async () => {
    const { member, relay } = hubs();
    for (let i = 0; i < 50; i += 1) member.type(room(`page${i}`), 'text');
    const made = await linked(member, relay);
    await made.link.settled();
    expect(roomsOpened(made.pipe()).length).toBe(50);
  });

  it('[LK9] keeps a pinned room open and live, with presence, and lets go of it', async () => {
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

  it('[LK9] drops the presence of a link that breaks, and pins again on the next one', async () => {
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

  it('[LK10] an edit in a pinned room costs one update, one acknowledgement and one mark, and is not sent back', async () => {
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

  it('[LK11] acknowledges nothing that was not stored, and tries again by itself', async () => {
    const { member, relay } = hubs();
    relay.failing = { kind: 'failed', code: 4507, reason: 'The disk is full.' };
    member.type(room('page'), 'text');
    const { link } = await linked(member, relay);
    await eventually(() => expect(relay.opened).toBeGreaterThan(0));
    expect(link.outbox().map((entry) => entry.room)).toEqual([room('page')]);
    expect(relay.text(room('page'))).toBe('');
    relay.failing = null;
    await eventually(() => expect(link.outbox()).toEqual([]));
    expect(relay.text(room('page'))).toBe('text');
  });

  it('[LK11] does not move its cursor past what it could not store itself', async () => {
    const { member, relay } = hubs();
    relay.type(room('page'), 'text');
    member.failing = { kind: 'failed', code: 4507, reason: 'The disk is full.' };
    const first = await linked(member, relay);
    await eventually(() => expect(member.opened).toBeGreaterThan(0));
    await eventually(() => expect(first.link.fetching).toBe(1));
    await first.link.close();
    member.failing = null;
    const second = await linked(member, relay, { memory: first.memory });
    await second.link.settled();
    expect(member.text(room('page'))).toBe('text');
  });

  it('[LK12] stops for good on a final close, says why, and tries again when asked', async () => {
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

  it('[LK12] backs off while the other end cannot be reached, without moving the time since when', async () => {
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

  it('[LK12] refuses a link to a hub with its own identity, and to another workspace', async () => {
    const member = new RoomSourceDouble(W, 'same');
    const relay = new RoomSourceDouble(W, 'same');
    const { link } = await linked(member, relay);
    await eventually(() => expect(link.status).toMatchObject({ state: 'refused', code: 4403 }));
  });

  it('[LK13] leaves no timer, no listener and no room when it ends', async () => {
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

  it('[LK14] tells the outbox honestly while an edit is under way', async () => {
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
