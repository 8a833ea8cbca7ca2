// What calls on a member, before it is known what they did about it, and how that makes entries. Pure: the same rows and marks give the same entries on every computer.
import { NO_INBOX_MARKS, type Cover, type InboxMark, type InboxMarks } from '../../../shared/model/personal/inbox.ts';
import type { InboxEntry, InboxPlace, InboxReason, InboxState } from '../../contract/inbox.ts';

/** One piece of what may come in several: a mention, a post, somebody's writing. */
export interface Piece {
  /** A Yjs client or a posting device. */
  readonly key: string;
  /** Of the piece; a mark that covers up to `end` covers it. */
  readonly start: number;
  readonly end: number;
  /** It was looked at, on any device. */
  readonly visited: boolean;
  readonly by: string | null;
  readonly at: number;
  readonly place: InboxPlace;
  readonly excerpt: string;
}

/** One thing, once a visit. */
export interface Found {
  /** The same on every computer; no `@` in it. */
  readonly thing: string;
  readonly reason: InboxReason;
  readonly space: string;
  readonly document: string;
  readonly kind: InboxEntry['kind'];
  readonly title: string;
  readonly place: InboxPlace;
  /** At least one. */
  readonly pieces: readonly Piece[];
  /** Whether more of it may come: then marks say how far they go. */
  readonly many: boolean;
  /** Who is named first, where the pieces do not tell. */
  readonly lastBy?: string | null;
}

export type Unarrived = Omit<InboxEntry, 'arrived'>;

const MOST_PEOPLE = 5;

/** The entries of one thing: of each state at most one. @param now for what is snoozed. */
export function entriesOf(found: Found, marks: InboxMarks = NO_INBOX_MARKS, now = 0): readonly Unarrived[] {
  const mark = marks.of.get(found.thing);
  const groups = new Map<InboxState, Piece[]>();
  for (const piece of found.pieces) {
    const state = stateOf(piece, mark, marks.floor, now);
    const group = groups.get(state);
    if (group) group.push(piece);
    else groups.set(state, [piece]);
  }
  return [...groups].map(([state, pieces]) => entryOf(found, state, pieces, mark));
}

function stateOf(piece: Piece, mark: InboxMark | undefined, floor: number, now: number): InboxState {
  const meant = mark && covers(mark.cover, piece);
  if (meant && mark.state === 'snoozed') return (mark.until ?? 0) > now ? 'snoozed' : 'new';
  if (meant) return mark.state;
  return piece.visited || (piece.at > 0 && piece.at <= floor) ? 'done' : 'new';
}

function covers(cover: Cover | null, { key, end }: Piece): boolean {
  return cover === null || (cover[key] ?? 0) >= end;
}

function entryOf(found: Found, state: InboxState, pieces: readonly Piece[], mark: InboxMark | undefined): Unarrived {
  const { thing, reason, space, document, kind, title, many } = found;
  const sorted = [...pieces].sort((a, b) => b.at - a.at || comparePieces(a, b));
  const [newest] = sorted;
  const first = [...pieces].sort(comparePieces)[0];
  const people = new Set(sorted.flatMap((piece) => piece.by ?? []));
  const { lastBy } = found;
  const leading = lastBy && people.has(lastBy) ? [lastBy] : [];
  const by = [...new Set([...leading, ...people])].slice(0, MOST_PEOPLE);
  return {
    id: many && first ? `${thing}@${first.key}.${String(beginOf(first, mark))}` : thing,
    reason,
    space,
    document,
    kind,
    title,
    place: { ...found.place, ...newest?.place },
    by,
    at: newest?.at ?? 0,
    excerpt: newest?.excerpt ?? '',
    things: pieces.length,
    state,
    until: state === 'snoozed' ? (mark?.until ?? null) : null,
  };
}

/** Of what was covered in part the rest begins behind that. */
function beginOf({ key, start, end }: Piece, mark: InboxMark | undefined): number {
  const covered = mark?.cover?.[key] ?? 0;
  return covered < end ? Math.max(start, covered) : start;
}

function comparePieces(a: Piece, b: Piece): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : a.start - b.start;
}

/** Of an entry's id the thing that it is of. */
export function thingOf(id: string): string {
  const cut = id.indexOf('@');
  return cut < 0 ? id : id.slice(0, cut);
}

/** What is to be written when a state is said of a thing as it is now. */
export function markFor(
  found: Found,
  marks: InboxMarks,
  {
    state,
    until,
    at,
    id,
  }: { readonly state: InboxState; readonly until: number | null; readonly at: number; readonly id: string },
): InboxMark | null {
  const before = marks.of.get(found.thing);
  const entry = entriesOf(found, marks, at).find((one) => one.id === id);
  const pieces = found.pieces.filter((piece) => !entry || stateOf(piece, before, marks.floor, at) === entry.state);
  const isVisited = pieces.some((piece) => piece.visited || piece.at <= marks.floor);
  if (!found.many) return state === 'new' && !isVisited ? null : { state, until, at, cover: null };
  const cover: Record<string, number> = { ...before?.cover };
  if (state !== 'new') {
    for (const { key, end } of pieces) cover[key] = Math.max(end, cover[key] ?? 0);
    return { state, until, at, cover };
  }
  if (isVisited) {
    return { state, until: null, at, cover: Object.fromEntries(pieces.map(({ key, end }) => [key, end])) };
  }
  for (const { key, start } of pieces) cover[key] = Math.min(start, cover[key] ?? 0);
  return { state: 'done', until: null, at, cover };
}

/** The newest first, the same everywhere; a time that lies ahead of when it arrived counts as that. */
export function compareEntries(a: InboxEntry, b: InboxEntry): number {
  return shownTime(b) - shownTime(a) || (a.id < b.id ? -1 : 1);
}

/** Clocks that are off by more than this are not believed. */
export const CLOCK_OFF = 5 * 60_000;

export function shownTime({ at, arrived }: Pick<InboxEntry, 'at' | 'arrived'>): number {
  return at === 0 || at > arrived + CLOCK_OFF ? arrived : at;
}
