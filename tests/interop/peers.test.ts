// Three hosts at three addresses of this machine, over their doors (TLS, both devices proved), with no relay; and with one that comes, goes and is wiped.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import { addPost } from '../../shared/model/thread/commands.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import { decodeRoomFrame } from '../../shared/protocol/room-frames.ts';
import { registrationKey } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
import { PeerTeam } from '../support/peer-team.ts';
import { bundleRelay, startRelayProcess } from '../support/relay-process.ts';
import { framesOf } from '../support/sent-frames.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

const memberOf = (team: PeerTeam, host: Host): string => host.parts.workspaces.get(team.workspace).about.member;

describe('[D5] three computers without a relay', () => {
  const doors = (port: number) => ({ peers: { listen: `127.0.0.${port}` } });

  it('[PE60] [PE64] what A gave B on the train reaches C within 5 s of meeting B, with names and receipts; [D9] a question is asked and answered so', async () => {
    const team = await PeerTeam.make(bench, doors);
    const { ana, workspace, space } = team;
    const [bo, cy] = [await team.join('Bo'), await team.join('Cy')];
    // Both ends dial at once, over real sockets: one link comes of it.
    team.meet(ana, bo);
    const page = await team.page(ana, 'Timetable');
    const asked = await ana.call('thread.begin', {
      ...{ workspace, space, type: 'question' as const, title: 'Which band', text: 'How?', topics: ['radio'] },
    });
    await cy.call('people.describe', { workspace, add: { skills: ['radio'] } });
    await until(
      'Bo has both',
      async () => (await team.title(bo, page)) !== null && (await team.title(bo, asked.id)) !== null,
    );
    await until('Ana knows it', async () => {
      const { members } = await ana.call('doc.holders', { workspace, document: page });
      return members.held === 2;
    });
    await until('what proves her name is there', async () => {
      const profile = `${workspace}/@${memberOf(team, ana)}/profile`;
      return (await bo.parts.history.segmentsOf(profile)).length > 0;
    });
    team.part(ana, bo);
    await until('they are apart', () => !team.areLinked(ana, bo));
    team.meet(bo, cy);
    await until('they are linked', () => team.areLinked(bo, cy));
    await until('Cy has it', async () => (await team.title(cy, page)) === 'Timetable', 5_000);
    await until('and whose it is', async () => {
      const members = await cy.call('workspace.members', { workspace });
      return members.some(({ id, name }) => id === memberOf(team, ana) && name === 'Ana');
    });
    await until('the question stands in the queue of who knows', async () => {
      const { questions } = await cy.call('people.queue', { workspace });
      return questions.some(({ reasons }) => reasons.some(({ kind }) => kind === 'skill'));
    });
    const post = { author: memberOf(team, cy), device: cy.parts.device.id };
    await cy.parts.documents.edit(asked.room, (doc) => void addPost(doc, { ...post, text: '2 m', at: Date.now() }));
    const isAnswered = (host: Host) =>
      host.parts.documents.read(asked.room, (doc) => readThread(doc).posts.some(({ text }) => text === '2 m'));
    await until('Bo has the answer', () => isAnswered(bo));
    team.part(bo, cy);
    await until('they are apart', () => !team.areLinked(bo, cy));
    team.meet(ana, bo);
    await until('it comes back over Bo', () => isAnswered(ana));
    expect(ana.parts.peers.list(workspace).filter(({ state }) => state === 'linked')).toHaveLength(1);
    team.dispose();
  });

  it('[D6] a viewer’s forged edit is refused by all, and a member who was removed by everybody who has heard of it', async () => {
    const team = await PeerTeam.make(bench, doors);
    const { ana, workspace, space } = team;
    const viewing = { role: 'viewer', spaces: [{ space, role: 'viewer' }] } as const;
    const [vi, bo, cy] = [await team.join('Vi', viewing), await team.join('Bo'), await team.join('Cy')];
    const page = await team.page(ana, 'Prices');
    for (const host of [bo, vi, cy]) team.meet(ana, host);
    for (const host of [bo, vi, cy])
      await until('all have it', async () => (await team.title(host, page)) === 'Prices');
    for (const host of [bo, vi, cy]) team.part(ana, host);
    Object.assign(vi.parts.access, { allows: () => true });
    await vi.parts.documents.edit(`${workspace}/${space}/${page}`, (doc) => doc.getText('title').insert(0, 'FORGED '));
    for (const host of [bo, cy]) {
      team.meet(vi, host);
      const seen = await team.page(host, 'Seen');
      await until('linked, and read', async () => (await team.title(vi, seen)) === 'Seen');
      await Promise.all([vi, host].map(({ parts }) => parts.peers.settled(workspace)));
      expect(await team.title(host, page)).toBe('Prices');
    }
    // Ana takes Cy out, and Bo hears of it; Vi does not.
    team.meet(ana, bo);
    await until('linked', () => team.areLinked(ana, bo));
    team.meet(bo, cy);
    await until('linked', () => team.areLinked(bo, cy));
    await ana.call('member.remove', { workspace, member: memberOf(team, cy) });
    const removed = memberOf(team, cy);
    await until('Bo hears of it', () => bo.parts.workspaces.get(workspace).log.membership.removed.has(removed));
    await until('Bo closes at once', () => !team.areLinked(bo, cy), 2_000);
    await cy.parts.documents.edit(`${workspace}/${space}/${page}`, (doc) => doc.getText('title').insert(0, 'LATE '));
    team.meet(ana, cy);
    team.meet(bo, cy);
    const after = await team.page(ana, 'After');
    await until('the others go on', async () => (await team.title(bo, after)) === 'After');
    for (const host of [ana, bo]) {
      await expect(cy.parts.peers.connect(workspace, team.addressOf(host))).rejects.toThrow();
      expect(await team.title(host, page)).toBe('Prices');
    }
    expect(await team.title(cy, after)).toBe(null);
    team.dispose();
  });
});

