// Hosts that meet without a relay, over pipes: one link for two devices, what it carries, who is let in and out.
import { cp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Host } from '../host.ts';
import { HostBench, until } from '../../../tests/support/host.ts';
import { framesOf } from '../../../tests/support/sent-frames.ts';
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

it('[PE61] [D6] a member who is removed is closed within a second, and told nothing more', async () => {
  const bo = await team.join('Bo');
  team.meet(team.ana, bo);
  await until('linked', () => team.areLinked(team.ana, bo));
  const member = bo.parts.workspaces.get(team.workspace).about.member;
  await team.ana.call('member.remove', { workspace: team.workspace, member });
  // A removal counts once it is stored; how long a busy disk takes for that says nothing of the link.
  const before = Date.now();
  await until('closed', () => team.net.links(team.port(team.ana), team.port(bo)).length === 0, 1_000);
  expect(Date.now() - before).toBeLessThan(1_000);
  expect(team.ana.parts.peers.list(team.workspace)).toEqual([]);
  team.meet(team.ana, bo);
  expect(team.ana.parts.peers.list(team.workspace)).toEqual([]);
});

it('[PE62] [D2] [X8] [RC8] who holds it is told of peers as of a relay, by either end, after a restart, and not of who lost it', async () => {
  let bo = await team.join('Bo');
  const { workspace } = team;
  const holders = (host: Host, document: string) => host.call('doc.holders', { workspace, document });
  const sitting = async (host: Host, document: string) =>
    (await host.call('doc.receipts', { workspace, document })).sittings[0];
  const isHeld = async (host: Host, document: string): Promise<boolean> => {
    const held = await sitting(host, document);
    return (held?.devices ?? []).some(({ all }) => all) && (await holders(host, document)).members.held === 2;
  };
  const [first, second] = [await team.page(team.ana, 'Ana’s'), await team.page(bo, 'Bo’s')];
  bo = await team.restart(bo, (folder) =>
    cp(path.join(folder, 'store'), path.join(folder, 'before'), { recursive: true }),
  );
  expect((await holders(team.ana, first)).members).toEqual({ held: 1, of: 2 });
  team.meet(team.ana, bo);
  await until('Ana knows that Bo has hers', () => isHeld(team.ana, first));
  await until('Bo knows that Ana has his', () => isHeld(bo, second));
  const { at } = (await sitting(team.ana, first))!.devices[0]!;
  team.part(team.ana, bo);
  await team.ana.call('doc.rename', { workspace, document: first, title: 'Ana’s, again' });
  expect((await holders(team.ana, first)).members.held).toBe(1);
  const ana = await team.restart(team.ana);
  bo = await team.restart(bo);
  // What was typed since is not held; what was before is, since then.
  const known = (await sitting(ana, first))!.devices;
  expect(known).toMatchObject([{ all: false, at }]);
  expect((await holders(bo, second)).members.held).toBe(2);
  team.meet(ana, bo);
  await until('and it is again', () => isHeld(ana, first));
  team.part(ana, bo);
  // Bo's computer comes back as it was before the two ever met: what Ana was told is void, and learned anew.
  bo = await team.restart(bo, async (folder) => {
    await rm(path.join(folder, 'store'), { recursive: true });
    await rename(path.join(folder, 'before'), path.join(folder, 'store'));
  });
  expect(await team.title(bo, first)).toBe(null);
  team.meet(ana, bo);
  await until('Bo has it anew', async () => (await team.title(bo, first)) === 'Ana’s, again');
  await until(
    'and says so',
    async () => (await isHeld(ana, first)) && (await sitting(ana, first))!.devices[0]!.at > at,
  );
});

it('[D5] [D6] who may only read there changes nothing there, however it is tried; a guest hears of no other space', async () => {
  const { workspace, space, ana } = team;
  const bo = await team.join('Bo');
  const [other] = [await ana.call('space.create', { workspace, name: 'Board', visibility: 'invited' })];
  const vi = await team.join('Vi', { role: 'viewer', spaces: [{ space, role: 'viewer' }] });
  const gus = await team.join('Gus', { role: 'guest', spaces: [{ space, role: 'guest' }] });
  const page = await team.page(ana, 'Prices');
  const secret = await team.page(ana, 'Layoffs', other.id);
  for (const host of [bo, vi, gus]) team.meet(ana, host);
  for (const host of [bo, vi, gus]) await until('it is there', async () => (await team.title(host, page)) === 'Prices');
  // Nothing of the other space, not even that there is anything.
  for (const host of [bo, vi, gus]) expect(await roomsIn(host, other.id)).toEqual([]);
  expect(await team.title(ana, secret, other.id)).toBe('Layoffs');
  for (const host of [bo, vi, gus]) team.part(ana, host);
  // Vi's program is a forged one that stores whatever she likes, and hands it over.
  Object.assign(vi.parts.access, { allows: () => true });
  const room = `${workspace}/${space}/${page}`;
  await vi.parts.documents.edit(room, (doc) => doc.getText('title').insert(0, 'FORGED '));
  await vi.parts.documents.edit(`${workspace}/${space}/forged`, (doc) => doc.getText('title').insert(0, 'FORGED'));
  await vi.parts.documents.edit(`${workspace}/${other.id}/forged`, (doc) => doc.getText('title').insert(0, 'FORGED'));
  team.meet(vi, bo);
  team.meet(vi, ana);
  team.meet(vi, gus);
  const honest = await team.page(bo, 'Minutes');
  await until('the link works', async () => (await team.title(vi, honest)) === 'Minutes');
  for (const host of [bo, ana, gus]) {
    await until('it was tried, and refused', () =>
      team.net
        .links(team.port(vi), team.port(host))
        .some((pipe) => framesOf(pipe).some((frame) => frame.kind === 'refused' && frame.code === 4403)),
    );
  }
  for (const host of [bo, ana, gus]) {
    expect(await team.title(host, page)).toBe('Prices');
    expect(await team.title(host, 'forged')).toBe(null);
    expect(await roomsIn(host, other.id)).toEqual(host === ana ? [other.id, secret].sort() : []);
  }
});

