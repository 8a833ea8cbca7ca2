// What the inbox says of entries in words, which filter they belong to, and until when they are snoozed. No state and no question.
import type { InboxEntry, InboxReason } from '../../../contract/inbox.ts';
import { isoDay } from '../../window/times.ts';

export const INBOX_FILTERS = ['all', 'mentions', 'assigned', 'replies', 'following'] as const;
export type InboxFilter = (typeof INBOX_FILTERS)[number];

export const FILTER_WORDS: Readonly<Record<InboxFilter, string>> = Object.freeze({
  all: 'All',
  mentions: 'Mentions',
  assigned: 'Assigned',
  replies: 'Replies',
  following: 'Following',
});

const FILTER_OF: Readonly<Record<InboxReason, InboxFilter>> = Object.freeze({
  mention: 'mentions',
  assigned: 'assigned',
  due: 'assigned',
  reply: 'replies',
  answer: 'replies',
  accepted: 'replies',
  asked: 'replies',
  idea: 'replies',
  watched: 'following',
  post: 'following',
  announcement: 'following',
  overlap: 'following',
  moved: 'following',
});

export function passes({ reason }: InboxEntry, filter: InboxFilter): boolean {
  return filter === 'all' || FILTER_OF[reason] === filter;
}

/** What happened, behind a name: "Ana mentioned you". */
export function deedWords({ reason, things, kind }: InboxEntry): string {
  switch (reason) {
    case 'mention':
      return things > 1 ? `mentioned you ${things} times` : 'mentioned you';
    case 'assigned':
      return 'put you on this card';
    case 'reply':
      return 'replied to you';
    case 'answer':
      return 'answered your question';
    case 'accepted':
      return 'accepted your answer';
    case 'asked':
      return 'asks about something you know or follow';
    case 'idea':
      return 'decided on your idea';
    case 'due':
      return 'is due';
    case 'watched':
      return kind === 'page' ? 'changed this page' : kind === 'card' ? 'changed this card' : 'changed this board';
    case 'post':
      return things > 1 ? `wrote here, ${things} new posts` : 'wrote here';
    case 'announcement':
      return 'asks you to confirm that you read this';
    case 'overlap':
      return 'changed the same words as you';
    case 'moved':
      return 'moved a card of yours';
  }
}

/** Where nobody did it: a date, or a change of which nothing says who made it. */
export function whoWords(names: readonly string[], { reason }: Pick<InboxEntry, 'reason'>): string {
  if (names.length === 0) return reason === 'due' ? 'A card of yours' : 'Somebody';
  const [first = '', second = ''] = names;
  if (names.length === 1) return first;
  return names.length === 2 ? `${first} and ${second}` : `${first} and ${names.length - 1} others`;
}

/** It calls on me by name: the accent. */
export function isForMe({ reason }: Pick<InboxEntry, 'reason'>): boolean {
  return FILTER_OF[reason] !== 'following';
}

const MORNING = 9;
const HOUR = 3_600_000;

export interface Snooze {
  readonly label: string;
  readonly until: number;
}

/** Later today is three hours from now; where that is tomorrow, it is left out. */
export function snoozes(now: number): readonly Snooze[] {
  const later = now + 3 * HOUR;
  const weekday = new Date(now).getDay();
  return [
    ...(isoDay(later) === isoDay(now) ? [{ label: 'Later today', until: later }] : []),
    { label: 'Tomorrow', until: morningOf(isoDay(now, 1)) },
    { label: 'Next week', until: morningOf(isoDay(now, (8 - weekday) % 7 || 7)) },
  ];
}

/** At nine, in the zone of this computer. */
export function morningOf(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date, MORNING).getTime();
}

/** Clocks that are off by more than five minutes are said to be. */
export function clockIsOff({ at, arrived }: Pick<InboxEntry, 'at' | 'arrived'>): boolean {
  return at > arrived + 5 * 60_000;
}

/** The time that an entry stands at. */
export function timeOf(entry: Pick<InboxEntry, 'at' | 'arrived'>): number {
  return entry.at === 0 || clockIsOff(entry) ? entry.arrived : entry.at;
}
