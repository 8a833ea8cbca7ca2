// Calls about people over a real host in a folder: whom one follows, profiles, the directory, who knows about something.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type * as Y from 'yjs';
import { FakeClock } from '../../shared/base/clock.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { addPost } from '../../shared/model/thread/commands.ts';
import { acceptAnswer } from '../../shared/model/thread/fact-commands.ts';
import { HostBench } from '../../tests/support/host.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function station() {
  const folder = await bench.folder();
  const host = await bench.start(folder);
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [found] = await host.call('space.list', { workspace });
  return { folder, host, workspace, space: found?.id ?? '', member };
}

it('[PS11] whom and what I follow is there after a restart; nobody that is not known here is followed', async () => {
  const { folder, host, workspace, member } = await station();
  expect(await host.call('people.following', { workspace })).toEqual({ members: [], topics: [] });
  await host.call('people.follow', { workspace, member, follow: true });
  await host.call('people.follow', { workspace, topic: '#Antennas', follow: true });
  await expect(host.call('people.follow', { workspace, member: 'nobody', follow: true })).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(host.call('people.follow', { workspace, topic: ' # ', follow: true })).rejects.toMatchObject({
    code: 'bad-input',
  });
  await expect(host.call('people.follow', { workspace, follow: true })).rejects.toMatchObject({ code: 'bad-input' });
  await host.close();
  const again = await bench.start(folder);
  expect(await again.call('people.following', { workspace })).toEqual({ members: [member], topics: ['Antennas'] });
  await again.call('people.follow', { workspace, topic: 'antennas', follow: false });
  await again.call('people.follow', { workspace, member: 'nobody', follow: false });
  expect(await again.call('people.following', { workspace })).toEqual({ members: [member], topics: [] });
});

it('[P1] [PF5] what I say of myself is in the directory and on my profile, and a status ends by the clock', async () => {
  const clock = new FakeClock(1_000);
  const host = await bench.start(await bench.folder(), { clock, links: false });
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  await host.call('people.describe', {
    workspace,
    name: 'Ana Lima',
    role: 'RF engineer',
    place: 'Recife',
    zone: 'America/Recife',
    status: { text: 'On a flight', until: 60_000 },
    add: { skills: ['LevelDB', 'rotators'], projects: ['Second site'] },
  });
  const [ana] = (await host.call('people.list', { workspace })).people;
  expect(ana).toMatchObject({
    id: member,
    name: 'Ana Lima',
    me: true,
    role: 'RF engineer',
    place: 'Recife',
    zone: 'America/Recife',
    status: { text: 'On a flight', until: 60_000 },
    skills: ['LevelDB', 'rotators'],
    projects: ['Second site'],
    teams: [],
    followed: false,
  });
  expect(ana?.spaces.length).toBe(1);
  clock.advance(59_000);
  expect((await host.call('people.profile', { workspace, member })).person.status).toBe(null);
  await host.call('people.describe', { workspace, role: '', remove: { skills: ['leveldb'] } });
  expect((await host.call('people.profile', { workspace, member })).person).toMatchObject({
    role: '',
    place: 'Recife',
    skills: ['rotators'],
  });
});

it('[P2] who knows about something is found by skills and by what was written and accepted, with reasons, after a restart too', async () => {
  const { folder, host, workspace, space, member } = await station();
  const write = async (title: string, text: string): Promise<string> => {
    const page = await host.call('doc.create', { workspace, space, kind: 'page', title, parent: null });
    await host.parts.documents.edit(page.room, (doc) =>
      appendBlocks(doc.getText('body'), [
        { type: 'text', kind: 'paragraph', content: [{ type: 'text', text, marks: {} }] },
      ]),
    );
    return page.id;
  };
  const page = await write('Brake service', 'The rotator stalls when the brake is wet.');
  await write('Lunch', 'Soup on Tuesday.');
  const ask = { workspace, space, type: 'question' as const, title: 'Doppler lag', text: 'Why does it trail?' };
  const question = await host.call('thread.begin', ask);
  const answer = await host.parts.documents.edit(question.room, (doc) =>
    addPost(doc, { author: member, device: 'other', text: 'Round the elements to nearest', at: 5 }),
  );
  await host.call('people.describe', { workspace, role: 'Engineer', add: { skills: ['Rotators', 'LevelDB'] } });
  const knows = async (words: string, from = host) => {
    await from.parts.people.settled();
    return from.call('people.knows', { workspace, words });
  };
  expect(await knows('Who knows about rotators?')).toEqual({
    asked: ['rotator'],
    people: [
      {
        member,
        reasons: [
          { kind: 'skill', words: 'Rotators' },
          { kind: 'page', document: page, space, title: 'Brake service', post: null },
        ],
        more: 0,
      },
    ],
    complete: true,
    waiting: 0,
  });
  // Who asked does not know by that, and who answers oneself is no expert by that.
  expect((await knows('doppler')).people).toEqual([]);
  expect((await knows('nothing of it')).people).toEqual([]);
  expect((await knows('who knows about')).asked).toEqual([]);
  const asked = await host.parts.documents.edit(question.room, (doc) => {
    const post = [...doc.getMap('posts').values()].find((one) => (one as Y.Map<unknown>).get('device') !== 'other');
    (post as Y.Map<unknown>).set('author', 'bo');
    acceptAnswer(doc, answer, { by: 'bo', at: 6 });
    return post;
  });
  expect(asked).toBeDefined();
  const accepted = { kind: 'accepted', document: question.id, space, title: 'Doppler lag', post: answer };
  expect((await knows('doppler elements')).people).toEqual([{ member, reasons: [accepted], more: 0 }]);
  await host.call('doc.archive', { workspace, document: page });
  expect((await knows('brake')).people).toEqual([]);
  await host.close();
  const again = await bench.start(folder);
  expect((await knows('doppler', again)).people).toEqual([{ member, reasons: [accepted], more: 0 }]);
  const { works } = await again.call('people.profile', { workspace, member });
  expect(works.map((one) => one.kind)).toContain('accepted');
});

