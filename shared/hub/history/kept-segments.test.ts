// Which segments a hub keeps: those from elsewhere only when they hold, its own until age or size says otherwise.
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { testSigner } from '../../../tests/support/test-signer.ts';
import { FakeClock } from '../../base/clock.ts';
import { MemoryDocStore } from '../memory-doc-store.ts';
import type { History } from './history.ts';
import { decodeSegment } from './segment.ts';
import { ROOM, Window, running, words } from '../../../tests/support/recording-hub.ts';

describe('segments from elsewhere', () => {
  test('[SG9] bytes under a false name, a broken signature, another workspace, a clock ahead: refused, and nothing is stored', async () => {
    const clock = new FakeClock();
    const from = await running(new MemoryDocStore(), clock);
    const window = await Window.open(from.hub);
    await window.type('signed');
    window.close();
    await from.history.settled();
    const { hash, endedAt, size } = (await from.history.segmentsOf(ROOM))[0]!;
    const bytes = (await from.history.readSegment('ws', hash))!;
    const to = await running(new MemoryDocStore(), clock);
    const late = await running(new MemoryDocStore(), new FakeClock(1_000));
    const signer = await testSigner();
    const refused = async (at: History, workspace: string, given: Uint8Array, name?: string): Promise<void> => {
      const outcome = await at.addSegment(workspace, name ?? (await signer.hash(given)), given, ROOM);
      expect(outcome).toMatchObject({ kind: 'refused' });
    };
    const forged = new Uint8Array(bytes);
    forged[bytes.length - 70]! ^= 1;
    await refused(to.history, 'ws', bytes, 'f'.repeat(64));
    await refused(to.history, 'ws', forged);
    await refused(to.history, 'other', bytes);
    await refused(to.history, 'ws', bytes.subarray(0, 40));
    await refused(late.history, 'ws', bytes);
    const elsewhere = await to.history.addSegment('ws', hash, bytes, 'ws/space/other');
    expect(elsewhere).toMatchObject({ kind: 'refused' });
    expect(await to.history.totals()).toMatchObject({ segments: 0, bytes: 0, oldest: null });
    const ref = { room: ROOM, hash, size, endedAt };
    expect(await to.history.wantsSegment(ref)).toBe(true);
    expect(await late.history.wantsSegment(ref)).toBe(false);
    expect(await to.history.addSegment('ws', hash, bytes, ROOM)).toEqual({ kind: 'stored' });
    expect(await to.history.wantsSegment(ref)).toBe(false);
    expect(decodeSegment((await to.history.readSegment('ws', hash))!)?.signed.length).toBe(bytes.length - 64);
    // The room itself is untouched.
    expect(await to.store.load(ROOM)).toBeNull();
    expect(await to.history.totals()).toMatchObject({ segments: 1, bytes: size, oldest: endedAt });
  });
});

describe('retention', () => {
  test('[SG12] what it keeps to is what was set last', async () => {
    const { history } = await running(new MemoryDocStore(), new FakeClock(), { days: 10, bytes: 4_000 });
    history.keep({ days: 3, bytes: 0 });
    expect(history.retention).toEqual({ days: 3, bytes: 0 });
  });

  test('[SG12] the oldest go first, by age and by size; they are not fetched again; the state before counts as there always', async () => {
    const clock = new FakeClock();
    const { hub, history } = await running(new MemoryDocStore(), clock, { days: 10, bytes: 4_000 });
    const removed: { room: string; hash: string; size: number; endedAt: number }[] = [];
    for (let day = 0; day < 12; day += 1) {
      const window = await Window.open(hub);
      await window.type(`day${day} `);
      window.close();
      await history.settled();
      if (day < 2) {
        const { hash, size, endedAt } = (await history.segmentsOf(ROOM)).at(-1)!;
        removed.push({ room: ROOM, hash, size, endedAt });
      }
      clock.advance(24 * 60 * 60_000);
    }
    await history.prune();
    expect(await words(history)).toEqual([
      'day2 ',
      'day3 ',
      'day4 ',
      'day5 ',
      'day6 ',
      'day7 ',
      'day8 ',
      'day9 ',
      'day10 ',
      'day11 ',
    ]);
    for (const ref of removed) expect(await history.wantsSegment(ref)).toBe(false);
    const window = await Window.open(hub);
    await window.type('long '.repeat(600));
    window.close();
    await history.settled();
    clock.advance(11_000);
    await history.settled();
    const totals = await history.totals();
    expect(totals.bytes).toBeLessThanOrEqual(4_000);
    expect(totals.segments).toBeGreaterThan(0);
    expect((await words(history))[0]).not.toBe('day2 ');
    const past = await history.stateAt(ROOM, 1);
    expect(past.complete).toBe(false);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, past.update);
    expect(doc.getText('body').toString()).toMatch(/^day0 day1 day2 /);
  });

  test('[SG12] close() leaves no timer', async () => {
    const clock = new FakeClock();
    const one = await running(new MemoryDocStore(), clock, { days: 1, bytes: 1 });
    one.history.start();
    const window = await Window.open(one.hub);
    await window.type('x');
    await one.close();
    expect(clock.pending).toBe(0);
  });
});
