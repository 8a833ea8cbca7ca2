// Long work that can be watched and cancelled: one entry a job, announced at most every tenth of a second. It does no work itself.
import { AppError, toWireError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { randomId } from '../../shared/base/random-id.ts';
import type { Announcement, CallResult } from '../contract/calls.ts';
import type { JobStatus } from '../contract/entities.ts';

type Report = CallResult<'job.get'>['report'];
export type JobAnnouncement = Extract<Announcement, { event: 'job' }>;

export interface JobContext {
  /** Aborted when somebody cancels, or the host stops. */
  readonly signal: AbortSignal;
  progress(done: number, total: number | null, message: string): void;
  /** From now on it is too late to cancel: what is being written is written to its end. Throws `cancelled` where somebody did before. */
  commit(): void;
  /** Keeps a file for whoever asked for the job, until it is taken; only the newest of all jobs is kept. */
  keep(file: JobFile): void;
}

/** What a job made in memory, to be given to a window. */
export interface JobFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface Job {
  /** What it works on; two jobs never work on the same. */
  readonly subject: string;
  status: JobStatus;
  report: Report;
  file: JobFile | null;
  readonly abort: AbortController;
  readonly finished: Promise<void>;
  committed: boolean;
}

const ANNOUNCE_EVERY = 100;
/** Finished jobs are remembered so that a window that comes back finds its report. */
const REMEMBERED = 50;

export class Jobs {
  readonly #clock: Clock;
  readonly #jobs = new Map<string, Job>();
  readonly #announced = new Emitter<JobAnnouncement>();
  readonly #waiting = new Map<string, Disposable>();
  readonly onChange = this.#announced.event;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Starts at once; what `run` throws becomes the job's message. Throws when one works on the same subject already. */
  start(kind: JobStatus['kind'], subject: string, run: (context: JobContext) => Promise<Report>): string {
    for (const job of this.#jobs.values()) {
      if (job.subject !== subject || job.status.state !== 'running') continue;
      throw new AppError(
        'already-exists',
        'The same is being done already. Nothing was started; wait until it is done, or cancel it.',
      );
    }
    const id = randomId();
    const abort = new AbortController();
    const context: JobContext = {
      signal: abort.signal,
      keep: (file) => {
        for (const job of this.#jobs.values()) job.file = null;
        const own = this.#jobs.get(id);
        if (own) own.file = file;
      },
      commit: () => {
        if (abort.signal.aborted) throw new AppError('cancelled', 'It was cancelled. Nothing was written.');
        const own = this.#jobs.get(id);
        if (own) own.committed = true;
      },
      progress: (done, total, message) => this.#progress(id, { done, total, message: message.slice(0, 1_000) }),
    };
    const finished = Promise.resolve()
      .then(() => run(context))
      .then(
        (report) => this.#finish(id, abort.signal.aborted ? 'cancelled' : 'done', report, null),
        (error: unknown) => {
          const cancelled = abort.signal.aborted || (error instanceof AppError && error.code === 'cancelled');
          this.#finish(id, cancelled ? 'cancelled' : 'failed', null, toWireError(error).message);
        },
      );
    this.#jobs.set(id, {
      subject,
      status: { id, kind, state: 'running', done: 0, total: null, message: '' },
      report: null,
      file: null,
      abort,
      finished,
      committed: false,
    });
    this.#forgetOld();
    return id;
  }

  get(id: string): CallResult<'job.get'> {
    const job = this.#jobs.get(id);
    if (!job) throw new AppError('not-found', 'This job is not known any more. What it did is kept.');
    return { status: job.status, report: job.report };
  }

  /** The file that the job made, once; throws where there is none (any more). */
  take(id: string): JobFile {
    const job = this.#jobs.get(id);
    const file = job?.status.state === 'done' ? job.file : null;
    if (!job || !file)
      throw new AppError('not-found', 'This file is not here any more. Nothing was changed; make it again.');
    job.file = null;
    return file;
  }

  /** Does nothing to a job that said that it is too late. */
  cancel(id: string): void {
    const job = this.#jobs.get(id);
    if (job && !job.committed) job.abort.abort();
  }

  /** Resolves when the job has ended, however it ended. */
  async ended(id: string): Promise<void> {
    await this.#jobs.get(id)?.finished;
  }

  get running(): readonly JobStatus[] {
    return [...this.#jobs.values()].map((job) => job.status).filter((status) => status.state === 'running');
  }

  /** Cancels what runs and waits until it has stopped. */
  async close(): Promise<void> {
    for (const id of this.#jobs.keys()) this.cancel(id);
    await Promise.all([...this.#jobs.values()].map((job) => job.finished));
    for (const timer of this.#waiting.values()) timer.dispose();
    this.#waiting.clear();
  }

  #progress(id: string, part: Pick<JobStatus, 'done' | 'total' | 'message'>): void {
    const job = this.#jobs.get(id);
    if (!job || job.status.state !== 'running') return;
    job.status = { ...job.status, ...part };
    if (this.#waiting.has(id)) return;
    this.#waiting.set(
      id,
      this.#clock.after(ANNOUNCE_EVERY, () => {
        this.#waiting.delete(id);
        this.#announce(job);
      }),
    );
  }

  #finish(id: string, state: JobStatus['state'], report: Report, message: string | null): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    this.#waiting.get(id)?.dispose();
    this.#waiting.delete(id);
    job.status = { ...job.status, state, message: message ?? job.status.message };
    job.report = report;
    this.#announce(job);
  }

  #announce(job: Job): void {
    this.#announced.fire({ event: 'job', status: job.status, report: job.report });
  }

  #forgetOld(): void {
    const ended = [...this.#jobs].filter(([, job]) => job.status.state !== 'running');
    for (const [id] of ended.slice(0, Math.max(0, ended.length - REMEMBERED))) this.#jobs.delete(id);
  }
}
