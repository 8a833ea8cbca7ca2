// The built thread in which a relay merges large rooms: nobody waits for it, it comes to the same as merging here, and it ends in time.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../../shared/base/clock.ts';
import type { Logger } from '../../shared/base/logger.ts';
import { compactUpdates, type Compaction } from '../../shared/hub/compaction.ts';
import type { MergeTask } from '../../shared/hub/room-merger.ts';
import { MergeThread } from '../../shared/node/merge-thread.ts';
import { prepended } from './hostile/updates.ts';

const FILE = join(import.meta.dirname, '../../dist/merge.cjs');

function begin(clock: FakeClock, file = FILE) {
  const events: string[] = [];
  const logger: Logger = { log: (_level, event) => void events.push(event), child: () => logger };
  const thread = new MergeThread({ file, clock, logger });
  onTestFinished(() => thread.close());
  return { thread, events };
}

/** Words of two people, one of which the other deleted. */
function honest(words: number): MergeTask {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const body = doc.getText('body');
  for (let word = 0; word < words; word += 1) body.insert((word * 7) % (body.length + 1), `word ${word} `.repeat(20));
  body.delete(3, 40);
  return { updates, expected: Y.encodeStateVector(doc), keepDeleted: false };
}

/** Hours of work. */
function forged(letters: number): MergeTask {
  const updates = Array.from({ length: 20 }, (_, client) => prepended(letters, client + 1));
  return { updates, expected: Uint8Array.of(0), keepDeleted: false };
}

const LARGE = honest(600);

/** As text: comparing arrays of many bytes takes seconds. */
function told(compaction: Compaction): unknown {
  if (compaction.kind !== 'merged') return compaction;
  return Object.values(compaction.state).map((bytes: Uint8Array) => Buffer.from(bytes).toString('base64'));
}

const here = ({ updates, expected, keepDeleted }: MergeTask): unknown =>
  told(compactUpdates(updates, expected, null, keepDeleted));

async function asSoonAs(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test('[HU8] a large room is merged beside everything else, and comes to the same as here', async () => {
  const { thread } = begin(new FakeClock());
  for (const keepDeleted of [false, true]) {
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 0);
    const merged = await thread.merge({ ...LARGE, keepDeleted });
    clearInterval(turning);
    expect(told(merged)).toEqual(here({ ...LARGE, keepDeleted }));
    expect(merged.kind).toBe('merged');
    expect(turns).toBeGreaterThan(0);
  }
});

test('[HU8] a small room is merged without a thread, unless it takes long', async () => {
  const small = honest(20);
  const quick = begin(new FakeClock());
  expect(told(await quick.thread.merge(small))).toEqual(here(small));
  expect(quick.thread.isRunning).toBe(false);
  /** Each look at it is a moment. */
  class Passing extends FakeClock {
    override now(): number {
      this.advance(1);
      return super.now();
    }
  }
  const medium = honest(80);
  const slow = begin(new Passing());
  expect(told(await slow.thread.merge(medium))).toEqual(here(medium));
  expect(slow.thread.isRunning).toBe(true);
});

test('[HU8] what would take hours is ended when its time is up, and the next room is merged', async () => {
  const clock = new FakeClock();
  const { thread, events } = begin(clock);
  const merging = thread.merge(forged(8_000));
  const next = thread.merge(LARGE);
  await asSoonAs(() => clock.pending > 0);
  clock.advance(3_000);
  expect(await merging).toEqual({ kind: 'too-slow' });
  expect((await next).kind).toBe('merged');
  expect(events).toEqual([]);
});

test('[HU8] the time that a busy machine takes to start the thread is none of the time for merging', async () => {
  // A document that was to be set aside for its depth stayed open where merging was given up before it had begun.
  const clock = new FakeClock();
  const { thread } = begin(clock);
  const merging = thread.merge(LARGE);
  await new Promise((resolve) => process.nextTick(resolve));
  expect(thread.isRunning).toBe(true);
  clock.advance(60_000);
  expect((await merging).kind).toBe('merged');
});

test('[HU8] a thread that has nothing to do is let go of, one that cannot be started leaves the room as it is', async () => {
  const clock = new FakeClock();
  const { thread } = begin(clock);
  await thread.merge(LARGE);
  expect([thread.isRunning, clock.pending]).toEqual([true, 1]);
  clock.advance(10_000);
  expect([thread.isRunning, clock.pending]).toEqual([false, 0]);
  expect((await thread.merge(LARGE)).kind).toBe('merged');
  await thread.close();
  expect(clock.pending).toBe(0);
  const missing = begin(clock, join(import.meta.dirname, 'there-is-none.cjs'));
  expect(await missing.thread.merge(LARGE)).toEqual({ kind: 'too-slow' });
  expect([missing.events, clock.pending]).toEqual([['merge-thread-failed'], 0]);
});

test('[HU8] a thread that ends by itself is not asked again: the next room gets a new one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'caravan-merge-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'once.cjs');
  await writeFile(
    file,
    `const { parentPort } = require('node:worker_threads');
     parentPort.postMessage('ready');
     parentPort.once('message', () => {
       parentPort.postMessage({ kind: 'mismatch' });
       setImmediate(() => process.exit(1));
     });`,
  );
  const { thread } = begin(new FakeClock(), file);
  for (let round = 0; round < 2; round += 1) {
    expect(await thread.merge(LARGE)).toEqual({ kind: 'mismatch' });
    await asSoonAs(() => !thread.isRunning);
  }
});
