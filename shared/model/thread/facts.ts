// What a thread says of itself beside its posts (docs/documents.md, TH5 to TH9, TH12), read so that nothing a peer wrote can hurt.
import type * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import { metaOf } from '../document/roots.ts';
import type { Doing } from '../properties/read.ts';
import { shortLine } from '../properties/tag.ts';
import { numberAmong } from './posts.ts';

export const THREAD_TYPES = ['discussion', 'question', 'idea', 'poll', 'announcement'] as const;
export type ThreadType = (typeof THREAD_TYPES)[number];

export const IDEA_STATES = ['new', 'review', 'planned', 'done', 'declined'] as const;
export type IdeaState = (typeof IDEA_STATES)[number];

/** What became of an idea, by one decision. */
export interface Decision {
  readonly state: IdeaState;
  /** One line; '' where none was given. */
  readonly reason: string;
  readonly by: string | null;
  readonly at: number;
  /** One more than the decisions that whoever decided knew. */
  readonly number: number;
}

export interface AcceptedAnswer extends Doing {
  readonly post: string;
}

export interface ThreadLink extends Doing {
  readonly thread: string;
}

export interface ThreadFacts {
  readonly type: ThreadType;
  readonly pinned: Doing | null;
  /** Nobody posts any more; readers go on. */
  readonly closed: Doing | null;
  /** Of a question. The post may be unknown here, or removed. */
  readonly accepted: AcceptedAnswer | null;
  /** Of an idea: oldest first, the last one counts. */
  readonly decisions: readonly Decision[];
  /** Of an announcement: readers are asked to confirm. */
  readonly confirm: boolean;
  /** This thread goes on in another one. */
  readonly mergedInto: ThreadLink | null;
  /** Threads that go on in this one; their votes count here. */
  readonly merged: readonly string[];
  /** The thread whose posts it began with. */
  readonly splitFrom: ThreadLink | null;
  /** Cards that were made of it. */
  readonly cards: readonly { readonly card: string; readonly board: string }[];
  /** Who brought it in from an export, and when: its posts without a device were written elsewhere. */
  readonly imported: Doing | null;
}

/** Code units of a reason. */
export const LONGEST_REASON = 500;
/** Decisions, merged threads and cards that are read; more are kept. */
const MOST = 1_000;
export const DECISION = 'decision/';
export const MERGED = 'merged/';
export const CARD = 'card/';

export function readFacts(doc: Y.Doc): ThreadFacts {
  const meta = metaOf(doc);
  const type = meta.get('type');
  return {
    type: THREAD_TYPES.find((known) => known === type) ?? 'discussion',
    pinned: readDoing(meta.get('pinned')),
    closed: readDoing(meta.get('closed')),
    accepted: readAccepted(meta.get('accepted')),
    decisions: readDecisions(meta),
    confirm: meta.get('confirm') === true,
    mergedInto: readLink(meta.get('mergedInto')),
    splitFrom: readLink(meta.get('splitFrom')),
    merged: keysOf(meta, MERGED).map(([thread]) => thread),
    cards: keysOf(meta, CARD).flatMap(([card, board]) => (isDocumentId(board) ? [{ card, board }] : [])),
    imported: readDoing(meta.get('imported')),
  };
}

/** What an idea stands at. */
export function stateOf({ decisions }: Pick<ThreadFacts, 'decisions'>): IdeaState {
  return decisions.at(-1)?.state ?? 'new';
}

export function readDoing(value: unknown): Doing | null {
  if (typeof value !== 'object' || value === null) return null;
  const { by, at } = value as { by?: unknown; at?: unknown };
  const time = readTime(at);
  return isDocumentId(by) && time !== null ? { by, at: time } : null;
}

function readAccepted(value: unknown): AcceptedAnswer | null {
  const doing = readDoing(value);
  const post = doing && (value as { post?: unknown }).post;
  return doing && isDocumentId(post) ? { ...doing, post } : null;
}

function readLink(value: unknown): ThreadLink | null {
  const doing = readDoing(value);
  const thread = doing && (value as { thread?: unknown }).thread;
  return doing && isDocumentId(thread) ? { ...doing, thread } : null;
}

/** Keys with a prefix whose rest is an id, sorted by it. */
function keysOf(meta: Y.Map<unknown>, prefix: string, most = MOST): [string, unknown][] {
  const found: [string, unknown][] = [];
  for (const [key, value] of meta.entries()) {
    if (!key.startsWith(prefix)) continue;
    const id = key.slice(prefix.length);
    if (isDocumentId(id)) found.push([id, value]);
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, most);
}

function readDecisions(meta: Y.Map<unknown>): readonly Decision[] {
  const stored = keysOf(meta, DECISION, Infinity);
  const found = stored.flatMap(([id, value]) => {
    const decision = readDecision(value, stored.length);
    return decision ? [{ id, decision }] : [];
  });
  found.sort(
    (a, b) => a.decision.number - b.decision.number || a.decision.at - b.decision.at || (a.id < b.id ? -1 : 1),
  );
  return found.slice(-MOST).map(({ decision }) => decision);
}

function readDecision(value: unknown, of: number): Decision | null {
  if (typeof value !== 'object' || value === null) return null;
  const { state, reason, by, at, number } = value as Record<string, unknown>;
  const known = IDEA_STATES.find((one) => one === state);
  if (!known) return null;
  return {
    state: known,
    reason: typeof reason === 'string' ? shortLine(reason, LONGEST_REASON) : '',
    by: isDocumentId(by) ? by : null,
    at: readTime(at) ?? 0,
    number: numberAmong(of, number),
  };
}
