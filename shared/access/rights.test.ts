// Shows that the evaluation gives exactly what rights-table.json says: every role, every place, every operation, every record.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { LogWriter, type Person } from '../../tests/support/log-writer.ts';
import { randomId } from '../base/random-id.ts';
import { createDeviceKey } from './device-key.ts';
import type { Membership, RecordBody } from './identity.ts';
import { isAllowed, type Asker, type Place, type RoomOperation } from './rights.ts';

interface Table {
  readonly roles: readonly string[];
  readonly places: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly records: Readonly<Record<string, readonly string[]>>;
}

const TABLE = JSON.parse(readFileSync(new URL('rights-table.json', import.meta.url), 'utf8')) as Table;
const OPERATIONS: readonly RoomOperation[] = [
  'read',
  'write',
  'presence',
  'list',
  'history',
  'blob.read',
  'blob.write',
];

const log = new LogWriter();
const people = new Map<string, Person>();
const askers = new Map<string, Asker>();
let space: string;
let archived: string;
let closed: string;
let open: string;
let met: string;
let unmet: string;
let victimKey: string;
let membership: Membership;

beforeAll(async () => {
  const owner = await log.create();
  space = await log.space(owner);
  archived = await log.space(owner);
  const both = (role: 'member' | 'viewer' | 'guest' | 'manager') =>
    [space, archived].map((id) => ({ space: id, role }) as const);
  people.set('owner', owner);
  people.set('admin', await log.join(owner, 'admin', both('member')));
  people.set('manager', await log.join(owner, 'member', both('manager')));
  people.set('member', await log.join(owner, 'member', both('member')));
  people.set('viewer', await log.join(owner, 'viewer', both('viewer')));
  people.set('guest-editor', await log.join(owner, 'guest', both('guest')));
  people.set('guest-viewer', await log.join(owner, 'guest', both('viewer')));
  people.set('removed', await log.join(owner, 'member', both('member')));
  const colleague = await log.join(owner, 'member', [{ space, role: 'member' }]);
  met = colleague.member;
  victimKey = colleague.key.id;
  const recluse = await log.join(owner, 'member');
  unmet = recluse.member;
  closed = await log.space(recluse);
  open = await log.space(recluse, 'open');
  await log.add(owner.key, { verb: 'document.purge', space, document: 'purged' });
  await log.add(owner.key, { verb: 'space.archive', space: archived });
  await log.add(owner.key, { verb: 'member.remove', member: people.get('removed')!.member });
  membership = await log.membership();
  for (const [role, { key, member }] of people) askers.set(role, { device: key.id, member });
  askers.set('none', { device: (await createDeviceKey()).id, member: null });
});

/** The place that a row of the table speaks of, for one role. */
function placeOf(row: string, role: string): Place {
  const self = people.get(role)?.member ?? 'nobody';
  const places: Record<string, Place> = {
    'space with a part': { space, document: 'D' },
    // Owner and admins have no part either: they can give themselves one, and the log says so.
    'space without a part': { space: closed, document: 'D' },
    'open space without a part': { space: open, document: 'D' },
    'name of an open space without a part': { space: open, document: open },
    'archived space with a part': { space: archived, document: 'D' },
    'purged document': { space, document: 'purged' },
    'unknown space': { space: 'nowhere', document: 'D' },
    'own profile': { space: `@${self}`, document: 'profile' },
    'profile of somebody met': { space: `@${met}`, document: 'profile' },
    'profile of a member never met': { space: `@${unmet}`, document: 'profile' },
    'own personal documents': { space: `~${self}`, document: 'inbox' },
    'personal documents of another': { space: `~${met}`, document: 'inbox' },
    workspace: { space: '@workspace', document: 'about' },
    teams: { space: '@teams', document: 'tree' },
  };
  return places[row]!;
}

