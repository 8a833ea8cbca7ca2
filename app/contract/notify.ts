// What hosts, shells and windows say of desktop notifications: the calls, what one shows, and where it leads. How a place is opened, windows know.
import { z } from 'zod';
import { LEVELS } from '../../shared/model/personal/levels.ts';
import { DAY_LEADS, HIDINGS, TIME_LEADS } from '../../shared/model/personal/notifications.ts';
import { INBOX_KINDS, INBOX_REASONS, inboxPlace } from './inbox.ts';

const id = z.string().min(1).max(64);
const inWorkspace = z.object({ workspace: id });
const none = z.object({});
const minute = z
  .int()
  .min(0)
  .max(24 * 60 - 1);
const hours = z.object({ from: minute, to: minute });
const levels = z.enum(LEVELS);

/** Where a notification leads: to the thing itself, or to a list. */
export const noticePlace = z.discriminatedUnion('to', [
  z.object({ to: z.literal('thing'), workspace: id, document: id, kind: z.enum(INBOX_KINDS), place: inboxPlace }),
  z.object({ to: z.enum(['inbox', 'digest', 'settings']), workspace: id }),
]);
export type NoticePlace = z.infer<typeof noticePlace>;

/** Characters of its two texts. */
export const LONGEST_NOTICE = 500;

export const notice = z.object({
  id: z.string().min(1).max(100),
  title: z.string().max(LONGEST_NOTICE),
  body: z.string().max(LONGEST_NOTICE),
  place: noticePlace,
});
export type Notice = z.infer<typeof notice>;

/** The place as one text, for what passes it on without a look; null for any other text. */
export function readPlace(text: string): NoticePlace | null {
  try {
    return noticePlace.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** What a browser lets its windows do; Electron's show nothing themselves. */
export const PERMISSIONS = ['granted', 'default', 'denied', 'none'] as const;
export type NoticePermission = (typeof PERMISSIONS)[number];

/** Until when nothing is shown on this computer; null: until it is turned off. */
export const disturbance = z.object({ until: z.number().nullable() });
export type Disturbance = z.infer<typeof disturbance>;

export const notifySettings = z.object({
  on: z.boolean(),
  off: z.array(z.enum(INBOX_REASONS)),
  quiet: hours.nullable(),
  hide: z.enum(HIDINGS),
  timeLead: z.enum(TIME_LEADS),
  dayLead: z.enum(DAY_LEADS),
  /** Spaces with a level of their own for notifications. */
  spaces: z.record(id, levels),
  /** Of this computer. */
  disturb: disturbance.nullable(),
  /** Of this computer, in Electron: it goes on without a window. */
  stays: z.boolean(),
  /** The time zone that this computer is in. */
  zone: z.string(),
  /** Who shows them: Electron, windows of a browser, or nobody. */
  end: z.enum(['electron', 'browser', 'none']),
});
export type NotifySettings = z.infer<typeof notifySettings>;

export const NOTIFY_CALLS = {
  'notify.read': { params: inWorkspace, result: notifySettings },
  /** Of my own wishes, on all my devices; left out: stays. */
  'notify.change': {
    params: inWorkspace.extend({
      on: z.boolean().optional(),
      reason: z.object({ reason: z.enum(INBOX_REASONS), on: z.boolean() }).optional(),
      quiet: hours
        .refine(({ from, to }) => from !== to)
        .nullable()
        .optional(),
      hide: z.enum(HIDINGS).optional(),
      timeLead: z.enum(TIME_LEADS).optional(),
      dayLead: z.enum(DAY_LEADS).optional(),
      space: z.object({ space: id, level: levels.nullable() }).optional(),
    }),
    result: none,
  },
  /** Of this computer, in every workspace. */
  'notify.computer': {
    params: z.object({ disturb: disturbance.nullable().optional(), stays: z.boolean().optional() }),
    result: none,
  },
  /** How many things are new in the inbox of each workspace; `inbox` is announced when one becomes different. */
  'notify.counts': { params: none, result: z.record(id, z.number().int().min(0)) },
  /** Shows one at once, whatever is set; false: nobody could. */
  'notify.try': { params: inWorkspace, result: z.object({ shown: z.boolean() }) },
  /** What a window says of itself, again when it becomes different: what is looked at in it raises nothing, and one window shows for all. */
  'notify.window': {
    params: z.object({
      focused: z.boolean(),
      visible: z.boolean(),
      permission: z.enum(PERMISSIONS),
      /** The document, and the part of it, that it shows. */
      shows: z.object({ workspace: id, document: id, part: z.string().max(1_000) }).nullable(),
    }),
    result: none,
  },
} as const;
