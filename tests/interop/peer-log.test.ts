// A team without a relay, from joining by a link on: hosts with real doors on loopback addresses. Who decides while the owner is away, a relay that is added, and one that is lost.
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import { startRelay } from '../../server/relay.ts';
import { readSettings } from '../../server/settings.ts';
import { HostBench, until } from '../support/host.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

/** Each at an address of its own; a computer that starts again is at the same one. */
async function start(at: number, folder?: string): Promise<{ readonly host: Host; readonly folder: string }> {
  const here = folder ?? (await bench.folder());
  return { host: await bench.start(here, { peers: { listen: `127.0.0.${at}` } }), folder: here };
}

const logOf = (host: Host, workspace: string) => host.parts.workspaces.get(workspace).log;
const addressOf = (host: Host) => ({ host: host.parts.door!.addresses[0]!, port: host.parts.door!.port! });

/** As discovery would: both hear of each other. */
function meet(workspace: string, one: Host, other: Host): void {
  one.parts.peers.found(workspace, other.parts.device.id, addressOf(other));
  other.parts.peers.found(workspace, one.parts.device.id, addressOf(one));
}

async function invite(host: Host, workspace: string, role: 'admin' | 'member' = 'member'): Promise<string> {
  return (await host.call('invite.create', { workspace, role })).link;
}

function inStep(workspace: string, ...hosts: Host[]): Promise<void> {
  return until('all have the same list', () => {
    const logs = hosts.map((host) => logOf(host, workspace));
    return logs.every((log) => log.pending.length === 0 && log.records.join() === logs[0]!.records.join());
  });
}

async function team() {
  const { host: ana, folder } = await start(2);
  const { id: workspace } = await ana.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [{ host: bo }, { host: cy }, { host: dee }] = [await start(3), await start(4), await start(5)];
  await bo.call('workspace.join', { link: await invite(ana, workspace, 'admin'), name: 'Bo' });
  await cy.call('workspace.join', { link: await invite(ana, workspace), name: 'Cy' });
  await dee.call('workspace.join', { link: await invite(ana, workspace), name: 'Dee' });
  return { ana, folder, bo, cy, dee, workspace };
}

