// Everything in one space that calls on a member, from rows and from what they have read and seen. Pure; what they did about it is not asked here.
import type { Level } from '../../../shared/model/personal/levels.ts';
import type { SeenOfBoard } from '../../../shared/model/personal/read-cards.ts';
import { readPostsFrom, type ReadPosts } from '../../../shared/model/personal/read-posts.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { ThreadRow } from '../threads/thread-row.ts';
import { unreadIn } from '../threads/thread-entries.ts';
import type { Call, CallRow } from './call-row.ts';
import type { Found, Piece } from './found.ts';

type Clocks = ReadonlyMap<number, number>;

/** Who is called, and what their own documents say. */
export interface Called {
  readonly me: string;
  readonly space: string;
  /** When they came into the space, by the log: what is older does not call. */
  readonly since: number;
  readonly read: ReadonlyMap<string, ReadPosts>;
  readonly seen: (document: string) => Clocks | null;
  readonly cards: (board: string) => SeenOfBoard | null;
  /** What was said of a document or the space; null: nothing. */
  readonly level: (place: string) => Level | null;
  /** Questions that are in their topics. */
  readonly isMine: (row: ThreadRow) => boolean;
  /** Whether a board is here and not put away: so are its cards. */
  readonly isHere: (board: string) => boolean;
  readonly cardTitle: (board: string, card: string) => string;
}

const UNREAD = readPostsFrom([]);

/** The strongest of what is said of a document: a word about itself, else about its space, else everything. */
function levelFor(called: Called, document: string): Level {
  return called.level(document) ?? called.level(called.space) ?? 'all';
}

export function findCalls(rows: Iterable<CallRow>, threads: Iterable<ThreadRow>, called: Called): Found[] {
  const found: Found[] = [];
  /** Posts that call by themselves are not among the news of their thread. */
  const calling = new Map<string, Set<string>>();
  for (const row of rows) {
    if (row.me !== called.me || (row.kind === 'card' && !called.isHere(row.parent ?? ''))) continue;
    const document = parseRoomName(row.room)?.document ?? '';
    for (const one of foundIn(row, document, called)) found.push(one);
    if (row.kind === 'thread') {
      calling.set(document, new Set(row.calls.flatMap(({ post }) => (post ? [`${post[0]} ${String(post[1])}`] : []))));
    }
  }
  const all = [...threads];
  const here = new Set(all.map(({ room }) => room));
  for (const row of all) {
    const address = parseRoomName(row.room);
    if (!address || row.archived) continue;
    const goesOn = row.mergedInto !== null && here.has(row.room.replace(address.document, row.mergedInto));
    if (!goesOn) found.push(...foundInThread(row, address.document, called, calling.get(address.document)));
  }
  return found;
}

function foundIn(row: CallRow, document: string, called: Called): Found[] {
  const level = levelFor(called, row.kind === 'card' ? (row.parent ?? document) : document);
  const own = row.kind === 'card' ? called.level(document) : null;
  const isMute = (own ?? level) === 'mute';
  const things = new Map<
    string,
    { reason: Call['reason']; many: boolean; pieces: Piece[]; card: string | undefined }
  >();
  for (const call of row.calls) {
    const isCardMute = call.place.card !== undefined && called.level(call.place.card) === 'mute';
    if ((isMute || isCardMute) && call.reason !== 'mention') continue;
    if (call.at > 0 && call.at < called.since) continue;
    const seen = visitedBy(row, document, call, called);
    // Nothing tells when it was said: only who has looked before knows that it is new.
    if (call.at === 0 && seen === null) continue;
    const key = call.many ? String(call.item?.[0] ?? 0) : '';
    const start = call.many ? (call.item?.[1] ?? 0) : 0;
    const { by, at, excerpt } = call;
    const { card, ...place } = call.place;
    const thing = things.get(call.thing) ?? { reason: call.reason, many: call.many, pieces: [], card };
    things.set(call.thing, thing);
    thing.pieces.push({ key, start, end: start + 1, visited: seen === true, by, at, place, excerpt });
  }
  return [...things].map(([thing, { reason, many, pieces, card }]) => {
    const isCard = row.kind === 'card' || card !== undefined;
    const board = row.kind === 'board' ? document : (row.parent ?? '');
    const of = isCard ? (card ?? document) : document;
    return {
      thing,
      reason,
      space: called.space,
      document: of,
      kind: isCard ? 'card' : row.kind,
      title: isCard ? called.cardTitle(board, of) : row.title,
      place: isCard ? { ...(board === '' ? {} : { board }), card: of } : {},
      pieces,
      many,
    };
  });
}

