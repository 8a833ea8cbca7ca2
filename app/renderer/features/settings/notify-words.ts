// What the settings of notifications offer, in words, and times of the day as fields write them. Pure; what holds is the host's to say.
import type { Level } from '../../../../shared/model/personal/levels.ts';
import type { DayLead, Hiding, TimeLead } from '../../../../shared/model/personal/notifications.ts';
import type { InboxReason } from '../../../contract/inbox.ts';
import type { Disturbance, NoticePermission, NotifySettings } from '../../../contract/notify.ts';
import { clockTime, since } from '../../window/times.ts';

interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

export const REASONS: readonly (readonly [reason: InboxReason, label: string])[] = [
  ['mention', 'Somebody mentions me'],
  ['assigned', 'I am put on a card'],
  ['reply', 'A reply to me'],
  ['answer', 'An answer to my question'],
  ['accepted', 'My answer is accepted'],
  ['asked', 'A question that I may know about'],
  ['idea', 'A decision about my idea'],
  ['due', 'A card is due'],
  ['watched', 'A change of what I watch'],
  ['post', 'Posts in discussions that I follow'],
  ['announcement', 'An announcement'],
  ['overlap', 'Somebody changed what I changed'],
  ['moved', 'Somebody moved a card that I moved'],
];

export const HIDE: readonly Option<Hiding>[] = [
  { value: 'nothing', label: 'Who, where and the first words' },
  { value: 'content', label: 'Who, and what kind of thing' },
  { value: 'all', label: 'Only that there is news' },
];

export const TIME: readonly Option<TimeLead>[] = [
  { value: 'at', label: 'At the time' },
  { value: 'hour', label: 'An hour before' },
  { value: 'day', label: 'A day before' },
  { value: 'never', label: 'Not at all' },
];

export const DAY: readonly Option<DayLead>[] = [
  { value: 'before', label: 'The day before, at 09:00' },
  { value: 'same', label: 'That day, at 09:00' },
  { value: 'never', label: 'Not at all' },
];

export const LEVEL: readonly Option<Level | 'space'>[] = [
  { value: 'space', label: 'As its discussions' },
  { value: 'all', label: 'Everything' },
  { value: 'mentions', label: 'What is for me' },
  { value: 'mute', label: 'Nothing' },
];

export type Disturb = 'off' | 'hour' | 'morning' | 'on' | 'until';

/** `until` stands for one that was chosen before and holds still. */
export function disturbOptions(disturb: Disturbance | null, now: number): readonly Option<Disturb>[] {
  const holds = disturb !== null && disturb.until !== null && disturb.until > now;
  return [
    { value: 'off', label: 'Off' },
    ...(holds ? [{ value: 'until' as const, label: `Until ${untilWords(disturb.until ?? now, now)}` }] : []),
    { value: 'hour', label: 'For an hour' },
    { value: 'morning', label: 'Until tomorrow, 08:00' },
    { value: 'on', label: 'Until I turn it off' },
  ];
}

export function disturbNow(disturb: Disturbance | null, now: number): Disturb {
  if (disturb === null || (disturb.until !== null && disturb.until <= now)) return 'off';
  return disturb.until === null ? 'on' : 'until';
}

export function disturbance(chosen: Disturb, now: number): Disturbance | null {
  if (chosen === 'hour') return { until: now + 3_600_000 };
  if (chosen === 'on') return { until: null };
  if (chosen !== 'morning') return null;
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  return { until: morning.setHours(8, 0, 0, 0) };
}

function untilWords(until: number, now: number): string {
  return until - now < 86_400_000 ? clockTime(until) : since(until, now);
}

/** Whether anything can be shown here, as one sentence; '' where there is nothing to say. */
export function endWords(end: NotifySettings['end'], permission: NoticePermission): string {
  if (end === 'electron') return '';
  switch (permission) {
    case 'granted':
      return 'This browser shows them while a window of Caravan is open. What comes when none is waits in the inbox.';
    case 'default':
      return 'This browser asks once whether Caravan may show them.';
    case 'denied':
      return "This browser forbids them for Caravan's address. Allow them in the browser's settings for this site, beside its address. Everything is in the inbox.";
    case 'none':
      return 'This browser has no notifications. Everything is in the inbox.';
  }
}

/** "22:00". */
export function fieldOfMinutes(minutes: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Null for what is no time. */
export function minutesOfField(field: string): number | null {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(field.slice(0, 5));
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
}
