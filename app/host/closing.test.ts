// The end of a host's parts: none of them keeps the store open, and what is stored is waited for.
import { expect, it } from 'vitest';
import { AppError } from '../../shared/base/app-error.ts';
import { FakeClock } from '../../shared/base/clock.ts';
import type { Logger } from '../../shared/base/logger.ts';
import { endAll, type Ending } from './closing.ts';

function bench() {
  const clock = new FakeClock();
  const said: string[] = [];
  const ended: string[] = [];
  const logger: Logger = {
    log: (_level, event, fields) => said.push(`${event} ${String(fields?.['part'])}`),
    child: () => logger,
  };
  const part = (name: string, rest: Partial<Ending> = {}): Ending => ({
    part: name,
    end: () => void ended.push(name),
    ...rest,
  });
  return { clock, said, ended, part, parts: { clock, logger } };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = (): Promise<void> => new Promise(() => undefined);

it('[X7] one after the other, in their order, without a word and without a timer left', async () => {
  const { clock, said, ended, part, parts } = bench();
  await endAll([part('links'), part('hub', { stores: true }), part('store', { stores: true })], parts);
  expect(ended).toEqual(['links', 'hub', 'store']);
  expect(said).toEqual([]);
  expect(clock.pending).toBe(0);
});

it('[X7] a part that never ends is named, and the store is closed all the same', async () => {
  const { clock, said, ended, part, parts } = bench();
  const closing = endAll(
    [part('search', { end: never }), part('links', { end: never }), part('inbox'), part('store', { stores: true })],
    parts,
  );
  clock.advance(1_000);
  expect(said).toEqual(['closing-waits search']);
  expect(ended).toEqual([]);
  clock.advance(1_500);
  await settled();
  expect(said).toEqual(['closing-waits search', 'closing-went-on search']);
  clock.advance(50);
  await closing;
  expect(said.at(-1)).toBe('closing-went-on links');
  expect(ended).toEqual(['inbox', 'store']);
  expect(clock.pending).toBe(0);
});

it('[X7] what stores is waited for beyond that, and said', async () => {
  const { clock, said, ended, part, parts } = bench();
  let done = (): void => undefined;
  const writing = new Promise<void>((resolve) => (done = resolve));
  const closing = endAll([part('hub', { end: () => writing, stores: true }), part('store', { stores: true })], parts);
  clock.advance(60_000);
  await settled();
  expect(said).toEqual(['closing-waits hub']);
  expect(ended).toEqual([]);
  done();
  await closing;
  expect(ended).toEqual(['store']);
  expect(clock.pending).toBe(0);
});

it('[X7] a part that fails is named, keeps nothing open, and is told of at the end', async () => {
  const { said, ended, part, parts } = bench();
  const fail = (): never => {
    throw new AppError('disk-full', 'The disk is full.');
  };
  const closing = endAll([part('inbox', { end: fail }), part('store', { stores: true })], parts);
  await expect(closing).rejects.toThrow('The disk is full.');
  expect(said).toEqual(['closing-failed inbox']);
  expect(ended).toEqual(['store']);
});
