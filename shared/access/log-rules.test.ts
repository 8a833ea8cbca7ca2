// Shows what each verb of the membership log may do, by whom, and that what is refused changes nothing anywhere.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { LogWriter, type Person } from '../../tests/support/log-writer.ts';
import { randomId } from '../base/random-id.ts';
import { createDeviceKey } from './device-key.ts';
import type { RecordBody } from './identity.ts';
import { evaluateLog, extendLog, hashRecord, signRecord } from './membership-log.ts';

let log: LogWriter;
let owner: Person;
beforeEach(async () => {
  log = new LogWriter();
  owner = await log.create();
});

describe('invites', () => {
  it('are used once: of two that join by one, the first in the log', async () => {
    const invite = await log.invite(owner, 'member');
    const [a, b] = [await createDeviceKey(), await createDeviceKey()];
    await log.add(a, await log.joinBody(a, invite));
    expect(await log.refusal(b, await log.joinBody(b, invite))).toBe('the invite is not open');
    expect((await log.membership()).members.size).toBe(2);
  });

  it('mean nothing when expired, revoked, or when whoever invited was removed or became less', async () => {
    const admin = await log.join(owner, 'admin');
    const key = await createDeviceKey();
    const invite = await log.invite(admin, 'member');
    const revoked = await log.invite(admin, 'member');
    await log.add(owner.key, { verb: 'invite.revoke', invite: revoked.invite });
    expect(await log.refusal(key, await log.joinBody(key, revoked))).toBe('the invite is not open');

    const at = log.at;
    log.at += 2 * 24 * 3_600_000;
    expect(await log.refusal(key, await log.joinBody(key, invite))).toBe('the invite has expired');
    log.at = at;
    expect(await log.refusal(key, await log.joinBody(key, invite))).toBeNull();
    await log.add(owner.key, { verb: 'member.role', member: admin.member, role: 'member' });
    expect(await log.refusal(key, await log.joinBody(key, invite))).toMatch('may not invite any more');
    await log.add(owner.key, { verb: 'member.remove', member: admin.member });
    expect(await log.refusal(key, await log.joinBody(key, invite))).toMatch('may not invite any more');
  });

  it('let in only whom the seed signed for, with the role that they name', async () => {
    const invite = await log.invite(owner, 'viewer');
    const [key, other] = [await createDeviceKey(), await createDeviceKey()];
    const body = await log.joinBody(key, invite);
    const stolen = { ...body, device: other.publicKey } as RecordBody;
    expect(await log.refusal(other, stolen)).toBe('the proof in it does not hold');
    expect(await log.refusal(key, { ...body, proof: 'A'.repeat(86) } as RecordBody)).toMatch('proof');
    await log.add(key, body);
    const { members } = await log.membership();
    expect([...members.values()].map(({ role }) => role)).toEqual(['owner', 'viewer']);
  });

  it('are made by who may give the role, for a week at most, and name what is there', async () => {
    const admin = await log.join(owner, 'admin');
    const member = await log.join(owner, 'member');
    const space = await log.space(member);
    const seed = await createDeviceKey();
    const terms = { verb: 'invite.create', invite: randomId(), key: seed.publicKey, until: null } as const;
    const week = (): number => log.at + 6 * 24 * 3_600_000;
    const guest = { ...terms, role: 'guest', spaces: [{ space, role: 'guest' }] } as const;
    const asks: [string, Person, RecordBody, RegExp | null][] = [
      ['admin invites admin', admin, { ...terms, role: 'admin', spaces: [], expires: week() }, /may not invite/],
      ['member invites member', member, { ...terms, role: 'member', spaces: [], expires: week() }, /may not invite/],
      ['manager invites a guest', member, { ...guest, expires: week() }, null],
      ['guest without a place', owner, { ...guest, spaces: [], expires: week() }, /guests/],
      ['guest as manager', owner, { ...guest, spaces: [{ space, role: 'manager' }], expires: week() }, /cannot be/],
      ['no such space', owner, { ...guest, spaces: [{ space: 'x', role: 'guest' }], expires: week() }, /not there/],
      ['too long', owner, { ...guest, expires: week() + 2 * 24 * 3_600_000 }, /seven days/],
      ['an end for a member', owner, { ...terms, role: 'member', spaces: [], until: 1, expires: week() }, /guests/],
    ];
    for (const [name, by, body, reason] of asks) {
      const refusal = await log.refusal(by, body);
      if (reason) expect(refusal, name).toMatch(reason);
      else expect(refusal, name).toBeNull();
    }
  });
});

