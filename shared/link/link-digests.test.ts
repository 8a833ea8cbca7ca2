// Shows that hubs which hold the same find it out by digests: no room is opened, and the cost is a few bytes a room.
import { describe, expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { hubs, linkFixture, room } from '../../tests/support/link-fixture.ts';
import type { RoomSourceDouble } from '../../tests/support/room-source-double.ts';
import { framesOf, roomsOpened, trafficOf } from '../../tests/support/sent-frames.ts';
import { encodeLinkFrame } from '../protocol/link-frames.ts';

const { linked } = linkFixture();
const PAGES = Array.from({ length: 2_000 }, (_, i) => room(`page-with-an-id-${i}`));

/** Two hubs that hold the same pages and never met. */
function fullHubs(pages = PAGES): { member: RoomSourceDouble; relay: RoomSourceDouble } {
  const { member, relay } = hubs();
  for (const page of pages) {
    member.type(page, `text of ${page}`);
    member.edit(page, (doc) => doc.getText('body').delete(0, 5));
    relay.take(page, member);
  }
  return { member, relay };
}

describe('[LK] hubs that hold the same', () => {
  it('[DG2] [DG3] [LP7] find it out at their first meeting: 2,000 rooms, none opened, some 50 bytes each', async () => {
    const { member, relay } = fullHubs();
    const made = await linked(member, relay);
    await made.link.settled();
    expect(roomsOpened(made.pipe())).toEqual([]);
    expect([member.opened, relay.opened]).toEqual([0, 0]);
    expect([made.link.outbox(), made.link.fetching]).toEqual([[], 0]);
    const { messages, bytes } = trafficOf(made.pipe());
    // A name of 20 bytes, a number and a digest: the list itself, and nothing the other way.
    expect(bytes / PAGES.length).toBeLessThan(48);
    expect(messages).toBeLessThanOrEqual(16);
    // What they found out is remembered: the next connection costs nothing.
    made.pipe().cut();
    await eventually(() => expect(made.dials()).toBe(2));
    await made.link.settled();
    expect(trafficOf(made.pipe()).bytes).toBeLessThan(1_000);
  });

  it('[DG2] [CG3] [D10] find it out again when the cursors are void, and open what differs, if only by a deletion', async () => {
    const { member, relay } = fullHubs();
    const made = await linked(member, relay);
    await made.link.settled();
    made.reachable = false;
    made.pipe().cut();
    relay.forgetEpochs();
    member.edit(PAGES[3]!, (doc) => doc.getText('body').delete(0, 1));
    relay.edit(PAGES[700]!, (doc) => doc.getText('body').delete(0, 1));
    relay.type(PAGES[1_999]!, '!');
    member.type(room('only-here'), 'text');
    relay.type(room('only-there'), 'text');
    made.reachable = true;
    made.link.retryNow();
    await made.link.settled();
    expect(roomsOpened(made.pipe()).sort()).toEqual([
      'space/only-here',
      'space/only-there',
      'space/page-with-an-id-1999',
      'space/page-with-an-id-3',
      'space/page-with-an-id-700',
    ]);
    expect(trafficOf(made.pipe()).bytes / PAGES.length).toBeLessThan(48);
    for (const page of [PAGES[3]!, PAGES[700]!, PAGES[1_999]!, room('only-here'), room('only-there')]) {
      expect(member.text(page)).toBe(relay.text(page));
      expect(Buffer.compare(member.state(page), relay.state(page))).toBe(0);
    }
    expect(made.link.outbox()).toEqual([]);
  });

  it('[DG4] a room that was written meanwhile waits for the comparison, and then goes; an open one does not wait', async () => {
    const { member, relay } = fullHubs(PAGES.slice(0, 50));
    const asked = relay.digests.bind(relay);
    let goOn = (): void => undefined;
    relay.digests = async (rooms) => {
      await new Promise<void>((resolve) => (goOn = resolve));
      return asked(rooms);
    };
    const made = await linked(member, relay);
    made.link.pin(PAGES[0]!);
    await eventually(() => expect(made.link.status.state).toBe('online'));
    member.type(PAGES[0]!, 'open');
    member.type(PAGES[1]!, 'closed');
    await eventually(() => expect(relay.text(PAGES[0]!)).toContain('open'));
    expect(roomsOpened(made.pipe())).toEqual([PAGES[0]!.slice('workspace/'.length)]);
    relay.digests = asked;
    goOn();
    await eventually(() => expect(relay.text(PAGES[1]!)).toContain('closed'));
    await made.link.settled();
    expect(roomsOpened(made.pipe()).length).toBe(2);
  });

  it('[DG2] a new member of a full hub asks for no digests, and nor does an ordinary reconnect', async () => {
    const { member, relay } = hubs();
    for (const page of PAGES.slice(0, 100)) relay.type(page, 'text');
    const made = await linked(member, relay);
    await made.link.settled();
    made.pipe().cut();
    relay.type(PAGES[7]!, '!');
    await eventually(() => expect(made.dials()).toBe(2));
    await made.link.settled();
    expect([member.digested, relay.digested]).toEqual([0, 0]);
  });

  it('[DG2] [HE4] an end that does not know digests is compared room by room, as ever', async () => {
    const { member, relay } = fullHubs(PAGES.slice(0, 20));
    const made = await linked(member, relay, {
      onPipe: ({ b }) => {
        const send = b.send.bind(b);
        let first = true;
        b.send = (message) => {
          // The hello of the first programs: nothing behind the workspace.
          send(first ? withoutLaterFields(relay) : message);
          first = false;
        };
      },
    });
    await made.link.settled();
    expect(new Set(roomsOpened(made.pipe())).size).toBe(20);
    expect(framesOf(made.pipe()).some((frame) => frame.kind === 'follow' && frame.digests)).toBe(false);
    expect(made.link.outbox()).toEqual([]);
  });
});

function withoutLaterFields({ hub, epoch }: RoomSourceDouble): Uint8Array {
  const hello = { kind: 'hello', versions: [1], hub, epoch, workspace: 'workspace', device: '', features: 0 } as const;
  return encodeLinkFrame(hello).subarray(0, -2);
}
