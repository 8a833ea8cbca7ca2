// Random lives of a team without a relay: what they decide apart and in what order they meet. At the end all have one log, and on the way nobody gains a right that nobody ordered.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LogTeam, meet, meetAll, type TeamHost } from '../../../tests/support/log-team.ts';
import type { AccessBody, Membership } from '../../../shared/access/identity.ts';
import { evaluateLog } from '../../../shared/access/membership-log.ts';

const RUNS = process.env['CARAVAN_LONG'] ? 150 : 2;

type Step =
  | { readonly kind: 'meet'; readonly a: number; readonly b: number }
  | { readonly kind: 'decide'; readonly who: number; readonly what: number; readonly whom: number }
  | { readonly kind: 'restart'; readonly who: number };

const index = fc.nat(4);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('meet' as const), a: index, b: index }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('decide' as const), who: index, what: fc.nat(6), whom: index }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), who: index }) },
);

/** Admins lose no role here: who was removed by somebody who could not is not out for good, and rightly so. */
function decision(what: number, spaces: readonly string[], name: string, whom: string): AccessBody {
  const space = spaces[name.length % Math.max(1, spaces.length)] ?? 'none';
  switch (what) {
    case 0:
    case 1:
      return { verb: 'space.create', space: name, visibility: what === 0 ? 'open' : 'invited' };
    case 2:
      return { verb: 'space.grant', space, member: whom, role: 'member', until: null };
    case 3:
      return { verb: 'space.revoke', space, member: whom };
    case 4:
      return { verb: 'space.archive', space };
    default:
      return { verb: 'member.remove', member: whom };
  }
}

/** Everything that `less` allows, `more` does as well. */
function isWithin(less: Membership, more: Membership): boolean {
  for (const [id, { role }] of less.members) if (more.members.get(id)?.role !== role) return false;
  for (const device of less.devices.keys()) if (!more.devices.has(device)) return false;
  for (const [id, { grants }] of less.spaces) {
    for (const [member, { role }] of grants) if (more.spaces.get(id)?.grants.get(member)?.role !== role) return false;
  }
  return true;
}

it('[PL5] [PL6] whatever is decided apart, in whatever order they meet', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
      const team = new LogTeam();
      try {
        const owner = await team.begin();
        const hosts = [
          owner,
          await team.join('a', 'admin'),
          await team.join('b', 'admin'),
          await team.join('c'),
          await team.join('d'),
        ];
        await meetAll(hosts);
        const members = hosts.map((host) => team.member(host));
        const decided: { readonly by: TeamHost; readonly name: string }[] = [];
        const out = new Map<TeamHost, Set<string>>(hosts.map((host) => [host, new Set<string>()]));

        const look = async (): Promise<void> => {
          for (const host of hosts) {
            const { length } = host.log.certified;
            expect(owner.log.records.slice(0, length)).toEqual(host.log.records.slice(0, length));
            const ordered = await evaluateLog(host.log.records.slice(0, length));
            if (!ordered.ok) throw new Error(ordered.reason);
            expect(isWithin(host.log.shared, ordered.membership)).toBe(true);
            const gone = out.get(host) ?? new Set();
            for (const member of members) {
              if (host.log.shared.members.has(member)) expect(gone.has(member)).toBe(false);
              else gone.add(member);
            }
          }
        };

        for (const [at, one] of steps.entries()) {
          const host = hosts[one.kind === 'meet' ? one.a : one.who];
          if (!host) continue;
          if (one.kind === 'restart') await team.restart(host);
          else if (one.kind === 'meet') {
            const other = hosts[one.b];
            if (other && other !== host) await meet(host, other);
          } else {
            const name = `s${at}`;
            const { spaces } = host.log.membership;
            const body = decision(one.what, [...spaces.keys()], name, members[one.whom] ?? '');
            const took = await host.log.append(body).then(
              () => true,
              () => false,
            );
            if (took && body.verb === 'space.create') decided.push({ by: host, name });
          }
          await look();
        }
        await meetAll(hosts);
        await look();
        const present = hosts.filter(({ key }) => owner.log.shared.devices.has(key.id));
        for (const host of present) {
          expect(host.log.records).toEqual(owner.log.records);
          expect(host.log.pending).toEqual([]);
        }
        for (const { by, name } of decided)
          if (present.includes(by)) expect(owner.log.membership.spaces.has(name)).toBe(true);
      } finally {
        team.close();
      }
    }),
    { numRuns: RUNS },
  );
}, 600_000);
