// Shows who is given a ticket, and that everybody else gets one and the same nothing.
import { beforeEach, describe, expect, it } from 'vitest';
import { createDeviceKey } from '../shared/access/device-key.ts';
import type { DeviceKey, Membership } from '../shared/access/identity.ts';
import { readTicket, signChallenge } from '../shared/access/ticket.ts';
import { FakeClock } from '../shared/base/clock.ts';
import { LIMITS } from '../shared/protocol/limits.ts';
import { LogWriter, type Person } from '../tests/support/log-writer.ts';
import { Nonces } from './nonces.ts';
import { RateLimit } from './rate-limit.ts';
import { TicketOffice, WHOLE_WORKSPACE, type TicketAnswer } from './ticket-office.ts';

let log: LogWriter;
let owner: Person;
let guest: Person;
let workspace: string;
let space: string;
let closed: string;
let membership: Membership;
let relay: DeviceKey;
let clock: FakeClock;
let nonces: Nonces;
let office: TicketOffice;

beforeEach(async () => {
  log = new LogWriter();
  owner = await log.create();
  workspace = await log.workspace();
  space = await log.space(owner);
  closed = await log.space(owner);
  guest = await log.join(owner, 'guest', [{ space, role: 'guest' }]);
  membership = await log.membership();
  relay = await createDeviceKey();
  clock = new FakeClock(log.at);
  nonces = new Nonces(clock);
  office = new TicketOffice({
    key: relay,
    nonces,
    clock,
    membership: (id) => (id === membership.workspace ? membership : null),
  });
});

async function ask(
  by: DeviceKey,
  room: string,
  change: { nonce?: string; relay?: string; workspace?: string } = {},
): Promise<TicketAnswer | null> {
  const challenge = await signChallenge(by, { relay: relay.id, workspace, nonce: nonces.give().nonce, ...change });
  return office.ticket({ workspace, room, challenge });
}

describe('ticket office', () => {
  it('gives a ticket that opens the room, and one for the whole workspace', async () => {
    const given = await ask(guest.key, `${space}/D`);
    const terms = { workspace, room: `${space}/D`, now: clock.now() };
    expect(await readTicket(given!.ticket, relay, terms)).toBe(guest.key.id);
    expect(await ask(owner.key, WHOLE_WORKSPACE)).not.toBeNull();
  });

  it('gives none for another relay, another workspace, a strange device, a closed space, no room, or a nonce of nobody', async () => {
    const stranger = await createDeviceKey();
    expect(await ask(owner.key, WHOLE_WORKSPACE, { relay: stranger.id })).toBeNull();
    expect(await ask(owner.key, WHOLE_WORKSPACE, { workspace: stranger.id })).toBeNull();
    expect(await ask(stranger, WHOLE_WORKSPACE)).toBeNull();
    expect(await ask(guest.key, `${closed}/D`)).toBeNull();
    expect(await ask(guest.key, '../x')).toBeNull();
    expect(await ask(owner.key, WHOLE_WORKSPACE, { nonce: 'x'.repeat(22) })).toBeNull();
  });

  it('takes a challenge once, and not after its minute', async () => {
    const { nonce } = nonces.give();
    const challenge = await signChallenge(owner.key, { relay: relay.id, workspace, nonce });
    const request = { workspace, room: WHOLE_WORKSPACE, challenge };
    expect(await office.ticket(request)).not.toBeNull();
    expect(await office.ticket(request)).toBeNull();
    const late = nonces.give().nonce;
    clock.advance(LIMITS.nonce);
    expect(await ask(owner.key, WHOLE_WORKSPACE, { nonce: late })).toBeNull();
  });

  it('gives none after removal', async () => {
    await log.add(owner.key, { verb: 'member.remove', member: guest.member });
    membership = await log.membership();
    expect(await ask(guest.key, `${space}/D`)).toBeNull();
  });
});

describe('nonces and rates', () => {
  it('a flood of nonces stays bounded', () => {
    const first = nonces.give().nonce;
    for (let i = 0; i < 20_000; i++) nonces.give();
    expect(nonces.waiting).toBeLessThanOrEqual(10_000);
    expect(nonces.take(first)).toBe(false);
    clock.advance(LIMITS.nonce);
    nonces.give();
    expect(nonces.waiting).toBe(1);
  });

  it('an address has its burst, gets back its share, and takes nothing from others', () => {
    const limit = new RateLimit(clock, { burst: 3, perMinute: 60 });
    const take = (address: string, times: number): boolean[] =>
      Array.from({ length: times }, () => limit.take(address));
    expect(take('a', 4)).toEqual([true, true, true, false]);
    expect(take('b', 1)).toEqual([true]);
    clock.advance(1_000);
    expect(take('a', 2)).toEqual([true, false]);
    for (let i = 0; i < 20_000; i++) limit.take(String(i));
    expect(limit.remembered).toBeLessThanOrEqual(10_000);
  });
});
