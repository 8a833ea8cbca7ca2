// When people came into a space, by the membership log. Pure.
import type { LogRecord } from '../../../shared/access/identity.ts';
import type { LogFacts } from '../log-facts.ts';

/** The last time that each of them was let in, or entered. */
export function cameInto(records: readonly LogRecord[], facts: LogFacts, space: string): ReadonlyMap<string, number> {
  const invites = new Set<string>();
  const came = new Map<string, number>();
  records.forEach(({ hash, at, body }, index) => {
    if (body.verb === 'space.create' && body.space === space) {
      const actor = facts.actors[index];
      if (actor) came.set(actor, at);
    } else if (body.verb === 'invite.create' && body.spaces.some((one) => one.space === space)) {
      invites.add(body.invite);
    } else if (body.verb === 'member.join') {
      if ('invite' in body && body.invite !== null && invites.has(body.invite)) came.set(hash, at);
    } else if (body.verb === 'space.grant' && body.space === space) {
      if (!came.has(body.member)) came.set(body.member, at);
    } else if (body.verb === 'space.revoke' && body.space === space) came.delete(body.member);
  });
  return came;
}
