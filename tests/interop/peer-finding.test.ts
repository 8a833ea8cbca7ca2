// Members' computers that find one another: by real multicast DNS on the loopback interface, and where it is not let through by an address and a code.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host, HostOptions } from '../../app/host/host.ts';
import { dayOf, deviceTag, workspaceTag } from '../../app/host/peers/discovery/day-tags.ts';
import { localNetworks } from '../../app/host/peers/discovery/local-networks.ts';
import { openMulticast, type Multicast } from '../../app/host/peers/discovery/multicast.ts';
import { recordsOf } from '../../app/host/peers/discovery/service-records.ts';
import { meetingKey } from '../../shared/access/meeting-key.ts';
import { silentLogger, type Logger } from '../../shared/base/logger.ts';
import { HostBench, until } from '../support/host.ts';
import { caravan, killLeftovers, openHost } from '../support/host-process.ts';
import { PeerTeam } from '../support/peer-team.ts';

/** Apart from whatever else speaks on this machine. */
const PORT = 20_000 + (process.pid % 20_000);
const onLoopback = (logger: Logger): Multicast =>
  openMulticast(logger, {
    networks: () => localNetworks().filter(({ internal, family }) => internal && family === 'ipv4'),
    port: PORT,
    internal: true,
  });
const AT_DOOR: Partial<HostOptions> = { peers: { listen: '127.0.0.1' } };

/** Whether this machine hears itself there; some containers do not. */
const speaks = await new Promise<boolean>((resolve) => {
  const multicast = onLoopback(silentLogger);
  const end = (heard: boolean): void => {
    clearTimeout(late);
    clearInterval(asking);
    void multicast.close().then(() => resolve(heard));
  };
  const late = setTimeout(() => end(false), 2_000);
  multicast.onHeard(() => end(true));
  multicast.refresh();
  const asking = setInterval(() => multicast.ask(), 50);
});
if (!speaks)
  process.stderr.write('SKIPPED: nothing that is said by multicast on the loopback interface is heard here.\n');

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(async () => {
  killLeftovers();
  await bench.dispose();
});

function portOf(host: Host): number {
  return host.parts.door?.port ?? 0;
}

describe.runIf(speaks)('[D5] on a network that lets announcements through', () => {
  it('[PE40] two computers find each other, link, and one switch ends it', async () => {
    const team = await PeerTeam.make(bench, { ...AT_DOOR, multicast: onLoopback });
    const { ana, workspace } = team;
    const bo = await team.join('Bo');
    await until('they are linked', () => team.areLinked(ana, bo));
    const page = await team.page(ana, 'Train');
    await until('Bo has it', async () => (await team.title(bo, page)) === 'Train');
    // Where both dial at once one of the two links takes the other's place, which shows for a moment.
    let here = await ana.call('peers.list', { workspace });
    await until('his name is here, and the link stands', async () => {
      here = await ana.call('peers.list', { workspace });
      return here.peers[0]?.memberName === 'Bo' && here.peers[0].state === 'linked';
    });
    expect(here).toMatchObject({ discover: true, looking: 'looking', closed: false });
    expect(here.peers).toMatchObject([{ memberName: 'Bo', state: 'linked', me: false, byCode: false, why: null }]);

    // Off at one end: nobody comes or goes, though the other one still says that it is here.
    await bo.call('peers.setSettings', { workspace, discover: false });
    await until('nobody is linked', async () => {
      const lists = await Promise.all([ana, bo].map((host) => host.call('peers.list', { workspace })));
      return lists.every(({ peers }) => peers.every(({ state }) => state !== 'linked'));
    });
    expect(await bo.call('peers.list', { workspace })).toMatchObject({ discover: false, looking: 'off' });
    await bo.call('peers.setSettings', { workspace, discover: true });
    await until('they are linked again', () => team.areLinked(ana, bo));
    team.dispose();
  });

  it('[PE46] a flood of announcements leads nowhere, and real ones are heard through it', async () => {
    const team = await PeerTeam.make(bench, { ...AT_DOOR, multicast: onLoopback });
    const { ana, workspace } = team;
    const rogue = onLoopback(silentLogger);
    rogue.refresh();
    const key = await meetingKey(ana.parts.workspaces.get(workspace).log.records[0] ?? '');
    const day = dayOf(Date.now());
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    let knocks = 0;
    server.on('connection', () => (knocks += 1));
    const flood = (): void => {
      for (let at = 0; at < 300; at += 1) {
        const name = `rogue-${at}`;
        const said = { name, port, workspace: workspaceTag(key, day), device: deviceTag(key, name, day) };
        rogue.say(() => recordsOf(said, ['127.0.0.1', '8.8.8.8']));
        // As if Ana's computer were there.
        rogue.say(() => recordsOf({ ...said, device: deviceTag(key, ana.parts.device.id, day) }, ['127.0.0.1']));
      }
    };
    flood();
    const bo = await team.join('Bo');
    flood();
    await until('they are linked', () => team.areLinked(ana, bo));
    expect((await ana.call('peers.list', { workspace })).peers.length).toBe(1);
    // What is announced in Ana's name is tried by Bo, a few times; nothing else is.
    expect(knocks).toBeLessThan(10);
    server.close();
    await rogue.close();
    team.dispose();
  });
});

