// Hosts that meet without a relay, over pipes: one link for two devices, what it carries, who is let in and out.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HostBench, until } from '../../../tests/support/host.ts';
import { PeerTeam } from '../../../tests/support/peer-team.ts';

let bench: HostBench;
let team: PeerTeam;
beforeEach(async () => {
  bench = new HostBench();
  team = await PeerTeam.make(bench);
});
afterEach(async () => {
  team.dispose();
  await bench.dispose();
});

it('[D5] what Ana wrote reaches Bo, and Cy through Bo, with no relay; space names and the title come along', async () => {
  const [bo, cy] = [await team.join('Bo'), await team.join('Cy')];
  const page = await team.page(team.ana, 'Timetable');
  team.meet(team.ana, bo);
  await until('Bo has it', async () => (await team.title(bo, page)) === 'Timetable');
  expect(team.areLinked(team.ana, bo)).toBe(true);
  team.part(team.ana, bo);
  await until('both know that it is over', () => !team.areLinked(team.ana, bo));
  team.meet(bo, cy);
  await until('Cy has it', async () => (await team.title(cy, page)) === 'Timetable', 5_000);
  const spaces = await cy.call('space.list', { workspace: team.workspace });
  expect(spaces.map(({ name }) => name)).toEqual(['Everyone']);
  const answer = await team.page(cy, 'Answer');
  await until('and the other way round', async () => (await team.title(bo, answer)) === 'Answer');
});

it('[PE] two that dial each other at once are linked once, by the one with the smaller id, and nothing is lost', async () => {
  const bo = await team.join('Bo');
  const [a, b] = [team.port(team.ana), team.port(bo)];
  const gates: (() => void)[] = [];
  team.net.before = () => new Promise((resolve) => gates.push(resolve));
  team.meet(team.ana, bo);
  const page = await team.page(team.ana, 'One');
  await until('both dial', () => gates.length === 2);
  for (const open of gates.splice(0)) open();
  team.net.before = () => Promise.resolve();
  await until('one link stands', () => team.areLinked(team.ana, bo) && team.net.links(a, b).length === 1);
  const isAnaSmaller = team.ana.parts.device.id < bo.parts.device.id;
  const [entry] = team.ana.parts.peers.list(team.workspace);
  expect(entry).toMatchObject({ dialed: isAnaSmaller, state: 'linked' });
  await until('Bo has it', async () => (await team.title(bo, page)) === 'One');
  const other = await team.page(bo, 'Two');
  await until('Ana has it', async () => (await team.title(team.ana, other)) === 'Two');
  // Found again and again, it stays that one.
  for (let times = 0; times < 5; times += 1) team.meet(team.ana, bo);
  expect(team.net.links(a, b)).toHaveLength(1);
});

it('[PE] a link that is lost stands again within ten seconds, and a restart is no loss', async () => {
  let bo = await team.join('Bo');
  const [a, b] = [team.port(team.ana), team.port(bo)];
  team.meet(team.ana, bo);
  await until('linked', () => team.areLinked(team.ana, bo));
  for (const pipe of team.net.links(a, b)) pipe.cut();
  await until('linked again', () => team.areLinked(team.ana, bo) && team.net.links(a, b).length === 1, 10_000);
  const page = await team.page(team.ana, 'Later');
  bo = await team.restart(bo);
  team.meet(team.ana, bo);
  await until('Bo has it', async () => (await team.title(bo, page)) === 'Later', 10_000);
});

it('[D6] a member who is removed is closed within a second, and told nothing more', async () => {
  const bo = await team.join('Bo');
  team.meet(team.ana, bo);
  await until('linked', () => team.areLinked(team.ana, bo));
  const member = bo.parts.workspaces.get(team.workspace).about.member;
  const before = Date.now();
  await team.ana.call('member.remove', { workspace: team.workspace, member });
  await until('closed', () => team.net.links(team.port(team.ana), team.port(bo)).length === 0, 1_000);
  expect(Date.now() - before).toBeLessThan(1_000);
  expect(team.ana.parts.peers.list(team.workspace)).toEqual([]);
  team.meet(team.ana, bo);
  expect(team.ana.parts.peers.list(team.workspace)).toEqual([]);
});
