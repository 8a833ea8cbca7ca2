// The membership log: one pure evaluation of its signed records, run alike by relay, host and peer. It stores nothing.
import { deviceId } from './device-key.ts';
import type { LogRecord, Member, Membership, PublicJwk, RecordBody } from './identity.ts';
import { decodeRecord, hashRecord, isIdHash, verifiesRecord, type DecodedRecord } from './record-codec.ts';

export { hashRecord, signRecord } from './record-codec.ts';

/** More records than a team makes in decades; beyond it a log is an attack. */
export const LOG_LIMIT = 100_000;

export type LogEvaluation =
  | { readonly ok: true; readonly membership: Membership; readonly records: readonly LogRecord[] }
  /** The first record that does not hold, and why. Nothing of the log may be used. */
  | { readonly ok: false; readonly index: number; readonly reason: string };

interface Draft {
  readonly members: Map<string, Member>;
  readonly devices: Map<string, string>;
  readonly keys: Map<string, PublicJwk>;
  readonly spaces: Map<string, { readonly visibility: 'open' | 'invited'; readonly createdBy: string }>;
}

type Verdict = { readonly ok: true; readonly record: LogRecord } | { readonly ok: false; readonly reason: string };

/** Total: whatever the texts hold, the answer is a membership or the place and the reason of the refusal. */
export async function evaluateLog(records: readonly string[]): Promise<LogEvaluation> {
  if (records.length > LOG_LIMIT) return { ok: false, index: LOG_LIMIT, reason: 'the log is too long' };
  const draft: Draft = { members: new Map(), devices: new Map(), keys: new Map(), spaces: new Map() };
  const accepted: LogRecord[] = [];
  for (const [index, jws] of records.entries()) {
    const verdict = await accept(jws, accepted.at(-1)?.hash ?? null, draft);
    if (!verdict.ok) return { ok: false, index, reason: verdict.reason };
    accepted.push(verdict.record);
  }
  const first = accepted[0];
  const last = accepted.at(-1);
  if (!first || !last) return { ok: false, index: 0, reason: 'the log is empty' };
  const { members, devices, spaces } = draft;
  return {
    ok: true,
    membership: { workspace: first.hash, head: last.hash, members, devices, spaces },
    records: accepted,
  };
}

/** Decodes, checks chain, signer and signature, then applies one record to `draft`. */
async function accept(jws: string, head: string | null, draft: Draft): Promise<Verdict> {
  if (typeof jws !== 'string') return refused('it is not text');
  const decoded = decodeRecord(jws);
  if (!decoded.ok) return decoded;
  const { record } = decoded;
  if (record.previous !== head) {
    return refused(head === null ? 'the first record names a predecessor' : 'it does not follow the record before it');
  }
  const key = await signingKey(record, draft);
  if (!key) return refused('it is not signed by a device that may sign it');
  if (!(await verifiesRecord(jws, key))) return refused('its signature does not hold');
  const hash = await hashRecord(jws);
  const reason = apply(record, hash, key, draft);
  return reason === null ? { ok: true, record: { ...record, hash } } : refused(reason);
}

/** The key that must have signed: the one inside where a device introduces itself, else a known device's. */
async function signingKey(record: DecodedRecord, draft: Draft): Promise<PublicJwk | null> {
  const introduced = introducedKey(record.body);
  if (!introduced) return draft.keys.get(record.signer) ?? null;
  return (await deviceId(introduced)) === record.signer ? introduced : null;
}

function introducedKey(body: RecordBody): PublicJwk | null {
  return body.verb === 'workspace.create' || body.verb === 'member.join' ? body.device : null;
}

/** The reason why the rules refuse the record, or null after it was applied. */
function apply(record: DecodedRecord, hash: string, key: PublicJwk, draft: Draft): string | null {
  const { body, signer, at } = record;
  if ((body.verb === 'workspace.create') !== (record.previous === null)) {
    return 'a workspace is created by its first record and by no other';
  }
  switch (body.verb) {
    case 'workspace.create':
    case 'member.join': {
      if (!isIdHash(hash)) return 'its hash cannot serve as an id';
      if (draft.devices.has(signer)) return 'this device belongs to a member already';
      const role = body.verb === 'workspace.create' ? 'owner' : 'member';
      draft.members.set(hash, { id: hash, role, devices: [signer], joinedAt: at });
      draft.devices.set(signer, hash);
      draft.keys.set(signer, key);
      return null;
    }
    case 'space.create': {
      const createdBy = draft.devices.get(signer);
      if (createdBy === undefined) return 'spaces are created by members';
      if (draft.spaces.has(body.space)) return 'this space exists already';
      draft.spaces.set(body.space, { visibility: body.visibility, createdBy });
      return null;
    }
  }
}

function refused(reason: string): Verdict {
  return { ok: false, reason };
}
