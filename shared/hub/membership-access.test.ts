// Shows that rights are read live: when a log moves on, and when a guest's time is over without a record.
import { beforeEach, describe, expect, it } from 'vitest';
import { LogWriter, type Person } from '../../tests/support/log-writer.ts';
import { FakeClock } from '../base/clock.ts';
import type { RoomAddress } from '../protocol/room-name.ts';
import { MembershipAccess } from './membership-access.ts';

let log: LogWriter;
let clock: FakeClock;
let access: MembershipAccess;
let owner: Person;
let place: RoomAddress;
let changes: number;

beforeEach(async () => {
  log = new LogWriter();
  owner = await log.create();
  place = { workspace: await log.workspace(), space: await log.space(owner), document: 'D' };
  clock = new FakeClock(log.at);
  access = new MembershipAccess(clock);
  changes = 0;
  access.onChange(() => {
    changes += 1;
  });
});

const may = ({ key, member }: Person): boolean => access.allows({ device: key.id, member }, 'write', place);

describe('membership access', () => {
  it('gives nothing in a workspace that it does not know, and what the log says in one that it does', async () => {
    expect(may(owner)).toBe(false);
    access.set(place.workspace, await log.membership());
    expect([may(owner), changes]).toEqual([true, 1]);
    access.set(place.workspace, null);
    expect([may(owner), changes]).toEqual([false, 2]);
  });

  it('takes a removed member away with the record', async () => {
    const member = await log.join(owner, 'member', [{ space: place.space, role: 'member' }]);
    access.set(place.workspace, await log.membership());
    expect(may(member)).toBe(true);
    await log.add(owner.key, { verb: 'member.remove', member: member.member });
    access.set(place.workspace, await log.membership());
    expect(may(member)).toBe(false);
  });

  it('says so when a guest is at the end of their time, even months ahead, and leaves no timer', async () => {
    const end = log.at + 90 * 24 * 3_600_000;
    const guest = await log.join(owner, 'guest', [{ space: place.space, role: 'guest' }], end);
    access.set(place.workspace, await log.membership());
    clock.advance(end - clock.now() - 1);
    expect(may(guest)).toBe(true);
    const before = changes;
    clock.advance(1);
    expect([may(guest), changes]).toEqual([false, before + 1]);
    expect(clock.pending).toBe(0);
    access.dispose();
  });
});
