// The canary on a guest's computer: a real host process of a guest makes every call there is, and no file of its folder has a word of space two. One file, for it is the list of calls.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { CallClient } from '../../app/contract/call-messages.ts';
import { CALLS, type CallName, type CallParams } from '../../app/contract/calls.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { AccessTeam } from '../support/access-team.ts';
import { Canaries } from '../support/canaries.ts';
import { HostBench, until } from '../support/host.ts';
import { killLeftovers, openHost } from '../support/host-process.ts';
import { bundleRelay, type RelayBundle } from '../support/relay-process.ts';

let bundle: RelayBundle;
let bench: HostBench;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());
beforeEach(() => {
  bench = new HostBench();
});
afterEach(async () => {
  killLeftovers();
  await bench.dispose();
});

/** The calls of a host process, as its windows make them; every text that it says is kept. */
class Caller {
  readonly heard: string[] = [];
  readonly #socket: WebSocket;
  readonly #client: CallClient;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#client = new CallClient({ send: (text) => socket.send(text) }, () => undefined);
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      this.heard.push(text);
      this.#client.receive(text);
    });
    socket.on('close', () => this.#client.close('the host is gone'));
  }

  static async to(folder: string): Promise<Caller> {
    const file = JSON.parse(await readFile(path.join(folder, 'host.json'), 'utf8')) as { port: number; token: string };
    const headers = { authorization: `Bearer ${file.token}` };
    const caller = new Caller(new WebSocket(`ws://127.0.0.1:${file.port}/v1/calls`, { headers }));
    await new Promise((resolve, reject) => caller.#socket.once('open', resolve).once('error', reject));
    return caller;
  }

  call<N extends CallName>(name: N, params: CallParams<N>) {
    return this.#client.call(name, params);
  }

  /** Whatever comes of it. */
  async dare<N extends CallName>(name: N, params: CallParams<N>): Promise<boolean> {
    return this.#client.call(name, params).then(
      () => true,
      () => false,
    );
  }

  close(): void {
    this.#socket.close();
  }
}

interface Target {
  readonly workspace: string;
  readonly space: string;
  readonly document: string;
  readonly member: string;
  readonly relay: string;
  readonly link: string;
  readonly places: string;
  /** An attachment of space two. */
  readonly blob: string;
  readonly at: number;
}

type Every = { readonly [N in CallName]: (target: Target) => CallParams<N> };

