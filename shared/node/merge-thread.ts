// Merges large rooms in a thread of their own, so that nobody else waits for it; small ones here. The thread is there while it is needed.
import { Worker } from 'node:worker_threads';
import { toWireError } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import type { Compaction } from '../hub/compaction.ts';
import { MergerHere, type MergeTask, type RoomMerger } from '../hub/room-merger.ts';

/** Bytes of a room that is merged here: what people write in a day, a few milliseconds. */
const SMALL = 64 * 1024;
/** Milliseconds that merging here may take; what is forged goes on in the thread. */
const HERE = 50;
/** Milliseconds in the thread: an honest document at its limit, on a busy machine. Less than a relay has for its end. */
const APART = 3_000;
/** Milliseconds after which a thread that has nothing to do is let go. */
const IDLE = 10_000;
/** Megabytes beyond which it is ended: a document that needs more is no document. */
const MOST_MEMORY = 1_024;

export interface MergeThreadOptions {
  /** The built thread (`dist/merge.cjs`). */
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class MergeThread implements RoomMerger {
  readonly #options: MergeThreadOptions;
  readonly #here: MergerHere;
  #worker: Worker | null = null;
  /** It reads its code: what a busy machine takes for that is none of the time for merging. */
  #ready: Promise<unknown> = Promise.resolve();
  #idle: Disposable | null = null;
  /** Takes what becomes of the task that is under way. */
  #answer: ((compaction: Compaction) => void) | null = null;
  /** One after the other, whoever asks. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: MergeThreadOptions) {
    this.#options = options;
    this.#here = new MergerHere(options.clock, HERE);
  }

  /** Whether the thread is there. */
  get isRunning(): boolean {
    return this.#worker !== null;
  }

  async merge(task: MergeTask): Promise<Compaction> {
    if (task.updates.reduce((sum, { length }) => sum + length, 0) <= SMALL) {
      const merged = await this.#here.merge(task);
      if (merged.kind !== 'too-slow') return merged;
    }
    const merging = this.#last.then(() => this.#apart(task));
    this.#last = merging;
    return merging;
  }

  /** Ends the thread, whatever it is doing. */
  async close(): Promise<void> {
    this.#idle?.dispose();
    await this.#worker?.terminate();
  }

  async #apart(task: MergeTask): Promise<Compaction> {
    const { clock } = this.#options;
    this.#idle?.dispose();
    const worker = (this.#worker ??= this.#start());
    const ended = new Promise<Compaction>((resolve) => {
      this.#answer = resolve;
    });
    await this.#ready;
    const timer = clock.after(APART, () => void worker.terminate());
    worker.postMessage(task);
    const compaction = await ended;
    timer.dispose();
    if (this.#worker) this.#idle = clock.after(IDLE, () => void this.#letGo());
    return compaction;
  }

  #start(): Worker {
    const { file, logger } = this.#options;
    const worker = new Worker(file, {
      name: 'merge',
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
    });
    // Out of memory, or not there: its end follows.
    worker.on('error', (error) => logger.log('warn', 'merge-thread-failed', { message: toWireError(error).message }));
    // Its first message says that it is there.
    this.#ready = new Promise((resolve) => worker.once('message', resolve).once('exit', resolve));
    void this.#ready.then(() => worker.on('message', (compaction: Compaction) => this.#answer?.(compaction)));
    worker.once('exit', () => {
      // Also one that ends while nothing is asked of it: the next task gets a new one.
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#answer?.({ kind: 'too-slow' });
    });
    return worker;
  }

  async #letGo(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}
