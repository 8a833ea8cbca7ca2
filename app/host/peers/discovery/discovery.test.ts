// Several computers on one network that is made up, with what others could send there.
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../../shared/base/clock.ts';
import { Emitter } from '../../../../shared/base/emitter.ts';
import { silentLogger } from '../../../../shared/base/logger.ts';
import { deviceTag, workspaceTag, dayOf, believedDays } from './day-tags.ts';
import { Discovery } from './discovery.ts';
import { FoundTable } from './found-table.ts';
import { neighboursOf, type LocalNetwork } from './local-networks.ts';
import type { HeardPacket, Multicast } from './multicast.ts';
import { lookingState } from './network-sense.ts';
import { readAnnouncements, recordsOf, SERVICE, type ServicePacket, type ServiceRecord } from './service-records.ts';

const KEY = new Uint8Array(32).fill(1);
const OTHER_KEY = new Uint8Array(32).fill(2);
const DAY = 86_400_000;

function networkOf(address: string): LocalNetwork {
  return { name: 'wlan0', family: 'ipv4', address, prefix: 24, scope: 0, internal: false };
}

/** Everybody hears everything, themselves included. */
class Air {
  readonly #computers: { heard: Emitter<HeardPacket>; network: LocalNetwork }[] = [];
  readonly said: { from: string; packet: ServicePacket | null }[] = [];
  blocked = false;

