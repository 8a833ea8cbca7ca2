// What became different of a document that a member watches, beyond what they have seen of it: of a board by card, of a page as a whole. Total on anything a peer wrote; it writes nothing.
import * as Y from 'yjs';
import { ASSIGNED } from '../../../shared/model/board/assigned.ts';
import { CardNews } from '../../../shared/model/board/card-news.ts';
import { MOVED } from '../../../shared/model/board/moves.ts';
import { lineOf } from '../../../shared/model/board/stored.ts';
import { mapsOfCards, shownOf } from '../../../shared/model/board/whereabouts.ts';
import { isDocumentId, readTime } from '../../../shared/model/document/meta.ts';
import { readRemoval } from '../../../shared/model/document/removal.ts';
import { bodyOf, cardsOf, columnsOf } from '../../../shared/model/document/roots.ts';
import { changedSince } from '../../../shared/model/page/changed-since.ts';
import { blockText, readBlocks } from '../../../shared/model/page/read.ts';
import type { SeenOfBoard } from '../../../shared/model/personal/read-cards.ts';
import type { WatchedOnBoard } from '../../../shared/model/personal/watched.ts';
import { shortLine } from '../../../shared/model/properties/tag.ts';
import { LONGEST_INBOX_EXCERPT } from '../../contract/inbox.ts';
import type { Piece } from './found.ts';

type Clocks = ReadonlyMap<number, number>;

export interface CardChanged {
  readonly card: string;
  readonly title: string;
  readonly pieces: readonly Piece[];
}

/** Of one board. */
const MOST_CARDS = 500;
/** Clients that wrote in one thing. */
const MOST_CLIENTS = 100;

/** What parts of a card are called; others say nothing by themselves. */
const PARTS: readonly (readonly [prefix: string, words: string])[] = [
  ['title', 'title'],
  ['due', 'due'],
  ['start', 'start'],
  ['completed', 'complete'],
  ['priority', 'priority'],
  ['member/', 'people'],
  ['label/', 'labels'],
  ['list/', 'checklist'],
  ['item/', 'checklist'],
  ['field/', 'fields'],
  ['text/', 'fields'],
  ['blocks/', 'links'],
  ['blockedBy/', 'links'],
  ['relates/', 'links'],
  ['page/', 'links'],
  ['touched', 'description, comments or files'],
];

export function changedCards(
  doc: Y.Doc,
  me: string,
  watched: WatchedOnBoard,
  seen: SeenOfBoard | null,
): readonly CardChanged[] {
  if (!seen) return [];
  const news = new CardNews(doc, me);
  try {
    news.see(seen);
    const maps = mapsOfCards(cardsOf(doc));
    const found: CardChanged[] = [];
    for (const card of news.unread()) {
      const stored = shownOf(maps.get(card) ?? [])?.stored;
      if (!stored || found.length >= MOST_CARDS || !isWatched(card, stored, watched)) continue;
      if (readTime(stored.get('archivedAt')) !== null || readRemoval(stored).kind === 'removed') continue;
      const looked = seen.cards.get(card);
      const known = (client: number): number => Math.max(seen.board.get(client) ?? 0, looked?.get(client) ?? 0);
      const said = saidOf(doc, stored, me, known);
      const pieces = [...news.clocksOf(card)]
        .filter(([client, end]) => !news.isMine(client) && end > known(client))
        .slice(0, MOST_CLIENTS)
        .map(([client, end]): Piece => ({ ...said, key: String(client), start: known(client), end }));
      if (pieces.length > 0) found.push({ card, title: lineOf(stored.get('title')), pieces });
    }
    return found;
  } finally {
    news.dispose();
  }
}

function isWatched(card: string, stored: Y.Map<unknown>, { board, cards, columns }: WatchedOnBoard): boolean {
  const column = stored.get('column');
  return board || cards.has(card) || (typeof column === 'string' && columns.has(column));
}

/** Who did it last and what, as far as the card itself says. */
function saidOf(
  doc: Y.Doc,
  stored: Y.Map<unknown>,
  me: string,
  known: (client: number) => number,
): Omit<Piece, 'key' | 'start' | 'end'> {
  let by: string | null = null;
  let at = 0;
  let moved = '';
  const parts = new Set<string>();
  for (const [key, item] of stored._map) {
    if (item.deleted || item.id.clock + item.length <= known(item.id.client)) continue;
    const part = PARTS.find(([prefix]) => key === prefix || (prefix.endsWith('/') && key.startsWith(prefix)));
    if (part) parts.add(part[1]);
    const doing = doingOf(key, stored);
    if (!doing || doing.by === me) continue;
    if (key.startsWith(MOVED)) moved = columnOf(doc, stored);
    if (doing.at < at || (doing.at === at && by !== null && doing.by > by)) continue;
    ({ by, at } = doing);
  }
  // The keys of a map come in any order.
  const named = new Set(PARTS.flatMap(([, part]) => (parts.has(part) ? [part] : [])));
  const words = [...(moved === '' ? [] : [`now in ${moved}`]), ...named].join(', ');
  const excerpt = shortLine(words.charAt(0).toUpperCase() + words.slice(1), LONGEST_INBOX_EXCERPT);
  return { visited: false, by, at, place: {}, excerpt };
}

function doingOf(key: string, stored: Y.Map<unknown>): { by: string; at: number } | null {
  if (key === 'createdBy') {
    const by = stored.get(key);
    return isDocumentId(by) ? { by, at: readTime(stored.get('createdAt')) ?? 0 } : null;
  }
  const isMove = key.startsWith(MOVED);
  if (!isMove && key !== 'completed' && key !== 'touched' && !key.startsWith(ASSIGNED)) return null;
  const value = stored.get(key);
  if (typeof value !== 'object' || value === null) return null;
  const { by, at } = value as { by?: unknown; at?: unknown };
  const who = isMove ? key.slice(MOVED.length) : by;
  return isDocumentId(who) ? { by: who, at: readTime(at) ?? 0 } : null;
}

function columnOf(doc: Y.Doc, stored: Y.Map<unknown>): string {
  const column = columnsOf(doc).get(String(stored.get('column')));
  return column instanceof Y.Map ? lineOf((column as Y.Map<unknown>).get('name')) : '';
}

/** @param own Yjs clients that are the member's own. Who wrote it, and when, sessions say. */
export function changedPage(doc: Y.Doc, seen: Clocks, own: ReadonlySet<number>): readonly Piece[] {
  const body = bodyOf(doc);
  const blocks = changedSince(body, seen, own);
  const [first] = blocks;
  if (first === undefined) return [];
  const block = readBlocks(body).find(({ id }) => id === first);
  const excerpt = block ? shortLine(blockText(block), LONGEST_INBOX_EXCERPT) : '';
  const pieces: Piece[] = [];
  for (const [client, end] of [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b)) {
    const start = seen.get(client) ?? 0;
    if (own.has(client) || end <= start || pieces.length >= MOST_CLIENTS) continue;
    const place = { block: first };
    pieces.push({ key: String(client), start, end, visited: false, by: null, at: 0, place, excerpt });
  }
  return pieces;
}
