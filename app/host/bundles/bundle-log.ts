// What a bundle's records come to beside the log that is here: the membership by which its parts are judged, before and after it is taken in (BU8). Looking changes nothing.
import type { Membership } from '../../../shared/access/identity.ts';
import { evaluateLog } from '../../../shared/access/membership-log.ts';
import { wordOf } from '../../../shared/access/ordering.ts';
import { PENDING_LIMITS } from '../../../shared/access/pending-records.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import type { WorkspaceLog } from '../membership.ts';
import { damagedBundle, forkedBundle } from './bundle-words.ts';

export interface BundleLog {
  /** As it will be once the bundle's records are here. */
  readonly membership: Membership;
  /** How many of its records are not here. */
  readonly fresh: number;
  /** In order, from the first on, by the word of whoever orders; empty where the writer had no word. */
  readonly ordered: readonly string[];
  readonly word: string;
  /** Records that nobody put in order yet. */
  readonly pending: readonly string[];
}

/**
 * A copy that is shorter than the one here is one of before, and changes nothing. One that goes another way than what is in order
 * here is refused: which of the two holds is settled when computers meet. Throws `not-allowed` and `damaged`.
 */
export async function judgeLog(
  log: WorkspaceLog,
  texts: readonly string[],
  { ordered: count, word }: { readonly ordered: number; readonly word: string },
): Promise<BundleLog> {
  if (count > texts.length || texts.length - count > PENDING_LIMITS.records) throw damagedBundle();
  const ordered = word === '' ? [] : texts.slice(0, count);
  const rest = { word, pending: texts.slice(count) };
  const mine = log.records;
  let common = 0;
  while (common < mine.length && common < ordered.length && mine[common] === ordered[common]) common += 1;
  if (common === ordered.length) return { membership: log.shared, fresh: 0, ordered, ...rest };
  if (common < log.certified.length) throw forkedBundle();
  const [read, before] = [await evaluateLog(ordered), await evaluateLog(ordered.slice(0, -1))];
  if (!read.ok) throw damagedBundle();
  if (!(await wordOf(read, before.ok ? before.membership : null, word))) throw forkedBundle();
  return { membership: read.membership, fresh: ordered.length - common, ordered, ...rest };
}

/** The records of the bundle are here from now on, those that are not in order carried beside them. Throws as judgeLog(). */
export async function takeLog(log: WorkspaceLog, { ordered, word, pending }: BundleLog): Promise<void> {
  if (ordered.length > 0) {
    await log.follow(ordered, word).catch((error: unknown) => {
      const isForked = error instanceof AppError && error.details['forked'] === true;
      throw isForked ? forkedBundle() : error;
    });
  }
  if (pending.length > 0) await log.hear(pending);
}