it('[PE65] [D6] a guest hands over what they wrote, and nothing of others; what others have for them comes all the same', async () => {
  const { space, ana } = team;
  const bo = await team.join('Bo');
  const gus = await team.join('Gus', { role: 'guest', spaces: [{ space, role: 'guest' }] });
  const page = await team.page(ana, 'Prices');
  team.meet(ana, gus);
  await until('Gus has it', async () => (await team.title(gus, page)) === 'Prices');
  team.part(ana, gus);
  await until('they are apart', () => !team.areLinked(ana, gus));
  const own = await team.page(gus, 'From Gus');
  const answer = await team.page(bo, 'From Bo');
  team.meet(gus, bo);
  await until('what Gus wrote is there', async () => (await team.title(bo, own)) === 'From Gus');
  await until('and what Bo wrote here', async () => (await team.title(gus, answer)) === 'From Bo');
  await Promise.all([gus, bo].map(({ parts }) => parts.peers.settled(team.workspace)));
  expect(await team.title(bo, page)).toBe(null);
  // Once Bo has it from Ana, the two are even.
  team.meet(ana, bo);
  await until('Bo has it from Ana', async () => (await team.title(bo, page)) === 'Prices');
});

it('[PE64] [D5] names and the title reach Cy through Bo, who may not write them, and only as Ana signed them', async () => {
  const { workspace, ana } = team;
  const [bo, cy] = [await team.join('Bo'), await team.join('Cy')];
  const me = ana.parts.workspaces.get(workspace).about.member;
  const profile = `${workspace}/@${me}/profile`;
  await ana.call('workspace.rename', { workspace, title: 'Apogee' });
  const name = async (host: Host): Promise<string | undefined> =>
    (await host.call('workspace.members', { workspace })).find(({ id }) => id === me)?.name;
  const segments = async (host: Host): Promise<number> => (await host.parts.history.segmentsOf(profile)).length;
  team.meet(ana, bo);
  await until(
    'Bo has the name, and what proves it',
    async () => (await name(bo)) === 'Ana' && (await segments(bo)) > 0,
  );
  team.part(ana, bo);
  // Bo's program is a forged one that calls Ana something else, and signs that himself.
  const { access } = bo.parts;
  Object.assign(access, { allows: () => true });
  await bo.parts.documents.edit(profile, (doc) => doc.getText('title').insert(0, 'FORGED '));
  await bo.parts.history.cut([profile]);
  Reflect.deleteProperty(access, 'allows');
  await until('it stands there', async () => (await name(bo)) === 'FORGED Ana' && (await segments(bo)) === 2);
  team.meet(bo, cy);
  await until('Cy has it', async () => (await name(cy)) === 'Ana');
  await until('and the title', () => cy.parts.workspaces.get(workspace).entry().title === 'Apogee');
  const page = await team.page(bo, 'Last');
  await until('all is there', async () => (await team.title(cy, page)) === 'Last');
  expect([await name(cy), await segments(cy)]).toEqual(['Ana', 1]);
});

it('[PE63] [PL] the log grows while they are linked, at whichever end, and the rights with it', async () => {
  const { workspace, ana } = team;
  const bo = await team.join('Bo');
  team.meet(ana, bo);
  await until('linked', () => team.areLinked(ana, bo));
  for (const [from, to] of [
    [ana, bo],
    [bo, ana],
  ] as const) {
    const name = from === ana ? 'Finance' : 'Garden';
    const made = await from.call('space.create', { workspace, name, visibility: 'open' });
    const page = await team.page(from, `Of ${name}`, made.id);
    await until('the other one hears of the space, by name', async () => {
      const spaces = await to.call('space.list', { workspace });
      return spaces.some((space) => space.id === made.id && space.name === name);
    });
    await to.call('space.enter', { workspace, space: made.id });
    await until(
      'and who entered has what is in it',
      async () => (await team.title(to, page, made.id)) === `Of ${name}`,
    );
  }
});

async function roomsIn(host: Host, space: string): Promise<string[]> {
  const found: string[] = [];
  const prefix = `${team.workspace}/${space}/`;
  for await (const room of host.parts.store.rooms(team.workspace)) {
    if (room.startsWith(prefix)) found.push(room.slice(prefix.length));
  }
  return found.sort();
}
