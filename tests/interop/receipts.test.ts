// Receipts against processes that are killed: a relay and a colleague's host, before and after they have stored; and the sender offline. What is claimed is on the receiver's disk.
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { DocumentReceipts, ReceiptSitting } from '../../app/contract/receipts.ts';
import { dataFolderAt } from '../../app/host/data-folder.ts';
import type { Host } from '../../app/host/host.ts';
import { readTitle } from '../../shared/model/document/title.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { HostBench, until } from '../support/host.ts';
import { caravan, killLeftovers, openHost, type HostProcess } from '../support/host-process.ts';
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
afterEach(async () => {
  killLeftovers();
  await bench.dispose();
});

/** Ana here with a page, Bo's host a process of its own, and a relay process between them. */
class Team {
  relay!: RelayProcess;
  ana!: Host;
  bo!: HostProcess;
  readonly #folders: { readonly relay: string; readonly ana: string; readonly bo: string };
  #port = '0';
  workspace = '';
  room = '';
  page = '';
  /** Bo's only computer. */
  device = '';

  private constructor(folders: Team['folders']) {
    this.#folders = folders;
  }

  get folders(): { readonly relay: string; readonly ana: string; readonly bo: string } {
    return this.#folders;
  }

  static async make(): Promise<Team> {
    const [relay, ana, bo] = [await bench.folder(), await bench.folder(), await bench.folder()];
    const team = new Team({ relay, ana, bo });
    await team.startRelay();
    team.ana = await bench.start(ana);
    const { id: workspace } = await team.ana.call('workspace.create', { title: 'Perigee', name: 'Ana' });
    team.workspace = workspace;
    await team.ana.call('relay.attach', { workspace, url: team.relay.url });
    const joining = await bench.start(bo);
    const { link } = await team.ana.call('invite.create', { workspace });
    await joining.call('workspace.join', { link, name: 'Bo' });
    team.device = (await joining.call('hello', {})).device;
    await bench.stop(joining);
    const [space] = await team.ana.call('space.list', { workspace });
    const place = { workspace, space: space!.id, kind: 'page', parent: null } as const;
    const { id, room } = await team.ana.call('doc.create', { ...place, title: 'Plan' });
    Object.assign(team, { page: id, room });
    await team.startBo();
    await until('Bo is known, and has the page', async () => (await team.sitting()).devices.length === 1);
    return team;
  }

