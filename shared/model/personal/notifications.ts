// How a member wants to be notified on their desktop, wherever they sit (docs/documents.md, PS15). What one computer alone keeps is not here, and nobody is told anything.
import type * as Y from 'yjs';
import { isDocumentId, readMeta } from '../document/meta.ts';
import { notificationsOf } from '../document/roots.ts';
import { LEVELS, type Level } from './levels.ts';

/** How much of a notification others in the room may read: all of it, who and what kind alone, or nothing. */
export const HIDINGS = ['nothing', 'content', 'all'] as const;
export type Hiding = (typeof HIDINGS)[number];

/** When a card that is due at a time reminds; on a day: that day or the one before, at nine in the morning. */
export const TIME_LEADS = ['at', 'hour', 'day', 'never'] as const;
export type TimeLead = (typeof TIME_LEADS)[number];
export const DAY_LEADS = ['same', 'before', 'never'] as const;
export type DayLead = (typeof DAY_LEADS)[number];

/** Minutes of the day by the clock on the wall; `from` later than `to`: over midnight. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

export interface NotificationWishes {
  readonly on: boolean;
  /** Reasons of the inbox for which nothing is shown. */
  readonly off: ReadonlySet<string>;
  readonly quiet: QuietHours | null;
  readonly hide: Hiding;
  readonly timeLead: TimeLead;
  readonly dayLead: DayLead;
  /** Of spaces where it is another than their level (PS8). */
  readonly spaces: ReadonlyMap<string, Level>;
}

/** What of it becomes different; left out: stays. */
export interface NotificationChange {
  readonly on?: boolean | undefined;
  readonly reason?: { readonly reason: string; readonly on: boolean } | undefined;
  readonly quiet?: QuietHours | null | undefined;
  readonly hide?: Hiding | undefined;
  readonly timeLead?: TimeLead | undefined;
  readonly dayLead?: DayLead | undefined;
  readonly space?: { readonly space: string; readonly level: Level | null } | undefined;
}

const OFF = 'off/';
const SPACE = 'space/';
const REASON = /^[a-z]{1,20}$/;
const MOST = 1_000;

/** Total. */
export function readWishes(doc: Y.Doc): NotificationWishes {
  const off = new Set<string>();
  const spaces = new Map<string, Level>();
  const stored = readMeta(doc)?.kind === 'personal' ? notificationsOf(doc) : null;
  for (const [key, value] of stored?.entries() ?? []) {
    const reason = key.startsWith(OFF) ? key.slice(OFF.length) : '';
    if (REASON.test(reason) && value === true && off.size < MOST) off.add(reason);
    const space = key.startsWith(SPACE) ? key.slice(SPACE.length) : '';
    const level = LEVELS.find((known) => known === value);
    if (isDocumentId(space) && level !== undefined && spaces.size < MOST) spaces.set(space, level);
  }
  return {
    on: stored?.get('on') !== false,
    off,
    quiet: readQuiet(stored?.get('quiet')),
    hide: one(HIDINGS, stored?.get('hide'), 'nothing'),
    timeLead: one(TIME_LEADS, stored?.get('timeLead'), 'hour'),
    dayLead: one(DAY_LEADS, stored?.get('dayLead'), 'before'),
    spaces,
  };
}

/** One step; what is so already is not written. */
export function writeWishes(doc: Y.Doc, change: NotificationChange, origin: unknown = null): void {
  const stored = notificationsOf(doc);
  const is = readWishes(doc);
  const put = (key: string, value: unknown, usual: unknown): void => {
    if (value === undefined || value === stored.get(key)) return;
    if (value !== usual) stored.set(key, value);
    else if (stored.has(key)) stored.delete(key);
  };
  doc.transact(() => {
    put('on', change.on, true);
    put('hide', change.hide, 'nothing');
    put('timeLead', change.timeLead, 'hour');
    put('dayLead', change.dayLead, 'before');
    if (change.reason && REASON.test(change.reason.reason)) put(OFF + change.reason.reason, !change.reason.on, false);
    if (change.space && isDocumentId(change.space.space)) put(SPACE + change.space.space, change.space.level, null);
    const { quiet } = change;
    if (quiet !== undefined && !sameHours(quiet, is.quiet)) put('quiet', quiet && { ...quiet }, null);
  }, origin);
}

export function isMinuteOfDay(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 24 * 60;
}

function readQuiet(value: unknown): QuietHours | null {
  if (typeof value !== 'object' || value === null) return null;
  const { from, to } = value as Record<string, unknown>;
  return isMinuteOfDay(from) && isMinuteOfDay(to) && from !== to ? { from, to } : null;
}

function sameHours(a: QuietHours | null, b: QuietHours | null): boolean {
  return a?.from === b?.from && a?.to === b?.to;
}

function one<T extends string>(known: readonly T[], value: unknown, usual: T): T {
  return known.find((candidate) => candidate === value) ?? usual;
}
