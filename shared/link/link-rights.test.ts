// Shows that an open link follows rights as they change: what may be read only now is told, what may be read no more is not.
import { describe, expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { hubs, linkFixture, room } from '../../tests/support/link-fixture.ts';
import type { RoomSourceDouble } from '../../tests/support/room-source-double.ts';
import { framesIn } from '../../tests/support/sent-frames.ts';
import { VolatileLinkMemory } from './link-memory.ts';

const { linked } = linkFixture();

/** The right to read `space` ends while the list of it is made, at the `nth` time that digests are read for one. */
function endsWhileListed(relay: RoomSourceDouble, nth = 1, isBackAtOnce = false): { readonly ended: boolean } {
  const read = relay.digests.bind(relay);
  const seen = { times: 0, ended: false };
  relay.digests = async (rooms) => {
    seen.times += 1;
    if (seen.times !== nth) return read(rooms);
    seen.ended = true;
    relay.hide('space');
    const digests = await read(rooms);
    // Behind whoever waits for these.
    if (isBackAtOnce) setImmediate(() => relay.hide());
    return digests;
  };
  return seen;
}

/** A member with a room of its own in another space that is not met yet: the lists that it gets are made with digests. */
function unmet(count: number): ReturnType<typeof hubs> {
  const { member, relay } = hubs();
  member.type(room('mine', 'elsewhere'), 'x');
  for (let i = 0; i < count; i += 1) relay.type(room(`page${i}`), `text ${i}`);
  return { member, relay };
}

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

  /**
   * The list was made for somebody who could read, the entries were judged when it went out, and its end was sent and remembered
   * all the same: the rooms were told by no later list and no later connection, until each of them changed again.
   */
  it('[CG4] [CG8] a right that ends while a list is made and comes back: nothing that the list passed over is lost', async () => {
    const { member, relay } = unmet(2);
    const seen = endsWhileListed(relay);
    const { link } = await linked(member, relay);
    await eventually(() => expect(seen.ended).toBe(true));
    await link.settled();
    expect(member.roomNames()).toEqual([room('mine', 'elsewhere')]);
    relay.hide();
    await eventually(() =>
      expect([member.text(room('page0')), member.text(room('page1'))]).toEqual(['text 0', 'text 1']),
    );
  });

  it('[CG4] [CG8] nor where it is back before anybody looks again', async () => {
    const { member, relay } = unmet(2);
    endsWhileListed(relay, 1, true);
    await linked(member, relay);
    await eventually(() =>
      expect([member.text(room('page0')), member.text(room('page1'))]).toEqual(['text 0', 'text 1']),
    );
  });

  it('[CG5] [CG8] nor on a later connection: no cursor got beyond what was not told', async () => {
    const { member, relay } = unmet(2);
    const seen = endsWhileListed(relay);
    const memory = new VolatileLinkMemory();
    const { link } = await linked(member, relay, { memory });
    await eventually(() => expect(seen.ended).toBe(true));
    await link.settled();
    await link.close();
    relay.hide();
    const { link: second } = await linked(member, relay, { memory });
    await second.settled();
    expect([member.text(room('page0')), member.text(room('page1'))]).toEqual(['text 0', 'text 1']);
  });

  it('[CG8] a right that ends between two parts of a list: the second is told when it is back, and the first not again', async () => {
    const { member, relay } = unmet(700);
    endsWhileListed(relay, 2);
    const { link, pipe } = await linked(member, relay);
    await eventually(() => expect(member.roomNames().length).toBeGreaterThan(1));
    await link.settled();
    expect(member.text(room('page600'))).toBe('');
    relay.hide();
    await eventually(() => expect(member.text(room('page699'))).toBe('text 699'));
    await link.settled();
    expect(member.text(room('page500'))).toBe('text 500');
    const told = framesIn(pipe().b.sent).flatMap((frame) => (frame.kind === 'changes' ? frame.entries : []));
    expect(told.filter(({ document }) => document === 'page0')).toHaveLength(1);
  });

  it('[CG3] [CG8] a cursor that is void is void also where the right ends while the list begins anew', async () => {
    const { member, relay } = hubs();
    const memory = new VolatileLinkMemory();
    relay.type(room('page'), 'old');
    const empty = relay.snapshot();
    member.type(room('mine'), 'handed over');
    const first = await linked(member, relay, { memory });
    await first.link.settled();
    expect(relay.text(room('mine'))).toBe('handed over');
    await first.link.close();
    // Restored from before: what it acknowledged is gone there.
    empty();
    const seen = endsWhileListed(relay);
    const second = await linked(member, relay, { memory });
    await eventually(() => expect(seen.ended).toBe(true));
    await eventually(() => expect(second.link.outbox().map((waiting) => waiting.room)).toContain(room('mine')));
    relay.hide();
    await eventually(() => expect(relay.text(room('mine'))).toBe('handed over'));
  });

  it("[CG8] what is nobody's any more is passed over, and the rest of the space is told", async () => {
    const { member, relay } = hubs();
    relay.type(room('gone'), 'purged');
    relay.type(room('page'), 'text');
    relay.purged.add(room('gone'));
    const { link, pipe } = await linked(member, relay);
    await link.settled();
    expect(member.roomNames()).toEqual([room('page')]);
    const told = framesIn(pipe().b.sent).flatMap((frame) => (frame.kind === 'changes' ? [frame.upTo] : []));
    expect(told.at(-1)).toBe(2);
  });
});