  async startRelay(): Promise<void> {
    const args = ['serve', '--data', this.folders.relay, '--port', this.#port, '--open'];
    this.relay = await startRelayProcess(bundle, args);
    this.#port = new URL(this.relay.url).port;
  }

  async startBo(): Promise<void> {
    this.bo = await openHost(this.folders.bo);
  }

  async restartAna(): Promise<void> {
    await bench.stop(this.ana);
    this.ana = await bench.start(this.folders.ana);
  }

  rename(title: string): Promise<unknown> {
    return this.ana.call('doc.rename', { workspace: this.workspace, document: this.page, title });
  }

  receipts(): Promise<DocumentReceipts> {
    return this.ana.call('doc.receipts', { workspace: this.workspace, document: this.page });
  }

  async sitting(): Promise<ReceiptSitting> {
    return (await this.receipts()).sittings[0]!;
  }

  /** Who is said to hold all that Ana wrote. */
  async claimed(): Promise<string> {
    const { relay, devices } = await this.sitting();
    return [...(relay?.all ? ['relay'] : []), ...(devices.some(({ all }) => all) ? ['Bo'] : [])].join();
  }

  async untilClaimed(expected: string): Promise<void> {
    await until(`it is held by ${expected}`, async () => (await this.claimed()) === expected).catch(
      async (error: unknown) => {
        throw new Error(JSON.stringify(await this.receipts()), { cause: error });
      },
    );
  }

  /** The page's title on somebody's disk, as a process that was killed left it. */
  async onDisk(of: 'relay' | 'bo'): Promise<string> {
    const copy = await bench.folder();
    const store = of === 'bo' ? dataFolderAt(this.folders.bo).store : path.join(this.folders.relay, 'store');
    await cp(store, copy, { recursive: true });
    const opened = await LevelDocStore.open({ directory: copy });
    try {
      const stored = await opened.load(this.room);
      const doc = new Y.Doc();
      for (const update of [...(stored?.state ? [stored.state.update] : []), ...(stored?.tail ?? [])])
        Y.applyUpdate(doc, update);
      return readTitle(doc);
    } finally {
      await opened.close();
    }
  }

  async untilOffline(): Promise<void> {
    await until('Ana hears that the relay is away', async () => (await this.receipts()).away !== null);
  }
}

describe('[D2] [X8] a receipt, and the receiver killed with kill -9', () => {
  it('[RC3] [RC4] the relay and a colleague’s host: before they stored nothing is claimed, after it all is, and still when they are back', async () => {
    const team = await Team.make();
    await team.untilClaimed('relay,Bo');

    // The relay stands still: what comes lies in its socket, and it dies before it has read it.
    team.relay.child.kill('SIGSTOP');
    await team.rename('Plan for May');
    expect(await team.claimed()).toBe('');
    await team.relay.end('SIGKILL');
    await team.untilOffline();
    expect(await team.claimed()).toBe('');
    expect(await team.onDisk('relay')).toBe('Plan');

    // Bo stands still while the relay takes it: it is on the relay, and not yet on Bo's computer.
    process.kill(team.bo.pid, 'SIGSTOP');
    await team.startRelay();
    await team.untilClaimed('relay');
    await team.bo.end('SIGKILL');
    expect(await team.claimed()).toBe('relay');
    expect(await team.onDisk('bo')).toBe('Plan');
    expect((await team.receipts()).members).toEqual({ held: 1, of: 2 });

    await team.startBo();
    await team.untilClaimed('relay,Bo');
    await team.bo.end('SIGKILL');
    await team.relay.end('SIGKILL');
    const known = await team.sitting();
    expect([await team.onDisk('relay'), await team.onDisk('bo')]).toEqual(['Plan for May', 'Plan for May']);
    await team.startRelay();
    await team.startBo();
    await until('Ana is linked again', async () => (await team.receipts()).away === null);
    // The same receipts, with the times at which they were learned.
    expect(await team.sitting()).toEqual(known);
    await team.rename('Plan for June');
    await team.untilClaimed('relay,Bo');
  }, 120_000);

  it('[RC5] [RC6] the sender restarts offline and knows what it knew, since when; a relay that lost everything voids it, and so does what Bo lost', async () => {
    const team = await Team.make();
    await team.untilClaimed('relay,Bo');
    await team.bo.end('SIGTERM');
    await team.rename('Plan for May');
    await until('the relay alone has the newest', async () => (await team.claimed()) === 'relay');
    const before = await team.receipts();
    // Bo has the sitting up to where it was then.
    expect(before.sittings[0]).toMatchObject({ relay: { all: true }, devices: [{ all: false }] });
    expect(before.sittings[0]!.devices[0]!.upTo).toBeLessThan(before.sittings[0]!.to);
    expect(before.people.map(({ name, held }) => [name, held])).toEqual([
      ['Ana', true],
      ['Bo', false],
    ]);
    const backup = await bench.folder();
    await team.relay.end('SIGTERM');
    await cp(team.folders.relay, backup, { recursive: true });

    await team.restartAna();
    await team.untilOffline();
    const after = await team.receipts();
    expect({ ...after, away: null }).toEqual(before);
    await team.rename('Plan for June');
    expect((await team.sitting()).relay).toMatchObject({ all: false, at: before.sittings[0]!.relay!.at });

    // The relay comes back with nothing: it is handed everything again, and that is learned anew; of Bo nothing is known any more.
    await rm(team.folders.relay, { recursive: true });
    await team.startRelay();
    await team.untilClaimed('relay');
    const anew = await team.sitting();
    expect(anew.relay!.at).toBeGreaterThan(before.sittings[0]!.relay!.at);
    expect(anew.devices).toEqual([]);
    await team.startBo();
    await team.untilClaimed('relay,Bo');
    await team.bo.end('SIGTERM');

    // And it is restored from the older folder: it did not have what was written since.
    await team.relay.end('SIGKILL');
    await rm(team.folders.relay, { recursive: true });
    await cp(backup, team.folders.relay, { recursive: true });
    await team.startRelay();
    await until('it is handed over again', async () => {
      const { relay, devices } = await team.sitting();
      return relay !== null && relay.all && relay.at > anew.relay!.at && devices.length === 0;
    });
    await team.startBo();
    await team.untilClaimed('relay,Bo');
    await team.bo.end('SIGKILL');
    expect(await team.onDisk('bo')).toBe('Plan for June');

    // On the command line: who has it, what waits, and what stays here when the program ends.
    await bench.stop(team.ana);
    const ana = await openHost(team.folders.ana);
    const held = await caravan('doc', 'holders', team.page, '--data', team.folders.ana);
    expect([held.code, held.err]).toEqual([0, '']);
    expect(held.out).toMatch(/^Plan for June: held by 2 of 2\n/);
    expect(held.out).toMatch(/Bo: has it\n/);
    expect(held.out).toMatch(/Your edits of .*: the relay since .*, Bo since .*\n/);
    await team.relay.end('SIGKILL');
    await caravan('space', 'create', 'Field', '--data', team.folders.ana);
    const status = (await caravan('status', '--json', '--data', team.folders.ana)).json() as { outbox: unknown[] };
    expect(status.outbox).toMatchObject([{ kind: 'space', title: 'Field' }]);
    expect(await ana.end('SIGTERM')).toBe(0);
    expect(ana.err).toContain('1 change is only here. It leaves when you open Caravan with a connection.');
  }, 120_000);
});
