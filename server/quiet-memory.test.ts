// Shows when a relay collects its garbage by itself: after somebody left, when it is quiet, and when it is worth it.
import { expect, test } from 'vitest';
import { FakeClock } from '../shared/base/clock.ts';
import { processMemory, QuietMemory } from './quiet-memory.ts';

const MB = 1024 * 1024;

/** A memory of which `now` says how it stands. */
function watched() {
  const clock = new FakeClock();
  const now = { heap: 20 * MB, busy: 1, collected: 0 };
  const memory = new QuietMemory(clock, {
    heap: () => now.heap,
    busy: () => now.busy,
    collect: () => {
      now.collected += 1;
      now.heap = 25 * MB;
    },
  });
  return { clock, now, memory };
}

test('[RE36] garbage is collected twice after sockets left, as soon as the relay is quiet, where there is much of it', () => {
  const { clock, now, memory } = watched();
  now.heap = 200 * MB;
  clock.advance(60_000);
  expect(now.collected).toBe(0);
  memory.left();
  memory.left();
  clock.advance(20_000);
  expect(now.collected).toBe(0);
  now.busy = 0.05;
  clock.advance(2_000);
  expect(now.collected).toBe(1);
  clock.advance(60_000);
  expect(now.collected).toBe(2);
  memory.left();
  clock.advance(60_000);
  expect(now.collected).toBe(2);
  now.heap = 60 * MB;
  memory.left();
  clock.advance(4_000);
  expect(now.collected).toBe(4);
  now.heap = 200 * MB;
  memory.left();
  memory.dispose();
  memory.left();
  expect(clock.pending).toBe(0);
});

test('[RE36] a relay that is at work collects once a minute after sockets left, and again when it is quiet', () => {
  const { clock, now, memory } = watched();
  now.heap = 200 * MB;
  now.busy = 0.3;
  memory.left();
  clock.advance(2_000);
  expect(now.collected).toBe(1);
  now.heap = 200 * MB;
  clock.advance(58_000);
  expect(now.collected).toBe(1);
  now.busy = 0.01;
  clock.advance(2_000);
  expect(now.collected).toBe(2);
  clock.advance(2_000);
  expect(now.collected).toBe(3);
  clock.advance(60_000);
  expect([now.collected, clock.pending]).toEqual([3, 0]);
  // Always at work, while people come and go: once a minute.
  now.busy = 0.3;
  memory.left();
  for (let minute = 0; minute < 5; minute += 1) {
    now.heap = 200 * MB;
    clock.advance(60_000);
  }
  expect(now.collected).toBe(8);
});

test('[RE36] this process can collect, and says what it uses', () => {
  const { heap, busy, collect } = processMemory();
  const held: { objects: unknown[] | null } = { objects: Array.from({ length: 1_000_000 }, (_, at) => ({ at })) };
  const before = heap();
  held.objects = null;
  collect();
  expect(heap()).toBeLessThan(before);
  expect(busy()).toBeGreaterThan(0);
});
