// Shows that members' hosts bring their logs in step without a relay: who orders, what is pending, what counts already, who is refused.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogTeam, meet, meetAll, type TeamHost } from '../../../tests/support/log-team.ts';
import { createDeviceKey } from '../../../shared/access/device-key.ts';
import type { DeviceKey } from '../../../shared/access/identity.ts';
import { signHead } from '../../../shared/access/log-head.ts';
import { PENDING_LIMITS } from '../../../shared/access/pending-records.ts';
import { deviceStatement, prove } from '../../../shared/access/proof.ts';
import { encodePeerLogFrame } from '../../../shared/protocol/peer-log-frames.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import { talkPair } from '../../../tests/support/talk-pair.ts';
import { signRecord } from '../../../shared/access/membership-log.ts';
import { exchangeLogs } from './log-exchange.ts';

let team: LogTeam;
let owner: TeamHost;
beforeEach(async () => {
  team = new LogTeam();
  owner = await team.begin();
});
afterEach(() => team.close());

const space = async (by: TeamHost, visibility: 'open' | 'invited' = 'open'): Promise<string> => {
  const id = randomId();
  await by.log.append({ verb: 'space.create', space: id, visibility });
  return id;
};

const addDevice = async (by: TeamHost, key: DeviceKey): Promise<void> => {
  const proof = await prove(key, deviceStatement(team.workspace, team.member(by), key.id));
  await by.log.append({ verb: 'device.add', device: key.publicKey, proof });
};

