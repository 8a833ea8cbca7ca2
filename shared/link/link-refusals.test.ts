// Shows what a link does with rooms that are refused and changes that cannot be stored: they wait, and nothing else waits for them.
import { describe, expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { hubs, linkFixture, room } from '../../tests/support/link-fixture.ts';

const { linked } = linkFixture();

describe('[LK] a room that the other end does not take', () => {
  it('[LP4] keeps a refused room in the outbox, goes on with the others, and tries again when the other end changes it', async () => {
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

  it('[LP4] [CH3] reads on in a room that takes no updates from here', async () => {
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

  it('[LP11] [CH9] acknowledges nothing that was not stored, and tries again by itself', async () => {
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

  it('[LP11] [MK3] does not move its cursor past what it could not store itself', async () => {
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
});