/** Null: it was never looked at, so that nothing can be told by it. */
function visitedBy(row: CallRow, document: string, { item, post, place }: Call, called: Called): boolean | null {
  if (row.kind === 'thread') {
    return post !== null && (called.read.get(document) ?? UNREAD).has({ device: post[0], number: post[1] });
  }
  if (!item) return false;
  const [client, clock] = item;
  if (row.kind !== 'board') {
    const clocks = called.seen(document);
    return clocks === null ? null : (clocks.get(client) ?? 0) > clock;
  }
  const seen = called.cards(document);
  if (!seen) return null;
  const card = seen.cards.get(place.card ?? '');
  return (seen.board.get(client) ?? 0) > clock || (card?.get(client) ?? 0) > clock;
}

function foundInThread(
  row: ThreadRow,
  document: string,
  called: Called,
  calling: ReadonlySet<string> = new Set(),
): readonly Found[] {
  const level = levelFor(called, document);
  if (level === 'mute') return [];
  const { me, space, since } = called;
  const read = called.read.get(document) ?? UNREAD;
  const about = { space, document, kind: 'thread', title: row.title, place: {}, many: false } as const;
  const once = { key: '', start: 0, end: 1, by: row.starter, at: row.startedAt, place: {} };
  // Only whose words they are is named with them.
  const excerpt = row.last?.author === row.starter ? row.last.excerpt : '';
  const found: Found[] = [];
  const isNewer = row.startedAt >= since && row.starter !== me;
  if (row.type === 'announcement' && row.confirm && isNewer) {
    const visited = row.voters.includes(me);
    found.push({
      ...about,
      thing: `announcement:${document}`,
      reason: 'announcement',
      pieces: [{ ...once, visited, excerpt }],
    });
  } else if (row.type === 'question' && isNewer && !row.answered && row.closed === false && called.isMine(row)) {
    found.push({
      ...about,
      thing: `asked:${document}`,
      reason: 'asked',
      pieces: [{ ...once, visited: !read.none, excerpt }],
    });
  }
  const takesPart = row.starter === me || Object.keys(row.numbers).some((key) => key.startsWith(`${me}/`));
  const follows = (called.level(document) ?? called.level(space)) === 'all' || takesPart;
  const isTold = row.type === 'question' && row.starter === me;
  const isOpen = found.some(({ pieces }) => pieces.some(({ visited }) => !visited));
  if (level !== 'all' || !follows || isTold || isOpen || !row.last || row.last.at < since) return found;
  if (unreadIn(row, me, called.read.get(document)) === 0) return found;
  const pieces = unreadPieces(row, me, read, calling);
  if (pieces.length > 0)
    found.push({ ...about, thing: `news:${document}`, reason: 'post', many: true, pieces, lastBy: row.last.author });
  return found;
}

/** Of one device, the newest: what is older is covered with them. */
const MOST_PIECES = 200;

function unreadPieces(row: ThreadRow, me: string, read: ReadPosts, calling: ReadonlySet<string>): Piece[] {
  const { last } = row;
  if (!last) return [];
  const pieces: Piece[] = [];
  const excerpt = last.author === me ? '' : last.excerpt;
  for (const [key, ranges] of Object.entries(row.numbers)) {
    const cut = key.indexOf('/');
    const [author, device] = [key.slice(0, cut), key.slice(cut + 1)];
    if (author === me) continue;
    const by = author === '' ? null : author;
    for (const number of newestOf(ranges)) {
      if (read.has({ device, number }) || calling.has(`${device} ${String(number)}`)) continue;
      pieces.push({ key: device, start: number, end: number + 1, visited: false, by, at: last.at, place: {}, excerpt });
    }
  }
  return pieces;
}

function* newestOf(ranges: readonly (readonly [number, number])[]): Iterable<number> {
  let left = MOST_PIECES;
  for (const [from, to] of [...ranges].reverse()) {
    for (let number = to; number >= from && left > 0; number -= 1, left -= 1) yield number;
  }
}