describe('a team without a relay', () => {
  it('[PL1] the owner’s computer orders; what others decide is pending until it has met them', async () => {
    const [b, c] = [await team.join('b'), await team.join('c')];
    await meet(owner, b);
    const made = await space(b);
    expect(b.log.membership.spaces.has(made)).toBe(true);
    expect(b.log.shared.spaces.has(made)).toBe(false);
    expect(await meet(b, c)).toEqual([null, null]);
    expect(c.log.membership.spaces.has(made)).toBe(false);
    expect(c.log.pending).toHaveLength(1);
    await team.restart(c);
    // C brings it to the owner, without B.
    expect(await meet(c, owner)).toEqual([null, null]);
    expect(owner.log.membership.spaces.get(made)?.createdBy).toBe(team.member(b));
    expect(c.log.shared.spaces.has(made)).toBe(true);
    expect(c.log.pending).toEqual([]);
    await meetAll([owner, b, c]);
    expect(b.log.records).toEqual(owner.log.records);
    expect(b.log.pending).toEqual([]);
  });
  it('[PL5] [AH15] an admin’s removal counts where it is seen, before it is in order; nobody gains by what is not', async () => {
    const [b, c, d] = [await team.join('b', 'admin'), await team.join('c'), await team.join('d')];
    await meetAll([owner, b, c, d]);
    const place = await space(owner, 'invited');
    await meetAll([owner, b, c, d]);
    await b.log.append({ verb: 'space.grant', space: place, member: team.member(d), role: 'member', until: null });
    await b.log.append({ verb: 'member.remove', member: team.member(c) });
    await meet(b, d);
    expect(d.log.shared.devices.has(c.key.id)).toBe(false);
    expect(d.log.membership.devices.has(c.key.id)).toBe(false);
    expect(d.log.shared.spaces.get(place)?.grants.has(team.member(d))).toBe(false);
    expect(b.log.shared.spaces.get(place)?.grants.has(team.member(d))).toBe(false);
    // Refused from then on, after a restart too, and the refused one learns nothing.
    await team.restart(d);
    const [refused] = await meet(d, c);
    expect(refused).toMatchObject({ code: 'not-allowed' });
    expect(c.log.shared.devices.has(c.key.id)).toBe(true);
    await meet(d, owner);
    expect(owner.log.membership.removed.has(team.member(c))).toBe(true);
    await meetAll([owner, b, d]);
    expect(d.log.records).toEqual(owner.log.records);
    expect(d.log.membership.spaces.get(place)?.grants.has(team.member(d))).toBe(true);
  });
  it('[PL6] a removal behind an older record does not wait for who signed it; other records are signed again by their device', async () => {
    const [b, c, d] = [await team.join('b', 'admin'), await team.join('c'), await team.join('d')];
    await meetAll([owner, b, c, d]);
    await b.log.append({ verb: 'member.remove', member: team.member(c) });
    const made = await space(b);
    await meet(b, d);
    await space(owner);
    await meet(d, owner);
    expect(owner.log.membership.removed.has(team.member(c))).toBe(true);
    expect(owner.log.membership.spaces.has(made)).toBe(false);
    await meet(b, owner);
    expect(owner.log.membership.spaces.has(made)).toBe(true);
    await meetAll([owner, b, d]);
    expect([b.log.records, d.log.records]).toEqual([owner.log.records, owner.log.records]);
    expect([b.log.pending, d.log.pending, owner.log.pending]).toEqual([[], [], []]);
  });
  it('[PL6] an old record that took a part does not take it again after it was given anew', async () => {
    const place = await space(owner, 'open');
    const [b, c, d] = [await team.join('b', 'admin'), await team.join('c'), await team.join('d')];
    await meetAll([owner, b, c, d]);
    await b.log.append({ verb: 'space.revoke', space: place, member: team.member(c) });
    await meet(b, d);
    await space(owner);
    await meet(b, owner);
    await owner.log.append({ verb: 'space.grant', space: place, member: team.member(c), role: 'member', until: null });
    await meet(d, owner);
    await meetAll([owner, b, c, d]);
    expect(owner.log.membership.spaces.get(place)?.grants.has(team.member(c))).toBe(true);
    expect(d.log.shared.spaces.get(place)?.grants.has(team.member(c))).toBe(true);
  });
  it('[PL3] who is in neither’s list gets nothing; who has more sends first, to a member alone', async () => {
    const b = await team.join('b');
    const c = await team.join('c');
    // B has not heard of C; C, who has B in the list, sends first.
    expect(b.log.membership.devices.has(c.key.id)).toBe(false);
    expect(await meet(b, c)).toEqual([null, null]);
    expect(b.log.records).toEqual(c.log.records);
    const stranger = { ...(await team.host('x', await createDeviceKey(), owner.log.records.slice(0, 1))) };
    const [mine, theirs] = await meet(stranger, b);
    expect(mine).toMatchObject({ code: 'not-allowed' });
    expect(theirs).toMatchObject({ code: 'not-allowed' });
    expect(stranger.log.records).toHaveLength(1);
  });
  it('[PL4] records that nobody ordered, and another history, are refused and told; everything stays', async () => {
    const [b, c] = [await team.join('b'), await team.join('c')];
    await meetAll([owner, b, c]);
    // A computer of the owner that was set back, and went on from there.
    const old = await team.host('old', owner.key, owner.log.records.slice(0, -2));
    await space(old);
    await space(old);
    await space(old);
    const before = b.log.records;
    const [mine, theirs] = await meet(b, old);
    expect([mine, theirs]).toMatchObject([{ details: { forked: true } }, { details: { forked: true } }]);
    expect(String(mine)).not.toMatch(/relay shows/);
    expect(b.log.records).toEqual(before);
    await expect(b.log.follow(old.log.records, b.log.certified.word)).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(b.log.follow([...before, 'x'], old.log.certified.word)).rejects.toMatchObject({ code: 'damaged' });
  });
});

