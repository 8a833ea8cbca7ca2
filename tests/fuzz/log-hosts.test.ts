// The membership log among three hosts and a relay, in random orders, with hostile records in between: the same state everywhere. With CARAVAN_LONG=1 many more.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessBody } from '../../shared/access/identity.ts';
import { evaluateLog, hashRecord } from '../../shared/access/membership-log.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { HOSTS, LogWorld, bodyOf, makeCast, type Cast } from './log-world.ts';

const RUNS = Number(process.env['CARAVAN_SEEDS'] ?? (process.env['CARAVAN_LONG'] === '1' ? 1_000 : 100));
const SEED = Number(
  process.env['CARAVAN_FIRST_SEED'] ?? (process.env['CARAVAN_LONG'] === '1' ? Date.now() % 2 ** 31 : 1),
);

let cast: Cast;
beforeAll(async () => {
  cast = await makeCast();
});
const worlds = new Set<LogWorld>();
afterAll(() => Promise.all([...worlds].map((world) => world.dispose())));

const host = fc.nat({ max: HOSTS - 1 });
/** Whom or what it is about, by number. */
const pick = fc.nat({ max: 4 });
const ATTACKS = [
  'signature',
  'content',
  'order',
  'foreign',
  'previous',
  'gap',
  'without right',
  'after removal',
] as const;
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('act' as const), host, verb: fc.nat({ max: 9 }), whom: pick }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('sync' as const), host }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('attack' as const), host, how: fc.constantFrom(...ATTACKS), whom: pick }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function bodyFor(verb: number, whom: number): AccessBody {
  const member = cast.members[whom]!;
  const space = cast.spaces[whom % cast.spaces.length]!;
  switch (verb) {
    case 0:
    case 1:
      return { verb: 'member.remove', member };
    case 2:
      return { verb: 'member.role', member, role: whom % 2 === 0 ? 'member' : 'viewer' };
    case 3:
      return { verb: 'member.role', member, role: 'admin' };
    case 4:
      return { verb: 'owner.transfer', member };
    case 5:
      return { verb: 'space.create', space: randomId(), visibility: whom % 2 === 0 ? 'open' : 'invited' };
    case 6:
      return { verb: 'space.grant', space, member, role: 'manager', until: null };
    case 7:
      return { verb: 'space.revoke', space, member };
    case 8:
      return { verb: 'space.archive', space };
    default:
      return { verb: 'relay.set', key: null, url: `wss://relay${whom}.example` };
  }
}

/** Records that must not hold behind what the relay has; null where there is nothing to attack with. */
async function forged(
  world: LogWorld,
  { host: by, how, whom }: Step & { kind: 'attack' },
): Promise<readonly string[] | null> {
  const good = await world.sign(by, { verb: 'space.create', space: randomId(), visibility: 'open' });
  const [head, content, signature] = good.split('.') as [string, string, string];
  switch (how) {
    case 'signature':
      return [`${head}.${content}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`];
    case 'content': {
      const other = await world.sign(by, { verb: 'member.remove', member: cast.members[whom]! });
      return [`${head}.${other.split('.')[1]!}.${signature}`];
    }
    case 'order': {
      const next = await world.sign(by, { verb: 'space.archive', space: cast.spaces[0]! }, await hashRecord(good));
      return [next, good];
    }
    case 'foreign':
      return cast.foreign.slice(whom % cast.foreign.length);
    case 'previous': {
      const early = await world.hashOf(whom % (world.records.length - 1));
      return [await world.sign(by, { verb: 'member.remove', member: cast.members[whom]! }, early)];
    }
    case 'gap':
      return [await world.sign(by, { verb: 'space.archive', space: cast.spaces[0]! }, await hashRecord(good))];
    case 'without right': {
      // Nobody takes out whom they do not stand above.
      const { members, devices } = world.membership;
      const rank = ['guest', 'viewer', 'member', 'admin', 'owner'];
      const me = members.get(devices.get(world.key(by).id) ?? '');
      const above = [...members.values()].filter(
        ({ id, role }) => id !== me?.id && rank.indexOf(role) >= rank.indexOf(me?.role ?? ''),
      );
      const victim = above[whom % above.length];
      return victim ? [await world.sign(by, { verb: 'member.remove', member: victim.id })] : null;
    }
    case 'after removal':
      return world.isIn(by) ? null : [good];
  }
}

