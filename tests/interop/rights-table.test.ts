// The whole of rights-table.json against a real relay process: every role in every place over room sockets, the link and HTTP.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createDeviceKey } from '../../shared/access/device-key.ts';
import type { RecordBody } from '../../shared/access/identity.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { decodeSegment } from '../../shared/hub/history/segment.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { LogWriter, type Person } from '../support/log-writer.ts';
import { RawLink, RawRoom, type RoomTalk } from '../support/raw-sockets.ts';
import { RelayCalls } from '../support/relay-calls.ts';
import { bundleRelay, startRelayProcess, type RelayBundle, type RelayProcess } from '../support/relay-process.ts';
import { until } from '../support/stock-client.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

interface Table {
  readonly roles: readonly string[];
  readonly places: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly records: Readonly<Record<string, readonly string[]>>;
}

const TABLE = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../shared/access/rights-table.json'), 'utf8'),
) as Table;
const PROBED = ['read', 'write', 'presence', 'list', 'history'];

let bundle: RelayBundle;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

interface World {
  readonly data: string;
  readonly relay: RelayProcess;
  readonly calls: RelayCalls;
  readonly log: LogWriter;
  readonly workspace: string;
  readonly people: ReadonlyMap<string, Person>;
  /** The room that a row of the table speaks of, for one role. */
  room(row: string, role: string): string;
  readonly segments: ReadonlyMap<string, { readonly number: number; readonly hash: string }>;
  /** Tickets that were given while they were right. */
  readonly old: ReadonlyMap<string, string>;
  readonly spaces: Readonly<Record<'space' | 'archived' | 'closed' | 'open', string>>;
  readonly met: Person;
  readonly unmet: Person;
}

async function world(): Promise<World> {
  const data = join(await temporaryFolder(), 'data');
  const relay = await startRelayProcess(bundle, ['serve', '--data', data, '--port', '0']);
  const calls = new RelayCalls(relay.url);
  const log = new LogWriter();
  log.at = Date.now() - 600_000;
  const owner = await log.create();
  const space = await log.space(owner);
  const archived = await log.space(owner);
  const both = (role: 'member' | 'viewer' | 'guest' | 'manager') =>
    [space, archived].map((id) => ({ space: id, role }) as const);
  const people = new Map([['owner', owner]]);
  people.set('admin', await log.join(owner, 'admin', both('member')));
  people.set('manager', await log.join(owner, 'member', both('manager')));
  people.set('member', await log.join(owner, 'member', both('member')));
  people.set('viewer', await log.join(owner, 'viewer', both('viewer')));
  people.set('guest-editor', await log.join(owner, 'guest', both('guest')));
  people.set('guest-viewer', await log.join(owner, 'guest', both('viewer')));
  people.set('removed', await log.join(owner, 'member', both('member')));
  people.set('none', { key: await createDeviceKey(), member: 'nobody' });
  const met = await log.join(owner, 'member', [{ space, role: 'member' }]);
  const unmet = await log.join(owner, 'member');
  const closed = await log.space(unmet);
  const open = await log.space(unmet, 'open');
  await log.add(owner.key, { verb: 'relay.set', key: (await calls.nonce()).key, url: relay.url });
  const workspace = await log.workspace();
  const registration = readFileSync(join(data, 'registration-key'), 'utf8').trim();
  expect((await calls.attach(owner.key, workspace, log.records, registration)).status).toBe(200);

  const places: Readonly<Record<string, (role: string) => string>> = {
    'space with a part': () => `${space}/D`,
    'space without a part': () => `${closed}/D`,
    'open space without a part': () => `${open}/D`,
    'name of an open space without a part': () => `${open}/${open}`,
    'archived space with a part': () => `${archived}/D`,
    'purged document': () => `${space}/purged`,
    'unknown space': () => 'nowhere/D',
    'own profile': (role) => `@${people.get(role)?.member ?? ''}/profile`,
    'profile of somebody met': () => `@${met.member}/profile`,
    'profile of a member never met': () => `@${unmet.member}/profile`,
    'own personal documents': (role) => `~${people.get(role)?.member ?? ''}/inbox`,
    'personal documents of another': () => `~${met.member}/inbox`,
    workspace: () => '@workspace/about',
    teams: () => '@teams/tree',
  };
  const room = (row: string, role: string): string => {
    const place = places[row];
    if (!place) throw new Error(`The table has a row that this test does not know: ${row}`);
    return `${workspace}/${place(role)}`;
  };

  // Everything that is there before anybody asks, written by whoever may; each session becomes a segment of history.
  const written: (readonly [Person, string])[] = [
    ...['space with a part', 'archived space with a part', 'purged document', 'workspace', 'teams'].map(
      (row) => [owner, room(row, '')] as const,
    ),
    ...['space without a part', 'open space without a part', 'profile of a member never met'].map(
      (row) => [unmet, room(row, '')] as const,
    ),
    [unmet, room('name of an open space without a part', '')],
    ...['profile of somebody met', 'personal documents of another'].map((row) => [met, room(row, '')] as const),
    ...TABLE.roles.flatMap((role) =>
      role === 'none'
        ? []
        : ['own profile', 'own personal documents'].map((row) => [people.get(role)!, room(row, role)] as const),
    ),
  ];
  const segments = new Map<string, { number: number; hash: string }>();
  for (const by of new Set(written.map(([person]) => person))) {
    const rooms = written.filter(([person]) => person === by).map(([, name]) => name);
    for (const name of rooms) {
      const ticket = await calls.ticket(by.key, workspace, name.slice(workspace.length + 1));
      const socket = (await RawRoom.open(relay.url, name, ticket))!;
      socket.talk.write('there');
      await until(() => socket.talk.acknowledged === 1, 'the first word is durable');
      await socket.close();
    }
    const link = (await RawLink.open(relay.url, workspace, await calls.ticket(by.key, workspace, '*')))!;
    link.followSegments();
    await until(() => rooms.every((name) => link.offered().has(name)), 'the history of what was written is offered');
    for (const name of rooms) segments.set(name, link.offered().get(name)!);
    await link.close();
  }

  const removed = people.get('removed')!;
  const old = new Map<string, string>();
  for (const target of ['*', `${space}/D`, `@${removed.member}/profile`, '@workspace/about']) {
    old.set(target, await calls.ticket(removed.key, workspace, target));
  }
  await log.add(owner.key, { verb: 'document.purge', space, document: 'purged' });
  await log.add(owner.key, { verb: 'space.archive', space: archived });
  await log.add(owner.key, { verb: 'member.remove', member: removed.member });
  expect((await calls.appendLog(owner.key, workspace, log.records)).status).toBe(200);
  const spaces = { space, archived, closed, open };
  return { data, relay, calls, log, workspace, people, room, segments, old, spaces, met, unmet };
}

