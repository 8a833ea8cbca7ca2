// The relay's copies of membership logs, one a workspace: verified before they are kept, appended to in order, never rewritten.
import { AppError } from '../shared/base/app-error.ts';
import { evaluateLog } from '../shared/access/membership-log.ts';
import { fromUtf8, utf8 } from '../shared/base/encoding.ts';
import type { ValueStore } from '../shared/hub/value-store.ts';

const AREA = 'membership';

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly records: readonly string[] }
  /** They follow another record than the newest one here: sign again on top of these. */
  | { readonly kind: 'stale'; readonly records: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

export class MembershipLogs {
  readonly #values: ValueStore;
  /** The append under way of each workspace: the next one waits for it. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(values: ValueStore) {
    this.#values = values;
  }

  /** The records, oldest first; empty for a workspace that is not known. */
  async read(workspace: string): Promise<readonly string[]> {
    const records: string[] = [];
    for await (const [key, bytes] of this.#values.entries(AREA, `${workspace}/`)) {
      const record = fromUtf8(bytes);
      if (record === null)
        throw new AppError('damaged', 'A stored membership record is damaged.', { details: { key } });
      records.push(record);
    }
    return records;
  }

  /**
   * Appends what the log's own rules accept, durably. Records that are here already are not stored again, so that a host may
   * hand over its whole log at any time.
   */
  append(workspace: string, records: readonly string[]): Promise<AppendOutcome> {
    const turn = (this.#turns.get(workspace) ?? Promise.resolve()).then(() => this.#append(workspace, records));
    const settled = turn
      .catch(() => null)
      .then(() => {
        if (this.#turns.get(workspace) === settled) this.#turns.delete(workspace);
      });
    this.#turns.set(workspace, settled);
    return turn;
  }

  async #append(workspace: string, posted: readonly string[]): Promise<AppendOutcome> {
    const current = await this.read(workspace);
    const fresh = beyond(current, posted);
    if (fresh.length === 0) return { kind: 'appended', records: current };
    const whole = [...current, ...fresh];
    const evaluation = await evaluateLog(whole);
    if (!evaluation.ok) {
      // Where the first new record does not fit, another head is the usual reason; what does not hold anywhere is refused.
      const stale = current.length > 0 && evaluation.index === current.length && follows(evaluation.reason);
      return stale ? { kind: 'stale', records: current } : { kind: 'refused', reason: evaluation.reason };
    }
    if (evaluation.membership.workspace !== workspace) {
      return { kind: 'refused', reason: 'the first record is that of another workspace' };
    }
    await this.#values.write(
      fresh.map((record, at) => ({
        area: AREA,
        key: `${workspace}/${String(current.length + at).padStart(8, '0')}`,
        value: utf8(record),
      })),
    );
    return { kind: 'appended', records: whole };
  }
}

/** What `posted` adds: all of it, or what follows the records that both have. */
function beyond(current: readonly string[], posted: readonly string[]): readonly string[] {
  const from = current.indexOf(posted[0] ?? '');
  if (from < 0) return posted;
  let shared = 0;
  while (shared < posted.length && posted[shared] === current[from + shared]) shared += 1;
  return posted.slice(shared);
}

function follows(reason: string): boolean {
  return reason === 'it does not follow the record before it' || reason.startsWith('a workspace is created');
}
