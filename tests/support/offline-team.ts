// A workspace of several hosts that never met a relay: Ana made it, the others are in its log. For tests of what goes between hosts by itself.
import { createDeviceKey } from '../../shared/access/device-key.ts';
import type { DeviceKey, InvitedSpace, RecordBody } from '../../shared/access/identity.ts';
import { hashRecord, signRecord } from '../../shared/access/membership-log.ts';
import { joinStatement, prove } from '../../shared/access/proof.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { createProfile, profileRoom } from '../../shared/model/profile/profile.ts';
import { dataFolderAt } from '../../app/host/data-folder.ts';
import type { Host } from '../../app/host/host.ts';
import { writeOrder } from '../../app/host/order-file.ts';
import { writeAbout, writeLog } from '../../app/host/workspace-folder.ts';
import type { HostBench } from './host.ts';

interface Person {
  readonly name: string;
  readonly role?: 'admin' | 'member' | 'viewer' | 'guest';
  /** Beside the first space, which everybody but guests has. */
  readonly spaces?: readonly InvitedSpace[];
}

export interface OfflineMember {
  readonly host: Host;
  readonly folder: string;
  readonly member: string;
  readonly key: DeviceKey;
}

export class OfflineTeam {
  readonly #bench: HostBench;
  readonly ana: OfflineMember;
  readonly workspace: string;
  /** The one that it began with: open. */
  readonly space: string;

  private constructor(bench: HostBench, ana: OfflineMember, workspace: string, space: string) {
    this.#bench = bench;
    this.ana = ana;
    this.workspace = workspace;
    this.space = space;
  }

  static async make(bench: HostBench): Promise<OfflineTeam> {
    const folder = await bench.folder();
    const host = await bench.start(folder, { links: false });
    const { id: workspace } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
    const [space] = await host.call('space.list', { workspace });
    return new OfflineTeam(
      bench,
      { host, folder, member: workspace, key: host.parts.device },
      workspace,
      space?.id ?? '',
    );
  }

  /** Somebody comes in; Ana's log has them, and so has theirs. */
  async join({ name, role = 'member', spaces }: Person): Promise<OfflineMember> {
    const { log } = this.ana.host.parts.workspaces.get(this.workspace);
    const folder = await this.#bench.folder();
    const first = await this.#bench.start(folder, { links: false });
    const key = first.parts.device;
    await this.#bench.stop(first);
    const [inviteKey, invite] = [await createDeviceKey(), randomId()];
    const now = Date.now();
    const parts = spaces ?? [{ space: this.space, role: role === 'viewer' ? 'viewer' : 'member' }];
    await log.append({
      ...{ verb: 'invite.create', invite, key: inviteKey.publicKey, role },
      ...{ spaces: parts, expires: now + 3_600_000, until: null },
    } as RecordBody);
    const proof = await prove(inviteKey, joinStatement(this.workspace, invite, key.id));
    const body = { verb: 'member.join', device: key.publicKey, nonce: randomId(), invite, proof } as const;
    const record = await signRecord(key, { version: 2, previous: log.membership.head, body, at: now });
    await log.adopt([...log.records, record]);
    const member = await hashRecord(record);
    const data = dataFolderAt(folder);
    await writeLog(data, this.workspace, log.records);
    const { certified } = log;
    const { length, head, word: text } = certified;
    await writeOrder(data, this.workspace, { ordered: length, word: { length, head, text }, pending: [] });
    await writeAbout(data, this.workspace, { member, relay: null, title: 'Perigee', addedAt: now });
    const host = await this.#bench.start(folder, { links: false });
    await host.parts.documents.edit(profileRoom(this.workspace, member), (doc) =>
      createProfile(doc, { title: name, createdBy: member, createdAt: now }),
    );
    return { host, folder, member, key };
  }
}