describe('members and devices', () => {
  it('roles are given downwards only; nobody makes themselves more', async () => {
    const admin = await log.join(owner, 'admin');
    const other = await log.join(owner, 'admin');
    const member = await log.join(owner, 'member');
    const role = (person: Person, to: 'admin' | 'member' | 'viewer'): RecordBody => ({
      verb: 'member.role',
      member: person.member,
      role: to,
    });
    expect(await log.refusal(admin, role(member, 'viewer'))).toBeNull();
    expect(await log.refusal(admin, role(member, 'admin'))).toMatch('may not');
    expect(await log.refusal(admin, role(other, 'viewer'))).toMatch('may not');
    expect(await log.refusal(admin, role(owner, 'viewer'))).toMatch('may not');
    expect(await log.refusal(member, role(member, 'admin'))).toMatch('may not');
    expect(await log.refusal(owner, role(owner, 'admin'))).toMatch('may not');
  });

  it('two admins that remove each other: none may, the owner may, and the order of the log decides', async () => {
    const [a, b] = [await log.join(owner, 'admin'), await log.join(owner, 'admin')];
    const remove = (person: Person): RecordBody => ({ verb: 'member.remove', member: person.member });
    expect(await log.refusal(a, remove(b))).toMatch('may not remove');
    await log.add(owner.key, remove(a));
    expect(await log.refusal(a, remove(b))).toMatch('not signed by a device');
    expect((await log.membership()).removed.has(a.member)).toBe(true);
  });

  it('a member leaves; the owner hands over first', async () => {
    const member = await log.join(owner, 'member');
    expect(await log.refusal(member, { verb: 'member.remove', member: member.member })).toBeNull();
    expect(await log.refusal(owner, { verb: 'member.remove', member: owner.member })).toMatch('hands');
    await log.add(owner.key, { verb: 'owner.transfer', member: member.member });
    expect(await log.refusal(owner, { verb: 'owner.transfer', member: owner.member })).toMatch('only the owner');
    expect(await log.refusal(owner, { verb: 'member.remove', member: owner.member })).toBeNull();
    const { members } = await log.membership();
    expect([...members.values()].map(({ role }) => role).sort()).toEqual(['admin', 'owner']);
  });

  it('a second device acts for its member until it is removed, and never comes back', async () => {
    const laptop = await createDeviceKey();
    await log.add(owner.key, await log.deviceBody(owner, laptop));
    expect(await log.refusal(laptop, { verb: 'space.create', space: 'S', visibility: 'open' })).toBeNull();
    await log.add(laptop, { verb: 'device.remove', device: owner.key.id });
    expect(await log.refusal(owner.key, { verb: 'space.create', space: 'S', visibility: 'open' })).toMatch('device');
    expect(await log.refusal(laptop, await log.deviceBody(owner, owner.key))).toMatch('already');
    expect(await log.refusal(laptop, { verb: 'device.remove', device: laptop.id })).toMatch('only device of the owner');
    const membership = await log.membership();
    expect([...membership.devices]).toEqual([[laptop.id, owner.member]]);
    expect(membership.keys.has(owner.key.id)).toBe(true);
  });

  it("nobody claims somebody else's key as their device", async () => {
    const victim = await createDeviceKey();
    expect(await log.refusal(owner, await log.deviceBody(owner, victim, owner.key))).toMatch('proof');
  });
});

