// Hosts' copies of one workspace's membership log, without sockets: who is in it, and meetings of two of them over a conversation in memory.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { dataFolderAt, type DataFolder } from '../../app/host/data-folder.ts';
import { WorkspaceLog } from '../../app/host/membership.ts';
import { exchangeLogs } from '../../app/host/peers/log-exchange.ts';
import { joinAtPeer, type PeerJoining } from '../../app/host/peers/join-peer.ts';
import { createDeviceKey } from '../../shared/access/device-key.ts';
import type { DeviceKey, Role } from '../../shared/access/identity.ts';
import { hashRecord, signRecord } from '../../shared/access/membership-log.ts';
import { keyFromSeed, randomSeed } from '../../shared/access/seed-key.ts';
import { FakeClock } from '../../shared/base/clock.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { talkPair } from './talk-pair.ts';

export interface TeamHost {
  readonly name: string;
  readonly key: DeviceKey;
  readonly folder: DataFolder;
  log: WorkspaceLog;
}

export interface TeamInvite {
  readonly id: string;
  readonly seed: Uint8Array;
}

export class LogTeam {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'caravan-team-'));
  readonly clock = new FakeClock();
  owner!: TeamHost;
  workspace = '';

  async begin(): Promise<TeamHost> {
    const key = await createDeviceKey();
    const body = { verb: 'workspace.create', device: key.publicKey, nonce: randomId() } as const;
    const first = await signRecord(key, { version: 2, previous: null, body, at: this.clock.now() });
    this.workspace = await hashRecord(first);
    this.owner = await this.host('owner', key, [first]);
    return this.owner;
  }

  async host(name: string, key: DeviceKey, records: readonly string[]): Promise<TeamHost> {
    const folder = dataFolderAt(path.join(this.root, `${name}-${randomId()}`));
    const log = await WorkspaceLog.open(folder, key, this.clock, records);
    await log.store();
    return { name, key, folder, log };
  }

  async invite(by: TeamHost, role: Exclude<Role, 'owner'> = 'member'): Promise<TeamInvite> {
    const [id, seed] = [randomId(), randomSeed()];
    const { publicKey: key } = await keyFromSeed(seed);
    const spaces = [...by.log.membership.spaces].filter(([, { visibility }]) => visibility === 'open');
    await by.log.append({
      verb: 'invite.create',
      invite: id,
      key,
      role,
      spaces: role === 'viewer' ? [] : spaces.slice(0, 1).map(([space]) => ({ space, role: 'member' })),
      expires: this.clock.now() + 24 * 3_600_000,
      until: null,
    });
    return { id, seed };
  }

  /** What comes of it at the newcomer; the other end may refuse. */
  async knock(at: TeamHost, key: DeviceKey, invite: TeamInvite, record: string | null = null): Promise<PeerJoining> {
    const [dialing, accepting] = talkPair();
    const { clock, workspace } = this;
    const taking = exchangeLogs(accepting, at.log, { device: key.id, publicKey: key.publicKey }).catch(() =>
      accepting.end(),
    );
    try {
      return await joinAtPeer(dialing, { device: key, clock, workspace, invite, record });
    } finally {
      await taking;
    }
  }

  /** Invited by `by` and in; `by` must order. */
  async join(name: string, role: Exclude<Role, 'owner'> = 'member', by = this.owner): Promise<TeamHost> {
    const key = await createDeviceKey();
    const joining = await this.knock(by, key, await this.invite(by, role));
    if (joining.kind !== 'joined') throw new Error('the joining waits');
    return this.joined(name, key, joining);
  }

  async joined(
    name: string,
    key: DeviceKey,
    { records, word }: Extract<PeerJoining, { kind: 'joined' }>,
  ): Promise<TeamHost> {
    const host = await this.host(name, key, records);
    await host.log.settle(word);
    return host;
  }

  /** Begins again from the disk. */
  async restart(host: TeamHost): Promise<void> {
    host.log = await WorkspaceLog.open(host.folder, host.key, this.clock, host.log.records);
  }

  member({ key }: TeamHost): string {
    const { membership } = this.owner.log;
    return membership.devices.get(key.id) ?? membership.removedDevices.get(key.id) ?? '';
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Both ends' outcome: null, or what it was refused with. */
export async function meet(one: TeamHost, other: TeamHost): Promise<readonly [unknown, unknown]> {
  const [dialing, accepting] = talkPair();
  const run = async (talk: typeof dialing, me: TeamHost, them: TeamHost): Promise<unknown> => {
    try {
      await exchangeLogs(talk, me.log, { device: them.key.id, publicKey: them.key.publicKey });
      return null;
    } catch (error) {
      talk.end();
      return error;
    }
  };
  return Promise.all([run(dialing, one, other), run(accepting, other, one)]);
}

/** Each with each, until nobody has anything new. */
export async function meetAll(hosts: readonly TeamHost[]): Promise<void> {
  const state = (): string =>
    hosts.map(({ log }) => [log.membership.head, log.certified.length, ...log.pending].join()).join();
  for (let before = ''; before !== state();) {
    before = state();
    for (const [at, one] of hosts.entries()) for (const other of hosts.slice(at + 1)) await meet(one, other);
  }
}
