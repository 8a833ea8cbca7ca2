// Links between doubles for one test file: made here, closed after each test. What a link does is asserted by the files.
import { afterEach } from 'vitest';
import { linkHubs, type Linked } from './linked-hubs.ts';
import { RoomSourceDouble } from './room-source-double.ts';

export const W = 'workspace';

export const room = (id: string, space = 'space'): string => `${W}/${space}/${id}`;

export function hubs(): { member: RoomSourceDouble; relay: RoomSourceDouble } {
  return { member: new RoomSourceDouble(W), relay: new RoomSourceDouble(W) };
}

type Relay = RoomSourceDouble | (() => RoomSourceDouble);
type Options = Partial<Parameters<typeof linkHubs>[2]> & { reachable?: boolean };

export interface LinkFixture {
  /** A link that is closed after the test, not started. */
  link(member: RoomSourceDouble, relay: Relay, options?: Options): Linked;
  /** The same, started. */
  linked(member: RoomSourceDouble, relay: Relay, options?: Options): Promise<Linked>;
}

export function linkFixture(): LinkFixture {
  const links: Linked[] = [];
  afterEach(async () => {
    for (const { link } of links.splice(0)) await link.close();
  });
  const link: LinkFixture['link'] = (member, relay, options = {}) => {
    const made = linkHubs(member, typeof relay === 'function' ? relay : () => relay, { workspace: W, ...options });
    made.reachable = options.reachable ?? true;
    links.push(made);
    return made;
  };
  return {
    link,
    async linked(member, relay, options) {
      const made = link(member, relay, options);
      await made.link.start();
      return made;
    },
  };
}
