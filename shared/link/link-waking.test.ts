// Shows how soon a link is back after sleep, another network and a clock set back, and that flapping leaves nothing behind; time is played.
import { describe, expect, it } from 'vitest';
import { hubs, linkFixture, room } from '../../tests/support/link-fixture.ts';
import { FakeClock, type Clock } from '../base/clock.ts';
import { waitAwake } from './wakeful-wait.ts';

const { linked } = linkFixture();
const turns = async (count = 6): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A computer that sleeps: time goes on, timers do not run. */
class SleepyClock implements Clock {
  readonly awake = new FakeClock();
  #slept = 0;
  now(): number {
    return this.awake.now() + this.#slept;
  }
  after(milliseconds: number, run: () => void): ReturnType<Clock['after']> {
    return this.awake.after(milliseconds, run);
  }
  sleep(milliseconds: number): void {
    this.#slept += milliseconds;
  }
  /** Milliseconds awake until `done`, in steps that let everybody act. */
  async until(done: () => boolean, most: number): Promise<number> {
    for (let passed = 0; passed <= most; passed += 50) {
      await turns();
      if (done()) return passed;
      this.awake.advance(50);
    }
    return Number.POSITIVE_INFINITY;
  }
}

describe('[HB3] [CL1] a link whose computer slept', () => {
  it('is back within 10 s when its connection died in the meantime', async () => {
    const clock = new SleepyClock();
    const { member, relay } = hubs();
    const made = await linked(member, relay, { clock, acceptClock: new FakeClock() });
    expect(await clock.until(() => made.link.status.state === 'online', 5_000)).toBeLessThan(5_000);
    await clock.until(() => false, 4_000);
    // Nothing tells that the other end is gone: the wire takes everything and brings nothing.
    made.pipe().pause();
    clock.sleep(8 * 3_600_000);
    expect(await clock.until(() => made.dials() === 2 && made.link.status.state === 'online', 20_000)).toBeLessThan(
      10_000,
    );
  });

  it('is back within 10 s when it slept while it waited to try again', async () => {
    const clock = new SleepyClock();
    const { member, relay } = hubs();
    const made = await linked(member, relay, {
      clock,
      acceptClock: new FakeClock(),
      reachable: false,
      longestWait: 30_000,
    });
    await clock.until(() => made.dials() >= 12, 300_000);
    clock.sleep(3_600_000);
    made.reachable = true;
    expect(await clock.until(() => made.link.status.state === 'online', 40_000)).toBeLessThan(10_000);
  });

  it('[CL3] asks at once on another network, and ends a wait', async () => {
    const clock = new SleepyClock();
    const { member, relay } = hubs();
    const made = await linked(member, relay, { clock, acceptClock: new FakeClock(), longestWait: 30_000 });
    await clock.until(() => made.link.status.state === 'online', 5_000);
    made.pipe().pause();
    made.link.networkChanged();
    expect(await clock.until(() => made.dials() === 2 && made.link.status.state === 'online', 20_000)).toBeLessThan(
      10_000,
    );
    made.reachable = false;
    made.pipe().cut();
    const before = made.dials();
    await clock.until(() => made.dials() >= before + 8, 300_000);
    made.reachable = true;
    made.link.networkChanged();
    expect(await clock.until(() => made.link.status.state === 'online', 20_000)).toBeLessThan(1_000);
  });

  it('a healthy connection survives sleep, another network and a clock that is set back', async () => {
    const clock = new SleepyClock();
    const { member, relay } = hubs();
    const made = await linked(member, relay, { clock });
    await clock.until(() => made.link.status.state === 'online', 5_000);
    made.link.networkChanged();
    clock.sleep(600_000);
    await clock.until(() => false, 30_000);
    clock.sleep(-3_600_000);
    await clock.until(() => false, 120_000);
    expect([made.dials(), made.link.status.state]).toEqual([1, 'online']);
  });

  it('[HB2] a half-open connection is noticed within 45 s, also when the clock was set back', async () => {
    const clock = new SleepyClock();
    const { member, relay } = hubs();
    const made = await linked(member, relay, { clock, acceptClock: new FakeClock() });
    await clock.until(() => made.link.status.state === 'online', 5_000);
    made.pipe().pause();
    made.reachable = false;
    clock.sleep(-3_600_000);
    expect(await clock.until(() => made.link.status.state === 'offline', 60_000)).toBeLessThanOrEqual(45_000);
  });
});

describe('[CL1] flapping every 200 ms', () => {
  it('leaves no timer, listener, channel, open room or memory row behind', async () => {
    const clock = new FakeClock();
    const { member, relay } = hubs();
    for (let i = 0; i < 30; i += 1) {
      member.type(room(`mine${i}`), 'text');
      relay.type(room(`theirs${i}`), 'text');
    }
    const made = await linked(member, relay, { clock });
    const pin = made.link.pin(room('mine0'));
    const counts: number[][] = [];
    for (let flap = 0; flap < 400; flap += 1) {
      for (let step = 0; step < 20; step += 1) {
        clock.advance(10);
        await turns(1);
      }
      made.pipe().cut();
      await turns(3);
      if (flap % 100 === 99) counts.push([clock.pending, member.listeners, relay.listeners, member.held, relay.held]);
      member.type(room(`mine${flap % 30}`), '.');
    }
    expect(made.dials()).toBeGreaterThan(100);
    // What stands between two connections stays the same however often it flapped, but for a timer or two that may be due.
    for (const [timers, ...rest] of counts) {
      expect(timers).toBeLessThanOrEqual(4);
      expect(rest).toEqual([1, 0, 0, 0]);
    }
    // The last edit may not be in the outbox yet: what counts is that both are even. Were it lost, they never would be.
    const isEven = (): boolean =>
      made.link.outbox().length === 0 &&
      made.link.fetching === 0 &&
      Array.from({ length: 30 }, (_, i) => room(`mine${i}`)).every((one) => relay.text(one) === member.text(one));
    for (let step = 0; step < 3_000 && !isEven(); step += 1) {
      clock.advance(20);
      await turns(1);
    }
    for (let i = 0; i < 30; i += 1) {
      expect(relay.text(room(`mine${i}`))).toBe(member.text(room(`mine${i}`)));
      expect(member.text(room(`theirs${i}`))).toBe('text');
    }
    pin.dispose();
    await made.link.close();
    await turns();
    expect([clock.pending, member.listeners, relay.listeners, member.held, relay.held]).toEqual([0, 0, 0, 0, 0]);
    const { spaces, rooms } = await made.memory.load(relay.hub);
    expect([spaces.size, rooms.size]).toEqual([1, 0]);
  });
});

describe('waitAwake', () => {
  it('waits as long as it was told, whatever the length, and leaves no timer when it is let go', () => {
    for (const length of [0, 10, 3_000, 3_001, 29_999]) {
      const clock = new FakeClock();
      const begun = clock.now();
      let ended = 0;
      waitAwake(clock, length, (slept) => (ended = slept ? -1 : clock.now() - begun));
      clock.advance(60_000);
      expect(ended).toBe(length);
      const cancelled = waitAwake(clock, length, () => (ended = -2));
      cancelled.dispose();
      clock.advance(60_000);
      expect([ended, clock.pending]).toEqual([length, 0]);
    }
  });
});
