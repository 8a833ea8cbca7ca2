// Shows how a link notices a hub that lost what it had acknowledged, and fills it again; hubs and wires are doubles.
import { describe, expect, it } from 'vitest';
import { FakeClock, systemClock, type Clock } from '../base/clock.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { hubs, linkFixture, room, W } from '../../tests/support/link-fixture.ts';
import { RoomSourceDouble } from '../../tests/support/room-source-double.ts';
import { roomsOpened } from '../../tests/support/sent-frames.ts';

const { link, linked } = linkFixture();

describe('[LK] a hub that lost something', () => {
  it('[LP5] [D10] fills a hub that was wiped, and says meanwhile that it holds nothing', async () => {
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

  it('[LP5] [D10] does not pass its outbox for whole before it was read, nor while a wiped hub is compared', async () => {
    // An outbox that was not read yet is empty, and windows took that for "everything is on the relay": after each start,
    // for good when the memory could not be read, and for a wiped hub when looking for what it lost failed.
    const { member, relay } = hubs();
    member.type(room('page'), 'typed');
    const first = link(member, relay);
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

  it('[LP5] [D10] notices a hub that was restored from an older backup, though its cursor still holds', async () => {
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

  it('[LP5] [D10] believes no receipt of a space that the other hub never numbered', async () => {
    // A receipt in a new space stood before the other hub had announced a number there. With the connection lost in
    // between there was no cursor to notice by that a backup was restored: the receipt was believed for ever.
    for (const restart of [false, true]) {
      const { member, relay } = hubs();
      // What changes there is stored and acknowledged, and never announced.
      const after: Clock['after'] = (wait, run) => systemClock.after(wait < 10 ? wait : 1_000_000, run);
      const made = await linked(member, relay, { acceptClock: { ...systemClock, after } });
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

  it('[LP5] [CH11] [D10] hands a deletion over again that was lost, though the room was opened to fetch when that showed', async () => {
    // Whoever opened it believed that the other end holds all of theirs; a state vector does not tell of a deletion.
    const { member, relay } = hubs();
    member.type(room('page'), 'abc');
    const made = await linked(member, relay);
    await made.link.settled();
    const restore = relay.snapshot();
    member.edit(room('page'), (doc) => doc.getText('body').delete(1, 1));
    await made.link.settled();
    expect(relay.text(room('page'))).toBe('ac');
    // Something is to be fetched when the connection breaks.
    let load = (): void => undefined;
    member.loading = new Promise((resolve) => (load = resolve));
    relay.type(room('page'), '!');
    await eventually(() => expect(made.link.fetching).toBe(1));
    made.reachable = false;
    made.pipe().cut();
    await eventually(() => expect(made.link.status.state).toBe('offline'));
    load();
    restore();
    relay.type(room('page'), '?');
    made.reachable = true;
    await eventually(() => expect(member.text(room('page'))).toBe('ac?'));
    await made.link.settled();
    expect(relay.text(room('page'))).toBe('ac?');
  });

  it('[LP5] a new epoch alone costs nothing', async () => {
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

  it('[LP6] remembers after a restart what the other end holds; an edit stored just before a crash waits', async () => {
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

  it('[LP6] before the first connection everything waits, and the time since when survives a restart', async () => {
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
});
