// Shows that an open link follows rights as they change: what may be read only now is told, what may be read no more is not.
import { describe, expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { hubs, linkFixture, room } from '../../tests/support/link-fixture.ts';

const { linked } = linkFixture();

describe('[CG8] rights that change while a link is open', () => {
  it('[CG8] a space that may be read only now is listed and fetched, without a new connection', async () => {
    const { member, relay } = hubs();
    relay.hide('closed');
    relay.type(room('page', 'closed'), 'behind the door');
    const { link, dials } = await linked(member, relay);
    await link.settled();
    expect(member.roomNames()).toEqual([]);
    relay.hide();
    await eventually(() => expect(member.text(room('page', 'closed'))).toBe('behind the door'));
    expect(dials()).toBe(1);
  });

  it('[CG8] of a space that may be read no more nothing is told, and what was missed is told when it may be read again', async () => {
    const { member, relay } = hubs();
    relay.type(room('page'), 'first');
    const { link } = await linked(member, relay);
    await link.settled();
    relay.hide('space');
    relay.type(room('other'), 'hidden');
    relay.type(room('sign', 'elsewhere'), 'after');
    await eventually(() => expect(member.text(room('sign', 'elsewhere'))).toBe('after'));
    expect(member.roomNames()).not.toContain(room('other'));
    relay.hide();
    await eventually(() => expect(member.text(room('other'))).toBe('hidden'));
  });
});
