// The sessions of a page by day, and how one says whose it is and what it did. Words only.
import { dateOf } from '../../../../shared/base/date-of.ts';
import type { PageSession } from '../../../contract/history.ts';
import { count } from '../../window/times.ts';

export interface DayOfSessions {
  readonly day: number;
  readonly label: string;
  readonly sessions: readonly PageSession[];
}

const DAY = 86_400_000;

/** In the zone of this computer, newest first as they come. */
export function byDay(sessions: readonly PageSession[], now: number): DayOfSessions[] {
  const days = new Map<number, PageSession[]>();
  for (const session of sessions) {
    const day = dateOf(session.to).setHours(0, 0, 0, 0);
    const known = days.get(day);
    if (known) known.push(session);
    else days.set(day, [session]);
  }
  return [...days].map(([day, list]) => ({ day, label: labelOf(day, now), sessions: list }));
}

function labelOf(day: number, now: number): string {
  const today = new Date(now).setHours(0, 0, 0, 0);
  if (day === today) return 'Today';
  if (day === new Date(today - DAY / 2).setHours(0, 0, 0, 0)) return 'Yesterday';
  const date = new Date(day);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString([], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}

/** "12 words added, 3 removed". */
export function workOf({ added, removed, by }: PageSession): string {
  if (added > 0 && removed > 0) return `${count(added, 'word')} added, ${removed.toLocaleString('en')} removed`;
  if (added > 0) return `${count(added, 'word')} added`;
  if (removed > 0) return `${count(removed, 'word')} removed`;
  return by === 'command' ? 'Made, named or moved' : 'No words: formats, order or the like';
}

/** What is to be said beside the name, or ''. */
export function noteOf({ by, open, added }: PageSession): string {
  const notes = [
    ...(by === 'unsigned' ? ['Not signed: a program without a key wrote this'] : []),
    ...(by === 'command' && added > 0 ? ['Imported or copied, not typed'] : []),
    ...(open && by !== 'command' ? ['Still going on'] : []),
  ];
  return notes.join(' · ');
}
