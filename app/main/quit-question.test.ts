// Quitting with a full outbox: it says how many, lets what is on its way leave, and holds nobody up who cannot be asked.
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../shared/base/clock.ts';
import { LEAVING_LIMIT, onlyHereWords } from '../contract/only-here.ts';
import { QuitQuestion } from './quit-question.ts';

function setUp() {
  const clock = new FakeClock();
  const done: string[] = [];
  let answer: (wants: boolean) => void = () => undefined;
  const question = new QuitQuestion({
    clock,
    ask: ({ message }) => {
      done.push(message);
      return new Promise((resolve) => (answer = resolve));
    },
    quit: () => done.push('quit'),
    stay: () => done.push('stay'),
  });
  const say = async (wants: boolean): Promise<void> => {
    answer(wants);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { clock, done, question, say };
}

describe('[X8] quitting', () => {
  it('asks nothing where everything has left', () => {
    const { done, question } = setUp();
    expect(question.mayQuit()).toBe(true);
    question.heard({ count: 2, leaving: false });
    question.heard({ count: 0, leaving: false });
    expect([question.mayQuit(), done]).toEqual([true, []]);
  });

  it('asks with the count, once; who stays is asked again the next time, who quits is not', async () => {
    const { done, question, say } = setUp();
    question.heard({ count: 3, leaving: false });
    expect([question.mayQuit(), question.mayQuit(), done]).toEqual([false, false, ['Quit with 3 changes only here?']]);
    await say(false);
    expect(done.at(-1)).toBe('stay');
    question.heard({ count: 1, leaving: false });
    expect(question.mayQuit()).toBe(false);
    await say(true);
    expect(done.slice(2)).toEqual(['Quit with 1 change only here?', 'quit']);
    expect(question.mayQuit()).toBe(true);
  });

  it('lets what is on its way leave, and asks about what did not in time', () => {
    const { clock, done, question } = setUp();
    question.heard({ count: 2, leaving: true });
    expect(question.mayQuit()).toBe(false);
    question.heard({ count: 0, leaving: false });
    expect([done, clock.pending]).toEqual([['quit'], 0]);
    const slow = setUp();
    slow.question.heard({ count: 2, leaving: true });
    expect(slow.question.mayQuit()).toBe(false);
    slow.clock.advance(LEAVING_LIMIT);
    expect(slow.done).toEqual(['Quit with 2 changes only here?']);
  });

  it('holds up neither a command nor the system', () => {
    const { done, question } = setUp();
    question.heard({ count: 3, leaving: false });
    question.skip();
    expect([question.mayQuit(), done]).toEqual([true, []]);
    expect([1, 3].map((count) => onlyHereWords({ count, leaving: false }))).toEqual([
      '1 change is only here. It leaves when you open Caravan with a connection.',
      '3 changes are only here. They leave when you open Caravan with a connection.',
    ]);
  });
});
