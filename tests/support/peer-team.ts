// A workspace without a relay and hosts of several people, who came in by records that tests write; they meet over a PeerNet.
import type { Host, HostOptions } from '../../app/host/host.ts';
import type { InvitedSpace, Role } from '../../shared/access/identity.ts';
import { createDeviceKey } from '../../shared/access/device-key.ts';
import { hashRecord, signRecord } from '../../shared/access/membership-log.ts';
import { joinStatement, prove } from '../../shared/access/proof.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { createProfile, profileRoom } from '../../shared/model/profile/profile.ts';
import type { HostBench } from './host.ts';
import type { PeerAddress } from '../../app/host/peers/peer-connection.ts';
import { PeerNet } from './peer-net.ts';

const DAY = 24 * 3_600_000;

export interface Terms {
  readonly role?: Exclude<Role, 'owner'>;
  readonly spaces?: readonly InvitedSpace[];
}

/** By the host's port; with doors of their own they listen at addresses of their own. */
type OptionsOf = (port: number) => Partial<HostOptions>;

/** Ana owns it; she is at port 1, and whoever comes in is at the next ones. */
export class PeerTeam {
  readonly net = new PeerNet();
  readonly bench: HostBench;
  readonly ana: Host;
  readonly workspace: string;
  readonly space: string;
  readonly #ports = new Map<Host, number>();
  readonly #folders = new Map<Host, string>();
  readonly #options: OptionsOf;

  private constructor(
    bench: HostBench,
    ana: Host,
    folder: string,
    place: { workspace: string; space: string },
    options: OptionsOf,
  ) {
    this.bench = bench;
    this.ana = ana;
    this.workspace = place.workspace;
    this.space = place.space;
    this.#options = options;
    this.#add(ana, folder, 1);
  }

  static async make(bench: HostBench, given: Partial<HostOptions> | OptionsOf = {}): Promise<PeerTeam> {
    const options = typeof given === 'function' ? given : () => given;
    const folder = await bench.folder();
    const ana = await bench.start(folder, options(1));
    const { id: workspace } = await ana.call('workspace.create', { title: 'Perigee', name: 'Ana' });
    const [space] = await ana.call('space.list', { workspace });
    return new PeerTeam(bench, ana, folder, { workspace, space: space?.id ?? '' }, options);
  }

  /** Somebody who was invited by Ana and has joined; nobody but the two has heard of it. */
  async join(
    name: string,
    { role = 'member', spaces = [{ space: this.space, role: 'member' }] }: Terms = {},
  ): Promise<Host> {
    const folder = await this.bench.folder();
    const host = await this.bench.start(folder, this.#options(this.#ports.size + 1));
    const { workspace, ana } = this;
    const { log } = ana.parts.workspaces.get(workspace);
    const { device, clock, documents, catalogue } = host.parts;
    const [invite, seed] = [randomId(), await createDeviceKey()];
    const expires = clock.now() + DAY;
    await log.append({ verb: 'invite.create', invite, key: seed.publicKey, role, spaces, expires, until: null });
    const proof = await prove(seed, joinStatement(workspace, invite, device.id));
    const record = await signRecord(device, {
      version: 2,
      previous: log.membership.head,
      body: { verb: 'member.join', device: device.publicKey, nonce: randomId(), invite, proof },
      at: clock.now(),
    });
    await log.adopt([...log.records, record]);
    const joined = await host.parts.workspaces.enter(log.records, { relay: null, title: 'Perigee' });
    const { word: text, ...said } = log.certified;
    await joined.log.settle({ ...said, text });
    const member = await hashRecord(record);
    const profile = { title: name, createdBy: member, createdAt: clock.now() };
    await documents.edit(profileRoom(workspace, member), (doc) => createProfile(doc, profile));
    await catalogue.refresh(profileRoom(workspace, member));
    this.#add(host, folder, this.#ports.size + 1);
    return host;
  }

  port(host: Host): number {
    return this.#ports.get(host) ?? 0;
  }

  /** Both hear of each other from now on. */
  meet(a: Host, b: Host): void {
    this.net.heal(this.port(a), this.port(b));
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      one.parts.peers.found(this.workspace, other.parts.device.id, this.addressOf(other));
    }
  }

  /** They are out of each other's reach until they meet again. */
  part(a: Host, b: Host): void {
    this.net.cut(this.port(a), this.port(b));
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      one.parts.peers.lost(this.workspace, other.parts.device.id, this.addressOf(other));
    }
    // Sockets have no cable that could be pulled: everybody's links of one of the two end, and those to others come again.
    if (!a.parts.door) return;
    a.parts.rehearsal.set(true);
    a.parts.rehearsal.set(false);
  }

  addressOf(host: Host): PeerAddress {
    const port = host.parts.door?.port;
    return port ? { host: `127.0.0.${this.port(host)}`, port } : this.net.addressOf(this.port(host));
  }

  areLinked(a: Host, b: Host): boolean {
    return [
      [a, b],
      [b, a],
    ].every(([one, other]) =>
      one?.parts.peers
        .list(this.workspace)
        .some(({ device, state }) => device === other?.parts.device.id && state === 'linked'),
    );
  }

  /** The same computer again, after its host was stopped and whatever `meanwhile` does to its folder. */
  async restart(host: Host, meanwhile: (folder: string) => Promise<void> = () => Promise.resolve()): Promise<Host> {
    const [folder, port] = [this.#folders.get(host) ?? '', this.port(host)];
    this.net.leave(port);
    await this.bench.stop(host);
    await meanwhile(folder);
    const again = await this.bench.start(folder, this.#options(port));
    this.#ports.delete(host);
    this.#add(again, folder, port);
    return again;
  }

  async page(host: Host, title: string, space = this.space): Promise<string> {
    const { workspace } = this;
    return (await host.call('doc.create', { workspace, space, kind: 'page', title, parent: null })).id;
  }

  /** The title of a document as this host has it, or null. */
  async title(host: Host, document: string, space = this.space): Promise<string | null> {
    return host.parts.catalogue.row(`${this.workspace}/${space}/${document}`)?.title ?? null;
  }

  dispose(): void {
    this.net.dispose();
  }

  #add(host: Host, folder: string, port: number): void {
    this.#ports.set(host, port);
    this.#folders.set(host, folder);
    // Whoever has a door of their own meets the others through that.
    if (!host.parts.door) this.net.join(host, port);
  }
}
