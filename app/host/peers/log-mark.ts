// A short value for all that a copy of the membership log has: two ends with equal marks have nothing to tell each other (PE63). It proves nothing.
import { createHash } from 'node:crypto';

/** What it needs to see of a log. */
export interface MarkedLog {
  readonly certified: { readonly head: string };
  /** Records that are not in order, in no order. */
  readonly pending: readonly string[];
}

/** The newest record that is in order; where others wait to be put in order, a hash over it and them. */
export function logMark({ certified, pending }: MarkedLog): string {
  if (pending.length === 0) return certified.head;
  const all = createHash('sha256').update(certified.head);
  for (const text of [...pending].sort()) all.update(`\n${text}`);
  return all.digest('base64url');
}