/** What somebody could do in one room over one kind of socket; whether their word was kept is found in the store at the end. */
interface Probe {
  readonly at: string;
  readonly word: string;
  readonly may: Set<string>;
  readonly expected: string;
}

const wordOf = (role: string, way: string): string => `word-of-${role}-by-${way}`;

async function probeTalk(talk: RoomTalk, probe: Probe): Promise<void> {
  if ((await talk.read()).includes('there')) probe.may.add('read');
  // As a stock client does, also where it may only read; then a word of its own, and the same as an answer.
  talk.echo();
  talk.write(probe.word);
  if (await talk.announce(probe.word)) probe.may.add('presence');
  await talk.read();
}

describe('the table of rights at the relay', () => {
  test(
    '[RE58] each role in each place over room sockets and the link, each hostile in turn',
    { timeout: 180_000 },
    async () => {
      const made = await world();
      const { calls, relay, workspace, people } = made;
      const probes: Probe[] = [];
      const sockets: (RawRoom | RawLink)[] = [];
      for (const role of TABLE.roles) {
        const person = people.get(role)!;
        const whole = (await calls.askTicket(person.key, workspace, '*')).body?.['ticket'];
        const ticket = typeof whole === 'string' ? whole : (made.old.get('*') ?? null);
        // Who has no ticket tries an old one; who may not come in is not let in.
        const link = await RawLink.open(relay.url, workspace, ticket, people.get('owner')!.key.id);
        expect([role, link !== null]).toEqual([role, typeof whole === 'string']);
        if (link) sockets.push(link);
        link?.followSegments();
        const spaces = Object.keys(TABLE.places).map((row) => made.room(row, role).split('/')[1] ?? '');
        const listed = (await link?.list([...new Set(spaces)])) ?? new Set<string>();
        for (const [row, cells] of Object.entries(TABLE.places)) {
          const room = made.room(row, role);
          const place = room.slice(workspace.length + 1);
          const expected = (cells[role] ?? '')
            .split(' ')
            .filter((one) => PROBED.includes(one))
            .join(' ');
          const at = `${role}, ${row}`;

          const bySocket: Probe = { at: `${at}, socket`, word: wordOf(role, 'socket'), may: new Set(), expected };
          probes.push(bySocket);
          const given = (await calls.askTicket(person.key, workspace, place)).body?.['ticket'];
          const offered = typeof given === 'string' ? given : (made.old.get(place) ?? String(whole));
          const socket = await RawRoom.open(relay.url, room, offered);
          expect([bySocket.at, socket !== null]).toEqual([bySocket.at, typeof given === 'string']);
          if (socket) {
            sockets.push(socket);
            await probeTalk(socket.talk, bySocket);
            expect([bySocket.at, socket.code]).toEqual([bySocket.at, null]);
          }

          const byLink: Probe = { at: `${at}, link`, word: wordOf(role, 'link'), may: new Set(), expected };
          probes.push(byLink);
          if (!link) continue;
          const { code, talk } = await link.room(room);
          if (code === null) await probeTalk(talk, byLink);
          else expect([byLink.at, code]).toEqual([byLink.at, 4403]);
          if (listed.has(room)) byLink.may.add('list');
          const segment = made.segments.get(room);
          if (segment && (await link.fetchSegment(place.split('/')[0] ?? '', segment.number, segment.hash))) {
            byLink.may.add('history');
          }
          if (link.offered().has(room) && !byLink.may.has('history'))
            throw new Error(`${byLink.at}: history was offered`);
        }
      }
      for (const socket of sockets) await socket.close();
      expect(await relay.end('SIGTERM')).toBe(0);

      const kept = await storedTexts(made.data, workspace);
      for (const probe of probes) {
        const [role = '', row = '', way = ''] = probe.at.split(', ');
        const text = kept.texts.get(made.room(row, role)) ?? '';
        if (text.includes(probe.word)) probe.may.add('write');
        const asked = way === 'socket' ? probe.expected.replace(/ ?(list|history)/g, '') : probe.expected;
        expect([probe.at, PROBED.filter((one) => probe.may.has(one)).join(' ')]).toEqual([probe.at, asked]);
      }
      // History was recorded of who may write, and of nobody else.
      const writers = new Set<string | null>(
        TABLE.roles
          .filter((role) => TABLE.places['space with a part']?.[role]?.includes('write'))
          .map((role) => people.get(role)!.key.id),
      );
      const authors = kept.authors.get(made.room('space with a part', '')) ?? new Set();
      expect([...authors].filter((device) => !writers.has(device))).toEqual([]);
      // A session that the end of the relay cut is recorded at its next start.
      expect(authors.size).toBeGreaterThan(1);
      const secrets = [...calls.heard.flatMap((text) => /"ticket":"([^"]+)"/.exec(text)?.[1] ?? [])];
      expect(secrets.filter((secret) => relay.log.includes(secret.slice(-40)))).toEqual([]);
    },
  );

  test('[RE58] each role with attachments in each place over HTTP', { timeout: 120_000 }, async () => {
    const made = await world();
    const { calls, workspace, people } = made;
    const ticketOf = async (role: string): Promise<string> => {
      const given = (await calls.askTicket(people.get(role)!.key, workspace, '*')).body?.['ticket'];
      return String(given ?? made.old.get('*'));
    };
    const spaceOf = (row: string, role: string): string => made.room(row, role).split('/')[1] ?? '';
    const canary = bytesOf('there');
    // A file of somebody who may write, in every place that has one; in a space without a part by its own people.
    const unmet = await calls.ticket(made.unmet.key, workspace, '*');
    const met = await calls.ticket(made.met.key, workspace, '*');
    const owner = await ticketOf('owner');
    for (const [space, ticket] of [
      [made.spaces.space, owner],
      [made.spaces.closed, unmet],
      [made.spaces.open, unmet],
      ['@workspace', owner],
      ['@teams', owner],
      [`@${made.met.member}`, met],
      [`~${made.met.member}`, met],
      [`@${made.unmet.member}`, unmet],
    ] as const) {
      const placed = await calls.blob('PUT', `${workspace}/${space}/${blobName(canary)}`, ticket, canary);
      expect([space, placed.status]).toEqual([space, 201]);
    }
    const answers = new Set<string>();
    for (const role of TABLE.roles) {
      const ticket = await ticketOf(role);
      for (const [row, cells] of Object.entries(TABLE.places)) {
        // The table's row of a purged document is about that document, not about its space's attachments.
        if (row === 'purged document') continue;
        const may: string[] = [];
        const space = spaceOf(row, role);
        const read = await calls.blob('GET', `${workspace}/${space}/${blobName(canary)}`, ticket);
        // In a place where nothing lies yet, that there is nothing is what a reader is told.
        if (read.status === 200 || read.status === 404) may.push('blob.read');
        else answers.add(`${read.status} ${read.text}`);
        if (read.status === 200) expect(read.text).toBe('there');
        const own = bytesOf(`written by ${role} in ${row}`);
        const written = await calls.blob('PUT', `${workspace}/${space}/${blobName(own)}`, ticket, own);
        if (written.status === 201) may.push('blob.write');
        else answers.add(`${written.status} ${written.text}`);
        const expected = (cells[role] ?? '').split(' ').filter((one) => one.startsWith('blob.'));
        expect([role, row, may]).toEqual([role, row, expected]);
      }
    }
    // Unknown, forbidden, archived and removed: one answer.
    expect(answers.size).toBe(1);
  });

  test('[RE58] each role with each record of the log over HTTP', { timeout: 120_000 }, async () => {
    const made = await world();
    const { calls, workspace, people } = made;
    const roles = ['owner', 'admin', 'manager', 'member', 'viewer', 'guest-editor', 'guest-viewer', 'removed', 'none'];
    for (const [row, allowed] of Object.entries(TABLE.records)) {
      const may: string[] = [];
      for (const role of roles) {
        const person = people.get(role)!;
        // In a log of its own, so that what was accepted changes nothing for the next: the relay's rules are the log's.
        const record = await made.log.sign(person.key, await recordOf(row, role, made));
        const ticket = (await calls.askTicket(person.key, workspace, '*')).body?.['ticket'] ?? made.old.get('*');
        const answer = await calls.post(
          `/v1/log/${workspace}`,
          { records: [record, 'x'] },
          { authorization: `Bearer ${String(ticket)}` },
        );
        // The second record holds nowhere: the answer says whether the first one was refused, or the second.
        if (answer.status === 422 && answer.text.includes('compact JWS')) may.push(role);
        else expect([row, role, answer.status]).toEqual([row, role, role === 'removed' || role === 'none' ? 403 : 422]);
      }
      expect([row, may]).toEqual([row, allowed]);
    }
    expect((await calls.readLog(people.get('owner')!.key, workspace)).body?.['records']).toEqual(made.log.records);
  });
});

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function blobName(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function storedTexts(data: string, workspace: string) {
  const store = await LevelDocStore.open({ directory: join(data, 'store') });
  const texts = new Map<string, string>();
  const authors = new Map<string, Set<string | null>>();
  for await (const name of store.rooms(workspace)) {
    const stored = await store.load(name);
    const doc = new Y.Doc();
    for (const update of [...(stored?.state ? [stored.state.update] : []), ...(stored?.tail ?? [])])
      Y.applyUpdate(doc, update);
    texts.set(name, doc.getText('body').toJSON());
    const devices = new Set<string | null>();
    authors.set(name, devices);
    for (const hash of await store.segments.ofRoom(name)) {
      const bytes = await store.segments.read(workspace, hash);
      const segment = bytes && decodeSegment(bytes);
      if (segment) devices.add(segment.device);
    }
  }
  await store.close();
  return { texts, authors };
}

async function recordOf(row: string, role: string, { log, people, spaces, met, unmet }: World): Promise<RecordBody> {
  const { space, open } = spaces;
  const invite = {
    verb: 'invite.create',
    invite: randomId(),
    key: (await createDeviceKey()).publicKey,
    spaces: [],
    expires: log.at + 3_600_000,
    until: null,
  } as const;
  // Nobody's id is no id: a stranger speaks of somebody who is there.
  const self = role === 'none' ? met.member : people.get(role)!.member;
  const other = role === 'admin' ? people.get('owner')! : people.get('admin')!;
  const bodies: Record<string, RecordBody> = {
    'invite an admin': { ...invite, role: 'admin' },
    'invite a member': { ...invite, role: 'member' },
    'invite a guest into the space': { ...invite, role: 'guest', spaces: [{ space, role: 'guest' }] },
    'make somebody an admin': { verb: 'member.role', member: met.member, role: 'admin' },
    'make a member a viewer': { verb: 'member.role', member: met.member, role: 'viewer' },
    'remove an admin': { verb: 'member.remove', member: other.member },
    'remove a member': { verb: 'member.remove', member: met.member },
    "remove a member's device": { verb: 'device.remove', device: met.key.id },
    'create a space': { verb: 'space.create', space: randomId(), visibility: 'invited' },
    'grant a part in the space': { verb: 'space.grant', space, member: unmet.member, role: 'member', until: null },
    'take a part in the space': { verb: 'space.revoke', space, member: met.member },
    'enter an open space': {
      verb: 'space.grant',
      space: open,
      member: self,
      role: role === 'viewer' ? 'viewer' : 'member',
      until: null,
    },
    'archive the space': { verb: 'space.archive', space },
    'purge a document': { verb: 'document.purge', space, document: 'other' },
    'set the relay': { verb: 'relay.set', key: null, url: 'wss://relay.example:4680' },
    'hand the workspace over': { verb: 'owner.transfer', member: met.member },
    leave: { verb: 'member.remove', member: self },
  };
  return bodies[row]!;
}
