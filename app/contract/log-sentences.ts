// Records of the membership log as plain English sentences, for the window and the command line. It reads no log and knows no rights.
import type { LogEntry } from './access.ts';

/** What ids are called here; '' for what has no name on this computer. */
export interface LogNames {
  /** My member id. */
  readonly me: string | null;
  member(id: string): string;
  space(id: string): string;
  device(member: string | null, device: string): string;
  document(id: string): string;
  /** A day as people read it, in the zone and manner of whoever asks. */
  day(at: number): string;
}

const ROLES: Readonly<Record<string, string>> = {
  owner: 'the owner',
  admin: 'an admin',
  member: 'a member',
  viewer: 'a viewer',
  guest: 'a guest',
  manager: 'a manager',
};

/** One sentence, without the time of the record itself. Total: a verb that this version does not know is named as it is. */
export function logSentence(entry: LogEntry, names: LogNames): string {
  const who = start(personOf(entry.actor, names));
  const whom = objectOf(entry, names);
  const space = spaceOf(entry.space, names);
  switch (entry.verb) {
    case 'workspace.create':
      return `${who} started this workspace.`;
    case 'member.join':
      return entry.invite === undefined ? `${who} joined.` : `${who} joined with an invite.`;
    case 'device.add':
      return `${who} added ${deviceOf(entry, names)} to their computers.`;
    case 'device.remove':
      return entry.member === entry.actor
        ? `${who} removed ${deviceOf(entry, names)} from their computers.`
        : `${who} removed ${deviceOf(entry, names)} of ${whom}.`;
    case 'invite.create':
      return `${who} invited ${roleOf(entry.role)}${invitedTo(entry, names)}${until(entry, names)}.`;
    case 'invite.revoke':
      return `${who} took back an invite.`;
    case 'member.role':
      return `${who} made ${whom} ${roleOf(entry.role)}.`;
    case 'member.remove':
      return entry.member === entry.actor ? `${who} left the workspace.` : `${who} removed ${whom} from the workspace.`;
    case 'owner.transfer':
      return `${who} handed the workspace over to ${whom}, who is its owner now.`;
    case 'space.create':
      return `${who} made the ${entry.visibility === 'invited' ? 'space (by invitation)' : 'open space'} ${space}.`;
    case 'space.grant':
      if (entry.member === entry.actor) return `${who} entered the space ${space} as ${roleOf(entry.role)}.`;
      return `${who} let ${whom} into the space ${space} as ${roleOf(entry.role)}${until(entry, names)}.`;
    case 'space.revoke':
      if (entry.member === entry.actor) return `${who} left the space ${space}.`;
      return `${who} took ${whom} out of the space ${space}.`;
    case 'space.archive':
      return `${who} archived the space ${space}.`;
    case 'document.purge':
      return `${who} purged ${documentOf(entry, names)} from the space ${space}.`;
    case 'relay.set':
      return entry.url ? `${who} set the relay to ${entry.url}.` : `${who} took the relay away.`;
    default:
      return `${who} recorded something that this version does not know (${entry.verb}).`;
  }
}

function personOf(id: string | null, { me, member }: LogNames): string {
  if (id === null) return 'somebody';
  const name = member(id);
  if (id === me) return name === '' ? 'you' : `${name} (you)`;
  return name === '' ? `somebody without a name here (${id.slice(0, 8)})` : name;
}

function objectOf({ member }: LogEntry, names: LogNames): string {
  return member === undefined ? 'somebody' : personOf(member, names);
}

function spaceOf(id: string | undefined, names: LogNames): string {
  if (id === undefined) return 'that has no name here';
  const name = names.space(id);
  return name === '' ? `that has no name here (${id.slice(0, 8)})` : `“${name}”`;
}

function deviceOf({ about, member, actor }: LogEntry, names: LogNames): string {
  if (about === undefined) return 'a computer';
  const name = names.device(member ?? actor, about);
  return name === '' ? `the computer ${about.slice(0, 8)}` : `the computer “${name}”`;
}

function documentOf({ document }: LogEntry, names: LogNames): string {
  const name = document === undefined ? '' : names.document(document);
  // A purged document has no title any more, which is the point of it.
  return name === '' ? `a document${document === undefined ? '' : ` (${document.slice(0, 8)})`}` : `“${name}”`;
}

function roleOf(role: string | undefined): string {
  return ROLES[role ?? ''] ?? `a ${role ?? 'member'}`;
}

function invitedTo({ spaces, space }: LogEntry, names: LogNames): string {
  const all = spaces ?? (space === undefined ? [] : [space]);
  if (all.length === 0) return ' into the workspace';
  const list = all.map((id) => spaceOf(id, names));
  const last = list.pop() ?? '';
  return ` into the ${all.length === 1 ? 'space' : 'spaces'} ${list.length > 0 ? `${list.join(', ')} and ` : ''}${last}`;
}

function until({ until: end }: LogEntry, names: LogNames): string {
  return end === undefined || end === null ? '' : `, until ${names.day(end)}`;
}

function start(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
