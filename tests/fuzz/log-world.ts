// A relay's copy of a membership log and three hosts' copies, all real, with a network that delivers when a test says so. What it holds is judged by the test.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { dataFolderAt } from '../../app/host/data-folder.ts';
import { WorkspaceLog } from '../../app/host/membership.ts';
import { MembershipLogs } from '../../server/membership-logs.ts';
import type { AccessBody, DeviceKey, Membership } from '../../shared/access/identity.ts';
import { hashRecord, signRecord } from '../../shared/access/membership-log.ts';
import { AppError } from '../../shared/base/app-error.ts';
import { FakeClock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { MemoryDocStore, MemoryMedium } from '../../shared/hub/memory-doc-store.ts';
import { LogWriter, type Person } from '../support/log-writer.ts';

/** An owner and two admins have hosts; a member and a guest have none and are acted upon. */
export interface Cast {
  readonly records: readonly string[];
  readonly workspace: string;
  readonly people: readonly Person[];
  readonly members: readonly string[];
  readonly spaces: readonly string[];
  /** Records of another workspace that the same three are in. */
  readonly foreign: readonly string[];
}

export const HOSTS = 3;

export async function makeCast(): Promise<Cast> {
  const log = new LogWriter();
  const owner = await log.create();
  const open = await log.space(owner, 'open');
  const closed = await log.space(owner, 'invited');
  const admins = [await log.join(owner, 'admin'), await log.join(owner, 'admin')];
  const member = await log.join(owner, 'member', [{ space: open, role: 'member' }]);
  const guest = await log.join(owner, 'guest', [{ space: closed, role: 'guest' }]);
  const other = new LogWriter();
  const stranger = await other.create();
  const invite = await other.invite(stranger, 'admin');
  await other.add(owner.key, await other.joinBody(owner.key, invite));
  await other.add(owner.key, { verb: 'space.create', space: 'elsewhere', visibility: 'open' });
  const people = [owner, ...admins];
  return {
    records: log.records,
    workspace: await log.workspace(),
    people,
    members: [...people, member, guest].map((one) => one.member),
    spaces: [open, closed],
    foreign: other.records,
  };
}

export class LogWorld {
  readonly cast: Cast;
  readonly relay: MembershipLogs;
  readonly hosts: readonly WorkspaceLog[];
  readonly #folder: string;
  readonly clock = new FakeClock(1_700_001_000_000);

  private constructor(cast: Cast, relay: MembershipLogs, hosts: readonly WorkspaceLog[], folder: string) {
    this.cast = cast;
    this.relay = relay;
    this.hosts = hosts;
    this.#folder = folder;
  }

  static async make(cast: Cast): Promise<LogWorld> {
    const { values } = new MemoryDocStore(new MemoryMedium());
    const relay = new MembershipLogs({ values, logger: silentLogger, onMembership: () => undefined });
    await relay.append(cast.workspace, cast.records);
    const root = await mkdtemp(path.join(os.tmpdir(), 'caravan-logs-'));
    const world = new LogWorld(cast, relay, [], root);
    const hosts = await Promise.all(
      cast.people.map(({ key }, at) =>
        WorkspaceLog.open(dataFolderAt(path.join(root, String(at))), key, world.clock, cast.records),
      ),
    );
    return new LogWorld(cast, relay, hosts, root);
  }

  key(host: number): DeviceKey {
    return this.cast.people[host]!.key;
  }

  get records(): readonly string[] {
    return this.relay.read(this.cast.workspace);
  }

  get membership(): Membership {
    return this.relay.membership(this.cast.workspace)!;
  }

  isIn(host: number): boolean {
    return this.membership.devices.has(this.key(host).id);
  }

  /** A record of that host, behind what it knows; whether its own copy allows it. */
  async act(host: number, body: AccessBody): Promise<boolean> {
    this.clock.advance(1_000);
    try {
      await this.hosts[host]!.append(body);
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'not-allowed') return false;
      throw error;
    }
  }

  /** As a host does when it has a connection: it fetches, signs again what it must, and hands over; who was removed is told that alone. */
  async sync(host: number): Promise<void> {
    const log = this.hosts[host]!;
    for (let round = 0; round < 8; round++) {
      const outcome = await log.adopt(this.isIn(host) ? this.records : this.farewell(host));
      if (outcome.kind !== 'push' || !this.isIn(host)) return;
      const appended = await this.relay.append(this.cast.workspace, outcome.records);
      if (appended.kind === 'appended' && appended.records.length <= log.records.length) return;
    }
    throw new Error(`host ${host} never came in step`);
  }

  /** The log up to the record after which the device is not in it. */
  farewell(host: number): readonly string[] {
    const removed = this.cast.people[host]!.member;
    const at = this.records.findIndex(
      (text) => bodyOf(text)['verb'] === 'member.remove' && bodyOf(text)['member'] === removed,
    );
    return this.records.slice(0, at + 1);
  }

  /** Signed by that device, whether or not it may, behind `previous` (default: the relay's newest). */
  sign(host: number, body: AccessBody, previous: string | null = this.membership.head): Promise<string> {
    this.clock.advance(1_000);
    return signRecord(this.key(host), { version: 2, previous, body, at: this.clock.now() });
  }

  hashOf(index: number): Promise<string> {
    return hashRecord(this.records[index]!);
  }

  dispose(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }
}

/** What stands in a record, unverified. */
export function bodyOf(text: string): Record<string, unknown> {
  const content = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as { body?: unknown };
  return (content.body ?? content) as Record<string, unknown>;
}
