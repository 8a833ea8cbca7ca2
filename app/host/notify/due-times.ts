// When a due card reminds, and until when (docs/notifications.md, NT7). Pure.
import type { CardDate } from '../../../shared/model/board/field-value.ts';
import type { NotificationWishes } from '../../../shared/model/personal/notifications.ts';
import { dayInWords, minuteInWords } from '../plain-date.ts';
import type { WallClock } from './wall-clock.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
/** A day without a time reminds at nine in the morning. */
const MORNING = 9 * 60;
/** A reminder that nobody heeded for so long after the card was due is none any more. */
const HEEDED = 14 * DAY;

export interface Reminder {
  readonly at: number;
  /** From then on it is no reminder any more. */
  readonly until: number;
}

type Leads = Pick<NotificationWishes, 'timeLead' | 'dayLead'>;

/** Null: none is wanted. */
export function reminderOf(due: CardDate, { timeLead, dayLead }: Leads, wall: WallClock): Reminder | null {
  if (typeof due === 'number') {
    if (timeLead === 'never') return null;
    return { at: due - { at: 0, hour: HOUR, day: DAY }[timeLead], until: due + HEEDED };
  }
  if (dayLead === 'never') return null;
  return { at: wall.timeOf(due, MORNING, dayLead === 'before' ? -1 : 0), until: wall.timeOf(due, 0, 1) + HEEDED };
}

/** "Due 2 December 2026 at 14:00". */
export function dueInWords(due: CardDate): string {
  if (typeof due === 'number') return `Due ${minuteInWords(due)}`;
  const [year = 0, month = 1, day = 1] = due.split('-').map(Number);
  return `Due ${dayInWords(new Date(year, month - 1, day).getTime())}`;
}