it('[P2] [TM1] teams come from a file, people by name, who is not here stays a name; a second import changes and doubles nothing', async () => {
  const { host, workspace, member } = await station();
  const filed = {
    teams: [
      { name: 'core', title: 'Core team', subteamOf: null, leads: ['Ana'], members: ['ana', 'Bo Berg'] },
      { name: 'old', subteamOf: 'core', archived: true, members: ['Eva'] },
      { name: 'radio', subteamOf: 'old', members: ['Eva'] },
    ],
  };
  const file = (content: unknown) => ({ workspace, file: { text: JSON.stringify(content) } });
  const plan = await host.call('people.planTeams', file(filed));
  expect(plan).toMatchObject({ added: ['core', 'radio'], changed: [], removed: [], unchanged: 0, archived: 1 });
  expect((await host.call('people.teams', { workspace })).teams).toEqual([]);
  await host.call('people.importTeams', file(filed));
  expect(await host.call('people.teams', { workspace })).toMatchObject({
    mayImport: true,
    teams: [
      {
        name: 'core',
        title: 'Core team',
        depth: 0,
        people: [
          { name: 'ana', member },
          { name: 'Bo Berg', member: null },
          { name: 'Ana', member, leads: true },
        ],
      },
      { name: 'radio', depth: 1, people: [{ name: 'Eva', member: null }] },
    ],
  });
  const next = {
    teams: [
      { ...filed.teams[0], members: ['Ana'] },
      { name: 'press', members: [] },
    ],
  };
  expect(await host.call('people.importTeams', file(next))).toMatchObject({
    added: ['press'],
    changed: ['core'],
    removed: ['radio'],
  });
  expect(await host.call('people.importTeams', file(next))).toMatchObject({ added: [], changed: [], unchanged: 2 });
  expect((await host.call('people.teams', { workspace })).teams.map((one) => one.name)).toEqual(['core', 'press']);
  const [ana] = (await host.call('people.list', { workspace })).people;
  expect(ana?.teams.length).toBe(1);
  for (const [content, words] of [
    ['{', /no JSON/],
    ['[]', /no list/],
    ['{"teams":[7]}', /Team 1/],
    ['{"teams":[{"name":"a"},{"name":"a"}]}', /two teams/],
    ['{"teams":[{"name":"a","subteamOf":"b"},{"name":"b","subteamOf":"a"}]}', /below itself/],
    ['{"teams":[{"name":"a","members":[{}]}]}', /no list of names/],
  ] as const) {
    await expect(host.call('people.importTeams', { workspace, file: { text: content } })).rejects.toThrow(words);
  }
  expect((await host.call('people.teams', { workspace })).teams.length).toBe(2);
});

const REAL = path.join(import.meta.dirname, '../../../shared/data/people/teams.json');
it.skipIf(!existsSync(REAL))(
  `[P2] [TM1] the real tree of teams is taken in whole, and again without a change (skipped when ${REAL} is not there)`,
  async () => {
    const { host, workspace } = await station();
    const at = { workspace, file: { path: REAL } };
    const plan = await host.call('people.importTeams', at);
    expect([plan.added.length, plan.archived]).toEqual([165, 52]);
    expect(await host.call('people.planTeams', at)).toMatchObject({
      added: [],
      changed: [],
      removed: [],
      unchanged: 165,
    });
    const { teams } = await host.call('people.teams', { workspace });
    expect(teams.length).toBe(165);
    expect(teams.filter(({ depth }) => depth > 0).length).toBeGreaterThan(100);
  },
);

it('[T11] [P2] unanswered questions stand for me first where a skill or a followed topic fits, and say why', async () => {
  const { host, workspace, space, member } = await station();
  const begin = async (title: string, topics: string[]) => {
    const { room, id } = await host.call('thread.begin', {
      workspace,
      space,
      type: 'question',
      title,
      text: 'How?',
      topics,
    });
    await host.parts.documents.edit(room, (doc) => doc.getMap('meta').set('createdBy', 'bo'));
    await host.parts.threads.refresh(room);
    return id;
  };
  const lunch = await begin('Where is lunch', []);
  const masts = await begin('How high may a mast be', []);
  const radio = await begin('Which band', ['Radio']);
  await host.call('people.describe', { workspace, add: { skills: ['masts'] } });
  await host.call('people.follow', { workspace, topic: 'radio', follow: true });
  const queue = await host.call('people.queue', { workspace });
  expect(queue).toMatchObject({ total: 3, forMe: 2 });
  expect(queue.questions.map((one) => [one.document, one.reasons])).toEqual([
    [masts, [{ kind: 'skill', words: 'masts' }]],
    [radio, [{ kind: 'topic', words: 'radio' }]],
    [lunch, []],
  ]);
  expect(queue.questions[0]).toMatchObject({ starter: 'bo', space });
  expect(member).not.toBe('bo');
});
