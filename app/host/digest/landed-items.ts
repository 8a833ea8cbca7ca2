// What was decided in a document, and which cards moved on a board, by what came with a landing: read out of the document by the clocks of its items. Total; it asks for no rights and writes nothing.
import * as Y from 'yjs';
import { movesOf, MOVED } from '../../../shared/model/board/moves.ts';
import { readBoard } from '../../../shared/model/board/read.ts';
import type { Card } from '../../../shared/model/board/card.ts';
import { CAME, WENT } from '../../../shared/model/board/whereabouts.ts';
import { readComments } from '../../../shared/model/comments/read.ts';
import { readMeta } from '../../../shared/model/document/meta.ts';
import { cardsOf, decisionsOf, metaOf } from '../../../shared/model/document/roots.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { plainText } from '../../../shared/model/markdown/plain-text.ts';
import { decisionOf, readConsultation, readDecisions } from '../../../shared/model/page/consultation.ts';
import { DECISION, stateOf } from '../../../shared/model/thread/facts.ts';
import { tallyOf } from '../../../shared/model/thread/poll.ts';
import { readThread } from '../../../shared/model/thread/read.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { DigestItem } from '../../contract/digest.ts';
import type { Came } from './landed-ranges.ts';

export const LONGEST_EXCERPT = 200;
/** Cards of one board. */
const MOST_CARDS = 500;

/** What every item has that says no more. */
export function itemOf(
  room: string,
  said: Pick<DigestItem, 'key' | 'section' | 'what' | 'kind'> & Partial<DigestItem>,
): DigestItem {
  const { space = '', document = '' } = parseRoomName(room) ?? {};
  return {
    space,
    document,
    title: '',
    place: {},
    by: [],
    at: 0,
    excerpt: '',
    from: '',
    to: '',
    count: 0,
    difference: null,
    clocks: null,
    ...said,
  };
}

function isIn(item: Y.Item | null | undefined, came: Came): boolean {
  return item ? came(item.id.client, item.id.clock + item.length - 1) : false;
}

/** An accepted answer, what became of an idea, an announcement. */
export function decidedInThread(room: string, doc: Y.Doc, came: Came, me: string): readonly DigestItem[] {
  const meta = readMeta(doc);
  if (meta?.kind !== 'thread' || meta.archivedAt !== null) return [];
  const keys = metaOf(doc)._map;
  const { facts, posts, votes } = readThread(doc);
  if (facts.mergedInto !== null) return [];
  const document = parseRoomName(room)?.document ?? '';
  const base = { section: 'decided', kind: 'thread', title: readTitle(doc) } as const;
  const found: DigestItem[] = [];
  const { accepted } = facts;
  if (facts.type === 'question' && accepted && accepted.by !== me && isIn(keys.get('accepted'), came)) {
    const post = posts.find(({ id, removal }) => id === accepted.post && removal.kind !== 'removed');
    if (post) {
      found.push(
        itemOf(room, {
          ...base,
          key: `accepted/${document}/${post.id}`,
          what: 'accepted',
          place: { post: post.id },
          by: post.author === null ? [] : [post.author],
          at: accepted.at,
          excerpt: plainText(post.text, LONGEST_EXCERPT),
        }),
      );
    }
  }
  const decision = facts.decisions.at(-1);
  const decided = [...keys].some(([key, item]) => key.startsWith(DECISION) && isIn(item, came));
  if (facts.type === 'idea' && decision && decision.by !== me && decided) {
    found.push(
      itemOf(room, {
        ...base,
        key: `idea/${document}/${String(decision.number)}/${decision.state}`,
        what: 'idea',
        by: decision.by === null ? [] : [decision.by],
        at: decision.at,
        excerpt: decision.reason,
        to: stateOf(facts),
        count: votes.size,
      }),
    );
  }
  const [first] = posts;
  if (facts.type === 'announcement' && meta.createdBy !== me && isIn(keys.get('kind'), came)) {
    found.push(
      itemOf(room, {
        ...base,
        key: `announcement/${document}`,
        what: 'announcement',
        ...(first ? { place: { post: first.id } } : {}),
        by: meta.createdBy === null ? [] : [meta.createdBy],
        at: meta.createdAt,
        excerpt: first ? plainText(first.text, LONGEST_EXCERPT) : '',
      }),
    );
  }
  return found;
}

/** A poll that ended, whether anything of it came or not: the choice with the most votes, where one has more than the others. */
export function endedPoll(room: string, doc: Y.Doc): DigestItem | null {
  const meta = readMeta(doc);
  const { facts, poll, votes } = readThread(doc);
  if (meta?.kind !== 'thread' || meta.archivedAt !== null || facts.type !== 'poll' || typeof poll?.until !== 'number')
    return null;
  const { byChoice, voters } = tallyOf(poll, votes);
  const [first, second] = poll.choices
    .map(({ id, text }) => ({ text, votes: byChoice.get(id)?.length ?? 0 }))
    .sort((a, b) => b.votes - a.votes);
  const leads = first && first.votes > (second?.votes ?? 0) ? first.text : '';
  return itemOf(room, {
    key: `poll/${parseRoomName(room)?.document ?? ''}/${String(poll.until)}`,
    section: 'decided',
    what: 'poll',
    kind: 'thread',
    title: readTitle(doc),
    at: poll.until,
    to: leads,
    count: voters,
  });
}

