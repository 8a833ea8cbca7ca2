// Who puts the records of a workspace in order, and how others see that it was done: by the relay, or without one by a device of the owner. Pure.
import type { Member, Membership, PublicJwk } from './identity.ts';
import { deviceId } from './device-key.ts';
import { readHead, type LogHead } from './log-head.ts';
import type { EvaluatedLog } from './membership-log.ts';

export type Orderer =
  /** `key` is null where the log names none: then nobody's word can be checked. */
  | { readonly kind: 'relay'; readonly key: PublicJwk | null }
  | { readonly kind: 'device'; readonly device: string; readonly key: PublicJwk };

/**
 * Whoever `relay.set` names by its key: a relay, or a device of the owner. Where it names nobody, or a device that is the owner's no more,
 * it is the device that the owner has had for longest (PL1).
 */
export function ordererOf(membership: Membership): Orderer {
  const { relay, keys, version } = membership;
  if (version === 1) return { kind: 'relay', key: null };
  const named = relay?.key ?? null;
  if (relay && named === null && relay.url !== null) return { kind: 'relay', key: null };
  const owner = ownerOf(membership);
  if (named) {
    const device = deviceWith(keys, named);
    if (device === null) return { kind: 'relay', key: named };
    if (owner?.devices.includes(device) === true) return { kind: 'device', device, key: named };
  }
  const first = owner?.devices[0];
  const key = first === undefined ? undefined : keys.get(first);
  return first !== undefined && key ? { kind: 'device', device: first, key } : { kind: 'relay', key: null };
}

/** Whether a device of the owner was named to put records in order, so that no relay does. */
export function isDetached(membership: Membership): boolean {
  const orderer = ordererOf(membership);
  return orderer.kind === 'device' && membership.relay?.key?.x === orderer.key.x;
}

/** The head that `signed` says, if whoever orders after the newest record of `log`, or did `before` it, signed for just that record; else null. Total. */
export async function wordOf(log: EvaluatedLog, before: Membership | null, signed: string): Promise<LogHead | null> {
  for (const membership of before ? [before, log.membership] : [log.membership]) {
    const { key } = ordererOf(membership);
    const head = key && (await readHead(signed, { id: await deviceId(key), publicKey: key }));
    if (!head) continue;
    const { workspace } = log.membership;
    if (head.workspace !== workspace || head.length !== log.records.length || head.head !== log.membership.head)
      continue;
    return head;
  }
  return null;
}

/**
 * Of two logs that part behind their first `common` records, whether `other` holds against `known`: a device of the owner, which is that by
 * the end of `known` as well, took the ordering over in it. Where both do, the smaller hash decides, alike everywhere (PL8).
 */
export function takesOver(other: EvaluatedLog, known: EvaluatedLog, common: number): boolean {
  const theirs = takeover(other, known.membership, common);
  if (theirs === null) return false;
  const mine = takeover(known, other.membership, common);
  return mine === null || theirs < mine;
}

/** The hash of the first record behind `from` by which an owner's device names itself; a device that another of them added there counts. */
function takeover(log: EvaluatedLog, judge: Membership, from: number): string | null {
  const trusted = new Set(ownerOf(judge)?.devices);
  const { keys } = log.membership;
  for (const { body, signer, hash } of log.records.slice(from)) {
    if (!trusted.has(signer)) continue;
    if (body.verb === 'device.add') {
      const added = deviceWith(keys, body.device);
      if (added !== null) trusted.add(added);
    }
    if (body.verb === 'relay.set' && body.url === null && body.key?.x === keys.get(signer)?.x) return hash;
  }
  return null;
}

export function ownerOf({ members }: Pick<Membership, 'members'>): Member | null {
  for (const member of members.values()) if (member.role === 'owner') return member;
  return null;
}

function deviceWith(keys: Membership['keys'], { x }: PublicJwk): string | null {
  for (const [id, key] of keys) if (key.x === x) return id;
  return null;
}
