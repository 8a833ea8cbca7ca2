// A device of somebody who was invited and has joined, by records alone: no host of theirs, no relay.
import { createDeviceKey } from '../../shared/access/device-key.ts';
import type { DeviceKey } from '../../shared/access/identity.ts';
import { signRecord } from '../../shared/access/membership-log.ts';
import { joinStatement, prove } from '../../shared/access/proof.ts';
import { systemClock } from '../../shared/base/clock.ts';
import { randomId } from '../../shared/base/random-id.ts';
import type { WorkspaceLog } from '../../app/host/membership.ts';

/** `log` is one whose device may invite. */
export async function joinedDevice(log: WorkspaceLog): Promise<DeviceKey> {
  const [invite, seed, key] = [randomId(), await createDeviceKey(), await createDeviceKey()];
  const at = systemClock.now();
  const terms = { role: 'member', spaces: [], expires: at + 60_000, until: null } as const;
  await log.append({ verb: 'invite.create', invite, key: seed.publicKey, ...terms });
  const proof = await prove(seed, joinStatement(log.workspace, invite, key.id));
  const body = { verb: 'member.join', device: key.publicKey, nonce: randomId(), invite, proof } as const;
  const record = await signRecord(key, { version: 2, previous: log.membership.head, body, at });
  await log.adopt([...log.records, record]);
  return key;
}
