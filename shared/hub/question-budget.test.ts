// What the questions of one origin may cost together; time is played, nothing is answered.
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../base/clock.ts';
import { QuestionBudget } from './question-budget.ts';

describe('[RM3] one budget for all sockets of an origin', () => {
  it('lets what is costly be asked once for each room, and then as often as the budget gives back', () => {
    const clock = new FakeClock();
    const budget = new QuestionBudget(clock);
    const [laptop, another] = [budget.of('device laptop'), budget.of('device another')];
    for (let room = 0; room < 30; room += 1) {
      expect(laptop.wait(`room${room}`)).toBe(0);
      laptop.spent(`room${room}`, 1_000);
    }
    // The same questions on other sockets: nothing of them is free any more.
    expect(laptop.wait('room3')).toBe(10_000);
    expect([laptop.wait('new'), another.wait('room3')]).toEqual([0, 0]);
    let answered = 0;
    for (let second = 0; second < 3_600; second += 1) {
      for (let room = 0; room < 30; room += 1) {
        if (laptop.wait(`room${room}`) > 0) continue;
        laptop.spent(`room${room}`, 1_000);
        answered += 1;
      }
      clock.advance(1_000);
    }
    // A tenth of the time, whatever the number of sockets.
    expect(answered).toBeGreaterThan(250);
    expect(answered).toBeLessThanOrEqual(360);
  });

  it('lets others have their turn after each costly answer, also while it answers at once', () => {
    // 150 sockets that asked at the same moment were answered one behind the other, two seconds long, in a few turns of the event loop.
    const clock = new FakeClock();
    const laptop = new QuestionBudget(clock).of('laptop');
    laptop.spent('room', 150);
    expect([laptop.wait('room'), laptop.wait('new')]).toEqual([150, 0]);
    clock.advance(149);
    expect(laptop.wait('room')).toBe(1);
    clock.advance(1);
    expect(laptop.wait('room')).toBe(0);
    laptop.spent('cheap', 1);
    expect(laptop.wait('room')).toBe(0);
  });

  it('forgets an origin that owes nothing, and never remembers more than it must', () => {
    const clock = new FakeClock();
    const budget = new QuestionBudget(clock);
    budget.of('device laptop').spent('room', 500);
    clock.advance(5_001);
    expect(budget.of('device laptop').wait('room')).toBe(0);
    expect(budget.remembered).toBe(0);
    for (let at = 0; at < 10_100; at += 1) budget.of(`address ${at}`).spent('room', 1);
    expect(budget.remembered).toBe(10_000);
  });

  it('gives nothing back for a clock that was set back', () => {
    const clock = new FakeClock(10_000_000);
    let back = 0;
    const budget = new QuestionBudget({ now: () => clock.now() - back, after: (ms, run) => clock.after(ms, run) });
    budget.of('laptop').spent('room', 60_000);
    back = 3_600_000;
    expect(budget.of('laptop').wait('room')).toBe(10_000);
  });
});
