// The truths in words: what is shown is never more than what is known.
import { expect, test } from 'vitest';
import type { LinkStatus } from '../../../contract/entities.ts';
import { hereStop, linkWords, relayStop, type SaveFacts } from './stops.ts';

const at = (hour: number, minute: number): number => new Date(2026, 10, 18, hour, minute).getTime();
const now = at(12, 0);
type Told = SaveFacts & { readonly link: LinkStatus };
const entry = { room: 'w/s/d', id: 'd', title: 'Dish', kind: 'page' as const, since: at(9, 17) };
const calm: Told = {
  connection: { state: 'online', since: at(8, 0) },
  refusal: null,
  pendingSince: null,
  storage: { state: 'ok' },
  link: { state: 'online', since: at(8, 0), url: 'ws://127.0.0.1:4680' },
  waiting: null,
  waitingCount: 0,
  outboxIsFresh: true,
};

test('[X8] all is well: saved here, on relay', () => {
  expect([hereStop(calm, now), relayStop(calm, now)].map((stop) => [stop.state, stop.text])).toEqual([
    ['true', 'Saved here'],
    ['true', 'On relay'],
  ]);
});

test('[X8] before the host has told anything nothing is claimed; what was typed is shown as not saved all the same', () => {
  const first: SaveFacts = { ...calm, storage: null, link: null };
  expect([hereStop(first, now), relayStop(first, now)].map((stop) => [stop.state, stop.text])).toEqual([
    ['unknown', 'Looking'],
    ['unknown', 'Looking'],
  ]);
  expect(hereStop({ ...first, pendingSince: at(11, 59) }, now)).toMatchObject({
    state: 'not-yet',
    text: 'Saving here',
  });
});

test('[X8] an edit on its way is neither saved here nor on the relay', () => {
  const facts: SaveFacts = { ...calm, pendingSince: at(11, 59) };
  expect(hereStop(facts, now)).toMatchObject({ state: 'not-yet', text: 'Saving here' });
  expect(relayStop(facts, now)).toMatchObject({ state: 'not-yet', text: 'Not on relay yet' });
});

test('[X8] saved here is not yet on the relay until a newer word about the outbox came', () => {
  expect(relayStop({ ...calm, outboxIsFresh: false }, now).state).toBe('not-yet');
});

test('[X8] offline: how long and how many wait', () => {
  const facts: Told = {
    ...calm,
    link: { state: 'offline', since: at(9, 17), reason: 'no answer', retryAt: null },
    waiting: entry,
    waitingCount: 3,
  };
  expect(relayStop(facts, now).text).toBe('Offline since 09:17, 3 waiting');
  expect(hereStop(facts, now).text).toBe('Saved here');
  expect(linkWords({ link: facts.link, outbox: [entry, entry, entry], fetching: 0, fetched: 0 }, now)).toBe(
    'Offline since 09:17, 3 waiting',
  );
});

test('[X8] offline, but this document left before: it is on the relay', () => {
  const link = { state: 'offline', since: at(9, 17), reason: 'no answer', retryAt: null } as const;
  expect(relayStop({ ...calm, link, waitingCount: 2 }, now)).toMatchObject({ state: 'true', text: 'On relay' });
});

test('[X10] the host is gone: what is in this window only, since when, and what to do', () => {
  const facts: SaveFacts = { ...calm, connection: { state: 'away', since: at(9, 18) }, pendingSince: at(9, 17) };
  expect(hereStop(facts, now)).toEqual({
    state: 'wrong',
    text: 'Only in this window since 09:17',
    explanation:
      "Caravan's background part is not answering. What you typed since 09:17 is in this window only. Keep it open; it reconnects by itself.",
  });
});

test('[X10] the host is gone and nothing was typed: what was saved is still saved', () => {
  expect(hereStop({ ...calm, connection: { state: 'away', since: at(9, 18) } }, now).text).toBe('Saved here');
});

test('[X7][X10] a full disk says so, also before anything is typed', () => {
  const storage = { state: 'failing', code: 'disk-full', message: 'ENOSPC', since: at(9, 17) } as const;
  expect(hereStop({ ...calm, storage }, now)).toMatchObject({
    state: 'wrong',
    text: 'Disk full: free 200 MB to keep writing',
  });
});

test('[X10] a refused document is never shown as saved', () => {
  const facts: SaveFacts = { ...calm, refusal: { reason: 'The page was purged.' }, pendingSince: at(9, 17) };
  expect(hereStop(facts, now)).toMatchObject({ state: 'wrong', text: 'Not saved since 09:17' });
});

test('[X8] no relay is said plainly', () => {
  const facts: Told = { ...calm, link: { state: 'none' }, waiting: entry, waitingCount: 1 };
  expect(relayStop(facts, now)).toMatchObject({ state: 'not-yet', text: 'No relay' });
  expect(linkWords({ link: facts.link, outbox: [entry], fetching: 0, fetched: 0 }, now)).toBe('On this computer only');
});

test('[X9] a first sync says how far it is', () => {
  const told = { link: calm.link, outbox: [entry], fetching: 18_800, fetched: 1_200 };
  expect(linkWords(told, now)).toBe('Relay, 1,200 of 20,000 here');
});
