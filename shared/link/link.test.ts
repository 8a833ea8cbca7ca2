// Shows the link between in-memory hubs over pipes: what travels, what is remembered, what is told. Sockets are in tests/interop.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { linkHubs, type Linked } from '../../tests/support/linked-hubs.ts';
import { RoomSourceDouble } from '../../tests/support/room-source-double.ts';

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
  options: Partial<Parameters<typeof linkHubs>[2]> = {},
): Promise<Linked> {
  const made = linkHubs(member, typeof relay === 'function' ? relay : () => relay, { workspace: W, ...options });
  links.push(made);
  await made.link.start();
  return made;
}

const room = (id: string, space = 'space'): string => `${W}/${space}/${id}`;

describe('[LK] the link', () => {
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
    await vi.waitFor(() => expect(member.held + relay.held).toBe(0));
  });
});