it('[RL2] [D10] a relay added later, and wiped: it is filled by whoever comes; with it an edit travels once', async () => {
  const bundle = await bundleRelay();
  const team = await PeerTeam.make(bench);
  const { ana, workspace, space } = team;
  const [bo, cy] = [await team.join('Bo'), await team.join('Cy')];
  team.meet(ana, bo);
  const page = await team.page(ana, 'Plan');
  await until('Bo has it', async () => (await team.title(bo, page)) === 'Plan');
  const data = path.join(await bench.folder(), 'relay');
  let relay = await startRelayProcess(bundle, ['serve', '--data', data, '--port', '0']);
  const { port } = new URL(relay.url);
  await ana.call('relay.attach', { workspace, url: relay.url, key: registrationKey(data) });
  const isOnline = (host: Host): boolean => host.parts.workspaces.get(workspace).truths().link.state === 'online';
  await until('Bo hears of it by Ana’s computer, and goes there', () => isOnline(bo) && isOnline(ana));
  await until('nothing waits', () =>
    [ana, bo].every((host) => host.parts.workspaces.get(workspace).truths().outbox.length === 0),
  );
  // All three ways are there: between the two nothing goes that the relay brings.
  const pipes = team.net.links(1, 2);
  const carried = (): number =>
    pipes.flatMap(framesOf).filter((frame) => {
      if (frame.kind !== 'data') return false;
      const message = decodeRoomFrame(frame.bytes);
      return (message?.kind === 'update' || message?.kind === 'step2') && message.update.length > 2;
    }).length;
  // Nor does anything of before still wait for its turn there.
  await Promise.all([ana, bo].map(({ parts }) => parts.peers.settled(workspace)));
  const before = carried();
  for (const title of ['Plan B', 'Plan C', 'Plan D']) {
    await ana.call('doc.rename', { workspace, document: page, title });
    await until('it comes', async () => (await team.title(bo, page)) === title);
  }
  expect([pipes.length, carried() - before]).toEqual([1, 0]);

  // The relay loses everything: it is filled again, and Cy, who hears of it from Ana, has it all.
  await relay.end('SIGKILL');
  rmSync(data, { recursive: true });
  relay = await startRelayProcess(bundle, ['serve', '--data', data, '--port', port]);
  const again = await team.restart(ana);
  await again.call('relay.attach', { workspace, url: relay.url, key: registrationKey(data) });
  await until('it is attached again, and Bo goes there', () => isOnline(again) && isOnline(bo));
  team.meet(again, cy);
  await until('Cy has it', async () => (await team.title(cy, page)) === 'Plan D');
  await until('and goes to the relay', () => isOnline(cy));
  expect(cy.parts.workspaces.get(workspace).mayRead(space)).toBe(true);
  await relay.end('SIGTERM');
  team.dispose();
});
