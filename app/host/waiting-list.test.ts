// What a computer waits for is kept, tried again at rising intervals, and not lost by what else happens meanwhile.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { FakeClock } from '../../shared/base/clock.ts';
import { temporaryFolder } from '../../tests/support/temp-folder.ts';
import { WaitingList } from './waiting-list.ts';

const entry = z.strictObject({ what: z.string(), at: z.number() });
type Waiting = z.output<typeof entry>;

let file: string;
beforeEach(async () => {
  file = path.join(await temporaryFolder(), 'waiting.json');
});

function listOf(clock: FakeClock, attempt: (waiting: Waiting) => Promise<Waiting | null>): WaitingList<Waiting> {
  return new WaitingList({ file, name: 'waiting', entry, clock, asks: true, attempt });
}

const stored = async (): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));

it('[AH14] [X7] goes on with all that waited before, however many, and passes over what it cannot read', async () => {
  const clock = new FakeClock();
  const waiting: unknown[] = Array.from({ length: 30 }, (_, n) => ({ what: String(n), at: clock.now() }));
  waiting.splice(3, 0, { what: 7 }, null);
  await writeFile(file, JSON.stringify({ waiting }));
  const list = listOf(clock, (one) => Promise.resolve(one));
  await list.start();
  expect(list.all.map(({ what }) => what)).toEqual(Array.from({ length: 30 }, (_, n) => String(n)));
  await list.close();
  await writeFile(file, 'no list');
  const other = listOf(clock, (one) => Promise.resolve(one));
  await other.start();
  expect(other.all).toEqual([]);
  await other.close();
});

it('[AH14] what comes to wait while something is tried waits on, and what is over is over', async () => {
  const clock = new FakeClock();
  const [first, second] = [
    { what: 'first', at: clock.now() },
    { what: 'second', at: clock.now() },
  ];
  let end: (left: Waiting | null) => void = () => undefined;
  const tried: string[] = [];
  const list = listOf(clock, (one) => {
    tried.push(one.what);
    return new Promise((resolve) => (end = resolve));
  });
  await list.keep((all) => [...all, first]);
  list.askSoon('once');
  clock.advance(0);
  await Promise.resolve();
  expect(tried).toEqual(['first']);
  await list.keep((all) => [...all, second]);
  end(null);
  await expect.poll(() => list.all).toEqual([second]);
  await expect.poll(stored).toEqual({ waiting: [second] });
  const closing = list.close();
  end(null);
  await closing;
});

it('[AH14] is given up after seven days', async () => {
  const clock = new FakeClock();
  let tries = 0;
  const list = listOf(clock, (one) => {
    tries += 1;
    return Promise.resolve(one);
  });
  await list.keep((all) => [...all, { what: 'old', at: clock.now() }]);
  list.askSoon('first wait');
  clock.advance(1_000);
  await expect.poll(() => tries).toBe(1);
  clock.advance(7 * 24 * 3_600_000);
  await expect.poll(() => list.all).toEqual([]);
  expect(tries).toBe(1);
  await list.close();
});
