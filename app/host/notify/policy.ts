// Whether something in the inbox is shown on the desktop, and why not (docs/notifications.md, NT1 to NT4). Pure: who asks hands in what is so.
import { type Level } from '../../../shared/model/personal/levels.ts';
import type { NotificationWishes } from '../../../shared/model/personal/notifications.ts';
import type { InboxEntry, InboxReason } from '../../contract/inbox.ts';
import type { Disturbance } from '../../contract/notify.ts';
import type { WallClock } from './wall-clock.ts';

export type Verdict =
  | 'show'
  /** Notifications are off, or those of this reason. */
  | 'off'
  /** The thing, or its space, is to say less, or nothing. */
  | 'level'
  /** It is on the screen of a window that has the focus. */
  | 'seen'
  /** Do not disturb, or quiet hours. */
  | 'quiet'
  /** It was dealt with, here or on another device. */
  | 'done';

/** What a window with the focus shows. */
export interface Shown {
  readonly workspace: string;
  readonly document: string;
  /** A block, a card or a post; '' for none. */
  readonly part: string;
}

export interface Situation {
  readonly wishes: NotificationWishes;
  readonly level: Level;
  readonly disturb: Disturbance | null;
  readonly wall: WallClock;
  readonly now: number;
  readonly shown: readonly Shown[];
}

/** What calls on nobody in particular. */
const FOR_ALL: ReadonlySet<InboxReason> = new Set(['watched', 'post', 'announcement']);

export function judge(workspace: string, entry: InboxEntry, situation: Situation): Verdict {
  const { wishes, level, disturb, wall, now, shown } = situation;
  if (entry.state !== 'new') return 'done';
  if (!wishes.on || wishes.off.has(entry.reason)) return 'off';
  if (level === 'mute' || (level === 'mentions' && FOR_ALL.has(entry.reason))) return 'level';
  if (shown.some((one) => isAt(one, workspace, entry))) return 'seen';
  if (isDisturbing(disturb, now) || (wishes.quiet && wall.isQuiet(wishes.quiet, now))) return 'quiet';
  return 'show';
}

export function isDisturbing(disturb: Disturbance | null, now: number): boolean {
  return disturb !== null && (disturb.until === null || now < disturb.until);
}

/** What was said of the thing itself counts first, then of notifications from its space, then of its space. */
export function levelFor(
  { document, place, space }: Pick<InboxEntry, 'document' | 'place' | 'space'>,
  said: (id: string) => Level | null,
  ofSpaces: ReadonlyMap<string, Level>,
): Level {
  const own = said(document) ?? (place.board === undefined ? null : said(place.board));
  return own ?? ofSpaces.get(space) ?? said(space) ?? 'all';
}

/** A page or a discussion as a whole; of a board the one card that is open, or the board itself. */
function isAt({ workspace, document, part }: Shown, here: string, entry: InboxEntry): boolean {
  if (workspace !== here) return false;
  if (entry.kind !== 'card') return document === entry.document;
  return document === entry.place.board && part === (entry.place.card ?? entry.document);
}