describe('what is not in order', () => {
  it('[PL7] a device that a pending record brings in is shown the log and not let in; its record is carried', async () => {
    const [b, c] = [await team.join('b'), await team.join('c')];
    const words = await createDeviceKey();
    await meet(owner, b);
    await addDevice(b, words);
    await meetAll([owner, b, c]);
    const key = await createDeviceKey();
    const again = await team.host('again', key, owner.log.records);
    await again.log.settle({ ...owner.log.certified, text: owner.log.certified.word });
    const body = {
      verb: 'device.add',
      device: key.publicKey,
      proof: await prove(key, deviceStatement(team.workspace, team.member(b), key.id)),
    } as const;
    const previous = again.log.membership.head;
    await again.log.adopt([
      ...again.log.records,
      await signRecord(words, { version: 2, previous, body, at: team.clock.now() }),
    ]);
    expect(again.log.shared.devices.has(key.id)).toBe(false);
    const [mine, theirs] = await meet(again, c);
    expect(mine).toMatchObject({ details: { waits: true } });
    expect(theirs).toMatchObject({ code: 'not-allowed' });
    expect(c.log.pending).toHaveLength(1);
    await meet(c, owner);
    expect(await meet(again, owner)).toEqual([null, null]);
    expect(owner.log.shared.devices.has(key.id)).toBe(true);
  });
  it('[PL10] what one device or many newcomers hand out is carried within bounds; a removal finds room before all else', async () => {
    const [b, c, d] = [await team.join('b', 'admin'), await team.join('c'), await team.join('d')];
    await meetAll([owner, b, c, d]);
    for (let made = 0; made <= PENDING_LIMITS.perSource; made += 1) await space(c, 'invited');
    await meet(c, b);
    expect(b.log.pending).toHaveLength(PENDING_LIMITS.perSource);
    await b.log.append({ verb: 'member.remove', member: team.member(c) });
    await meet(b, d);
    expect(d.log.shared.devices.has(c.key.id)).toBe(false);
    expect(b.log.pending.length).toBeLessThanOrEqual(PENDING_LIMITS.records);
    team.clock.advance(PENDING_LIMITS.age + 1);
    await space(d);
    expect(d.log.pending).toHaveLength(2);
  });
  it('[PL11] where a relay orders, peers take what it signed for, carry the rest, and the owner’s computer puts nothing in order', async () => {
    const relay = await createDeviceKey();
    const [b, c, d] = [await team.join('b', 'admin'), await team.join('c'), await team.join('d')];
    await owner.log.append({ verb: 'relay.set', key: relay.publicKey, url: 'wss://relay.example' });
    expect(owner.log.orders).toBe(false);
    const say = async (by: TeamHost): Promise<void> => {
      const { records, membership } = by.log;
      const head = { workspace: team.workspace, length: records.length, head: membership.head, at: 1 };
      await by.log.settle({ length: head.length, head: head.head, text: await signHead(relay, head) });
    };
    await say(owner);
    await meetAll([owner, b, c, d]);
    expect(d.log.records).toEqual(owner.log.records);
    await b.log.append({ verb: 'member.remove', member: team.member(c) });
    await meet(b, d);
    await meet(b, owner);
    expect(d.log.shared.devices.has(c.key.id)).toBe(false);
    expect(owner.log.shared.devices.has(c.key.id)).toBe(false);
    expect(b.log.records).toHaveLength(owner.log.records.length + 1);
    await say(b);
    await meetAll([owner, b, d]);
    expect(owner.log.records).toEqual(b.log.records);
    // The relay is lost: the owner's computer orders again, also what the others had decided.
    await b.log.append({ verb: 'space.create', space: 'late', visibility: 'open' });
    await owner.log.append({ verb: 'relay.set', key: owner.key.publicKey, url: null });
    await meetAll([owner, b, d]);
    expect(owner.log.orders).toBe(true);
    expect(d.log.shared.spaces.has('late')).toBe(true);
    expect([b.log.records, d.log.records]).toEqual([owner.log.records, owner.log.records]);
  });
  it('[PL2] an end that says something else than is its turn is refused, and nothing of it is kept', async () => {
    const b = await team.join('b');
    const before = owner.log.records;
    const have = { kind: 'have', standing: 'member', length: 9, locator: ['x'], pending: 'x' } as const;
    const list = { kind: 'records', from: 7, more: true, records: ['a'], word: '' } as const;
    const frames = [have, list, { ...list, from: 9 }, { kind: 'pending', more: true, records: [] }] as const;
    for (const said of [[new Uint8Array([99])], frames.map((one) => encodePeerLogFrame(one))]) {
      const [dialing, accepting] = talkPair();
      for (const message of said) dialing.send(message);
      await expect(exchangeLogs(accepting, owner.log, { device: b.key.id })).rejects.toMatchObject({
        code: 'not-allowed',
      });
    }
    expect(owner.log.records).toEqual(before);
    expect(owner.log.pending).toEqual([]);
  });
});

