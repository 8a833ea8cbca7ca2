// What a notification says: who, where and an excerpt, or less where its person hides that. Words alone; nothing of it is judged here.
import type { Hiding } from '../../../shared/model/personal/notifications.ts';
import type { InboxEntry, InboxReason } from '../../contract/inbox.ts';
import { LONGEST_NOTICE } from '../../contract/notify.ts';

/** What names stand for ids. '' for one that nobody knows. */
export interface Names {
  readonly member: (id: string) => string;
  readonly space: (id: string) => string;
  readonly board: (id: string) => string;
}

export interface Told {
  readonly title: string;
  readonly body: string;
}

const NEWS = 'News in Caravan';
/** Things that a notification of several names. */
const MOST_NAMED = 4;

const DID: Readonly<Record<Exclude<InboxReason, 'due'>, string>> = {
  mention: 'mentioned you',
  assigned: 'assigned you a card',
  reply: 'replied to you',
  answer: 'answered your question',
  accepted: 'accepted your answer',
  asked: 'asks what you may know',
  idea: 'decided about your idea',
  watched: 'changed what you watch',
  post: 'posted',
  announcement: 'announced something',
  overlap: 'changed what you changed',
  moved: 'moved a card that you moved',
};

/** One of it, and several. */
const COUNTED: Readonly<Record<InboxReason, readonly [one: string, more: string]>> = {
  mention: ['mention', 'mentions'],
  assigned: ['card assigned to you', 'cards assigned to you'],
  reply: ['reply', 'replies'],
  answer: ['answer', 'answers'],
  accepted: ['answer accepted', 'answers accepted'],
  asked: ['question for you', 'questions for you'],
  idea: ['idea decided', 'ideas decided'],
  due: ['card due', 'cards due'],
  watched: ['change of what you watch', 'changes of what you watch'],
  post: ['thread with new posts', 'threads with new posts'],
  announcement: ['announcement', 'announcements'],
  overlap: ['overlap', 'overlaps'],
  moved: ['card moved twice', 'cards moved twice'],
};

export function tellOne(entry: InboxEntry, names: Names, hide: Hiding): Told {
  if (hide === 'all') return { title: NEWS, body: '' };
  if (hide === 'content') return { title: what(entry, names, false), body: '' };
  const excerpt = entry.reason === 'due' ? '' : entry.excerpt;
  return cut({ title: what(entry, names, true), body: [where(entry, names), excerpt].filter(Boolean).join('\n') });
}

/** Several of one moment. */
export function tellSeveral(entries: readonly InboxEntry[], names: Names, hide: Hiding): Told {
  if (hide === 'all') return { title: NEWS, body: '' };
  const title = `${entries.length} for you in Caravan`;
  if (hide === 'content') return cut({ title, body: counted(entries) });
  const lines = entries
    .slice(0, MOST_NAMED)
    .map((entry) => `${what(entry, names, true)}: ${entry.title || 'Untitled'}`);
  if (entries.length > MOST_NAMED) lines.push(`and ${entries.length - MOST_NAMED} more`);
  return cut({ title, body: lines.join('\n') });
}

/** All that came while this computer was away. */
export function tellLanding(entries: readonly InboxEntry[], hide: Hiding): Told {
  if (hide === 'all') return { title: NEWS, body: '' };
  return cut({ title: `While you were away: ${entries.length} for you`, body: counted(entries) });
}

/** By the sections of a digest. */
const LANDED: readonly (readonly [section: string, one: string, more: string])[] = [
  ['asked', 'asked of you', 'asked of you'],
  ['overlaps', 'overlap', 'overlaps'],
  ['answered', 'answered for you', 'answered for you'],
  ['decided', 'decided', 'decided'],
  ['moved', 'card of yours moved', 'cards of yours moved'],
  ['followed', 'change of what you follow', 'changes of what you follow'],
];

/** What a digest has, in its order; null: nothing. */
export function tellDigest(counts: Readonly<Record<string, number>>, hide: Hiding): Told | null {
  const lines = LANDED.flatMap(([section, one, more]) => {
    const count = counts[section] ?? 0;
    return count === 0 ? [] : `${count} ${count === 1 ? one : more}`;
  });
  if (lines.length === 0) return null;
  return hide === 'all' ? { title: NEWS, body: '' } : cut({ title: 'While you were away', body: lines.join(', ') });
}

export function tellTry(): Told {
  return {
    title: 'This is how Caravan notifies you',
    body: 'Who, where, and the first words. A click opens the place.',
  };
}

/** "3 mentions, 2 cards moved twice", in the order of their number. */
function counted(entries: readonly InboxEntry[]): string {
  const counts = new Map<InboxReason, number>();
  for (const { reason } of entries) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${count} ${COUNTED[reason][count === 1 ? 0 : 1]}`)
    .join(', ');
}

/** A reminder has in its excerpt when the card is due. */
function what(entry: InboxEntry, names: Names, open: boolean): string {
  if (entry.reason === 'due') return open && entry.excerpt !== '' ? entry.excerpt : 'A card of yours is due';
  return `${who(entry.by, names)} ${DID[entry.reason]}`;
}

/** "Ana", "Ana and Bo", "Ana, Bo and 2 more"; never half a name. */
export function who(by: readonly string[], names: Pick<Names, 'member'>): string {
  const known = by.map((id) => names.member(id) || 'Somebody');
  const [first = 'Somebody', second, third] = known;
  if (second === undefined) return first;
  return third === undefined ? `${first} and ${second}` : `${first}, ${second} and ${known.length - 2} more`;
}

/** "Mast check, on Station, in Engineering". */
function where({ kind, title, place, space }: InboxEntry, names: Names): string {
  const board = kind === 'card' && place.board !== undefined ? names.board(place.board) : '';
  const room = names.space(space);
  return [title || 'Untitled', board && `on ${board}`, room && `in ${room}`].filter(Boolean).join(', ');
}

/** At whole characters. */
function cut({ title, body }: Told): Told {
  const short = (text: string): string =>
    text.length <= LONGEST_NOTICE ? text : `${text.slice(0, LONGEST_NOTICE - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
  return { title: short(title), body: short(body) };
}
