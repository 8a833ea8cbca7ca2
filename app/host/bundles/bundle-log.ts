// What a bundle's records come to beside the log that is here: the membership by which it is judged, and what of them is new. It changes nothing.
import type { LogRecord, Membership } from '../../../shared/access/identity.ts';
import { evaluateLog, extendLog } from '../../../shared/access/membership-log.ts';
import type { Workspace } from '../workspace.ts';
import { damagedBundle, forkedBundle } from './bundle-words.ts';

export interface BundleLog {
  /** As it will be once the bundle is taken. */
  readonly membership: Membership;
  /** How many of its records are not here. */
  readonly fresh: number;
  /** All of them, oldest first. */
  readonly texts: readonly string[];
}

/**
 * A shorter log than the one here is one of before, and changes nothing; one that goes another way is refused, unless what is here
 * beyond the common part is this computer's own and waits to be put in order by the relay. Throws `not-allowed` and `damaged`.
 */
export async function judgeLog({ log, about }: Workspace, own: string, texts: readonly string[]): Promise<BundleLog> {
  const mine = log.records;
  let common = 0;
  while (common < mine.length && common < texts.length && mine[common] === texts[common]) common += 1;
  if (common === texts.length) return { membership: log.membership, fresh: 0, texts };
  if (common === 0) throw forkedBundle();
  if (common < mine.length) {
    const waits = (record: LogRecord): boolean => record.signer === own;
    const ordered = about.agreed?.length ?? 0;
    if (about.relay === null || common < ordered || !log.entries.slice(common).every(waits)) throw forkedBundle();
  }
  const read =
    common === mine.length
      ? await extendLog({ ok: true, membership: log.membership, records: log.entries }, texts.slice(common))
      : await evaluateLog(texts);
  if (!read.ok) throw damagedBundle();
  return { membership: read.membership, fresh: texts.length - common, texts };
}
