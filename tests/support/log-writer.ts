// Writes a membership log for tests: each record signed behind the last, with proofs where they belong. It checks nothing.
import { createDeviceKey } from '../../shared/access/device-key.ts';
import type {
  AccessBody,
  DeviceKey,
  InvitedSpace,
  Membership,
  RecordBody,
  Role,
} from '../../shared/access/identity.ts';
import { evaluateLog, hashRecord, signRecord } from '../../shared/access/membership-log.ts';
import { deviceStatement, joinStatement, prove } from '../../shared/access/proof.ts';
import { randomId } from '../../shared/base/random-id.ts';

export interface Person {
  readonly key: DeviceKey;
  readonly member: string;
}

const DAY = 24 * 3_600_000;

export class LogWriter {
  readonly records: string[] = [];
  at = 1_700_000_000_000;

  /** Begins a workspace of version 2; the owner is returned. */
  async create(): Promise<Person> {
    const key = await createDeviceKey();
    await this.add(key, { verb: 'workspace.create', device: key.publicKey, nonce: randomId() });
    return { key, member: await hashRecord(this.records[0]!) };
  }

  async add(by: DeviceKey, body: RecordBody, version: 1 | 2 = 2): Promise<void> {
    this.records.push(await this.sign(by, body, version));
  }

  /** A record behind the newest one, not added. */
  async sign(by: DeviceKey, body: RecordBody, version: 1 | 2 = 2): Promise<string> {
    const last = this.records.at(-1);
    const previous = last === undefined ? null : await hashRecord(last);
    this.at += 1_000;
    return signRecord(by, { version, previous, body, at: this.at });
  }

  async space(by: Person, visibility: 'open' | 'invited' = 'invited'): Promise<string> {
    const space = randomId();
    await this.add(by.key, { verb: 'space.create', space, visibility });
    return space;
  }

  async invite(
    by: Person,
    role: Exclude<Role, 'owner'>,
    spaces: readonly InvitedSpace[] = [],
    until: number | null = null,
  ): Promise<{ readonly invite: string; readonly seed: DeviceKey }> {
    const invite = randomId();
    const seed = await createDeviceKey();
    const expires = this.at + DAY;
    await this.add(by.key, { verb: 'invite.create', invite, key: seed.publicKey, role, spaces, expires, until });
    return { invite, seed };
  }

  async joinBody(key: DeviceKey, invite: { readonly invite: string; readonly seed: DeviceKey }): Promise<AccessBody> {
    const proof = await prove(invite.seed, joinStatement(await this.workspace(), invite.invite, key.id));
    return { verb: 'member.join', device: key.publicKey, nonce: randomId(), invite: invite.invite, proof };
  }

  /** Invited by `by` and joined. */
  async join(
    by: Person,
    role: Exclude<Role, 'owner'>,
    spaces: readonly InvitedSpace[] = [],
    until: number | null = null,
  ): Promise<Person> {
    const key = await createDeviceKey();
    await this.add(key, await this.joinBody(key, await this.invite(by, role, spaces, until)));
    return { key, member: await hashRecord(this.records.at(-1)!) };
  }

  async deviceBody(by: Person, device: DeviceKey, signer = device): Promise<AccessBody> {
    const statement = deviceStatement(await this.workspace(), by.member, device.id);
    return { verb: 'device.add', device: device.publicKey, proof: await prove(signer, statement) };
  }

  workspace(): Promise<string> {
    return hashRecord(this.records[0]!);
  }

  /** Throws with the reason when the log does not hold. */
  async membership(): Promise<Membership> {
    const log = await evaluateLog(this.records);
    if (!log.ok) throw new Error(`record ${log.index}: ${log.reason}`);
    return log.membership;
  }

  /** Why the log refuses one more record, or null when it takes it. */
  async refusal(by: Person | DeviceKey, body: RecordBody, version: 1 | 2 = 2): Promise<string | null> {
    const key = 'key' in by ? by.key : by;
    const log = await evaluateLog([...this.records, await this.sign(key, body, version)]);
    return log.ok ? null : log.reason;
  }
}
