// States of access that one computer alone does not come to: a real host's answers on their way to the window, with people, spaces,
// invitations and devices put in. For how screens look; what the host does is tested with real hosts.
import type { Page } from '@playwright/test';
import type { InviteEntry, LogEntry } from '../../app/contract/access.ts';
import type { DeviceEntry, MemberEntry, SpaceEntry, WorkspaceEntry } from '../../app/contract/entities.ts';

export interface States {
  workspace?: Partial<WorkspaceEntry>;
  spaces?: (real: readonly SpaceEntry[]) => readonly SpaceEntry[];
  members?: (real: readonly MemberEntry[]) => readonly MemberEntry[];
  /** Answers of whole calls; they are not asked of the host. */
  calls?: Record<string, unknown>;
}

type Message = { id?: number; call?: string; ok?: unknown; error?: unknown; event?: string } & Record<string, unknown>;

/** From the next time that the page is opened. */
export async function withStates(page: Page, states: States): Promise<void> {
  await page.routeWebSocket(/\/v1\/calls$/, (socket) => {
    const host = socket.connectToServer();
    const asked = new Map<number, string>();
    socket.onMessage((text) => {
      const message = JSON.parse(String(text)) as Message;
      const { id, call } = message;
      if (id !== undefined && call !== undefined) {
        if (states.calls && Object.hasOwn(states.calls, call)) {
          socket.send(JSON.stringify({ id, ok: states.calls[call] }));
          return;
        }
        asked.set(id, call);
      }
      host.send(text);
    });
    host.onMessage((text) => {
      const message = JSON.parse(String(text)) as Message;
      const call = asked.get(message.id ?? -1);
      const entries = (list: unknown): unknown =>
        (list as WorkspaceEntry[]).map((entry) => ({ ...entry, ...states.workspace }));
      if (call === 'hello' && message.ok) {
        const hello = message.ok as { workspaces: WorkspaceEntry[] };
        message.ok = { ...hello, workspaces: entries(hello.workspaces) };
      } else if (call === 'space.list' && message.ok && states.spaces)
        message.ok = states.spaces(message.ok as SpaceEntry[]);
      else if (call === 'workspace.members' && message.ok && states.members)
        message.ok = states.members(message.ok as MemberEntry[]);
      else if (message.event === 'workspaces') message['workspaces'] = entries(message['workspaces']);
      else if (message.event === 'spaces' && states.spaces)
        message['spaces'] = states.spaces(message['spaces'] as SpaceEntry[]);
      else if (message.event === 'members' && states.members)
        message['members'] = states.members(message['members'] as MemberEntry[]);
      socket.send(JSON.stringify(message));
    });
  });
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.now();

function device(id: string, name: string, hoursAgo: number | null, me = false): DeviceEntry {
  return {
    id,
    name,
    me,
    addedAt: NOW - 40 * DAY,
    lastSeen: hoursAgo === null ? null : NOW - hoursAgo * HOUR,
  };
}

type Part = MemberEntry['spaces'][number];

function person(
  id: string,
  name: string,
  role: MemberEntry['role'],
  spaces: readonly Part[],
  devices: readonly DeviceEntry[],
): MemberEntry {
  return {
    id,
    name,
    role,
    me: false,
    joinedAt: NOW - 30 * DAY,
    removed: false,
    devices: [...devices],
    spaces: [...spaces],
  };
}

function space(id: string, name: string, more: Partial<SpaceEntry>): SpaceEntry {
  return {
    id,
    room: `w/${id}/${id}`,
    name,
    purpose: '',
    visibility: 'open',
    archived: false,
    part: null,
    mayWrite: false,
    manages: false,
    until: null,
    outsiders: 0,
    lost: false,
    ...more,
  };
}

/** The first (real) space becomes the ground station, with a guest in it; three others stand around it. */
export function manySpaces(real: readonly SpaceEntry[]): readonly SpaceEntry[] {
  return [
    ...real
      .slice(0, 1)
      .map((one) => ({ ...one, name: 'Ground station', purpose: 'The dish and everything below it', outsiders: 1 })),
    space('mission', 'Mission ops', { part: 'manager', mayWrite: true, manages: true, visibility: 'invited' }),
    space('rf', 'RF lab', { purpose: 'Who listens' }),
    space('coast', 'Coast site', { part: 'viewer', archived: true }),
  ];
}

export function manyMembers(station: string): (real: readonly MemberEntry[]) => readonly MemberEntry[] {
  const in1 = (role: Part['role'], until: number | null = null): Part => ({ space: station, role, until });
  const in2 = (role: Part['role']): Part => ({ space: 'mission', role, until: null });
  return (real) => [
    ...real.map((me) => ({
      ...me,
      devices: [...me.devices.map((one) => ({ ...one, name: one.name || 'Laptop' })), device('d1', 'Old laptop', 30)],
      spaces: [in1('manager'), in2('manager')],
    })),
    person('ana', 'Ana Torres', 'admin', [in1('member'), in2('member')], [device('d2', 'Station computer', 0.1)]),
    person(
      'bo',
      'Bo Hansen',
      'member',
      [in1('viewer')],
      [device('d3', 'Ferry laptop', 52), device('d4', 'Phone', null)],
    ),
    person('ines', 'Ines Moreau', 'viewer', [in1('viewer')], [device('d5', '', 5)]),
    person('zoe', 'Zoe Park', 'guest', [in1('guest', NOW + 12 * DAY)], [device('d6', 'Zoe at the survey', 2)]),
    { ...person('taro', 'Taro Kishimi', 'member', [], []), removed: true },
  ];
}

function invite(id: string, more: Partial<InviteEntry>): InviteEntry {
  return {
    id,
    role: 'member',
    spaces: [],
    expires: NOW + 6 * DAY,
    until: null,
    createdBy: 'ana',
    createdAt: NOW - DAY,
    state: 'open',
    usedBy: null,
    ...more,
  };
}

export const LINK = `caravan://join#v=2&relay=wss%3A%2F%2Frelay.perigee.example&workspace=WKIsVAVF0mGFbWm8Qn2oLw&invite=yQ1a3KkLr5tS8u2wX0zB4g&seed=mA7cE9gJ2lN4pR6tV8xZ0bD3fH5kM7oQ9sU1wY3aC5e&title=Perigee`;

export function accessCalls(station: string): Record<string, unknown> {
  const log = (hash: string, verb: string, more: Partial<LogEntry>): LogEntry => ({
    hash,
    at: NOW - 2 * DAY,
    actor: 'ana',
    device: 'd2',
    verb,
    ...more,
  });
  return {
    'invite.list': [
      invite('i1', {}),
      invite('i2', {
        role: 'guest',
        spaces: [{ space: station, role: 'guest' }],
        until: NOW + 20 * DAY,
        expires: NOW + 5 * HOUR,
      }),
      invite('i3', { state: 'used', usedBy: 'bo' }),
      invite('i4', { state: 'revoked' }),
    ],
    'invite.create': {
      invite: invite('i5', { role: 'guest', spaces: [{ space: station, role: 'guest' }] }),
      link: LINK,
      told: true,
    },
    'member.sees': {
      spaces: [{ space: station, name: 'Ground station', role: 'guest', documents: 12 }],
      people: ['ana', 'bo'],
    },
    'recovery.state': { made: false, tested: false },
    'recovery.create': { words: `${'abandon '.repeat(23)}art` },
    'recovery.confirm': {},
    'settings.read': { historyDays: 365, historyBytes: 256 * 1024 * 1024, deviceName: 'Laptop' },
    'disk.use': [
      { what: 'Text of pages', bytes: 4_200_000 },
      { what: 'History', bytes: 61_000_000 },
      { what: 'Snapshots', bytes: 12_400_000 },
    ],
    'keys.where': { kept: 'file', keyring: 'the GNOME keyring', closed: null },
    'device.invite': { link: LINK.replace('join', 'device') },
    'workspace.leaving': {
      unsent: [{ room: 'w/s/d', id: 'd', title: 'Dish alignment', kind: 'page', since: NOW }],
      soleOwner: false,
      documents: 214,
      bytes: 5_300_000,
    },
    'log.list': [
      log('h1', 'workspace.create', {}),
      log('h2', 'invite.create', { role: 'member' }),
      log('h3', 'member.join', { actor: 'bo', invite: 'i3' }),
      log('h4', 'space.grant', { member: 'zoe', space: station, role: 'guest', until: NOW + 12 * DAY }),
      // Whoever signs a record writes its time: this one is none that a calendar has.
      log('h5', 'member.remove', { member: 'taro', at: Number.MAX_SAFE_INTEGER }),
    ],
  };
}