describe('[D5] where nothing is announced', () => {
  it('[PE47] a port that another program keeps to itself, or an interface that takes no multicast, is a state and no error', async () => {
    const other = createSocket('udp4').bind(0, '0.0.0.0');
    await once(other, 'listening');
    const loopback = localNetworks().filter(({ internal, family }) => internal && family === 'ipv4');
    const gone = {
      name: 'gone0',
      family: 'ipv4',
      address: '203.0.113.9',
      prefix: 24,
      scope: 0,
      internal: false,
    } as const;
    for (const [networks, port] of [
      [loopback, other.address().port],
      [[gone], PORT + 1],
    ] as const) {
      const multicast = openMulticast(silentLogger, { networks: () => networks, port, internal: true });
      multicast.refresh();
      multicast.ask();
      await until('nothing is open', () => multicast.open === 0);
      multicast.ask();
      multicast.say((addresses) => recordsOf({ name: 'n', port: 1, workspace: 'w', device: 'd' }, addresses));
      await multicast.close();
    }
    other.close();
  });

  it('[PE49] [PE50] a code leads one computer there, once; what went wrong is said', async () => {
    const team = await PeerTeam.make(bench, AT_DOOR);
    const { ana, workspace } = team;
    const [bo, cy] = [await team.join('Bo'), await team.join('Cy')];
    for (const host of [ana, bo, cy]) await host.call('peers.setSettings', { workspace, discover: false });
    const address = `127.0.0.1:${portOf(ana)}`;
    const go = (host: Host, typed: { address?: string; code?: string; link?: string }): Promise<unknown> =>
      host.call('peers.connect', { workspace, ...typed }).catch((error: unknown) => String(error));

    // Without a code nobody is let in, whoever it is.
    await expect(bo.parts.peers.connect(workspace, { host: '127.0.0.1', port: portOf(ana) })).rejects.toThrow();
    const shown = await ana.call('peers.code', { workspace });
    expect(shown.addresses).toEqual([address]);
    expect(await go(bo, { address, code: 'AAAA-AAAA' })).toMatch(/did not let this one in.*Ask for the code/);
    expect(await go(bo, { address: '127.0.0.1', code: shown.code })).toMatch(/is not an address/);
    expect(await go(bo, { address, code: 'short' })).toMatch(/This is not a code/);
    expect(await go(ana, { link: shown.link })).toMatch(/of this computer itself/);
    const silent = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.resume().end('220 mail\r\n');
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const other = (silent.address() as AddressInfo).port;
    expect(await go(bo, { address: `127.0.0.1:${other}`, code: shown.code })).toMatch(/it is not Caravan/);
    silent.close();
    await once(silent, 'close');
    expect(await go(bo, { address: `127.0.0.1:${other}`, code: shown.code })).toMatch(/No computer answered/);

    // However it is typed.
    const typed = shown.code.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    expect(await go(bo, { address: ` ${address}`, code: typed })).toMatchObject({
      device: ana.parts.device.id,
      byCode: true,
    });
    await until('they are linked', () => team.areLinked(ana, bo));
    const page = await team.page(ana, 'Hotel');
    await until('Bo has it', async () => (await team.title(bo, page)) === 'Hotel');

    // It was for one.
    expect(await go(cy, { address, code: shown.code })).toMatch(/did not let this one in/);
    const next = await ana.call('peers.code', { workspace });
    expect(next.code).not.toBe(shown.code);
    expect(await go(cy, { link: next.link })).toMatchObject({ device: ana.parts.device.id, byCode: true });

    // After a loss nobody types it again.
    ana.parts.rehearsal.set(true);
    await until('all are gone', () => !team.areLinked(ana, bo));
    ana.parts.rehearsal.set(false);
    await until('they are linked again', () => team.areLinked(ana, bo));

    const alone = await ana.call('workspace.create', { title: 'Alone', name: 'Ana' });
    const elsewhere = await ana.call('peers.code', { workspace: alone.id });
    expect(await go(bo, { link: elsewhere.link })).toMatch(/for another workspace/);
    expect(await go(bo, { address, code: elsewhere.code })).toMatch(/did not let this one in/);
    team.dispose();
  });

  it('[D5] the command line lists, shows a code and says what is wrong, through the host that runs', async () => {
    const data = await bench.folder();
    expect((await caravan('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', data)).code).toBe(0);
    const closed = await caravan('peers', 'list', '--data', data);
    expect([closed.code, closed.err]).toEqual([1, expect.stringMatching(/Caravan does not run on this folder/)]);
    const host = await openHost(data);
    const list = await caravan('peers', 'list', '--data', data, '--json');
    expect(list.json()).toMatchObject({ discover: true, looking: 'off', closed: false, peers: [] });
    const wrong = await caravan('peers', 'connect', '127.0.0.1:9', '--code', 'KX4T-9M2P', '--data', data);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringMatching(/No computer answered at 127\.0\.0\.1:9/)]);
    const codeless = await caravan('peers', 'connect', '127.0.0.1:9', '--data', data);
    expect([codeless.code, codeless.err]).toEqual([1, expect.stringMatching(/needs the code/)]);
    expect(await host.end('SIGTERM')).toBe(0);
  });
});