describe('joining at a member’s computer', () => {
  it('[PL9] the owner’s computer takes in at once; another one carries it, and a second try with the same record finds its way', async () => {
    await space(owner);
    const b = await team.join('b', 'admin');
    await meet(owner, b);
    const invite = await team.invite(b);
    const key = await createDeviceKey();
    const first = await team.knock(b, key, invite);
    if (first.kind !== 'waits') throw new Error('it must wait');
    expect(b.log.shared.devices.has(key.id)).toBe(false);
    expect(await team.knock(b, key, invite, first.record)).toEqual(first);
    await meet(b, owner);
    expect(owner.log.membership.devices.has(key.id)).toBe(true);
    const then = await team.knock(b, key, invite, first.record);
    if (then.kind !== 'joined') throw new Error('it must be in');
    const n = await team.joined('n', key, then);
    expect(await meet(n, owner)).toEqual([null, null]);
    // Used once.
    await expect(team.knock(owner, await createDeviceKey(), invite)).rejects.toThrow();
  });
  it('[PL9] expired, revoked where it is heard, or proved by another seed: refused without a word', async () => {
    const [b, c] = [await team.join('b', 'admin'), await team.join('c')];
    await meetAll([owner, b, c]);
    const [late, gone, good] = [await team.invite(owner), await team.invite(owner), await team.invite(owner)];
    await meetAll([owner, b, c]);
    await b.log.append({ verb: 'invite.revoke', invite: gone.id });
    await meet(b, c);
    const key = await createDeviceKey();
    await expect(team.knock(c, key, gone)).rejects.toThrow();
    await expect(team.knock(c, key, { ...good, seed: late.seed })).rejects.toThrow();
    team.clock.advance(25 * 3_600_000);
    await expect(team.knock(c, key, late)).rejects.toThrow();
    await expect(team.knock(owner, key, late)).rejects.toThrow();
  });
});

describe('another one orders', () => {
  it('[PL8] an owner’s other computer takes the ordering over, and wins over the one that was lost', async () => {
    const b = await team.join('b');
    const key = await createDeviceKey();
    await addDevice(owner, key);
    const second = await team.host('second', key, owner.log.records);
    await second.log.settle({ ...owner.log.certified, text: owner.log.certified.word });
    await meet(second, b);
    // The lost one orders something that B hears of, and the second does not.
    const lost = await space(owner);
    await meet(owner, b);
    expect(second.log.orders).toBe(false);
    await second.log.append({ verb: 'relay.set', key: key.publicKey, url: null });
    await second.log.append({ verb: 'device.remove', device: owner.key.id });
    expect(second.log.orders).toBe(true);
    expect(await meet(b, second)).toEqual([null, null]);
    expect(b.log.records).toEqual(second.log.records);
    expect(b.log.shared.devices.has(owner.key.id)).toBe(false);
    expect(b.log.membership.spaces.has(lost)).toBe(false);
    const made = await space(b);
    await meet(b, second);
    expect(second.log.membership.spaces.has(made)).toBe(true);
    const [refused] = await meet(b, owner);
    expect(refused).toMatchObject({ code: 'not-allowed' });
  });
  it('[PL8] a computer of the owner that was taken out cannot take anything over', async () => {
    const b = await team.join('b');
    const key = await createDeviceKey();
    await addDevice(owner, key);
    const stolen = await team.host('stolen', key, owner.log.records);
    await owner.log.append({ verb: 'device.remove', device: key.id });
    await meet(owner, b);
    await stolen.log.append({ verb: 'relay.set', key: key.publicKey, url: null });
    const before = b.log.records;
    await expect(b.log.follow(stolen.log.records, stolen.log.certified.word)).rejects.toMatchObject({
      details: { forked: true },
    });
    expect(b.log.records).toEqual(before);
  });
});
