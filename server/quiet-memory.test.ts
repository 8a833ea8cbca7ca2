// Shows when a relay collects its garbage by itself: after somebody left, when it is quiet, and when it is worth it.
import { expect, test } from 'vitest';
import { FakeClock } from '../shared/base/clock.ts';
import { processMemory, QuietMemory } from './quiet-memory.ts';

const MB = 1024 * 1024;

test('[RE36] garbage is collected twice after sockets left, as soon as the relay is quiet, where there is much of it', () => {
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

test('[RE36] this process can collect, and says what it uses', () => {
  const { heap, busy, collect } = processMemory();
  const held: { objects: unknown[] | null } = { objects: Array.from({ length: 1_000_000 }, (_, at) => ({ at })) };
  const before = heap();
  held.objects = null;
  collect();
  expect(heap()).toBeLessThan(before);
  expect(busy()).toBeLessThanOrEqual(1);
});
