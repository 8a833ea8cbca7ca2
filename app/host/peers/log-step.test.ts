// When the logs of two linked computers are brought in step again: whichever end grew, and also in the middle of an exchange.
import { expect, it } from 'vitest';
import { FakeClock } from '../../../shared/base/clock.ts';
import { silentLogger } from '../../../shared/base/logger.ts';
import { LogStep } from './log-step.ts';

/** An exchange takes both copies to the state that they had when it began, put in order. */
class Copies {
  mine = 'a';
  theirs = 'a';
  exchanges = 0;
  /** Happens between the last word of an exchange and its end. */
  atEnd: () => void = () => undefined;
  isInStep = true;
  readonly clock = new FakeClock();
  readonly step = new LogStep({
    head: () => this.mine,
    exchange: async () => {
      this.exchanges += 1;
      await Promise.resolve();
      if (this.isInStep) this.mine = this.theirs = [this.mine, this.theirs].sort().at(-1) ?? '';
      this.atEnd();
      this.atEnd = () => undefined;
    },
    clock: this.clock,
    logger: silentLogger,
  });

  tell(): void {
    this.step.told(this.theirs);
  }

  async pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 50) {
      this.clock.advance(50);
      for (let turns = 0; turns < 10; turns += 1) await Promise.resolve();
    }
  }
}

it('[PE63] what the other end wrote while an exchange ended is fetched by the next one', async () => {
  const copies = new Copies();
  copies.tell();
  await copies.pass(1_000);
  expect(copies.exchanges).toBe(0);
  copies.theirs = 'b';
  copies.tell();
  copies.atEnd = () => {
    copies.theirs = 'c';
    copies.tell();
  };
  await copies.pass(1_000);
  expect([copies.mine, copies.theirs]).toEqual(['c', 'c']);
  expect(copies.exchanges).toBe(2);
});

it('[PE63] what this end wrote while an exchange ended is handed over by the next one', async () => {
  const copies = new Copies();
  copies.tell();
  copies.mine = 'b';
  copies.atEnd = () => {
    copies.mine = 'c';
  };
  copies.step.look();
  await copies.pass(100);
  copies.tell();
  await copies.pass(1_000);
  expect([copies.mine, copies.theirs]).toEqual(['c', 'c']);
});

it('[PE63] copies that an exchange does not bring in step are left until one of them grows', async () => {
  const copies = new Copies();
  copies.isInStep = false;
  copies.theirs = 'b';
  copies.tell();
  await copies.pass(60_000);
  expect(copies.exchanges).toBe(1);
  copies.theirs = 'c';
  copies.tell();
  await copies.pass(60_000);
  expect(copies.exchanges).toBe(2);
});
