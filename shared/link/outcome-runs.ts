// Messages of one sender that wait for the disk: those that are stored together wait once. It knows no rooms and no bytes.
import type { ApplyOutcome } from './room-source.ts';

/** Messages that follow on, by their numbers, and share an outcome. */
export interface OutcomeRun {
  readonly first: number;
  last: number;
  /** What they weigh together. */
  weight: number;
  /** The first of them was a SyncStep2. */
  readonly step2: boolean;
}

/**
 * A room gives one promise for all that it stores as one. Tens of thousands of updates wait for a commit where many rooms are
 * written in: a listener for each weighed more than the updates.
 */
export class OutcomeRuns {
  readonly #settled: (run: OutcomeRun, outcome: ApplyOutcome) => void;
  #latest: { readonly run: OutcomeRun; readonly outcome: Promise<ApplyOutcome> } | null = null;

  /** @param settled is told of each run once, in the order in which outcomes come. */
  constructor(settled: (run: OutcomeRun, outcome: ApplyOutcome) => void) {
    this.#settled = settled;
  }

  /** `number` is one more than that of the message before. */
  wait(outcome: Promise<ApplyOutcome>, number: number, weight: number, step2: boolean): void {
    const latest = this.#latest;
    if (latest && latest.outcome === outcome && !step2) {
      latest.run.last = number;
      latest.run.weight += weight;
      return;
    }
    const run = { first: number, last: number, weight, step2 };
    this.#latest = { run, outcome };
    void outcome.then((what) => {
      if (this.#latest?.run === run) this.#latest = null;
      this.#settled(run, what);
    });
  }
}