  computer(address: string): Multicast {
    const heard = new Emitter<HeardPacket>();
    const network = networkOf(address);
    this.#computers.push({ heard, network });
    let open = 0;
    return {
      onHeard: heard.event,
      networks: [network],
      get open() {
        return open;
      },
      refresh: () => (open = 1),
      ask: () => this.send(address, 'query', { questions: [{ name: SERVICE, type: 'PTR' }] }),
      say: (packet) => this.send(address, 'response', packet([address])),
      leave: () => {
        open = 0;
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
  }

  send(from: string, kind: HeardPacket['kind'], packet: unknown): void {
    this.said.push({ from, packet: kind === 'response' ? (packet as ServicePacket) : null });
    if (this.blocked) return;
    for (const { heard, network } of this.#computers) heard.fire({ kind, packet, from, network });
  }
}

let air: Air;
let clock: FakeClock;
beforeEach(() => {
  air = new Air();
  clock = new FakeClock(dayOf(1_700_000_000_000) * DAY + DAY / 2);
});

interface Computer {
  readonly discovery: Discovery;
  readonly found: string[];
  readonly lost: string[];
}

function computer(device: string, address: string, random = Math.random): Computer {
  const found: string[] = [];
  const lost: string[] = [];
  const told = (list: string[]) => (workspace: string, whose: string, at: { host: string; port: number }) => {
    list.push(`${workspace} ${whose} ${at.host}:${at.port}`);
  };
  const discovery = new Discovery({
    device,
    multicast: air.computer(address),
    sink: { found: told(found), lost: told(lost) },
    port: () => 4712,
    clock,
    logger: silentLogger,
    random,
    addresses: () => address,
  });
  return { discovery, found, lost };
}

/** All that stands in a record. */
function plain({ name, data }: ServiceRecord): string {
  return `${name} ${Array.isArray(data) ? data.map(String).join() : JSON.stringify(data)}`;
}

function inWorkspace(devices: readonly string[], meetingKey = KEY, id = 'w') {
  return { id, meetingKey, devices: () => devices };
}

describe('computers on one network', () => {
  it('[PE40] find one another, and nobody of another workspace', async () => {
    const [ana, bo, eve] = [computer('ana', '10.0.0.1'), computer('bo', '10.0.0.2'), computer('eve', '10.0.0.3')];
    ana.discovery.begin(inWorkspace(['ana', 'bo']));
    bo.discovery.begin(inWorkspace(['ana', 'bo']));
    eve.discovery.begin(inWorkspace(['ana', 'bo', 'eve'], OTHER_KEY, 'v'));
    clock.advance(5_000);
    expect(new Set(ana.found)).toEqual(new Set(['w bo 10.0.0.2:4712']));
    expect(new Set(bo.found)).toEqual(new Set(['w ana 10.0.0.1:4712']));
    expect(eve.found).toEqual([]);
    expect(ana.discovery.state).toBe('looking');
    await bo.discovery.close();
    expect(ana.lost).toEqual(['w bo 10.0.0.2:4712']);
    expect(ana.discovery.size).toBe(0);
    await ana.discovery.close();
    await eve.discovery.close();
    expect(clock.pending).toBe(0);
  });

  it('[PE41] says nothing of a name, a workspace or a device, and nothing that it said on another day', async () => {
    const ana = computer('ana-device-id', '10.0.0.1');
    ana.discovery.begin(inWorkspace(['ana-device-id'], KEY, 'workspace-id'));
    const textOf = (): string =>
      air.said.flatMap(({ packet }) => [...(packet?.answers ?? []), ...(packet?.additionals ?? [])].map(plain)).join();
    const wordsOf = (text: string): Set<string> => new Set(text.match(/[\w-]{16,}/g) ?? []);
    clock.advance(5_000);
    const today = textOf();
    expect(today).not.toMatch(/ana|workspace-id/);
    air.said.length = 0;
    // Past midnight and the twelve hours within which the tags become others.
    clock.advance(DAY + DAY / 2);
    air.said.length = 0;
    clock.advance(120_000);
    const tomorrow = textOf();
    expect(wordsOf(tomorrow).size).toBeGreaterThan(2);
    expect([...wordsOf(tomorrow)].filter((word) => wordsOf(today).has(word))).toEqual([]);
    await ana.discovery.close();
  });

  it('[PE42] believes the tags of yesterday and tomorrow, and changes its own at a moment of its own', async () => {
    const ana = computer('ana', '10.0.0.1');
    ana.discovery.begin(inWorkspace(['ana', 'bo']));
    for (const day of [-2, -1, 0, 1, 2]) {
      const at = dayOf(clock.now()) + day;
      const said = {
        name: `n${day}`,
        port: 5000 + day,
        workspace: workspaceTag(KEY, at),
        device: deviceTag(KEY, 'bo', at),
      };
      air.send('10.0.0.2', 'response', recordsOf(said, ['10.0.0.2']));
    }
    expect(new Set(ana.found)).toEqual(new Set([4999, 5000, 5001].map((port) => `w bo 10.0.0.2:${port}`)));
    expect(believedDays(clock.now()).length).toBe(3);
    const changes: number[] = [];
    for (const random of [0.1, 0.9]) {
      const one = computer('ana', '10.0.0.9', () => random);
      one.discovery.begin(inWorkspace(['ana']));
      const namesNow = (): string => JSON.stringify(air.said.at(-1)?.packet?.answers[0]?.data);
      const own = air.said.length;
      clock.advance(2_000);
      expect(air.said.length).toBeGreaterThan(own);
      const before = namesNow();
      const from = clock.now();
      while (namesNow() === before && clock.now() - from < 2 * DAY) {
        await ana.discovery.close();
        clock.advance(600_000);
      }
      changes.push(clock.now() % DAY);
      await one.discovery.close();
    }
    expect(Math.abs((changes[0] ?? 0) - (changes[1] ?? 0))).toBeGreaterThan(3_600_000);
  });

  it('[PE44] fifty computers find one another, and say little', async () => {
    const devices = Array.from({ length: 50 }, (_, index) => `device-${index}`);
    const all = devices.map((device, index) => computer(device, `10.0.0.${index + 1}`));
    for (const { discovery } of all) discovery.begin(inWorkspace(devices));
    clock.advance(5_000);
    for (const { found } of all) expect(new Set(found).size).toBe(49);
    air.said.length = 0;
    clock.advance(600_000);
    // Each about once a minute.
    expect(air.said.length).toBeLessThan(50 * 15);
    expect(all[0]?.lost).toEqual([]);
    for (const { discovery } of all) await discovery.close();
    expect(clock.pending).toBe(0);
  });

  it('[PE44] answers many questions once a second', async () => {
    const ana = computer('ana', '10.0.0.1');
    ana.discovery.begin(inWorkspace(['ana']));
    clock.advance(5_000);
    air.said.length = 0;
    const questions = Array.from({ length: 300 }, () => ({ name: SERVICE.toUpperCase(), type: 'PTR' }));
    for (let times = 0; times < 100; times += 1) air.send('10.0.0.66', 'query', { questions });
    clock.advance(2_000);
    expect(air.said.filter(({ packet }) => packet !== null).length).toBe(1);
    await ana.discovery.close();
  });

  it('[PE45] forgets who is not heard for three minutes, and asks anew after a sleep and on another network', async () => {
    const [ana, bo] = [computer('ana', '10.0.0.1'), computer('bo', '10.0.0.2')];
    ana.discovery.begin(inWorkspace(['ana', 'bo']));
    bo.discovery.begin(inWorkspace(['ana', 'bo']));
    clock.advance(5_000);
    air.blocked = true;
    clock.advance(170_000);
    expect(ana.lost).toEqual([]);
    clock.advance(80_000);
    expect(ana.lost).toEqual(['w bo 10.0.0.2:4712']);
    air.blocked = false;
    ana.found.length = 0;
    ana.discovery.networkChanged();
    clock.advance(2_000);
    expect(new Set(ana.found)).toEqual(new Set(['w bo 10.0.0.2:4712']));
    await ana.discovery.close();
    await bo.discovery.close();
  });

  it('[PE47] says what can be said of the network', async () => {
    const ana = computer('ana', '10.0.0.1');
    expect(ana.discovery.state).toBe('off');
    ana.discovery.begin(inWorkspace(['ana']));
    clock.advance(40_000);
    expect(ana.discovery.state).toBe('quiet');
    air.send('10.0.0.77', 'response', { answers: [] });
    expect(ana.discovery.state).toBe('looking');
    air.blocked = true;
    ana.discovery.networkChanged();
    clock.advance(10_000);
    expect(ana.discovery.state).toBe('blocked');
    ana.discovery.end('w');
    expect(ana.discovery.state).toBe('off');
    const on = { on: true, networks: 1, open: 1, askedAt: 0, echoAt: null, otherAt: null };
    expect(lookingState({ ...on, networks: 0, open: 0 }, 0)).toBe('no-network');
    expect(lookingState({ ...on, open: 0 }, 0)).toBe('blocked');
    await ana.discovery.close();
  });
});

describe('whoever wants to do harm', () => {
  const said = (more: Partial<Parameters<typeof recordsOf>[0]> = {}) => ({
    ...{ name: 'n', port: 4712, workspace: workspaceTag(KEY, dayOf(clock.now())) },
    device: deviceTag(KEY, 'bo', dayOf(clock.now())),
    ...more,
  });

  it('[PE46] leads nobody to this computer itself, or out of the network', async () => {
    const ana = computer('ana', '10.0.0.1');
    ana.discovery.begin(inWorkspace(['ana', 'bo']));
    const lies = [
      '127.0.0.1',
      '::1',
      '0.0.0.0',
      '8.8.8.8',
      '169.254.169.254',
      '224.0.0.1',
      '255.255.255.255',
      'x',
      'fd00::1',
      '10.0.1.1',
    ];
    air.send('203.0.113.5', 'response', recordsOf(said(), lies));
    expect(ana.found).toEqual([]);
    // Its own announcement, played back by somebody else.
    air.send(
      '10.0.0.66',
      'response',
      recordsOf(said({ device: deviceTag(KEY, 'ana', dayOf(clock.now())) }), ['10.0.0.66']),
    );
    // A device that nobody knows, in a workspace that is known.
    air.send(
      '10.0.0.66',
      'response',
      recordsOf(said({ device: deviceTag(KEY, 'stranger', dayOf(clock.now())) }), ['10.0.0.66']),
    );
    expect(ana.found).toEqual([]);
    const lan = networkOf('10.0.0.1');
    const near = neighboursOf([lan]);
    expect(near('10.0.0.9', lan)).toBe('10.0.0.9');
    expect(near('fe80::9', lan)).toBe('fe80::9%wlan0');
    expect(near('fe80::9', { ...lan, internal: true })).toBeNull();
    await ana.discovery.close();
  });

  it('[PE46] is bounded in what is kept, for thousands of names and addresses', async () => {
    const ana = computer('ana', '10.0.0.1');
    ana.discovery.begin(inWorkspace(['ana', 'bo']));
    for (let at = 0; at < 3_000; at += 1) {
      const stranger = deviceTag(OTHER_KEY, `x${at}`, 0);
      air.send(
        '10.0.0.66',
        'response',
        recordsOf(said({ name: `x${at}`, device: stranger, port: at + 1 }), ['10.0.0.66']),
      );
      air.send('10.0.0.66', 'response', recordsOf(said({ name: `y${at}`, port: at + 1 }), [`10.0.0.${at % 250}`]));
    }
    expect(ana.discovery.size).toBe(1);
    const held = new Set(ana.found);
    for (const one of ana.lost) held.delete(one);
    expect(held.size).toBeLessThanOrEqual(6);
    await ana.discovery.close();
    const table = new FoundTable();
    for (let port = 1; port < 100; port += 1) {
      table.heard({ workspace: 'w', device: 'd', address: { host: '10.0.0.2', port } }, 1);
    }
    expect(table.expire(1).length).toBe(6);
    expect(table.size).toBe(0);
  });

  it('[PE43] sends packets of any shape', () => {
    const instance = `n.${SERVICE}`;
    const pointer = { name: SERVICE, type: 'PTR', ttl: 120, data: instance };
    const service = { name: instance, type: 'SRV', ttl: 120, data: { port: 1, target: 'n.local' } };
    const good = recordsOf(said(), ['10.0.0.2']).answers[2];
    expect(readAnnouncements({ answers: [pointer, service, good] }).length).toBe(1);
    const shapes: unknown[] = [
      ...[null, 1, 'x', [], {}, { answers: 1 }, { answers: [null, 1, {}], additionals: {} }],
      { answers: [{ ...pointer, data: { toString: null } }, service, good] },
      { answers: [pointer, { ...service, data: null }, good] },
      { answers: [pointer, { ...service, data: { port: 70_000, target: 'n.local' } }, good] },
      { answers: [pointer, { ...service, data: { port: '80', target: 5 } }, good] },
      { answers: [pointer, service, { ...good, data: 'v=1' }] },
      { answers: [pointer, service, { ...good, data: [Buffer.alloc(60_000, 'v=1'), null, 7] }] },
      {
        answers: [
          pointer,
          service,
          { ...good, data: Array.from({ length: 50_000 }, () => Buffer.from('__proto__=1')) },
        ],
      },
      { answers: [pointer, service, { ...good, data: ['v=2', 'w=x', 'd=y'].map((text) => Buffer.from(text)) }] },
      { answers: [{ ...pointer, data: 'x'.repeat(10_000) + instance }, service, good] },
      { answers: Array.from({ length: 100_000 }, () => pointer) },
    ];
    for (const [index, shape] of shapes.entries()) expect(readAnnouncements(shape), String(index)).toEqual([]);
  });
});
