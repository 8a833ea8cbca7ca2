// The records of a membership log as windows read them: who, when, what. Pure; sentences are made where the names are.
import type { LogRecord, RecordBody } from '../../shared/access/identity.ts';
import type { LogEntry } from '../contract/access.ts';
import type { LogFacts } from './log-facts.ts';

/** @param added ids of the devices that records bring in, by the record's hash. */
export function logEntries(
  records: readonly LogRecord[],
  facts: LogFacts,
  added: ReadonlyMap<string, string>,
): readonly LogEntry[] {
  return records.map((record, at) => {
    const { hash, signer, at: time, body } = record;
    const actor = facts.actors[at] ?? null;
    const subject = body.verb === 'device.remove' ? (facts.devices.get(body.device)?.member ?? null) : null;
    const device = added.get(hash);
    return {
      hash,
      at: time,
      actor,
      device: signer,
      verb: body.verb,
      ...detailsOf(body),
      ...(subject !== null && { member: subject }),
      ...(device !== undefined && { about: device }),
    };
  });
}

function detailsOf(body: RecordBody): Partial<LogEntry> {
  switch (body.verb) {
    case 'member.join':
      return 'invite' in body ? { invite: body.invite } : {};
    case 'device.remove':
      return { about: body.device };
    case 'invite.create': {
      const { invite, role, until, spaces } = body;
      return { invite, role, until, spaces: spaces.map(({ space }) => space) };
    }
    case 'invite.revoke':
      return { invite: body.invite };
    case 'member.role':
      return { member: body.member, role: body.role };
    case 'member.remove':
    case 'owner.transfer':
      return { member: body.member };
    case 'space.create':
      return { space: body.space, visibility: body.visibility };
    case 'space.grant':
      return { space: body.space, member: body.member, role: body.role, until: body.until };
    case 'space.revoke':
      return { space: body.space, member: body.member };
    case 'space.archive':
      return { space: body.space };
    case 'document.purge':
      return { space: body.space, document: body.document };
    case 'relay.set':
      return { url: body.url };
    default:
      return {};
  }
}
