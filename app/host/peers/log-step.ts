// When a link that this end dialed is followed by another exchange of the membership log: when either end's copy grew. It reads no log, and opens the connection for it through whoever made it.
import { toWireError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { Logger } from '../../../shared/base/logger.ts';

export interface LogStepOptions {
  /** What this end's copy ends with. */
  readonly head: () => string;
  /** Brings both copies in step; a rejection is a failed try. */
  readonly exchange: () => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Milliseconds for which several records are one exchange, and after a try that failed. */
const COLLECT = 50;
const RETRY = 5_000;

export class LogStep implements Disposable {
  readonly #options: LogStepOptions;
  #theirs: string | null = null;
  /** What both copies ended with before and behind an exchange that changed neither: the same two are not brought in step again. */
  #done = '';
  #timer: Disposable | null = null;
  #isRunning = false;
  #disposed = false;

  constructor(options: LogStepOptions) {
    this.#options = options;
  }

  /** The other end's copy ends with this now. */
  told(head: string): void {
    this.#theirs = head;
    this.look();
  }

  /** This end's copy may be another one. */
  look(): void {
    if (!this.#isDue()) return;
    this.#timer ??= this.#options.clock.after(COLLECT, () => void this.#run());
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  /** Not before the other end said where it stands: it does so first on every link. */
  #isDue(): boolean {
    if (this.#disposed || this.#isRunning || this.#theirs === null) return false;
    return this.#options.head() !== this.#theirs && this.#ends() !== this.#done;
  }

  #ends(): string {
    return `${this.#options.head()} ${this.#theirs ?? ''}`;
  }

  async #run(): Promise<void> {
    this.#timer = null;
    if (!this.#isDue()) return;
    const { exchange, clock, logger } = this.#options;
    this.#isRunning = true;
    const before = this.#ends();
    try {
      await exchange();
      // What became different meanwhile may have come too late for it.
      this.#done = before;
      this.#isRunning = false;
      this.look();
    } catch (error) {
      logger.log('info', 'peer-log-not-in-step', { code: toWireError(error).code });
      this.#isRunning = false;
      if (!this.#disposed) this.#timer ??= clock.after(RETRY, () => void this.#run());
    }
  }
}