/** A new call of the contract must say here how a guest tries it. Those that end something are made last, by the test itself. */
const EVERY: Every = {
  hello: () => ({}),
  'recovery.repair': () => ({}),
  'recovery.restore': () => ({ snapshot: 'newest' }),
  'recovery.refill': () => ({}),
  'snapshot.list': () => ({}),
  backup: ({ places, at }) => ({ directory: path.join(places, `backup-${at}`) }),
  restore: ({ places, at }) => ({ directory: path.join(places, `backup-${at}`) }),
  'workspace.create': () => ({ title: 'Own', name: 'Gus' }),
  'workspace.join': ({ link }) => ({ link, name: 'Gus again' }),
  'workspace.rename': ({ workspace }) => ({ workspace, title: 'Taken over' }),
  'workspace.members': ({ workspace }) => ({ workspace }),
  'workspace.truths': ({ workspace }) => ({ workspace }),
  'relay.attach': ({ workspace, relay }) => ({ workspace, url: relay }),
  'relay.detach': ({ workspace }) => ({ workspace }),
  'invite.create': ({ workspace, space }) => ({ workspace, role: 'guest', spaces: [{ space, role: 'guest' }] }),
  'invite.list': ({ workspace }) => ({ workspace }),
  'invite.revoke': ({ workspace }) => ({ workspace, invite: 'unknown' }),
  'member.role': ({ workspace, member }) => ({ workspace, member, role: 'viewer' }),
  'member.remove': ({ workspace, member }) => ({ workspace, member }),
  'member.sees': ({ workspace, member }) => ({ workspace, member }),
  'owner.transfer': ({ workspace, member }) => ({ workspace, member }),
  'space.grant': ({ workspace, space, member }) => ({ workspace, space, member, role: 'manager' }),
  'space.revoke': ({ workspace, space, member }) => ({ workspace, space, member }),
  'space.archive': ({ workspace, space }) => ({ workspace, space }),
  'space.enter': ({ workspace, space }) => ({ workspace, space }),
  'space.quit': ({ workspace }) => ({ workspace, space: 'unknown' }),
  'aside.list': ({ workspace }) => ({ workspace }),
  'aside.return': ({ workspace }) => ({ workspace, passage: 'unknown' }),
  'aside.dismiss': ({ workspace }) => ({ workspace, passage: 'unknown', dismissed: true }),
  'log.list': ({ workspace }) => ({ workspace }),
  'lost.list': ({ workspace, space }) => ({ workspace, space }),
  'lost.export': ({ workspace, space }) => ({ workspace, space }),
  'lost.release': ({ workspace, space }) => ({ workspace, space }),
  'settings.read': () => ({}),
  'settings.change': () => ({ deviceName: 'guest laptop' }),
  'disk.use': () => ({}),
  'keys.where': () => ({}),
  'keys.move': () => ({ to: 'keyring' }),
  'keys.renew': () => ({}),
  'device.list': ({ workspace }) => ({ workspace }),
  'device.rename': ({ workspace }) => ({ workspace, device: 'unknown', name: 'Mine' }),
  'device.invite': ({ workspace }) => ({ workspace }),
  'workspace.leaving': ({ workspace }) => ({ workspace }),
  'workspace.leave': ({ workspace }) => ({ workspace, erase: false }),
  'workspace.erase': ({ workspace }) => ({ workspace }),
  'device.answer': ({ link }) => ({ link, name: 'Other' }),
  'workspace.recover': ({ workspace, relay }) => ({ words: 'one two', relay, workspace, name: 'Other' }),
  'device.add': ({ workspace }) => ({ workspace, code: 'caravan-device:unknown' }),
  'device.remove': ({ workspace }) => ({ workspace, device: 'unknown' }),
  'recovery.create': ({ workspace }) => ({ workspace }),
  'recovery.confirm': ({ workspace }) => ({ workspace, words: 'one two' }),
  'recovery.state': ({ workspace }) => ({ workspace }),
  'blob.begin': ({ workspace, space }) => ({ workspace, space, size: 3 }),
  'blob.append': () => ({ upload: 'unknown', base64: 'AAAA' }),
  'blob.finish': () => ({ upload: 'unknown' }),
  'blob.cancel': () => ({ upload: 'unknown' }),
  'blob.adopt': ({ workspace, space, blob }) => ({ workspace, space, blobs: [blob] }),
  'blob.state': ({ workspace, space, blob }) => ({ workspace, space, blobs: [blob] }),
  'blob.holders': ({ workspace, space, blob }) => ({ workspace, space, blob }),
  'blob.read': ({ workspace, space, blob }) => ({ workspace, space, blob, start: 0, end: 100 }),
  'blob.small': ({ workspace, space, blob }) => ({ workspace, space, blob }),
  'blob.keepSmall': ({ workspace, space, blob }) => ({ workspace, space, blob, base64: 'AAAA' }),
  'travel.check': ({ workspace, space }) => ({ workspace, space }),
  'travel.choose': ({ workspace, space, document }) => ({
    workspace,
    choice: { what: 'chosen', spaces: [space], documents: [document] },
  }),
  'travel.fetch': ({ workspace, space, blob }) => ({ workspace, files: [{ space, blob }] }),
  'travel.pause': ({ workspace, space, blob }) => ({ workspace, files: [{ space, blob }] }),
  'links.rehearse': () => ({}),
  'bundle.plan': ({ workspace, space }) => ({ workspace, to: { kind: 'space', space } }),
  'bundle.write': ({ workspace, member, space, places, at }) => ({
    workspace,
    to: { kind: 'member', member, space },
    since: false,
    files: true,
    file: path.join(places, `bundle-${at}`),
  }),
  'bundle.take': () => ({ job: 'unknown', start: 0 }),
  'bundle.begin': () => ({}),
  'bundle.append': () => ({ upload: 'unknown', base64: 'AAAA' }),
  'bundle.drop': () => ({ upload: 'unknown' }),
  'bundle.read': ({ workspace, places, at }) => ({ workspace, file: path.join(places, `bundle-${at}`), take: true }),
  'bundle.report': () => ({ job: 'unknown' }),
  'peers.list': ({ workspace }) => ({ workspace }),
  'peers.code': ({ workspace }) => ({ workspace, fresh: true }),
  'peers.connect': ({ workspace }) => ({ workspace, address: '127.0.0.1:9', code: 'KX4T-9M2P' }),
  'peers.settings': ({ workspace }) => ({ workspace }),
  'peers.setSettings': ({ workspace }) => ({ workspace, discover: false }),
  'space.list': ({ workspace }) => ({ workspace }),
  'space.create': ({ workspace }) => ({ workspace, name: 'Of a guest' }),
  'space.rename': ({ workspace, space }) => ({ workspace, space, name: 'Renamed' }),
  'doc.list': ({ workspace, space }) => ({ workspace, space }),
  'doc.get': ({ workspace, document }) => ({ workspace, document }),
  'doc.create': ({ workspace, space }) => ({ workspace, space, kind: 'page', title: 'By the guest', parent: null }),
  'card.page': ({ workspace, document }) => ({ workspace, document, card: document }),
  'board.changes': ({ workspace, document }) => ({ workspace, document }),
  'board.facts': ({ workspace, document }) => ({ workspace, document }),
  'import.trelloPlan': ({ workspace }) => ({ workspace, file: { text: '{"lists":[],"cards":[]}' } }),
  'import.trello': ({ workspace, space }) => ({
    workspace,
    space,
    parent: null,
    file: { text: '{"lists":[],"cards":[]}' },
  }),
  'card.activity': ({ workspace, document }) => ({ workspace, document, card: document }),
  'cards.plan': ({ workspace, document }) => ({ workspace, document, cards: [document], to: document, copy: true }),
  'cards.send': ({ workspace, document }) => ({
    workspace,
    document,
    cards: [document],
    to: document,
    column: 'unknown',
    at: 'top',
    copy: true,
    makeLabels: true,
  }),
  'cards.takeBack': ({ workspace, document }) => ({ workspace, back: { what: 'copies', document, cards: [document] } }),
  'cards.late': ({ workspace, document }) => ({ workspace, document, key: document, put: true }),
  'cards.find': ({ workspace, document }) => ({ workspace, card: document }),
  'thread.list': ({ workspace, space }) => ({ workspace, space }),
  'thread.unread': ({ workspace }) => ({ workspace }),
  'thread.begin': ({ workspace, space }) => ({
    workspace,
    space,
    type: 'question',
    title: 'By the guest',
    text: 'Why',
  }),
  'thread.reading': ({ workspace, document }) => ({ workspace, document }),
  'thread.read': ({ workspace, document }) => ({ workspace, document, posts: [{ device: 'unknown', number: 1 }] }),
  'thread.waiting': ({ workspace, document }) => ({ workspace, document }),
  'thread.unreadFrom': ({ workspace, document }) => ({ workspace, document, post: document }),
  'draft.of': ({ workspace, document }) => ({ workspace, place: document }),
  'draft.write': ({ workspace, document }) => ({ workspace, place: document, text: 'By the guest' }),
  'level.of': ({ workspace, space }) => ({ workspace, place: space }),
  'thread.entry': ({ workspace, document }) => ({ workspace, document }),
  'thread.similar': ({ workspace, space }) => ({ workspace, space, text: 'rocket plan' }),
  'thread.split': ({ workspace, document }) => ({ workspace, document, posts: [document], title: 'By the guest' }),
  'thread.merge': ({ workspace, document }) => ({ workspace, document, into: document }),
  'thread.unmerge': ({ workspace, document }) => ({ workspace, document }),
  'thread.card': ({ workspace, document }) => ({
    workspace,
    document,
    board: document,
    column: document,
    title: 'By the guest',
  }),
  'thread.seen': ({ workspace, document }) => ({ workspace, document }),
  'level.follow': ({ workspace, document }) => ({ workspace, document }),
  'level.set': ({ workspace, space }) => ({ workspace, place: space, level: 'mute' }),
  'notify.read': ({ workspace }) => ({ workspace }),
  'notify.change': ({ workspace, space }) => ({ workspace, space: { space, level: 'mute' } }),
  'notify.computer': () => ({ stays: false }),
  'notify.counts': () => ({}),
  'notify.try': ({ workspace }) => ({ workspace }),
  'notify.window': ({ workspace, document }) => ({
    focused: false,
    visible: true,
    permission: 'granted',
    shows: { workspace, document, part: '' },
  }),
  'inbox.list': ({ workspace }) => ({ workspace }),
  'inbox.mark': ({ workspace, document }) => ({ workspace, entries: [`news:${document}`], state: 'done' }),
  'inbox.mute': ({ workspace, document }) => ({ workspace, document, mute: true }),
  'search.find': ({ workspace }) => ({ workspace, query: 'type:page' }),
  'search.state': ({ workspace }) => ({ workspace }),
  'search.rebuild': ({ workspace }) => ({ workspace }),
  'people.list': ({ workspace }) => ({ workspace }),
  'people.profile': ({ workspace, member }) => ({ workspace, member }),
  'people.describe': ({ workspace }) => ({ workspace, role: 'Guest', add: { skills: ['antennas'] } }),
  'people.knows': ({ workspace }) => ({ workspace, words: 'who knows about plans' }),
  'people.queue': ({ workspace }) => ({ workspace }),
  'people.following': ({ workspace }) => ({ workspace }),
  'people.teams': ({ workspace }) => ({ workspace }),
  'people.planTeams': ({ workspace }) => ({ workspace, file: { text: '{"teams":[]}' } }),
  'people.importTeams': ({ workspace }) => ({ workspace, file: { text: '{"teams":[]}' } }),
  'people.follow': ({ workspace, member }) => ({ workspace, member, follow: true }),
  'bookmark.list': ({ workspace }) => ({ workspace }),
  'bookmark.set': ({ workspace, space, document }) => ({
    workspace,
    space,
    place: { kind: 'document', document, part: null },
    bookmarked: true,
  }),
  'space.directory': ({ workspace }) => ({ workspace }),
  'space.describe': ({ workspace, space }) => ({ workspace, space, purpose: 'By the guest' }),
  'space.feature': ({ workspace, document }) => ({ workspace, document, featured: true }),
  'space.attention': ({ workspace, space }) => ({ workspace, space }),
  'home.read': ({ workspace }) => ({ workspace }),
  'digest.read': ({ workspace }) => ({ workspace }),
  'digest.count': ({ workspace }) => ({ workspace }),
  'digest.done': ({ workspace, document }) => ({ workspace, keys: [`page/${document}`], done: true }),
  'digest.markdown': ({ workspace }) => ({ workspace }),
  'insights.read': ({ workspace, space }) => ({ workspace, space, week: '2026-11-23' }),
  'doc.rename': ({ workspace, document }) => ({ workspace, document, title: 'Renamed' }),
  'doc.move': ({ workspace, document }) => ({ workspace, document, parent: null }),
  'doc.archive': ({ workspace, document }) => ({ workspace, document }),
  'doc.unarchive': ({ workspace, document }) => ({ workspace, document }),
  'doc.trash': ({ workspace, document }) => ({ workspace, document }),
  'doc.untrash': ({ workspace, document }) => ({ workspace, document }),
  'doc.duplicate': ({ workspace, document }) => ({ workspace, document, below: true }),
  'doc.fromTemplate': ({ workspace, space, document }) => ({
    workspace,
    space,
    template: document,
    title: 'By the guest',
    parent: null,
  }),
  'favourites.list': ({ workspace }) => ({ workspace }),
  'favourites.set': ({ workspace, document }) => ({ workspace, document, favourite: true }),
  'doc.purge': ({ workspace, document }) => ({ workspace, document }),
  'doc.transfer': ({ workspace, document, space }) => ({ workspace, document, space }),
  'doc.holders': ({ workspace, document }) => ({ workspace, document }),
  'doc.receipts': ({ workspace, document }) => ({ workspace, document }),
  'profile.receipts': ({ workspace, member }) => ({ workspace, member }),
  'doc.show': ({ workspace, document }) => ({ workspace, document }),
  'doc.markdown': ({ workspace, document }) => ({ workspace, document }),
  'doc.showAt': ({ workspace, document }) => ({ workspace, document, at: Date.now() }),
  'doc.history': ({ workspace, document }) => ({ workspace, document }),
  'page.sessions': ({ workspace, document }) => ({ workspace, document }),
  'page.version': ({ workspace, document }) => ({ workspace, document, session: 'unknown', against: 'before' }),
  'page.past': ({ workspace, document }) => ({ workspace, document, session: 'unknown', side: 'after' }),
  'seen.of': ({ workspace, document }) => ({ workspace, document }),
  'seen.own': ({ workspace, document }) => ({ workspace, document, client: 7 }),
  'seen.mark': ({ workspace, document }) => ({ workspace, document, vector: 'AA' }),
  'overlap.list': ({ workspace }) => ({ workspace }),
  'recovered.list': ({ workspace, document }) => ({ workspace, document, long: true, again: false }),
  'recovered.dismiss': ({ workspace, document }) => ({ workspace, document, words: [[1, 0, 1]], dismissed: true }),
  'page.stopHistory': ({ workspace, document }) => ({ workspace, document }),
  'history.totals': () => ({}),
  'links.to': ({ workspace, document }) => ({ workspace, document }),
  'links.unlinked': ({ workspace, document }) => ({ workspace, document }),
  'import.markdown': ({ workspace, space, places }) => ({ workspace, space, directory: path.join(places, 'vault') }),
  'import.spaces': ({ workspace }) => ({ workspace, manifest: '{"format":1,"files":[],"spaces":[]}' }),
  'import.files': ({ workspace, space }) => ({ workspace, space, files: [{ path: 'a.md', text: '# From a file' }] }),
  'export.markdown': ({ workspace, places, at }) => ({ workspace, directory: path.join(places, `export-${at}`) }),
  'export.zip': ({ workspace, space }) => ({ workspace, space }),
  'export.take': () => ({ job: 'unknown' }),
  'job.get': () => ({ job: 'unknown' }),
  'job.cancel': () => ({ job: 'unknown' }),
  'sync.wait': ({ workspace }) => ({ workspace, timeout: 5_000 }),
  ticket: ({ workspace, document }) => ({ workspace, document }),
  doctor: () => ({}),
  quit: () => ({}),
};
const LAST: readonly CallName[] = ['workspace.leave', 'workspace.erase', 'quit'];

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function refer(doc: Y.Doc, blob: string, size: number, name: string): void {
  const marker = new Y.Map(Object.entries({ id: randomId(), kind: 'file', blob, size, name, mime: 'text/plain' }));
  doc.getText('body').insertEmbed(0, marker);
}

