// Watches a job to its end: progress to stderr, cancelled by SIGINT, its report as the result.
import { AppError } from '../../shared/base/app-error.ts';
import type { ImportReport, JobStatus } from '../contract/entities.ts';
import type { CliEnvironment } from './environment.ts';
import type { OnHost } from './with-host.ts';

export async function runJob(
  environment: CliEnvironment,
  host: OnHost,
  start: () => Promise<{ job: string }>,
): Promise<ImportReport | null> {
  const progress = progressLines(environment);
  const ends = new Map<string, () => void>();
  const ended = new Set<string>();
  const hearing = host.onAnnouncement((announcement) => {
    if (announcement.event !== 'job') return;
    const { id, state } = announcement.status;
    if (state === 'running') return progress(announcement.status);
    ended.add(id);
    ends.get(id)?.();
  });
  try {
    const { job } = await start();
    const cancel = (): void => void host.call('job.cancel', { job }).catch(() => undefined); // The host is gone: so is the job.
    environment.stop.addEventListener('abort', cancel);
    if (environment.stop.aborted) cancel();
    await new Promise<void>((resolve) => {
      ends.set(job, resolve);
      if (ended.has(job)) resolve();
    });
    environment.stop.removeEventListener('abort', cancel);
    const { status, report } = await host.call('job.get', { job });
    if (status.state === 'done') return report;
    if (status.state === 'cancelled') {
      throw new AppError(
        'cancelled',
        'Cancelled. What was finished is kept, nothing is half done; the same command goes on from there.',
      );
    }
    throw new AppError('bad-input', status.message);
  } finally {
    hearing.dispose();
  }
}

/** At most a line for each tenth of the way. */
function progressLines(environment: CliEnvironment): (status: JobStatus) => void {
  let said = 0;
  return ({ done, total }) => {
    if (total === null || total === 0) return;
    const tenth = Math.floor((done / total) * 10);
    if (tenth <= said) return;
    said = tenth;
    environment.err(`${done} of ${total}`);
  };
}
