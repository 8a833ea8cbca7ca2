// Words and times of the settings of notifications.
import { expect, test } from 'vitest';
import { INBOX_REASONS } from '../../../contract/inbox.ts';
import {
  disturbance,
  disturbNow,
  disturbOptions,
  endWords,
  fieldOfMinutes,
  minutesOfField,
  REASONS,
} from './notify-words.ts';

const NOON = new Date(2026, 10, 30, 12, 0).getTime();

test('[X12] every reason of the inbox can be turned off', () => {
  expect(new Set(REASONS.map(([reason]) => reason))).toEqual(new Set(INBOX_REASONS));
});

test('[T19] do not disturb: for an hour, until tomorrow morning, until it is turned off', () => {
  expect(disturbance('hour', NOON)).toEqual({ until: NOON + 3_600_000 });
  expect(disturbance('morning', NOON)).toEqual({ until: new Date(2026, 11, 1, 8, 0).getTime() });
  expect(disturbance('on', NOON)).toEqual({ until: null });
  expect(disturbance('off', NOON)).toBeNull();
  expect(disturbNow({ until: NOON }, NOON)).toBe('off');
  expect(disturbNow({ until: NOON + 1 }, NOON)).toBe('until');
  expect(disturbNow({ until: null }, NOON)).toBe('on');
  expect(disturbOptions({ until: NOON + 3_600_000 }, NOON)[1]).toEqual({ value: 'until', label: 'Until 13:00' });
  expect(disturbOptions(null, NOON).map(({ value }) => value)).toEqual(['off', 'hour', 'morning', 'on']);
});

test('[X12] times of the day are written and read as fields have them', () => {
  for (const minutes of [0, 59, 60, 1_320, 1_439]) expect(minutesOfField(fieldOfMinutes(minutes))).toBe(minutes);
  for (const odd of ['', '24:00', '7:00', 'x', '12:60']) expect(minutesOfField(odd)).toBeNull();
});

test('[T19] what a browser forbids is said with what to do', () => {
  expect(endWords('none', 'denied')).toContain('settings for this site');
  expect(endWords('electron', 'none')).toBe('');
});