it('[RE60] [AH1] a guest of one space makes every call while space two goes on: none of its words is in an answer or in a file', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace } = team;
  const canaries = new Canaries();
  const pilot = await ana.call('space.create', { workspace, name: 'Pilot', visibility: 'invited' });
  const plan = await team.page(ana, pilot.id, 'Plan');
  const two = await ana.call('space.create', {
    workspace,
    name: canaries.word(),
    visibility: 'invited',
    purpose: canaries.word(),
  });
  const open = await ana.call('space.create', { workspace, name: canaries.word(), purpose: canaries.word() });
  const bo = await team.join(canaries.word(), { role: 'member', spaces: [{ space: two.id, role: 'member' }] });
  await bo.call('settings.change', { deviceName: canaries.word() });
  await bo.call('people.describe', { workspace, role: canaries.word(), add: { skills: [canaries.word()] } });
  const filed = { teams: [{ name: canaries.word(), title: canaries.word(), members: [canaries.word()] }] };
  await ana.call('people.importTeams', { workspace, file: { text: JSON.stringify(filed) } });

  /** A page of words that nobody outside its space may have, whose id is nobody's either. */
  const write = async (host: typeof ana, space: string): Promise<string> => {
    const id = await team.page(host, space, canaries.word());
    canaries.add(id);
    await host.parts.documents.edit(`${workspace}/${space}/${id}`, (doc) => {
      doc.getText('body').insert(0, `${canaries.word()} ${canaries.word()}`);
      doc.getMap('comments').set(canaries.word(), canaries.word());
    });
    return id;
  };
  const secret = await write(ana, two.id);
  await write(ana, open.id);
  const ask = { type: 'question' as const, title: canaries.word(), text: canaries.word(), topics: [canaries.word()] };
  canaries.add((await ana.call('thread.begin', { workspace, space: two.id, ...ask })).id);
  await ana.parts.documents.edit(`${workspace}/~${workspace}/inbox`, (doc) =>
    doc.getMap('drafts').set('one', canaries.word()),
  );

  const bytes = new TextEncoder().encode(`${canaries.word()} ${canaries.word()}`);
  const { blob, size } = await ana.parts.attachments.add(workspace, two.id, pieces(bytes));
  await ana.parts.documents.edit(`${workspace}/${two.id}/${secret}`, (doc) => refer(doc, blob, size, canaries.word()));
  // Its name alone, in a document of the guest's own space, brings no byte of it there.
  await ana.parts.documents.edit(`${workspace}/${pilot.id}/${plan}`, (doc) => refer(doc, blob, size, 'guessed'));
  await until('the attachment is on the relay', () => ana.parts.attachments.truth(workspace).waiting === 0);

  const places = await bench.folder();
  await mkdir(path.join(places, 'vault'));
  await writeFile(path.join(places, 'vault', 'Note.md'), '# Note\n');
  const folder = await bench.folder();
  const { link } = await ana.call('invite.create', {
    workspace,
    role: 'guest',
    spaces: [{ space: pilot.id, role: 'guest' }],
  });
  let process = await openHost(folder);
  let guest = await Caller.to(folder);
  await guest.call('workspace.join', { link, name: 'Gus' });
  await until('the guest has the plan', async () =>
    (await guest.call('doc.list', { workspace })).some((one) => one.title === 'Plan'),
  );

  let finished = false;
  const goesOn = async (): Promise<void> => {
    for (let round = 0; !finished && round < 40; round += 1) {
      await write(ana, two.id);
      await ana.call('doc.rename', { workspace, document: secret, title: canaries.word() });
      await ana.call('space.rename', { workspace, space: two.id, name: canaries.word() });
      await ana.call('space.rename', { workspace, space: open.id, name: canaries.word() });
      await bo.call('sync.wait', { workspace, timeout: 10_000 });
    }
  };
  const targets = [
    { space: two.id, document: secret, member: team.member(bo) },
    { space: open.id, document: open.id, member: workspace },
    { space: pilot.id, document: plan, member: workspace },
  ].map((one, at) => ({ ...one, workspace, relay: team.relay.url, link, places, blob, at }));
  const answered = new Set<CallName>();
  const everything = async (): Promise<void> => {
    for (const target of targets) {
      for (const name of Object.keys(CALLS) as CallName[]) {
        if (LAST.includes(name)) continue;
        if (await guest.dare(name, EVERY[name](target) as never)) answered.add(name);
      }
    }
  };
  await Promise.all([everything().finally(() => (finished = true)), goesOn()]);
  // It was no empty round: what a guest may do was done, and came back to the others.
  for (const name of ['doc.create', 'doc.show', 'backup', 'log.list', 'export.zip', 'member.sees', 'ticket'] as const) {
    expect([name, answered.has(name)]).toEqual([name, true]);
  }
  await until('the owner has what the guest wrote', async () =>
    (await team.titles(ana, pilot.id)).includes('By the guest'),
  );
  await guest.call('sync.wait', { workspace, timeout: 10_000 });
  const heard = Buffer.from(guest.heard.join('\n'));
  // The guest named one document of space two in its own questions; answers do not even repeat that.
  expect(canaries.inBytes(heard)).toEqual([]);
  await guest.dare('quit', {});
  await process.ended;
  for (const kept of [folder, places]) expect(await canaries.inFiles(kept)).toEqual([]);
  expect(await canaries.inDatabase(path.join(folder, 'store', 'db'))).toEqual([]);

  // After a start of its own, too; and leaving tells nothing more.
  process = await openHost(folder);
  guest = await Caller.to(folder);
  await write(ana, two.id);
  await guest.call('sync.wait', { workspace, timeout: 10_000 });
  await guest.call('workspace.leave', { workspace, erase: false });
  await guest.dare('doc.list', { workspace });
  expect(canaries.inBytes(Buffer.from(guest.heard.join('\n')))).toEqual([]);
  guest.close();
  expect(await process.end('SIGTERM')).toBe(0);
  expect(await canaries.inFiles(folder)).toEqual([]);
  expect(await canaries.inDatabase(path.join(folder, 'store', 'db'))).toEqual([]);

  // Nobody has put it into the guest's space: neither the owner's host, nor the relay.
  expect((await ana.parts.attachments.state({ workspace, space: pilot.id, blob })).state).toBe('absent');
  expect((await bo.parts.attachments.state({ workspace, space: two.id, blob })).state).toBe('here');

  // The same search finds them where they may be.
  const folderOfAna = ana.folder.root;
  await bench.stop(ana);
  expect((await canaries.inDatabase(path.join(folderOfAna, 'store', 'db'))).length).toBeGreaterThan(10);
  expect((await canaries.inFiles(folderOfAna)).length).toBeGreaterThan(5);
}, 90_000);
