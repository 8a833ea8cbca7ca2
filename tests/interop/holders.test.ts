// Three real hosts and a relay in a process of its own: who holds a page, told, kept and void (PROTOCOL.md, section CU; issue's receipts).
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import type { DocumentHolders } from '../../app/contract/entities.ts';
import { dataFolderAt } from '../../app/host/data-folder.ts';
import { dialRelay } from '../../app/host/dial-relay.ts';
import { goWay } from '../../app/host/recovery-ways.ts';
import { Backoff } from '../../shared/base/backoff.ts';
import { systemClock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { VolatileHolderMemory } from '../../shared/link/holder-memory.ts';
import { VolatileLinkMemory } from '../../shared/link/link-memory.ts';
import { Link } from '../../shared/link/link.ts';
import { SUBPROTOCOL } from '../../shared/protocol/room-messages.ts';
import { HostBench, until } from '../support/host.ts';
import { RoomSourceDouble } from '../support/room-source-double.ts';
import { bundleRelay, startRelayProcess, type RelayBundle, type RelayProcess } from '../support/relay-process.ts';

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

function relayAt(data: string, port = '0'): Promise<RelayProcess> {
  return startRelayProcess(bundle, ['serve', '--data', data, '--port', port, '--open']);
}

interface Member {
  readonly name: string;
  readonly folder: string;
  host: Host;
}

/** Ana with a page, Bo and Cy who joined, and a relay process between them. */
class Team {
  readonly data: string;
  relay: RelayProcess;
  readonly port: string;
  readonly members: Member[] = [];
  workspace = '';
  space = '';
  page = '';

  private constructor(data: string, relay: RelayProcess) {
    this.data = data;
    this.relay = relay;
    this.port = new URL(relay.url).port;
  }

  static async make(): Promise<Team> {
    const data = await bench.folder();
    const team = new Team(data, await relayAt(data));
    for (const name of ['Ana', 'Bo', 'Cy']) {
      const folder = await bench.folder();
      team.members.push({ name, folder, host: await bench.start(folder) });
    }
    const ana = team.host('Ana');
    team.workspace = (await ana.call('workspace.create', { title: 'Perigee', name: 'Ana' })).id;
    team.space = (await ana.call('space.list', { workspace: team.workspace }))[0]!.id;
    const url = team.relay.url.replace('ws:', 'http:');
    await ana.call('relay.attach', { workspace: team.workspace, url });
    for (const name of ['Bo', 'Cy']) {
      const { link } = await ana.call('invite.create', { workspace: team.workspace });
      await team.host(name).call('workspace.join', { link, name });
    }
    team.page = await team.write('Ana', 'Plan');
    await until('Ana knows all members', async () => {
      return (await ana.call('workspace.members', { workspace: team.workspace })).length === 3;
    });
    return team;
  }

  #member(name: string): Member {
    return this.members.find((member) => member.name === name)!;
  }

  host(name: string): Host {
    return this.#member(name).host;
  }

  async write(name: string, title: string): Promise<string> {
    const { workspace, space } = this;
    const parent = null;
    return (await this.host(name).call('doc.create', { workspace, space, kind: 'page', title, parent })).id;
  }

  rename(name: string, title: string): Promise<unknown> {
    return this.host(name).call('doc.rename', { workspace: this.workspace, document: this.page, title });
  }

  async leave(name: string): Promise<void> {
    await bench.stop(this.#member(name).host);
  }

  async come(name: string): Promise<void> {
    const member = this.#member(name);
    member.host = await bench.start(member.folder);
  }

  folder(name: string): string {
    return this.#member(name).folder;
  }

  holders(name = 'Ana', document = this.page): Promise<DocumentHolders> {
    return this.host(name).call('doc.holders', { workspace: this.workspace, document });
  }

  async untilHeldBy(names: readonly string[], by = 'Ana'): Promise<void> {
    const wanted = [...names].sort().join();
    await until(`${by} sees that it is held by ${wanted || 'nobody else'}`, async () => {
      const { relay, devices } = await this.holders(by);
      const held = devices.filter((device) => device.held).map((device) => device.name);
      return relay === 'held' && held.sort().join() === wanted;
    }).catch(async (error: unknown) => {
      throw new Error(JSON.stringify(await this.holders(by)), { cause: error });
    });
  }
}

/** What a host says of its device; it is stopped again. */
async function startHostOnce(folder: string): Promise<{ device: string }> {
  const host = await bench.start(folder, { links: false });
  const { device } = await host.call('hello', {});
  await bench.stop(host);
  return { device };
}

describe('[CU] who holds a page, told by a relay process to hosts', () => {
  it('[CU1] [CU2] [CU6] not held while Bo is away, held by all when Bo is back; known with its time after a restart without the relay', async () => {
    const team = await Team.make();
    await team.untilHeldBy(['Bo', 'Cy']);
    expect((await team.holders()).members).toEqual({ held: 3, of: 3 });
    // The others see it as well.
    await team.untilHeldBy(['Ana', 'Bo'], 'Cy');
    await team.leave('Bo');
    await team.rename('Ana', 'Plan for May');
    await team.untilHeldBy(['Cy']);
    expect((await team.holders()).members).toEqual({ held: 2, of: 3 });
    await team.come('Bo');
    await team.untilHeldBy(['Bo', 'Cy']);

    expect(await team.relay.end('SIGTERM')).toBe(0);
    await until('Ana is offline', async () => {
      return (await team.host('Ana').call('workspace.truths', { workspace: team.workspace })).link.state === 'offline';
    });
    const before = await team.holders();
    await team.leave('Ana');
    await team.come('Ana');
    expect(await team.holders()).toEqual(before);
    expect(before.learnedAt).toBeGreaterThan(0);
    const shown = await team.host('Ana').call('doc.show', { workspace: team.workspace, document: team.page });
    expect(shown['holders']).toEqual(before);
    // What is typed now nobody has.
    await team.rename('Ana', 'Plan for June');
    const waiting = await team.holders();
    expect([waiting.relay, waiting.members.held]).toEqual(['waiting', 1]);
  });

  it('[CU3] a device whose store is gone holds nothing any more', async () => {
    const team = await Team.make();
    await team.untilHeldBy(['Bo', 'Cy']);
    await team.leave('Bo');
    // The device comes with another hub that follows from 0, and cannot take the page in yet.
    const { device } = await startHostOnce(team.folder('Bo'));
    const empty = new RoomSourceDouble(team.workspace);
    empty.refused.set(`${team.workspace}/${team.space}/${team.page}`, 4503);
    const url = `${team.relay.url}/v1/link/${team.workspace}`;
    const link = new Link({
      source: empty,
      workspace: team.workspace,
      principal: { device: null, member: null },
      memory: new VolatileLinkMemory(),
      holders: new VolatileHolderMemory(),
      device,
      dial: () => dialRelay(url, [SUBPROTOCOL.link]),
      url,
      clock: systemClock,
      backoff: new Backoff({ first: 20, longest: 200 }),
      logger: silentLogger,
    });
    await link.start();
    await team.untilHeldBy(['Cy']);
    await link.close();

    // And really: the store is gone, and was begun anew from what the others have.
    await rm(path.join(team.folder('Bo'), 'store'), { recursive: true });
    await goWay(dataFolderAt(team.folder('Bo')), { kind: 'refill' }, new Date());
    await team.come('Bo');
    await team.untilHeldBy(['Bo', 'Cy']);
  });

  it('[CU4] [D10] a wiped relay, and one restored by copying an older folder back, void what they told until it is told again', async () => {
    const team = await Team.make();
    await team.untilHeldBy(['Bo', 'Cy']);
    const ended = await team.relay.end('SIGTERM');
    expect(ended).toBe(0);
    const backup = await bench.folder();
    await cp(team.data, backup, { recursive: true });
    team.relay = await relayAt(team.data, team.port);
    await team.rename('Ana', 'after the backup');
    await team.untilHeldBy(['Bo', 'Cy']);
    await team.leave('Bo');

    await team.relay.end('SIGKILL');
    await rm(team.data, { recursive: true, force: true });
    await cp(backup, team.data, { recursive: true });
    team.relay = await relayAt(team.data, team.port);
    // Bo has it, and the relay cannot know it: it lost the change and what Bo said of it.
    await team.untilHeldBy(['Cy']);
    await team.come('Bo');
    await team.untilHeldBy(['Bo', 'Cy']);

    await team.leave('Bo');
    await team.relay.end('SIGKILL');
    await rm(team.data, { recursive: true, force: true });
    team.relay = await relayAt(team.data, team.port);
    await team.untilHeldBy(['Cy']);
    await team.come('Bo');
    await team.untilHeldBy(['Bo', 'Cy']);
  }, 120_000);
});
