// Shows what catching up costs: it grows with what changed and not with how much there is. Hubs and wires are doubles.
import { describe, expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { FakeClock } from '../base/clock.ts';
import { hubs, linkFixture, room } from '../../tests/support/link-fixture.ts';
import type { Pipe } from '../../tests/support/pipe.ts';
import type { RoomSourceDouble } from '../../tests/support/room-source-double.ts';
import { framesOf, roomsOpened, trafficOf } from '../../tests/support/sent-frames.ts';

const { linked } = linkFixture();

const CHANGED = Array.from({ length: 10 }, (_, i) => room(`page${i * 100}`));

interface Meeting {
  readonly messages: number;
  readonly bytes: number;
  readonly pipe: Pipe;
  readonly member: RoomSourceDouble;
  readonly relay: RoomSourceDouble;
  /** How many rooms each opened. */
  readonly opened: readonly number[];
}

/** Time goes on only where nothing else does: what is sent within a few milliseconds shares a message, however busy the machine is. */
async function play(clock: FakeClock, done: () => boolean): Promise<void> {
  for (let step = 0; step < 20_000; step += 1) {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (done()) return;
    clock.advance(5);
  }
  throw new Error('It did not come about.');
}

describe('[LK] catching up', () => {
  /** Two hubs with the same 2,000 pages, apart; `change` edits while they are. The traffic of their next meeting. */
  async function meetAgain(change: (member: RoomSourceDouble, relay: RoomSourceDouble) => void): Promise<Meeting> {
    const { member, relay } = hubs();
    for (let i = 0; i < 2_000; i += 1) relay.type(room(`page${i}`), `text ${i}`);
    const clock = new FakeClock();
    const made = await linked(member, relay, { clock });
    let settled = false;
    void made.link.settled().then(() => (settled = true));
    await play(clock, () => settled);
    expect(member.roomNames().length).toBe(2_000);
    made.reachable = false;
    made.pipe().cut();
    change(member, relay);
    const opened = [member.opened, relay.opened];
    made.reachable = true;
    const before = made.dials();
    made.link.retryNow();
    await play(clock, () => {
      const { link } = made;
      const isOver =
        made.dials() > before && link.status.state === 'online' && link.outbox().length + link.fetching === 0;
      return (
        isOver &&
        member.held + relay.held === 0 &&
        CHANGED.every((changed) => member.text(changed) === relay.text(changed))
      );
    });
    return {
      ...trafficOf(made.pipe()),
      pipe: made.pipe(),
      member,
      relay,
      opened: [member.opened - opened[0]!, relay.opened - opened[1]!],
    };
  }

  it('[LP7] [BT2] [CH11] [D10] fetches 10 of 2,000 rooms in 7 messages, and opens no other', async () => {
    const met = await meetAgain((_member, relay) => {
      for (const changed of CHANGED) relay.type(changed, ' more');
    });
    expect(met.member.text(room('page900'))).toBe('text 900 more');
    expect(met.opened).toEqual([10, 10]);
    // hello 2, follow, changes with listed, opens with questions, answers, acknowledgements with closes.
    expect(met.messages).toBe(7);
    expect(met.bytes).toBeLessThan(3_000);
    const kinds = framesOf(met.pipe).filter((frame) => frame.kind === 'data');
    // One question and one answer a room: nobody asks for what the outbox says is not there.
    expect(kinds.length).toBe(20);
  });

  it('[LP7] [D10] hands over 10 of 2,000 rooms, deletions among them, in 9 messages', async () => {
    const met = await meetAgain((member) => {
      for (const changed of CHANGED.slice(5)) member.type(changed, ' more');
      for (const changed of CHANGED.slice(0, 5)) member.edit(changed, (doc) => doc.getText('body').delete(0, 5));
    });
    expect(met.relay.text(room('page100'))).toBe('100');
    expect(met.opened).toEqual([10, 10]);
    expect(met.messages).toBeLessThanOrEqual(9);
    expect(met.bytes).toBeLessThan(5_000);
  });

  it('[LP7] [D10] catches up 10 of 2,000 rooms that changed at both ends in 10 messages', async () => {
    const met = await meetAgain((member, relay) => {
      for (const changed of CHANGED) {
        member.type(changed, ' here');
        relay.type(changed, ' there');
      }
    });
    expect(met.member.text(room('page900'))).toMatch(/ here.* there|there.* here/);
    expect(met.opened).toEqual([10, 10]);
    expect(met.messages).toBeLessThanOrEqual(10);
    expect(met.bytes).toBeLessThan(6_000);
  });

  it('[LP7] never has more than 64 rooms under way, and closes each', async () => {
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

  it('[LP8] [MK2] what a member pushed is not fetched back when it is announced', async () => {
    const { member, relay } = hubs();
    for (let i = 0; i < 50; i += 1) member.type(room(`page${i}`), 'text');
    const made = await linked(member, relay);
    await made.link.settled();
    expect(roomsOpened(made.pipe()).length).toBe(50);
  });
});