describe('spaces', () => {
  it('open ones are entered by oneself, others are granted; guests enter none', async () => {
    const open = await log.space(owner, 'open');
    const closed = await log.space(owner, 'invited');
    const member = await log.join(owner, 'member');
    const guest = await log.join(owner, 'guest', [{ space: open, role: 'guest' }]);
    const grant = (space: string, person: Person, role: 'manager' | 'member' | 'guest'): RecordBody => ({
      verb: 'space.grant',
      space,
      member: person.member,
      role,
      until: null,
    });
    expect(await log.refusal(member, grant(open, member, 'member'))).toBeNull();
    expect(await log.refusal(member, grant(open, member, 'manager'))).toMatch('may not give');
    expect(await log.refusal(member, grant(closed, member, 'member'))).toMatch('may not give');
    expect(await log.refusal(guest, grant(closed, guest, 'guest'))).toMatch('may not give');
    expect(await log.refusal(owner, grant(closed, guest, 'member'))).toMatch('cannot be');
    expect(await log.refusal(owner, grant(closed, member, 'manager'))).toBeNull();
  });

  it('are archived, purged and left by who may', async () => {
    const space = await log.space(owner, 'open');
    const member = await log.join(owner, 'member', [{ space, role: 'member' }]);
    const purge: RecordBody = { verb: 'document.purge', space, document: 'D' };
    expect(await log.refusal(member, purge)).toMatch('may not purge');
    expect(await log.refusal(member, { verb: 'space.archive', space })).toMatch('may not archive');
    expect(await log.refusal(member, { verb: 'relay.set', key: null, url: null })).toMatch('relay');
    expect(await log.refusal(member, { verb: 'space.revoke', space, member: owner.member })).toMatch('may not take');
    expect(await log.refusal(member, { verb: 'space.revoke', space, member: member.member })).toBeNull();
    await log.add(owner.key, purge);
    await log.add(owner.key, { verb: 'space.archive', space });
    const membership = await log.membership();
    expect([...membership.purged]).toEqual([`${space}/D`]);
    expect(membership.spaces.get(space)?.archived).toBe(true);
  });
});

describe('versions', () => {
  it('an open workspace is closed by its owner, who was there keeps what they had, and nobody walks in any more', async () => {
    const first = new LogWriter();
    const [ana, bo, eve] = [await createDeviceKey(), await createDeviceKey(), await createDeviceKey()];
    const join = (key: typeof ana): RecordBody => ({ verb: 'member.join', device: key.publicKey, nonce: randomId() });
    await first.add(ana, { verb: 'workspace.create', device: ana.publicKey, nonce: randomId() }, 1);
    await first.add(bo, join(bo), 1);
    const member = await hashRecord(first.records.at(-1)!);
    await first.add(bo, { verb: 'space.create', space: 'S', visibility: 'open' }, 1);
    const closing: RecordBody = { verb: 'relay.set', key: null, url: null };
    expect(await first.refusal(bo, closing)).toMatch('closed by its owner');
    expect(await first.refusal(eve, join(eve), 1)).toBeNull();
    await first.add(ana, closing);
    expect(await first.refusal(eve, join(eve), 1)).toBe('the workspace is not open any more');
    const { version, spaces, workspace } = await first.membership();
    expect(version).toBe(2);
    expect([...(spaces.get('S')?.grants ?? [])]).toEqual([
      [workspace, { role: 'member', until: null }],
      [member, { role: 'manager', until: null }],
    ]);
  });

  it('extending a log gives what evaluating the whole gives, wherever it is cut', async () => {
    const space = await log.space(owner, 'open');
    const admin = await log.join(owner, 'admin', [{ space, role: 'member' }]);
    await log.join(admin, 'guest', [{ space, role: 'viewer' }], log.at + 1e9);
    await log.add(owner.key, { verb: 'member.remove', member: admin.member });
    const whole = await evaluateLog(log.records);
    for (let cut = 1; cut < log.records.length; cut++) {
      const begun = await evaluateLog(log.records.slice(0, cut));
      if (!begun.ok) throw new Error(begun.reason);
      const before = structuredClone(begun.membership);
      expect(await extendLog(begun, log.records.slice(cut))).toEqual(whole);
      expect(begun.membership).toEqual(before);
    }
  });

  it('whatever one record of a log is replaced by, nobody gets a right that the whole log did not give', async () => {
    const space = await log.space(owner, 'invited');
    const admin = await log.join(owner, 'admin');
    const member = await log.join(admin, 'member', [{ space, role: 'member' }]);
    const people = [owner, admin, member];
    await fc.assert(
      fc.asyncProperty(
        fc.nat(log.records.length - 1),
        fc.nat(2),
        fc.nat(2),
        fc.constantFrom('admin', 'member', 'viewer'),
        async (at, by, target, role) => {
          const signer = people[by]!;
          const body: RecordBody = { verb: 'member.role', member: people[target]!.member, role };
          const previous = at === 0 ? null : await hashRecord(log.records[at - 1]!);
          const forged = await signRecord(signer.key, { version: 2, previous, body, at: log.at });
          const result = await evaluateLog(log.records.with(at, forged));
          // What follows a replaced record no longer follows: a log is taken whole or not at all.
          if (at < log.records.length - 1) expect(result.ok).toBe(false);
          else if (result.ok) expect(by).toBeLessThan(target);
        },
      ),
      { numRuns: 100 },
    );
  });
});
