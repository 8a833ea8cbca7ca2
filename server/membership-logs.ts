// The relay's copies of membership logs, one a workspace: verified before they are kept, appended to in order, never rewritten.
import { evaluateLog, extendLog, type EvaluatedLog, type LogEvaluation } from '../shared/access/membership-log.ts';
import type { Membership } from '../shared/access/identity.ts';
import { AppError } from '../shared/base/app-error.ts';
import { fromUtf8, utf8 } from '../shared/base/encoding.ts';
import type { Logger } from '../shared/base/logger.ts';
import type { ValueStore } from '../shared/hub/value-store.ts';

const AREA = 'membership';

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly records: readonly string[] }
  /** They follow another record than the newest one here: sign again on top of these. */
  | { readonly kind: 'stale'; readonly records: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string }
  /** Whoever appends did not want it so after all: `admits` or `accepts` was false. */
  | { readonly kind: 'unwanted' }
  /** As many as `takes` said are stored, perhaps none; the rest may come later. */
  | { readonly kind: 'too-many' };

/** Asked within the append, when nothing else can come between the question and the write. */
export interface AppendTerms {
  /** What the log comes to now; null for a workspace that is not known here. Asked before anything is evaluated. */
  readonly admits?: (current: Membership | null) => boolean;
  /** How many of the new records may be added now, from the first on. Asked before anything is evaluated. */
  readonly takes?: (current: Membership | null, fresh: readonly string[]) => number;
  /** What the log would come to. */
  readonly accepts?: (next: Membership) => boolean | Promise<boolean>;
}

export interface MembershipLogsOptions {
  readonly values: ValueStore;
  readonly logger: Logger;
  /** What a workspace's log comes to became different. */
  readonly onMembership: (workspace: string, membership: Membership) => void;
}

interface KeptLog {
  readonly texts: readonly string[];
  readonly log: EvaluatedLog;
}

export class MembershipLogs {
  readonly #options: MembershipLogsOptions;
  readonly #logs = new Map<string, KeptLog>();
  /** Logs that cannot be read: their workspaces are served to nobody, and nothing is written over them. */
  readonly #damaged = new Set<string>();
  /** The append under way of each workspace: the next one waits for it. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: MembershipLogsOptions) {
    this.#options = options;
  }

  /** Reads and evaluates every log that is stored. One that does not hold is left as it is, and its workspace is not served. */
  async load(): Promise<void> {
    const stored = new Map<string, string[]>();
    for await (const [key, bytes] of this.#options.values.entries(AREA)) {
      const workspace = key.slice(0, key.indexOf('/'));
      const record = fromUtf8(bytes);
      const texts = stored.get(workspace) ?? [];
      stored.set(workspace, texts);
      texts.push(record ?? '');
    }
    for (const [workspace, texts] of stored) {
      const log = await evaluateLog(texts);
      if (log.ok && log.membership.workspace === workspace) this.#keep(workspace, { texts, log });
      else {
        this.#damaged.add(workspace);
        const { index, reason } = log.ok ? { index: 0, reason: 'it is the log of another workspace' } : log;
        this.#options.logger.log('error', 'log-damaged', { workspace, record: index, reason });
      }
    }
  }

  /** The records, oldest first; empty for a workspace that is not known. Throws `damaged`. */
  read(workspace: string): readonly string[] {
    this.#requireSound(workspace);
    return this.#logs.get(workspace)?.texts ?? [];
  }

  /** What the log comes to, or null for a workspace that is not known. */
  membership(workspace: string): Membership | null {
    return this.#logs.get(workspace)?.log.membership ?? null;
  }

  /** What every log here comes to, by workspace. */
  *memberships(): Iterable<readonly [string, Membership]> {
    for (const [workspace, { log }] of this.#logs) yield [workspace, log.membership];
  }

  /** The hash of the record at `index`, which must be there. */
  hashAt(workspace: string, index: number): string {
    const record = this.#logs.get(workspace)?.log.records[index];
    if (!record) throw new AppError('internal', 'A record was asked for that is not there.');
    return record.hash;
  }

  /**
   * Appends what the log's own rules accept, durably. Records that are here already are not stored again, so that a host may
   * hand over its whole log at any time.
   */
  append(workspace: string, records: readonly string[], terms: AppendTerms = {}): Promise<AppendOutcome> {
    const turn = (this.#turns.get(workspace) ?? Promise.resolve()).then(() => this.#append(workspace, records, terms));
    const settled = turn
      .catch(() => null)
      .then(() => {
        if (this.#turns.get(workspace) === settled) this.#turns.delete(workspace);
      });
    this.#turns.set(workspace, settled);
    return turn;
  }

  async #append(workspace: string, posted: readonly string[], terms: AppendTerms): Promise<AppendOutcome> {
    this.#requireSound(workspace);
    const kept = this.#logs.get(workspace) ?? null;
    const current = kept?.texts ?? [];
    if (terms.admits?.(kept?.log.membership ?? null) === false) return { kind: 'unwanted' };
    const all = beyond(current, posted);
    const fresh = all.slice(0, terms.takes?.(kept?.log.membership ?? null, all));
    if (fresh.length === 0 && all.length > 0) return { kind: 'too-many' };
    const log: LogEvaluation = kept ? await extendLog(kept.log, fresh) : await evaluateLog(fresh);
    if (!log.ok) {
      // Where the first new record does not fit, another head is the usual reason; what does not hold anywhere is refused.
      const stale = kept !== null && log.index === current.length && follows(log.reason);
      return stale ? { kind: 'stale', records: current } : { kind: 'refused', reason: log.reason };
    }
    if (log.membership.workspace !== workspace) {
      return { kind: 'refused', reason: 'the first record is that of another workspace' };
    }
    if ((await terms.accepts?.(log.membership)) === false) return { kind: 'unwanted' };
    if (fresh.length === 0) return { kind: 'appended', records: current };
    await this.#options.values.write(
      fresh.map((record, at) => ({
        area: AREA,
        key: `${workspace}/${String(current.length + at).padStart(8, '0')}`,
        value: utf8(record),
      })),
    );
    const texts = [...current, ...fresh];
    this.#keep(workspace, { texts, log });
    return fresh.length < all.length ? { kind: 'too-many' } : { kind: 'appended', records: texts };
  }

  #keep(workspace: string, kept: KeptLog): void {
    this.#logs.set(workspace, kept);
    this.#options.onMembership(workspace, kept.log.membership);
  }

  #requireSound(workspace: string): void {
    if (!this.#damaged.has(workspace)) return;
    throw new AppError(
      'damaged',
      'The stored membership log of this workspace is damaged. It was left as it is; the relay serves this workspace again after `caravan-relay repair`.',
    );
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
