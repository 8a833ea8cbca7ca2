// The hotel with two network namespaces as its two guests: they find each other by real multicast over a bridge, and when that keeps multicast from them, by address and code. Needs root on Linux; runs with CARAVAN_LONG=1.
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PeerCode, PeersHere } from '../../app/contract/peers.ts';

import { HostBench, until } from '../support/host.ts';
import { caravan } from '../support/host-process.ts';
import { bundleRelay, startRelayProcess } from '../support/relay-process.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../build/bin/caravan.js');
const BRIDGE = `cv${process.pid}`.slice(0, 12);
const run = promisify(execFile);
const LONG = process.env['CARAVAN_LONG'] === '1';
const may = LONG && mayMakeNetworks();
if (LONG && !may)
  process.stderr.write('SKIPPED: network namespaces and a bridge cannot be made here (it takes root on Linux).\n');

function mayMakeNetworks(): boolean {
  try {
    execFileSync('ip', ['link', 'add', `${BRIDGE}t`, 'type', 'bridge'], { stdio: 'ignore' });
    execFileSync('ip', ['link', 'del', `${BRIDGE}t`], { stdio: 'ignore' });
    execFileSync('bridge', ['link'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const ip = (...args: string[]) => run('ip', args);
/** The hotel has a namespace too: what else this computer says on all its networks is not heard there. */
const HOTEL = `${BRIDGE}h`;
const hotel = (...args: string[]) => ip('-n', HOTEL, ...args);

/** A laptop: a namespace with one cable to the bridge. */
class Laptop {
  readonly data: string;
  readonly #space: string;
  readonly cable: string;
  #host: ChildProcess | null = null;

  constructor(name: string, data: string) {
    this.data = data;
    this.#space = `${BRIDGE}${name}`;
    this.cable = `${BRIDGE}${name}p`;
  }

  async plugIn(address: string): Promise<void> {
    await ip('netns', 'add', this.#space);
    await ip('link', 'add', `${this.cable}i`, 'type', 'veth', 'peer', 'name', this.cable);
    await ip('link', 'set', `${this.cable}i`, 'netns', this.#space);
    await ip('link', 'set', this.cable, 'netns', HOTEL);
    await hotel('link', 'set', this.cable, 'master', BRIDGE, 'up');
    await ip('-n', this.#space, 'addr', 'add', `${address}/24`, 'dev', `${this.cable}i`);
    for (const link of ['lo', `${this.cable}i`]) await ip('-n', this.#space, 'link', 'set', link, 'up');
  }

  async start(): Promise<void> {
    const args = ['open', '--shell', 'none', '--json', '--data', this.data];
    const host = spawn('ip', ['netns', 'exec', this.#space, process.execPath, PROGRAM, ...args], {
      env: { ...process.env, CARAVAN_DISCOVERY: 'on' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#host = host;
    await once(host.stdout, 'data');
  }

  async stop(): Promise<void> {
    const host = this.#host;
    this.#host = null;
    if (host?.exitCode !== null) return;
    const gone = once(host, 'exit');
    host.kill('SIGTERM');
    await gone;
  }

  /** A command on this laptop. */
  async says(...args: string[]): Promise<unknown> {
    const command = [process.execPath, PROGRAM, ...args, '--data', this.data, '--json'];
    const { stdout } = await run('ip', ['netns', 'exec', this.#space, ...command]);
    return JSON.parse(stdout);
  }

  async unplug(): Promise<void> {
    await this.stop();
    await ip('netns', 'del', this.#space).catch(() => undefined);
  }
}

let bench: HostBench;
let laptops: Laptop[] = [];
beforeEach(() => {
  bench = new HostBench();
});
afterEach(async () => {
  for (const laptop of laptops.splice(0)) await laptop.unplug();
  if (may) await ip('netns', 'del', HOTEL).catch(() => undefined);
  await bench.dispose();
});

it.runIf(may)(
  '[D5] two guests of one network find each other, and by code where it keeps multicast from them (CARAVAN_LONG=1, root)',
  { timeout: 180_000 },
  async () => {
    const [ana, bo] = [new Laptop('a', await bench.folder()), new Laptop('b', await bench.folder())];
    laptops = [ana, bo];
    const bundle = await bundleRelay();
    const relayData = path.join(await bench.folder(), 'relay');
    const relay = await startRelayProcess(bundle, ['serve', '--open', '--data', relayData, '--port', '0']);
    await caravan('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', ana.data);
    await caravan('relay', 'attach', relay.url, '--data', ana.data);
    const { link } = (await caravan('invite', '--data', ana.data, '--json')).json() as { link: string };
    await caravan('join', link, '--name', 'Bo', '--data', bo.data);
    for (const { data } of [ana, bo, ana]) await caravan('sync', '--wait', '--data', data);
    await relay.end('SIGTERM');

    await ip('netns', 'add', HOTEL);
    await hotel('link', 'add', BRIDGE, 'type', 'bridge', 'mcast_snooping', '0');
    await hotel('link', 'set', BRIDGE, 'up');
    await ana.plugIn('10.77.0.1');
    await bo.plugIn('10.77.0.2');
    const here = async (laptop: Laptop): Promise<PeersHere> => (await laptop.says('peers', 'list')) as PeersHere;
    const linked = async (laptop: Laptop): Promise<boolean> =>
      (await here(laptop)).peers.some(({ state }) => state === 'linked');

    await Promise.all([ana.start(), bo.start()]);
    await until('they found each other', () => linked(ana), 30_000);
    expect(await here(ana)).toMatchObject({ looking: 'looking', peers: [{ memberName: 'Bo', byCode: false }] });

    await Promise.all([ana.stop(), bo.stop()]);
    for (const { cable } of laptops)
      await run('bridge', ['-n', HOTEL, 'link', 'set', 'dev', cable, 'mcast_flood', 'off']);
    await Promise.all([ana.start(), bo.start()]);
    await until('nothing is heard', async () => (await here(bo)).looking === 'quiet', 60_000);
    expect(await linked(bo)).toBe(false);
    const shown = (await ana.says('peers', 'code')) as PeerCode;
    expect(shown.addresses[0]).toMatch(/^10\.77\.0\.1:\d+$/);
    const peer = await bo.says('peers', 'connect', shown.addresses[0] ?? '', '--code', shown.code);
    expect(peer).toMatchObject({ memberName: 'Ana', byCode: true });
    await until('they are linked', () => linked(bo), 30_000);
  },
);