describe('rooms', () => {
  it.each(Object.keys(TABLE.places))('%s', (row) => {
    for (const role of TABLE.roles) {
      const may = OPERATIONS.filter((operation) =>
        isAllowed(membership, askers.get(role)!, operation, placeOf(row, role), log.at),
      );
      expect(may.join(' '), role).toBe(TABLE.places[row]![role]!.split(' ').filter(Boolean).join(' '));
    }
  });

  it('end for a guest at the time named, and for a device that pretends to be another member at once', async () => {
    const end = log.at + 60_000;
    const guest = await log.join(people.get('owner')!, 'guest', [{ space, role: 'guest' }], end);
    const now = await log.membership();
    const asker = { device: guest.key.id, member: guest.member };
    expect(isAllowed(now, asker, 'write', { space, document: 'D' }, end - 1)).toBe(true);
    expect(isAllowed(now, asker, 'read', { space, document: 'D' }, end)).toBe(false);
    expect(isAllowed(now, { ...asker, member: met }, 'read', { space, document: 'D' }, end - 1)).toBe(false);
  });

  it('follow a role that changed: a manager made a viewer reads, a guest made a member writes', async () => {
    const [manager, guest] = [people.get('manager')!, people.get('guest-editor')!];
    const other = new LogWriter();
    other.records.push(...log.records);
    other.at = log.at;
    const owner = people.get('owner')!;
    await other.add(owner.key, { verb: 'member.role', member: manager.member, role: 'viewer' });
    await other.add(owner.key, { verb: 'member.role', member: guest.member, role: 'member' });
    const now = await other.membership();
    const may = (person: Person, operation: RoomOperation): boolean =>
      isAllowed(now, { device: person.key.id, member: person.member }, operation, { space, document: 'D' }, other.at);
    expect([may(manager, 'read'), may(manager, 'write'), may(guest, 'write')]).toEqual([true, false, true]);
  });
});

describe('records', () => {
  it.each(Object.keys(TABLE.records))('%s', async (row) => {
    const roles = ['owner', 'admin', 'manager', 'member', 'viewer', 'guest-editor', 'guest-viewer', 'removed'];
    const may: string[] = [];
    for (const role of roles) {
      const body = await recordOf(row, role);
      if ((await log.refusal(people.get(role)!, body)) === null) may.push(role);
    }
    expect(may).toEqual(TABLE.records[row]);
  });
});

async function recordOf(row: string, role: string): Promise<RecordBody> {
  const invite = {
    verb: 'invite.create',
    invite: randomId(),
    key: (await createDeviceKey()).publicKey,
    spaces: [],
    expires: log.at + 3_600_000,
    until: null,
  } as const;
  const self = people.get(role)!.member;
  const entering = role === 'viewer' ? 'viewer' : 'member';
  const other = role === 'admin' ? people.get('member')! : people.get('admin')!;
  const bodies: Record<string, RecordBody> = {
    'invite an admin': { ...invite, role: 'admin' },
    'invite a member': { ...invite, role: 'member' },
    'invite a guest into the space': { ...invite, role: 'guest', spaces: [{ space, role: 'guest' }] },
    'make somebody an admin': { verb: 'member.role', member: met, role: 'admin' },
    'make a member a viewer': { verb: 'member.role', member: met, role: 'viewer' },
    'remove an admin': { verb: 'member.remove', member: role === 'admin' ? people.get('owner')!.member : other.member },
    'remove a member': { verb: 'member.remove', member: met },
    "remove a member's device": { verb: 'device.remove', device: victimKey },
    'create a space': { verb: 'space.create', space: randomId(), visibility: 'invited' },
    'grant a part in the space': { verb: 'space.grant', space, member: unmet, role: 'member', until: null },
    'take a part in the space': { verb: 'space.revoke', space, member: met },
    'enter an open space': { verb: 'space.grant', space: open, member: self, role: entering, until: null },
    'archive the space': { verb: 'space.archive', space },
    'purge a document': { verb: 'document.purge', space, document: 'other' },
    'set the relay': { verb: 'relay.set', key: null, url: 'wss://relay.example:4680' },
    'hand the workspace over': { verb: 'owner.transfer', member: met },
    leave: { verb: 'member.remove', member: self },
  };
  return bodies[row]!;
}
