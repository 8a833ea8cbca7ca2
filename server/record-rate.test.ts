// Shows how many records each member may add to a log, and that admins' records count for nobody.
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../shared/base/clock.ts';
import { LogWriter, type Person } from '../tests/support/log-writer.ts';
import { RecordRate } from './record-rate.ts';

let log: LogWriter;
let owner: Person;
let space: string;
beforeEach(async () => {
  log = new LogWriter();
  owner = await log.create();
  space = await log.space(owner);
});

const times = (text: string, count: number): readonly string[] => Array.from({ length: count }, () => text);

describe('[RE57] records of one member', () => {
  it('[RE57] a member who is no admin has three hundred at once and five a minute; the owner and admins have all they hand in', async () => {
    const admin = await log.join(owner, 'admin');
    const guest = await log.join(owner, 'guest', [{ space, role: 'viewer' }]);
    const membership = await log.membership();
    const clock = new FakeClock();
    const rate = new RecordRate(clock);
    const theirs = await log.sign(guest.key, { verb: 'member.remove', member: guest.member });
    const decided = await log.sign(admin.key, { verb: 'member.remove', member: guest.member });
    expect(rate.take(membership, guest.member, times(theirs, 301))).toBe(300);
    expect(rate.take(membership, guest.member, [theirs])).toBe(0);
    // What an admin signed may be handed over by anybody: a host that met it elsewhere, or a relay that forgot it.
    expect(rate.take(membership, guest.member, [decided, theirs, decided])).toBe(1);
    clock.advance(60_000);
    expect(rate.take(membership, guest.member, [decided, ...times(theirs, 10)])).toBe(6);
    for (const { member } of [owner, admin]) {
      expect(rate.take(membership, member, times(theirs, 5_000))).toBe(5_000);
    }
  });

  it('[RE57] a crowd of guests has a share together, and what is no record counts as one', async () => {
    const guests: Person[] = [];
    for (let at = 0; at < 12; at += 1) guests.push(await log.join(owner, 'guest', [{ space, role: 'guest' }]));
    const membership = await log.membership();
    const rate = new RecordRate(new FakeClock());
    const taken = guests.map(({ member }) => rate.take(membership, member, times('x', 400)));
    expect(taken).toEqual([...times('x', 10).map(() => 300), 0, 0]);
  });
});