async function attack(world: LogWorld, step: Step & { kind: 'attack' }): Promise<void> {
  const records = await forged(world, step);
  if (!records) return;
  const before = [...world.records];
  const outcome = await world.relay.append(cast.workspace, records);
  expect(outcome.kind, `${step.how} at the relay`).not.toBe('appended');
  expect(world.records).toEqual(before);
  // A relay that was taken over hands the same to a host.
  const victim = world.hosts[(step.host + 1) % HOSTS]!;
  const mine = [...victim.records];
  await expect(victim.adopt([...before, ...records]), `${step.how} at a host`).rejects.toMatchObject({
    code: expect.stringMatching(/^(damaged|not-allowed)$/) as unknown,
  });
  expect(victim.records).toEqual(mine);
}

async function play(steps: readonly Step[], order: readonly number[]): Promise<void> {
  const world = await LogWorld.make(cast);
  worlds.add(world);
  for (const step of steps) {
    if (step.kind === 'act') await world.act(step.host, bodyFor(step.verb, step.whom));
    else if (step.kind === 'sync') await world.sync(step.host);
    else await attack(world, step);
  }
  // Twice: what the last one handed over, the first has not seen.
  for (const at of [...order, ...order]) await world.sync(at);
  const whole = await evaluateLog(world.records);
  if (!whole.ok) throw new Error(`the relay's own log does not hold: ${whole.reason}`);
  expect(whole.membership).toEqual(world.membership);
  expect([...whole.membership.members.values()].filter(({ role }) => role === 'owner')).toHaveLength(1);
  for (const [at, log] of world.hosts.entries()) {
    if (world.isIn(at)) {
      expect(log.records, `host ${at}`).toEqual(world.records);
      expect(log.membership, `host ${at}`).toEqual(whole.membership);
    } else {
      expect(log.records, `removed host ${at}`).toEqual(world.farewell(at));
      expect(log.membership.devices.has(world.key(at).id)).toBe(false);
    }
  }
  // Nobody who lost the right stands behind the record that took it.
  for (const [at, text] of world.records.entries()) {
    const removed = bodyOf(text)['verb'] === 'member.remove' ? bodyOf(text)['member'] : null;
    const person = cast.people.find(({ member }) => member === removed);
    if (person) expect(whole.records.slice(at + 1).map(({ signer }) => signer)).not.toContain(person.key.id);
  }
  worlds.delete(world);
  await world.dispose();
}

describe('the log of a workspace among three hosts', () => {
  it(
    `comes to the same state everywhere, whatever the order (${String(RUNS)} runs, seed ${String(SEED)})`,
    { timeout: 60_000 + RUNS * 1_000 },
    () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 4, maxLength: 14 }),
          fc.shuffledSubarray([0, 1, 2], { minLength: HOSTS }),
          play,
        ),
        { numRuns: RUNS, seed: SEED },
      ),
  );

  it.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 2, 0]]])(
    'two admins who remove each other both stay; one whom the owner removed meanwhile finds out, with what they did while away (order %j)',
    async (order) => {
      const world = await LogWorld.make(cast);
      worlds.add(world);
      // Neither admin is above the other: not at their own hosts, and not by a record that a program of theirs signed.
      const [owner, first, second] = cast.people.map(({ member }) => member) as [string, string, string];
      expect(await world.act(1, { verb: 'member.remove', member: second })).toBe(false);
      expect(await world.act(2, { verb: 'member.remove', member: first })).toBe(false);
      const each = [
        await world.sign(1, { verb: 'member.remove', member: second }),
        await world.sign(2, { verb: 'member.remove', member: first }),
      ];
      for (const text of each) expect((await world.relay.append(cast.workspace, [text])).kind).toBe('refused');
      // The owner removes one admin while that one, away, takes rights from everybody below.
      expect(await world.act(0, { verb: 'member.remove', member: first })).toBe(true);
      expect(await world.act(1, { verb: 'member.remove', member: cast.members[3]! })).toBe(true);
      expect(await world.act(2, { verb: 'member.remove', member: cast.members[3]! })).toBe(true);
      for (const at of [...order, ...order]) await world.sync(at);
      expect(world.isIn(1)).toBe(false);
      expect(world.membership.members.has(owner)).toBe(true);
      expect(world.membership.members.has(cast.members[3]!)).toBe(false);
      for (const at of [0, 2]) expect(world.hosts[at]!.membership).toEqual(world.membership);
      expect(world.hosts[1]!.records).toEqual(world.farewell(1));
    },
  );
});
