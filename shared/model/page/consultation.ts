// A page that is open for comment until a time, and what becomes of each comment after it (docs/documents.md, PP8, CM7). Total; no command reads a clock.
import type * as Y from 'yjs';
import { randomId } from '../../base/random-id.ts';
import type { Comment } from '../comments/read.ts';
import { isDocumentId, readTime } from '../document/meta.ts';
import { decisionsOf, metaOf } from '../document/roots.ts';
import type { Doing } from '../properties/read.ts';
import { shortLine } from '../properties/tag.ts';
import { numberAmong } from '../thread/posts.ts';

export interface Consultation extends Doing {
  /** The last millisecond at which a comment is in time, by its writer's clock. */
  readonly until: number;
}

export const OUTCOMES = ['accepted', 'declined', 'open'] as const;
/** `open`: a decision was taken back. */
export type Outcome = (typeof OUTCOMES)[number];

/** What was said of a comment, once. */
export interface CommentDecision {
  readonly outcome: Outcome;
  /** One line; '' where none was given. */
  readonly reason: string;
  readonly by: string | null;
  readonly at: number;
  /** One more than the decisions on this comment that whoever decided knew. */
  readonly number: number;
}

export interface ConsultationState {
  /** `open`: comments are asked for. `deciding`: the time is over, and some are undecided. `ended`: all are decided. */
  readonly state: 'open' | 'deciding' | 'ended';
  readonly undecided: number;
  readonly accepted: number;
  readonly declined: number;
  /** Comments that were begun behind the end. */
  readonly late: number;
}

/** Code units of a reason. */
export const LONGEST_REASON = 500;

export function readConsultation(doc: Y.Doc): Consultation | null {
  const value = metaOf(doc).get('consultation');
  if (typeof value !== 'object' || value === null) return null;
  const { until, by, at } = value as { until?: unknown; by?: unknown; at?: unknown };
  const end = readTime(until);
  return end === null ? null : { until: end, by: isDocumentId(by) ? by : '', at: readTime(at) ?? 0 };
}

/** Opens the page for comment until a time, or moves the end; null: it is no consultation any more. Decisions stay stored. */
export function setConsultation(doc: Y.Doc, until: number | null, doing: Doing, origin: unknown = null): void {
  doc.transact(() => {
    const meta = metaOf(doc);
    if (until !== null) meta.set('consultation', { until, by: doing.by, at: doing.at });
    else if (meta.has('consultation')) meta.delete('consultation');
  }, origin);
}

/** By comment: oldest first, the last one counts. What cannot be read is left out, and kept. */
export function readDecisions(doc: Y.Doc): ReadonlyMap<string, readonly CommentDecision[]> {
  const found: { comment: string; id: string; decision: CommentDecision }[] = [];
  for (const [key, value] of decisionsOf(doc).entries()) {
    const [comment, id, ...more] = key.split('/', 3);
    const decision = readDecision(value, decisionsOf(doc).size);
    if (decision && isDocumentId(comment) && isDocumentId(id) && more.length === 0)
      found.push({ comment, id, decision });
  }
  found.sort(
    (a, b) => a.decision.number - b.decision.number || a.decision.at - b.decision.at || (a.id < b.id ? -1 : 1),
  );
  const byComment = new Map<string, CommentDecision[]>();
  for (const { comment, decision } of found) {
    const before = byComment.get(comment);
    if (before) before.push(decision);
    else byComment.set(comment, [decision]);
  }
  return byComment;
}

/** What stands of a comment: the last decision, or null while it is open. */
export function decisionOf(decisions: readonly CommentDecision[] | undefined): CommentDecision | null {
  const last = decisions?.at(-1);
  return last && last.outcome !== 'open' ? last : null;
}

/** Adds a decision; the earlier ones stay. Of two people who decide at once the later by (number, at, id) counts, everywhere the same. */
export function decideComment(
  doc: Y.Doc,
  comment: string,
  decision: { readonly outcome: Outcome; readonly reason: string; readonly by: string; readonly at: number },
  origin: unknown = null,
): void {
  doc.transact(() => {
    const known = readDecisions(doc).get(comment) ?? [];
    const number = (known.at(-1)?.number ?? 0) + 1;
    const { outcome, reason, by, at } = decision;
    const said = shortLine(reason, LONGEST_REASON);
    decisionsOf(doc).set(`${comment}/${randomId()}`, { outcome, reason: said, by, at, number });
  }, origin);
}

/** Whether it was begun behind the end, by its writer's clock. */
export function isLate(comment: Pick<Comment, 'at'>, { until }: Pick<Consultation, 'until'>): boolean {
  return comment.at > until;
}

export function consultationState(
  consultation: Pick<Consultation, 'until'>,
  comments: readonly Pick<Comment, 'id' | 'at'>[],
  decisions: ReadonlyMap<string, readonly CommentDecision[]>,
  now: number,
): ConsultationState {
  let [undecided, accepted, declined, late] = [0, 0, 0, 0];
  for (const comment of comments) {
    const outcome = decisionOf(decisions.get(comment.id))?.outcome;
    if (outcome === 'accepted') accepted += 1;
    else if (outcome === 'declined') declined += 1;
    else undecided += 1;
    if (isLate(comment, consultation)) late += 1;
  }
  const state = now <= consultation.until ? 'open' : undecided > 0 ? 'deciding' : 'ended';
  return { state, undecided, accepted, declined, late };
}

function readDecision(value: unknown, of: number): CommentDecision | null {
  if (typeof value !== 'object' || value === null) return null;
  const { outcome, reason, by, at, number } = value as Record<string, unknown>;
  const known = OUTCOMES.find((one) => one === outcome);
  if (!known) return null;
  return {
    outcome: known,
    reason: typeof reason === 'string' ? shortLine(reason, LONGEST_REASON) : '',
    by: isDocumentId(by) ? by : null,
    at: readTime(at) ?? 0,
    number: numberAmong(of, number),
  };
}
