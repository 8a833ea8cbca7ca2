// What is shown on the desktop and what is not, case by case.
import { expect, it } from 'vitest';
import { readWishes, type NotificationWishes } from '../../../shared/model/personal/notifications.ts';
import * as Y from 'yjs';
import type { InboxEntry } from '../../contract/inbox.ts';
import { judge, levelFor, type Situation } from './policy.ts';
import { WallClock } from './wall-clock.ts';

const USUAL: NotificationWishes = readWishes(new Y.Doc());
const NOON = Date.parse('2026-11-30T12:00:00Z');

function entry(changed: Partial<InboxEntry> = {}): InboxEntry {
  return {
    id: 'mention:1',
    reason: 'mention',
    space: 'team',
    document: 'plan',
    kind: 'page',
    title: 'Pass plan',
    place: { block: 'b1' },
    by: ['bo'],
    at: NOON,
    arrived: NOON,
    excerpt: 'Look at this, Ana',
    things: 1,
    state: 'new',
    until: null,
    ...changed,
  };
}

function now(changed: Partial<Situation> = {}): Situation {
  const wall = new WallClock('UTC');
  return { wishes: USUAL, level: 'all', disturb: null, wall, now: NOON, shown: [], ...changed };
}

it('[T19] [B13] [NT1] what is new is shown, and what was dealt with anywhere is not', () => {
  for (const reason of ['mention', 'assigned', 'watched', 'reply', 'due', 'moved'] as const) {
    expect(judge('w', entry({ reason }), now())).toBe('show');
  }
  expect(judge('w', entry({ state: 'done' }), now())).toBe('done');
  expect(judge('w', entry({ state: 'snoozed' }), now())).toBe('done');
});

it('[T19] [NT2] all of it or one reason can be turned off; a level lets through what is for me, or nothing', () => {
  expect(judge('w', entry(), now({ wishes: { ...USUAL, on: false } }))).toBe('off');
  const off = { ...USUAL, off: new Set(['post']) };
  expect(judge('w', entry({ reason: 'post' }), now({ wishes: off }))).toBe('off');
  expect(judge('w', entry(), now({ wishes: off }))).toBe('show');
  for (const reason of ['watched', 'post', 'announcement'] as const) {
    expect(judge('w', entry({ reason }), now({ level: 'mentions' }))).toBe('level');
  }
  expect(judge('w', entry({ reason: 'assigned' }), now({ level: 'mentions' }))).toBe('show');
  expect(judge('w', entry(), now({ level: 'mute' }))).toBe('level');
});

it('[T19] [NT2] the level of the thing counts before that of notifications from its space, and that before its space', () => {
  const card = entry({ kind: 'card', document: 'c1', place: { board: 'b1', card: 'c1' } });
  const said = new Map<string, 'all' | 'mentions' | 'mute'>([['team', 'mute']]);
  const level = (spaces: ReadonlyMap<string, 'all' | 'mentions' | 'mute'> = new Map()): string =>
    levelFor(card, (id) => said.get(id) ?? null, spaces);
  expect(level()).toBe('mute');
  expect(level(new Map([['team', 'mentions']]))).toBe('mentions');
  said.set('b1', 'all');
  expect(level(new Map([['team', 'mentions']]))).toBe('all');
  said.set('c1', 'mute');
  expect(level()).toBe('mute');
  expect(levelFor(entry(), () => null, new Map())).toBe('all');
});

it('[T19] [NT3] do not disturb holds until its time, or until it is turned off; quiet hours in my zone', () => {
  expect(judge('w', entry(), now({ disturb: { until: null } }))).toBe('quiet');
  expect(judge('w', entry(), now({ disturb: { until: NOON + 1 } }))).toBe('quiet');
  expect(judge('w', entry(), now({ disturb: { until: NOON } }))).toBe('show');
  const lunch = { ...USUAL, quiet: { from: 12 * 60, to: 13 * 60 } };
  expect(judge('w', entry(), now({ wishes: lunch }))).toBe('quiet');
  expect(judge('w', entry(), now({ wishes: lunch, wall: new WallClock('Europe/Berlin') }))).toBe('show');
});

it('[T19] [NT4] nothing for what is on the screen of a window with the focus', () => {
  const page = { workspace: 'w', document: 'plan', part: '' };
  expect(judge('w', entry(), now({ shown: [page] }))).toBe('seen');
  expect(judge('other', entry(), now({ shown: [page] }))).toBe('show');
  expect(judge('w', entry({ document: 'else' }), now({ shown: [page] }))).toBe('show');
  const card = entry({ kind: 'card', document: 'c1', place: { board: 'b1', card: 'c1' } });
  expect(judge('w', card, now({ shown: [{ workspace: 'w', document: 'b1', part: 'c1' }] }))).toBe('seen');
  // The board alone does not show what is said in one of its cards.
  expect(judge('w', card, now({ shown: [{ workspace: 'w', document: 'b1', part: '' }] }))).toBe('show');
});