/** What was said of comments of a page that is, or was, open for comment: one item, at the first of them. */
export function decidedOnPage(room: string, doc: Y.Doc, came: Came, me: string): readonly DigestItem[] {
  const meta = readMeta(doc);
  if (meta?.kind !== 'page' || meta.archivedAt !== null || !readConsultation(doc)) return [];
  const fresh = new Set<string>();
  for (const [key, item] of decisionsOf(doc)._map) if (isIn(item, came)) fresh.add(key.slice(0, key.indexOf('/')));
  if (fresh.size === 0) return [];
  const decisions = readDecisions(doc);
  const decided = readComments(doc).comments.flatMap((comment) => {
    const decision = fresh.has(comment.id) ? decisionOf(decisions.get(comment.id)) : null;
    return decision && decision.by !== me ? [{ comment, decision }] : [];
  });
  const [first] = decided;
  if (!first) return [];
  const accepted = decided.filter(({ decision }) => decision.outcome === 'accepted').length;
  const latest = decided.reduce((at, { decision }) => Math.max(at, decision.at), 0);
  return [
    itemOf(room, {
      key: `consultation/${parseRoomName(room)?.document ?? ''}/${String(latest)}`,
      section: 'decided',
      what: 'consultation',
      kind: 'page',
      title: readTitle(doc),
      place: { comment: first.comment.id },
      by: [...new Set(decided.flatMap(({ decision }) => decision.by ?? []))].slice(0, 5),
      at: latest,
      excerpt: first.comment.quote.slice(0, LONGEST_EXCERPT),
      from: String(decided.length - accepted),
      to: String(accepted),
      count: decided.length,
    }),
  ];
}

export interface MyCards {
  readonly me: string;
  readonly isWatched: (board: string, card: string, column: string | null) => boolean;
  /** '' for a board that is not here. */
  readonly boardTitle: (board: string) => string;
}

/** Cards that are mine (I am on them, made them or watch them) and that others moved: to another column, to this board, or to another one. */
export function movedOnBoard(room: string, doc: Y.Doc, came: Came, my: MyCards): readonly DigestItem[] {
  const meta = readMeta(doc);
  const { document: board = '' } = parseRoomName(room) ?? {};
  if (meta?.kind !== 'board' || meta.archivedAt !== null) return [];
  const read = readBoard(doc);
  const columns = new Map([...read.columns, ...read.removedColumns].map(({ id, name }) => [id, name]));
  const mine = ({ id, members, createdBy, column }: Card): boolean =>
    members.includes(my.me) || createdBy === my.me || my.isWatched(board, id, column);
  const found: DigestItem[] = [];
  const add = (card: Card, moved: { id: string; by: string; at: number; from: string; to: string }): void => {
    const { id, by, at, from, to } = moved;
    found.push(
      itemOf(room, {
        key: `card/${card.id}/${id}`,
        section: 'moved',
        what: 'card',
        kind: 'card',
        title: card.title,
        place: { board, card: card.id },
        by: by === '' ? [] : [by],
        at,
        from,
        to,
      }),
    );
  };
  const root = cardsOf(doc);
  const keysOf = (card: Card): Y.Map<unknown> | null => {
    const stored = root.get(card.place.key);
    return stored instanceof Y.Map ? (stored as Y.Map<unknown>) : null;
  };
  const listed = [...read.columns.flatMap(({ cards }) => cards), ...read.unsorted, ...read.restored, ...read.archived];
  for (const card of listed) {
    if (found.length >= MOST_CARDS) return found;
    const stored = mine(card) ? keysOf(card) : null;
    if (!stored) continue;
    const arrived = card.place.came;
    if (arrived && arrived.by !== my.me && isIn(stored._map.get(CAME), came)) {
      const to = columns.get(card.column ?? '') ?? '';
      add(card, { ...arrived, from: my.boardTitle(arrived.from) || 'another board', to });
      continue;
    }
    const fresh = movesOf(stored).filter(({ by }) => by !== my.me && isIn(stored._map.get(MOVED + by), came));
    // Who moved it where it stands; of several who did, the last one.
    const last = fresh.filter(({ to }) => to === card.column).sort((a, b) => b.at - a.at)[0];
    if (!last) continue;
    const from = columns.get(last.from ?? '') ?? '';
    add(card, { ...last, from, to: columns.get(last.to) ?? '' });
  }
  for (const { card, to, taken } of read.elsewhere) {
    if (found.length >= MOST_CARDS) return found;
    const { left } = card.place;
    const stored = to !== null && left && mine(card) && taken.by !== my.me ? keysOf(card) : null;
    if (!stored || !left || to === null || !isIn(stored._map.get(WENT + left.id), came)) continue;
    // Where the other board can be read the card is told of there.
    if (my.boardTitle(to) !== '') continue;
    add(card, { id: left.id, ...taken, from: columns.get(card.column ?? '') ?? '', to: 'another board' });
  }
  return found;
}
