// A workspace with a closed relay process and several hosts, for tests of who may do what. Ana owns it; others come by invitation.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Host } from '../../app/host/host.ts';
import type { SpacePart } from '../../app/contract/roles.ts';
import type { HostBench } from './host.ts';
import { until } from './host.ts';
import { startRelayProcess, type RelayBundle, type RelayProcess } from './relay-process.ts';

type Role = 'admin' | 'member' | 'viewer' | 'guest';

export interface Terms {
  readonly role?: Role;
  readonly spaces?: readonly { readonly space: string; readonly role: SpacePart }[];
  readonly until?: number | null;
}

export class AccessTeam {
  readonly bench: HostBench;
  readonly bundle: RelayBundle;
  readonly ana: Host;
  readonly workspace: string;
  /** The one that every workspace begins with. */
  readonly space: string;
  readonly anaFolder: string;
  readonly folders = new Map<Host, string>();
  relay: RelayProcess;
  relayFolder: string;

  private constructor(
    parts: Pick<AccessTeam, 'bench' | 'bundle' | 'ana' | 'workspace' | 'space' | 'anaFolder' | 'relay' | 'relayFolder'>,
  ) {
    this.bench = parts.bench;
    this.bundle = parts.bundle;
    this.ana = parts.ana;
    this.workspace = parts.workspace;
    this.space = parts.space;
    this.anaFolder = parts.anaFolder;
    this.relay = parts.relay;
    this.relayFolder = parts.relayFolder;
    this.folders.set(parts.ana, parts.anaFolder);
  }

  static async make(bench: HostBench, bundle: RelayBundle): Promise<AccessTeam> {
    const relayFolder = path.join(await bench.folder(), 'relay');
    const relay = await startRelayProcess(bundle, ['serve', '--data', relayFolder, '--port', '0']);
    const anaFolder = await bench.folder();
    const ana = await bench.start(anaFolder);
    const { id: workspace } = await ana.call('workspace.create', { title: 'Perigee', name: 'Ana' });
    const [space] = await ana.call('space.list', { workspace });
    const key = registrationKey(relayFolder);
    await ana.call('relay.attach', { workspace, url: relay.url, key });
    return new AccessTeam({ bench, bundle, ana, workspace, space: space?.id ?? '', anaFolder, relay, relayFolder });
  }

  get port(): string {
    return new URL(this.relay.url).port;
  }

  /** A host of somebody who was invited with these terms and has joined. */
  async join(name: string, terms: Terms = {}): Promise<Host> {
    const { workspace } = this;
    const { link, told } = await this.ana.call('invite.create', {
      workspace,
      ...(terms.role ? { role: terms.role } : {}),
      ...(terms.until === undefined ? {} : { until: terms.until }),
      ...(terms.spaces ? { spaces: [...terms.spaces] } : {}),
    });
    // A relay that has just started hears of an invitation when Ana's host has found it again.
    if (!told) await this.ana.call('sync.wait', { workspace, timeout: 40_000 });
    const folder = await this.bench.folder();
    const host = await this.bench.start(folder);
    this.folders.set(host, folder);
    await host.call('workspace.join', { link, name });
    return host;
  }

  /** The same computer again, after its host was stopped. */
  async restart(host: Host): Promise<Host> {
    const folder = this.folders.get(host) ?? '';
    await this.bench.stop(host);
    const again = await this.bench.start(folder);
    this.folders.set(again, folder);
    return again;
  }

  async page(host: Host, space: string, title: string): Promise<string> {
    return (await host.call('doc.create', { workspace: this.workspace, space, kind: 'page', title, parent: null })).id;
  }

  async titles(host: Host, space?: string): Promise<string> {
    const { workspace } = this;
    const entries = await host.call('doc.list', { workspace, ...(space === undefined ? {} : { space }) });
    return entries
      .map((entry) => entry.title)
      .sort()
      .join();
  }

  member(host: Host): string {
    return host.parts.workspaces.get(this.workspace).about.member;
  }

  async untilTitles(host: Host, expected: string, patience?: number): Promise<void> {
    await until(`the pages are ${expected}`, async () => (await this.titles(host)) === expected, patience);
  }

  /** Another relay process at the same port, with `relayFolder` as it is now. */
  async startRelay(...more: string[]): Promise<void> {
    const args = ['serve', '--data', this.relayFolder, '--port', this.port, ...more];
    this.relay = await startRelayProcess(this.bundle, args);
  }
}

export function registrationKey(relayFolder: string): string {
  return readFileSync(path.join(relayFolder, 'registration-key'), 'utf8').trim();
}