describe('[D6] a team without a relay', () => {
  it('[AH14] [PL9] joins by links that lead to a computer; a removal holds while the owner is away, and is put in order when the owner is back', async () => {
    const { ana, folder, bo, cy, dee, workspace } = await team();
    await inStep(workspace, ana, bo, cy, dee);
    await until('Bo has the title and who invited', async () => {
      const members = await bo.call('workspace.members', { workspace });
      return members.some(({ name }) => name === 'Ana');
    });
    meet(workspace, bo, dee);
    meet(workspace, cy, dee);
    const isLinked = (host: Host, to: Host): boolean =>
      host.parts.peers.list(workspace).some(({ device, state }) => device === to.parts.device.id && state === 'linked');
    await until('Dee has both', () => isLinked(dee, bo) && isLinked(dee, cy));
    await bench.stop(ana);

    const member = logOf(bo, workspace).membership.devices.get(cy.parts.device.id)!;
    await bo.call('member.remove', { workspace, member });
    await until('Dee has heard of it', () => !logOf(dee, workspace).shared.devices.has(cy.parts.device.id));
    await until('Cy is out', () => !isLinked(dee, cy));
    await expect(cy.parts.door!.dial(workspace, addressOf(dee), 'link')).rejects.toMatchObject({ code: 'not-allowed' });
    expect(logOf(dee, workspace).pending).toHaveLength(1);

    // Eve is invited by Bo meanwhile: carried, and not in.
    const { host: eve } = await start(6);
    const link = await invite(bo, workspace);
    await expect(eve.call('workspace.join', { link, name: 'Eve' })).rejects.toMatchObject({
      code: 'unreachable',
      details: { waits: true },
    });
    expect(eve.parts.workspaces.all).toEqual([]);
    expect(logOf(bo, workspace).shared.devices.has(eve.parts.device.id)).toBe(false);

    const { host: again } = await start(2, folder);
    meet(workspace, again, dee);
    await until('it is in order', () => logOf(again, workspace).membership.removed.has(member));
    meet(workspace, again, bo);
    await until('Eve is in', () => eve.parts.workspaces.find(workspace) !== null);
    await inStep(workspace, again, bo, dee, eve);
    await until('Eve sees the title', () => eve.parts.workspaces.get(workspace).entry().title === 'Perigee');
    // Once, and for nobody else.
    const { host: fay } = await start(7);
    await expect(fay.call('workspace.join', { link, name: 'Fay' })).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it('[PL9] [PE28] [PE50] who is invited comes in by the link where nobody is let in without a code, and reads; a member without one does not', async () => {
    const { host: ana, folder } = await start(2);
    const { id: workspace } = await ana.call('workspace.create', { title: 'Perigee', name: 'Ana' });
    const [{ host: bo }, { host: cy }, { host: dee }] = [await start(3), await start(4), await start(5)];
    await cy.call('workspace.join', { link: await invite(ana, workspace), name: 'Cy' });
    await until('Cy has the title', () => cy.parts.workspaces.get(workspace).entry().title === 'Perigee');
    await ana.call('peers.setSettings', { workspace, discover: false });
    const forBo = { link: await invite(ana, workspace, 'admin'), name: 'Bo' };
    // Asked twice at once, as by somebody who does not wait while it is tried again: he is in once.
    const twice = await Promise.allSettled([bo.call('workspace.join', forBo), bo.call('workspace.join', forBo)]);
    expect(twice.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(twice.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'already-exists' } });
    await until('Bo has the title', () => bo.parts.workspaces.get(workspace).entry().title === 'Perigee');

    // While somebody is expected, too: neither text nor list is for who has no code and no invitation.
    const { invite: expected, link } = await ana.call('invite.create', { workspace, role: 'member' });
    for (const purpose of ['link', 'log', 'blobs'] as const) {
      const refused = expect(cy.parts.door!.dial(workspace, addressOf(ana), purpose)).rejects;
      await refused.toMatchObject({ code: 'not-allowed' });
    }
    await ana.call('invite.revoke', { workspace, invite: expected.id });
    await expect(dee.call('workspace.join', { link, name: 'Dee' })).rejects.toMatchObject({ code: 'not-allowed' });

    // Where the joining waits for the owner, the link still leads in once it is in order.
    await bench.stop(ana);
    await bo.call('peers.setSettings', { workspace, discover: false });
    const carried = await invite(bo, workspace);
    await expect(dee.call('workspace.join', { link: carried, name: 'Dee' })).rejects.toMatchObject({
      details: { waits: true },
    });
    const { host: again } = await start(2, folder);
    const { code, addresses } = await again.call('peers.code', { workspace, fresh: true });
    await bo.call('peers.connect', { workspace, address: addresses[0]!, code });
    await until('Dee is in, and reads', () => dee.parts.workspaces.find(workspace)?.entry().title === 'Perigee');
  });

  it('[PL11] [AH16] [AH17] takes a relay later, and goes on without it when it is lost for good', async () => {
    const { ana, bo, dee, workspace } = await team();
    await inStep(workspace, ana, bo, dee);
    await expect(bo.call('relay.attach', { workspace, url: 'ws://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'unreachable',
    });
    const data = path.join(await bench.folder(), 'relay');
    const relay = await startRelay(readSettings({ flags: { data, port: 0, open: true }, environment: {} }));
    try {
      await expect(bo.call('relay.attach', { workspace, url: relay.url })).rejects.toMatchObject({
        code: 'not-allowed',
      });
      // Decided while nobody was there to order it; the relay gets it by whoever comes there first.
      const { id: early } = await bo.call('space.create', { workspace, name: 'Early' });
      await ana.call('relay.attach', { workspace, url: relay.url });
      await until('all go there', () =>
        [bo, dee].every((host) => host.parts.workspaces.get(workspace).about.relay === relay.url),
      );
      await inStep(workspace, ana, bo, dee);
      expect(logOf(dee, workspace).shared.spaces.has(early)).toBe(true);
      expect(logOf(ana, workspace).orders).toBe(false);
      meet(workspace, bo, dee);
    } finally {
      await relay.close();
    }
    const { id: late } = await bo.call('space.create', { workspace, name: 'Late' });
    expect(logOf(bo, workspace).shared.spaces.has(late)).toBe(false);
    await expect(bo.call('relay.detach', { workspace })).rejects.toMatchObject({ code: 'not-allowed' });
    await ana.call('relay.detach', { workspace });
    await inStep(workspace, ana, bo, dee);
    expect(logOf(dee, workspace).shared.spaces.has(late)).toBe(true);
    await until('nobody looks for it', () =>
      [ana, bo, dee].every((host) => host.parts.workspaces.get(workspace).truths().link.state === 'none'),
    );
  });
});
