// The watch on a document's saving: late with good news, never early.
import { expect, test } from 'vitest';
import { FakeClock } from '../../../../shared/base/clock.ts';
import { SaveWatch } from './save-watch.svelte.ts';

test('[X8] "not saved" shows at once, "saved" only after quiet, "on relay" only after a newer word', async () => {
  const clock = new FakeClock();
  let answer: (answered: boolean) => void = () => undefined;
  const watch = new SaveWatch(clock, () => new Promise((resolve) => (answer = resolve)));
  watch.follow(5);
  expect([watch.pendingSince, watch.outboxIsFresh]).toEqual([5, false]);
  watch.follow(null);
  clock.advance(300);
  expect(watch.pendingSince).toBe(5);
  watch.follow(9);
  watch.follow(null);
  clock.advance(500);
  expect(watch.pendingSince).toBe(5);
  clock.advance(100);
  expect([watch.pendingSince, watch.outboxIsFresh]).toEqual([null, false]);
  answer(true);
  await Promise.resolve();
  await Promise.resolve();
  expect(watch.outboxIsFresh).toBe(true);
  expect(clock.pending).toBe(0);
});

test('[X8] a page that was just made or opened again is not on the relay by what was told before', async () => {
  // A new watch took the last announced outbox for the present one: a page that was made a moment ago, or was left right
  // after typing, showed "On relay" until the next announcement.
  const clock = new FakeClock();
  const answers: ((answered: boolean) => void)[] = [];
  const watch = new SaveWatch(clock, () => new Promise((resolve) => answers.push(resolve)));
  watch.follow(null);
  expect(watch.outboxIsFresh).toBe(false);
  watch.ask();
  answers.shift()?.(false);
  await Promise.resolve();
  await Promise.resolve();
  expect(watch.outboxIsFresh).toBe(false);
  watch.ask();
  // The document says again that nothing is pending (it lost or found its socket): the answer still counts.
  watch.follow(null);
  answers.shift()?.(true);
  await Promise.resolve();
  await Promise.resolve();
  expect(watch.outboxIsFresh).toBe(true);
  watch.ask();
  expect([answers.length, clock.pending]).toEqual([0, 0]);
});

test('[X8] an answer that was asked before a newer edit says nothing about it', async () => {
  const clock = new FakeClock();
  let answer: (answered: boolean) => void = () => undefined;
  const watch = new SaveWatch(clock, () => new Promise((resolve) => (answer = resolve)));
  watch.follow(1);
  watch.follow(null);
  clock.advance(600);
  watch.follow(2);
  answer(true);
  await Promise.resolve();
  await Promise.resolve();
  expect([watch.pendingSince, watch.outboxIsFresh]).toEqual([2, false]);
  watch.dispose();
  expect(clock.pending).toBe(0);
});
