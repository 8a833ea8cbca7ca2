// Hosts and a closed relay process: who is in, what each may do, and that changes act at once, live and after having been away.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { AccessTeam } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
import { bundleRelay, type RelayBundle } from '../support/relay-process.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

let bundle: RelayBundle;
let bench: HostBench;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe('three hosts and a closed relay', () => {
  it('[X6] [ML2] the owner invites, a member joins by link and a guest into one space; each sees what is theirs', async () => {
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace, space } = team;
    const closed = await ana.call('space.create', { workspace, name: 'Board room', visibility: 'invited' });
    const pilot = await ana.call('space.create', {
      workspace,
      name: 'Pilot',
      visibility: 'invited',
      purpose: 'Try it',
    });
    for (const [where, title] of [
      [space, 'For all'],
      [closed.id, 'Secret'],
      [pilot.id, 'Plan'],
    ] as const) {
      await team.page(ana, where, title);
    }
    const bo = await team.join('Bo');
    const gus = await team.join('Gus', { role: 'guest', spaces: [{ space: pilot.id, role: 'guest' }] });
    await team.untilTitles(bo, 'For all');
    await team.untilTitles(gus, 'Plan');
    expect((await bo.call('space.list', { workspace })).map((one) => one.id)).toEqual([space]);
    expect(await gus.call('space.list', { workspace })).toMatchObject([
      { id: pilot.id, part: 'guest', mayWrite: true, manages: false, outsiders: 1 },
    ]);
    await until('the names are there', async () => {
      const names = async (host: typeof ana) =>
        (await host.call('workspace.members', { workspace })).map((one) => one.name).join();
      return (await names(ana)) === 'Ana,Bo,Gus' && (await names(bo)) === 'Ana,Bo,' && (await names(gus)) === 'Ana,Gus';
    });
    await until('Gus knows the name of the space', async () => {
      const [only] = await gus.call('space.list', { workspace });
      return only?.name === 'Pilot' && only.purpose === 'Try it';
    });
    await team.page(gus, pilot.id, 'From outside');
    await team.untilTitles(ana, 'For all,From outside,Plan,Secret');
    expect(await ana.call('member.sees', { workspace, member: team.member(gus) })).toEqual({
      spaces: [{ space: pilot.id, name: 'Pilot', role: 'guest', documents: 2 }],
      people: [team.member(ana), team.member(gus)],
    });
    // A space that is made open later is offered by its name, and nothing of it is here before one enters.
    const later = await ana.call('space.create', { workspace, name: 'Ideas' });
    await team.page(ana, later.id, 'An idea');
    await until('Bo is offered it', async () =>
      (await bo.call('space.list', { workspace })).some((one) => one.name === 'Ideas' && one.part === null),
    );
    expect(await team.titles(bo)).toBe('For all');
    await bo.call('space.enter', { workspace, space: later.id });
    await team.untilTitles(bo, 'An idea,For all');
    expect((await gus.call('space.list', { workspace })).map((one) => one.id)).toEqual([pilot.id]);
  }, 60_000);

  it('roles and parts change live: a viewer reads on and writes no more, a lost space closes, a granted one comes', async () => {
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace, space } = team;
    const second = await ana.call('space.create', { workspace, name: 'Second', visibility: 'invited' });
    await team.page(ana, space, 'Plan');
    await team.page(ana, second.id, 'Other');
    const bo = await team.join('Bo');
    await team.untilTitles(bo, 'Plan');
    const member = team.member(bo);
    await ana.call('space.grant', { workspace, space: second.id, member, role: 'member' });
    await team.untilTitles(bo, 'Other,Plan');
    await ana.call('member.role', { workspace, member, role: 'viewer' });
    await until('Bo may not write', async () =>
      (await bo.call('space.list', { workspace })).every((one) => !one.mayWrite),
    );
    await expect(team.page(bo, space, 'No')).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await team.titles(bo)).toBe('Other,Plan');
    await ana.call('member.role', { workspace, member, role: 'member' });
    await until('Bo may write', async () => (await bo.call('space.list', { workspace })).every((one) => one.mayWrite));
    await team.page(bo, space, 'Yes');
    await team.untilTitles(ana, 'Other,Plan,Yes');
    await ana.call('space.revoke', { workspace, space: second.id, member });
    await team.untilTitles(bo, 'Plan,Yes');
    // What is written there now does not come to Bo; given back, it is all there.
    await team.page(ana, second.id, 'Meanwhile');
    await ana.call('sync.wait', { workspace, timeout: 10_000 });
    expect(await team.titles(bo)).toBe('Plan,Yes');
    await ana.call('space.grant', { workspace, space: second.id, member, role: 'viewer' });
    await team.untilTitles(bo, 'Meanwhile,Other,Plan,Yes');
  }, 60_000);

  it('[RE51] a host puts no ticket, seed or key into the address of a request', async () => {
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace, space } = team;
    const proxy = await TcpProxy.start(Number(team.port));
    onTestFinished(() => proxy.close());
    let heard = '';
    proxy.listening = (bytes) => (heard += bytes.toString('latin1'));
    const { link } = await ana.call('invite.create', { workspace });
    const seed = /seed=([\w-]+)/.exec(link)?.[1] ?? '';
    const bo = await bench.start(await bench.folder());
    await bo.call('workspace.join', { link: link.replaceAll(team.port, String(proxy.port)), name: 'Bo' });
    await team.page(bo, space, 'Plan');
    await bo.parts.attachments.add(workspace, space, pieces(new Uint8Array(2_000)));
    await team.untilTitles(ana, 'Plan');
    await until('the attachment is on the relay', () => bo.parts.attachments.truth(workspace).waiting === 0);
    const lines = heard.match(/(?:GET|HEAD|POST|PUT) \S+ HTTP\/1\.1(?=\r\n)/g) ?? [];
    for (const call of [
      'GET /v1/nonce',
      'POST /v1/ticket',
      'POST /v1/join',
      'GET /v1/log/',
      'GET /v1/link/',
      'PUT /v1/blob/',
    ]) {
      expect([call, lines.some((line) => line.startsWith(call))]).toEqual([call, true]);
    }
    // Ids of 43 characters and names of 64 stand there; whatever is signed, or is a secret, is longer or known.
    expect(lines.filter((line) => /[?=]|eyJ|[\w-]{65}/.test(line))).toEqual([]);
    expect(seed.length).toBeGreaterThan(20);
    for (const secret of [seed, bo.parts.device.d, bo.parts.device.publicKey.x]) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
    // The seed itself is sent nowhere: what is signed with it is.
    expect(heard).not.toContain(seed);
  }, 60_000);

  it('[RE59] a member who is removed while away with edits hears of it: what they have stays and is read, nobody takes the edits', async () => {
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace, space } = team;
    await team.page(ana, space, 'Plan');
    const bo = await team.join('Bo');
    const cy = await team.join('Cy');
    for (const host of [bo, cy]) await team.untilTitles(host, 'Plan');
    // What came from the relay counts as held there once the relay has said so: Cy's profile must be all the way here before Bo goes.
    await until('Bo knows Cy', async () => {
      const people = await bo.call('workspace.members', { workspace });
      return people.some(({ name }) => name === 'Cy');
    });
    expect(await bo.call('sync.wait', { workspace, timeout: 10_000 })).toMatchObject({ done: true });
    const boFolder = team.folders.get(bo)!;
    await bench.stop(bo);
    // Without links, as on a train.
    const away = await bench.start(boFolder, { links: false });
    await team.page(away, space, 'Written on the train');
    await bench.stop(away);
    await ana.call('member.remove', { workspace, member: team.member(bo) });
    // Live: Cy is removed while the link stands.
    await ana.call('member.remove', { workspace, member: team.member(cy) });
    await until('Cy hears of it', async () => (await cy.call('hello', {})).workspaces[0]?.mine === 'removed');
    expect(await team.titles(cy)).toBe('Plan');
    await expect(team.page(cy, space, 'No')).rejects.toMatchObject({ code: 'not-allowed' });

    const back = await bench.start(boFolder);
    await until('Bo hears of it', async () => (await back.call('hello', {})).workspaces[0]?.mine === 'removed');
    expect(await team.titles(back)).toBe('Plan,Written on the train');
    const entry = (await back.call('hello', {})).workspaces[0];
    expect(entry?.removedAt).toBeGreaterThan(0);
    // Who deletes it from this computer is told what nobody else has.
    const { unsent } = await back.call('workspace.leaving', { workspace });
    expect(unsent.map(({ title }) => title)).toEqual(['Written on the train']);
    await ana.call('sync.wait', { workspace, timeout: 10_000 });
    expect(await team.titles(ana)).toBe('Plan');
    const people = await ana.call('workspace.members', { workspace });
    expect(people.map((one) => [one.name, one.removed])).toEqual([
      ['Ana', false],
      ['Bo', true],
      ['Cy', true],
    ]);
    // Also after a restart.
    const again = await bench.start(team.folders.get(cy)!, { links: false }).catch(async () => team.restart(cy));
    expect((await again.call('hello', {})).workspaces[0]).toMatchObject({ mine: 'removed', role: 'member' });
    expect(await team.titles(again)).toBe('Plan');
  }, 60_000);

  it('an emptied relay is attached again by the owner’s host by itself, and a member’s host follows', async () => {
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace, space } = team;
    await team.page(ana, space, 'Plan');
    const bo = await team.join('Bo');
    await team.untilTitles(bo, 'Plan');
    expect(await team.relay.end('SIGTERM')).toBe(0);
    await team.page(bo, space, 'Offline');
    rmSync(path.join(team.relayFolder, 'store'), { recursive: true });
    await team.startRelay();
    await team.untilTitles(ana, 'Offline,Plan', 50_000);
    for (const host of [ana, bo]) {
      expect(await host.call('sync.wait', { workspace, timeout: 20_000 })).toMatchObject({ done: true });
      expect(await host.call('workspace.truths', { workspace })).toMatchObject({ outbox: [] });
    }
  }, 90_000);
});
