// One row of the doings projection: who wrote in a document on which days, by the times that stand in it, and what became of a question. It knows no clock of this computer.
import * as Y from 'yjs';
import { z } from 'zod';
import { cardOfKey } from '../../../shared/model/board/whereabouts.ts';
import { readComments } from '../../../shared/model/comments/read.ts';
import { isDocumentId, readMeta, readTime } from '../../../shared/model/document/meta.ts';
import { readMovedTo } from '../../../shared/model/document/moved.ts';
import { cardsOf, postsOf } from '../../../shared/model/document/roots.ts';
import { readDoing } from '../../../shared/model/thread/facts.ts';
import { readPosts, type Post } from '../../../shared/model/thread/posts.ts';
import { readThread } from '../../../shared/model/thread/read.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';

/** Rows of another version are thrown away and read again from the documents. */
export const DOINGS_VERSION = 2;

export const DAY = 86_400_000;

const whole = z.number().int().min(0);

export const doingRow = z.object({
  room: z.string(),
  /** By member: days since 1970 in UTC, each with what they did on it and how much of that answered somebody else. */
  days: z.record(z.string(), z.array(z.tuple([whole, whole, whole]))),
  /** By member: the time of the last thing that they did. */
  last: z.record(z.string(), whole),
  /** Of a question that is no part of another thread. */
  question: z.object({ by: z.string().nullable(), at: whole, answered: whole.nullable() }).nullable(),
});
export type DoingRow = Readonly<z.output<typeof doingRow>>;

const KINDS = new Set(['page', 'board', 'card', 'thread']);

/** The row of a document, or null where nothing of it counts: another kind, put away, or moved to another space. Total. */
export function readDoingRow(room: string, doc: Y.Doc): DoingRow | null {
  const meta = readMeta(doc);
  const space = parseRoomName(room)?.space ?? '';
  if (!meta || !KINDS.has(meta.kind) || meta.archivedAt !== null || readMovedTo(doc, space) !== null) return null;
  const doings = new Doings();
  let question: DoingRow['question'] = null;
  if (meta.kind === 'thread') {
    const { facts, posts, votes, marks } = readThread(doc);
    // Posts that were taken into a thread of their own count there.
    doings.posts(
      posts.filter(({ id }) => !marks.split.has(id)),
      meta.createdBy,
    );
    for (const [member, vote] of votes) doings.add(member, vote.at);
    const answer = facts.accepted && posts.find(({ id }) => id === facts.accepted?.post);
    if (facts.type === 'question' && facts.mergedInto === null) {
      const answered = answer && answer.removal.kind !== 'removed' ? Math.max(answer.at, meta.createdAt) : null;
      question = { by: meta.createdBy, at: meta.createdAt, answered };
    }
  } else {
    if (meta.createdBy !== null && meta.kind !== 'card') doings.add(meta.createdBy, meta.createdAt);
    if (meta.kind === 'page') for (const { posts } of readComments(doc).comments) doings.posts(posts, meta.createdBy);
    if (meta.kind === 'card') doings.posts(readPosts(postsOf(doc), null, []), null);
    if (meta.kind === 'board') addCards(doings, doc);
  }
  const { days, last } = doings.told();
  if (question === null && Object.keys(days).length === 0) return null;
  return { room, days, last, question };
}

/** A card that came from another board was made there: it counts once. */
function addCards(doings: Doings, doc: Y.Doc): void {
  for (const [key, card] of cardsOf(doc).entries()) {
    if (!(card instanceof Y.Map)) continue;
    const stored = card as Y.Map<unknown>;
    const createdBy = stored.get('createdBy');
    const createdAt = readTime(stored.get('createdAt'));
    if (cardOfKey(key)?.going === '' && isDocumentId(createdBy) && createdAt !== null) doings.add(createdBy, createdAt);
    const completed = readDoing(stored.get('completed'));
    if (completed) doings.add(completed.by, completed.at);
  }
}

class Doings {
  readonly #days = new Map<string, Map<number, [number, number]>>();
  readonly #last = new Map<string, number>();

  add(member: string, at: number, answers = false): void {
    const days = this.#days.get(member) ?? new Map<number, [number, number]>();
    this.#days.set(member, days);
    const day = Math.floor(at / DAY);
    const [doings, replies] = days.get(day) ?? [0, 0];
    days.set(day, [doings + 1, replies + (answers ? 1 : 0)]);
    this.#last.set(member, Math.max(this.#last.get(member) ?? 0, at));
  }

  /** @param begun who began it: their own posts answer nobody. */
  posts(posts: readonly Post[], begun: string | null): void {
    const starter = begun ?? posts[0]?.author ?? null;
    for (const { author, at, removal } of posts) {
      if (author !== null && removal.kind !== 'removed') this.add(author, at, author !== starter);
    }
  }

  /** In an order that is the same wherever the same was read. */
  told(): Pick<DoingRow, 'days' | 'last'> {
    const byId = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      days: Object.fromEntries(
        byId(this.#days).map(([member, days]) => [
          member,
          [...days].sort(([a], [b]) => a - b).map(([day, [doings, replies]]) => [day, doings, replies]),
        ]),
      ) as DoingRow['days'],
      last: Object.fromEntries(byId(this.#last)),
    };
  }
}
