// The membership log: one pure evaluation of its signed records, run alike by relay, host and peer. It stores nothing.
import { deviceId } from './device-key.ts';
import type { LogRecord, Membership, PublicJwk } from './identity.ts';
import { applyRecord } from './log-rules.ts';
import { beginState, type LogState } from './log-state.ts';
import { deviceStatement, joinStatement, provesBy } from './proof.ts';
import { decodeRecord, hashRecord, isIdHash, verifiesRecord, type DecodedRecord } from './record-codec.ts';

export { hashRecord, signRecord } from './record-codec.ts';

/** More records than a team makes in decades; beyond it a log is an attack. */
export const LOG_LIMIT = 100_000;

export interface EvaluatedLog {
  readonly ok: true;
  readonly membership: Membership;
  readonly records: readonly LogRecord[];
}

export type LogEvaluation =
  | EvaluatedLog
  /** The first record that does not hold, and why. Nothing of the log may be used. */
  | { readonly ok: false; readonly index: number; readonly reason: string };

type Verdict = { readonly ok: true; readonly record: LogRecord } | { readonly ok: false; readonly reason: string };

/** Total: whatever the texts hold, the answer is a membership or the place and the reason of the refusal. */
export function evaluateLog(records: readonly string[]): Promise<LogEvaluation> {
  return evaluate(null, records);
}

/** The same as evaluating the whole, at the cost of what is new: `more` follows the records of `log`. */
export function extendLog(log: EvaluatedLog, more: readonly string[]): Promise<LogEvaluation> {
  return evaluate(log, more);
}

async function evaluate(log: EvaluatedLog | null, more: readonly string[]): Promise<LogEvaluation> {
  const before = log?.records ?? [];
  if (before.length + more.length > LOG_LIMIT) return { ok: false, index: LOG_LIMIT, reason: 'the log is too long' };
  const state = beginState(log?.membership ?? null);
  const accepted = [...before];
  for (const [index, jws] of more.entries()) {
    const verdict = await accept(jws, state);
    if (!verdict.ok) return { ok: false, index: before.length + index, reason: verdict.reason };
    accepted.push(verdict.record);
  }
  const { workspace, head, ...rest } = state;
  if (workspace === null || head === null) return { ok: false, index: 0, reason: 'the log is empty' };
  return { ok: true, membership: { workspace, head, ...rest }, records: accepted };
}

/** Decodes, checks chain, signer, signature and proof, then applies one record to `state`. */
async function accept(jws: string, state: LogState): Promise<Verdict> {
  if (typeof jws !== 'string') return refused('it is not text');
  const decoded = decodeRecord(jws);
  if (!decoded.ok) return decoded;
  const { record } = decoded;
  if (record.previous !== state.head) {
    return refused(
      state.head === null ? 'the first record names a predecessor' : 'it does not follow the record before it',
    );
  }
  const introduced = 'device' in record.body && typeof record.body.device === 'object' ? record.body.device : null;
  const introducedId = introduced && (await deviceId(introduced));
  const key = signingKey(record, introduced, introducedId, state);
  if (!key) return refused('it is not signed by a device that may sign it');
  if (!(await verifiesRecord(jws, key))) return refused('its signature does not hold');
  const hash = await hashRecord(jws);
  if ('nonce' in record.body && !isIdHash(hash)) return refused('its hash cannot serve as an id');
  const proven = await isProven(record, introducedId, state);
  const reason = applyRecord(state, { ...record, hash, key, introduced: introducedId, proven });
  if (reason !== null) return refused(reason);
  state.workspace ??= hash;
  state.head = hash;
  return { ok: true, record: { ...record, hash } };
}

/** The key that must have signed: the one inside where a device introduces itself, else that of a device that may act. */
function signingKey(
  { body, signer }: DecodedRecord,
  introduced: PublicJwk | null,
  introducedId: string | null,
  state: LogState,
): PublicJwk | null {
  if (body.verb === 'workspace.create' || body.verb === 'member.join') {
    return introducedId === signer ? introduced : null;
  }
  return state.devices.has(signer) ? (state.keys.get(signer) ?? null) : null;
}

async function isProven({ body, signer }: DecodedRecord, introduced: string | null, state: LogState): Promise<boolean> {
  const workspace = state.workspace ?? '';
  if (body.verb === 'device.add') {
    const statement = deviceStatement(workspace, state.devices.get(signer) ?? '', introduced ?? '');
    return provesBy(body.device, statement, body.proof);
  }
  if (body.verb === 'member.join' && 'invite' in body) {
    const invite = state.invites.get(body.invite);
    return invite !== undefined && provesBy(invite.key, joinStatement(workspace, body.invite, signer), body.proof);
  }
  return true;
}

function refused(reason: string): Verdict {
  return { ok: false, reason };
}
