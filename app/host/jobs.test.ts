import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/base/app-error.ts';
import { FakeClock } from '../../shared/base/clock.ts';
import { Jobs, type JobAnnouncement } from './jobs.ts';

describe('jobs', () => {
  it('[X9] announces progress at most every tenth of a second, and the end at once', async () => {
    const clock = new FakeClock();
    const jobs = new Jobs(clock);
    const heard: JobAnnouncement[] = [];
    jobs.onChange((announcement) => heard.push(announcement));
    let finish = (): void => undefined;
    const id = jobs.start('import', 'a', async ({ progress }) => {
      for (let at = 1; at <= 50; at++) progress(at, 100, 'page');
      await new Promise<void>((resolve) => (finish = resolve));
      return null;
    });
    await Promise.resolve();
    await Promise.resolve();
    clock.advance(100);
    expect(heard.map((one) => one.status.done)).toEqual([50]);
    finish();
    await jobs.ended(id);
    expect(heard.at(-1)?.status).toMatchObject({ state: 'done', done: 50, total: 100 });
    expect(clock.pending).toBe(0);
  });

  it('[X9] a failure keeps its words, a cancel is a cancel, and closing ends what runs', async () => {
    const jobs = new Jobs(new FakeClock());
    const failed = jobs.start('export', 'a', async () => {
      throw new AppError('disk-full', 'The disk is full.');
    });
    const endless = (signal: AbortSignal) =>
      new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null)));
    const cancelled = jobs.start('import', 'b', ({ signal }) => endless(signal));
    expect(() => jobs.start('import', 'b', async () => null)).toThrow(/already/);
    const closed = jobs.start('import', 'c', ({ signal }) => endless(signal));
    await jobs.ended(failed);
    expect(jobs.get(failed).status).toMatchObject({ state: 'failed', message: 'The disk is full.' });
    jobs.cancel(cancelled);
    await jobs.ended(cancelled);
    expect(jobs.get(cancelled).status.state).toBe('cancelled');
    await jobs.close();
    expect(jobs.get(closed).status.state).toBe('cancelled');
    expect(() => jobs.get('unknown')).toThrow(AppError);
  });
});
