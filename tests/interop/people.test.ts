// People over a real relay: who may write a profile, what a guest of one space meets, and a question asked offline that comes back answered to a third computer.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { profileOf } from '../../shared/model/document/roots.ts';
import { acceptAnswer } from '../../shared/model/thread/fact-commands.ts';
import { addPost } from '../../shared/model/thread/commands.ts';
import { AccessTeam } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
import { caravan, killLeftovers } from '../support/host-process.ts';
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

it('[PF3] [P2] [AH13] nobody writes the profile of another; a guest meets only people of their space, with reasons from there, and no team', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace } = team;
  const pilot = await ana.call('space.create', { workspace, name: 'Pilot', visibility: 'invited' });
  const bo = await team.join('Bo', { role: 'member', spaces: [{ space: team.space, role: 'member' }] });
  const gus = await team.join('Gus', { role: 'guest', spaces: [{ space: pilot.id, role: 'guest' }] });
  const [hers, his] = [team.member(ana), team.member(bo)];
  await ana.call('people.describe', { workspace, role: 'Lead', add: { skills: ['Rotators'] } });
  await bo.call('people.describe', { workspace, add: { skills: ['Rotators'] } });
  // People are found by their names, which come with their profiles.
  await until('Ana knows Bo by name', async () => {
    const members = await ana.call('workspace.members', { workspace });
    return members.some(({ id, name }) => id === his && name === 'Bo');
  });
  await ana.call('people.importTeams', {
    workspace,
    file: { text: JSON.stringify({ teams: [{ name: 'core', members: ['Ana', 'Bo', 'Eva'] }] }) },
  });
  for (const space of [team.space, pilot.id]) {
    const ask = { workspace, space, type: 'discussion' as const, title: `Notes of ${space}`, text: 'On rotators.' };
    await ana.call('thread.begin', ask);
  }

  const directory = (host: typeof ana) => host.call('people.list', { workspace });
  const skillsOf = async (host: typeof ana, member: string): Promise<string> =>
    (await directory(host)).people.find((one) => one.id === member)?.skills.join() ?? '';
  await until('everybody has what they may have', async () => {
    const all = [await skillsOf(bo, hers), await skillsOf(ana, his), await skillsOf(gus, hers)];
    return all.every((skills) => skills === 'Rotators');
  });
  const forged = bo.parts.documents.edit(`${workspace}/@${hers}/profile`, (doc) =>
    profileOf(doc).set('role', 'Forged'),
  );
  await expect(forged).rejects.toMatchObject({ code: 'not-allowed' });
  await expect(bo.call('people.importTeams', { workspace, file: { text: '{"teams":[]}' } })).rejects.toMatchObject({
    code: 'not-allowed',
  });

  // Gus is in Pilot alone: he meets Ana there, not Bo, and her words of other spaces are no reasons for him.
  expect((await directory(gus)).people.map((one) => one.id).sort()).toEqual([hers, team.member(gus)].sort());
  await until('Gus has the notes of his space', async () => {
    await gus.parts.people.settled();
    const { people } = await gus.call('people.knows', { workspace, words: 'rotators' });
    return people.length === 1 && (people[0]?.reasons.length ?? 0) > 1;
  });
  const { people } = await gus.call('people.knows', { workspace, words: 'rotators' });
  expect(people[0]?.reasons.map((one) => ('space' in one ? one.space : one.kind))).toEqual(['skill', pilot.id]);
  await expect(gus.call('people.profile', { workspace, member: his })).rejects.toMatchObject({ code: 'not-found' });
  await expect(gus.call('people.follow', { workspace, member: his, follow: true })).rejects.toMatchObject({
    code: 'not-found',
  });
  expect(await gus.call('people.teams', { workspace })).toEqual({ teams: [], mayImport: false });
  await until('Bo has the teams', async () => (await bo.call('people.teams', { workspace })).teams.length === 1);
  expect((await bo.call('people.teams', { workspace })).teams[0]?.people).toEqual([
    { name: 'Ana', member: hers, leads: false },
    { name: 'Bo', member: his, leads: false },
    { name: 'Eva', member: null, leads: false },
  ]);
  expect((await directory(gus)).people.flatMap((one) => one.teams)).toEqual([]);
}, 60_000);

it('[D9] [P2] [T11] a question asked offline stands in the queue of who knows; its accepted answer is a reason on a third computer, offline', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace, space } = team;
  const parts = [{ space, role: 'member' as const }];
  const bo = await team.join('Bo', { role: 'member', spaces: parts });
  const zoe = await team.join('Zoe', { role: 'member', spaces: parts });
  await bo.call('people.describe', { workspace, add: { skills: ['LevelDB'] } });
  await team.relay.end('SIGTERM');
  const ask = { workspace, space, type: 'question' as const, title: 'LevelDB stalls', text: 'At noon.' };
  const { id, room } = await ana.call('thread.begin', ask);
  await team.startRelay();
  const queue = async (host: typeof ana) => (await host.call('people.queue', { workspace })).questions;
  await until(
    'the question is in the queue of Bo, as one for him',
    async () => {
      const [first] = await queue(bo);
      return first?.document === id && first.reasons[0]?.words === 'LevelDB';
    },
    40_000,
  );
  expect((await queue(ana)).length).toBe(0);
  const post = await bo.parts.documents.edit(room, (doc) =>
    addPost(doc, { author: team.member(bo), device: bo.parts.device.id, text: 'Throttle the snapshots.', at: 9 }),
  );
  await until('Ana has the answer', () => ana.parts.documents.read(room, (doc) => doc.getMap('posts').has(post)));
  await ana.parts.documents.edit(room, (doc) => acceptAnswer(doc, post, { by: team.member(ana), at: 10 }));
  await until('the queue of Bo is empty', async () => (await queue(bo)).length === 0);
  await until('Zoe has heard that it was accepted', async () => {
    const { threads } = await zoe.call('thread.list', { workspace, space });
    return threads[0]?.answered === true;
  });
  await team.relay.end('SIGTERM');
  await zoe.parts.people.settled();
  expect((await zoe.call('people.knows', { workspace, words: 'who knows about snapshots' })).people).toEqual([
    {
      member: team.member(bo),
      reasons: [{ kind: 'accepted', document: id, space, title: 'LevelDB stalls', post }],
      more: 0,
    },
  ]);
}, 90_000);

it('[P2] [TM2] the command line shows what a file of teams would become, takes it in, and refuses one that is none', async () => {
  const data = await bench.folder();
  const run = (...args: string[]) => caravan(...args, '--data', data, '--json');
  await run('init', '--name', 'Ana', '--workspace', 'Perigee');
  const file = path.join(data, 'teams.json');
  await writeFile(file, JSON.stringify({ teams: [{ name: 'core', members: ['Ana', 'Eva'] }] }));
  for (const more of [['--plan'], []]) {
    const ran = await run('import', 'teams', file, ...more);
    expect([ran.code, ran.json()]).toMatchObject([0, { added: ['core'], unchanged: 0 }]);
  }
  expect((await run('import', 'teams', file)).json()).toMatchObject({ added: [], changed: [], unchanged: 1 });
  await writeFile(file, '{"teams":[{"name":""}]}');
  const refused = await run('import', 'teams', file);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('Team 1 of the file has no name')]);
}, 60_000);
