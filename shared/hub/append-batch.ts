// Updates of one room that are stored as one: what the append takes down, and the one outcome for all who brought them. It stores nothing.
import type { ApplyOutcome, Origin } from '../link/room-source.ts';
import type { Edit } from './edit-recorder.ts';
import { Gain } from './gain.ts';
import { mergeUpdates } from './merge-updates.ts';
import type { UpdateFacts } from './struct-facts.ts';
import { TypedRun } from './typed-run.ts';

/**
 * Tens of thousands of updates wait for one commit where many rooms are written in: of each stays its bytes and who made it, and
 * neither what was read of it nor a promise of its own.
 */
export class AppendBatch {
  readonly updates: Uint8Array[] = [];
  readonly edits: Edit[] = [];
  readonly origins = new Set<Origin>();
  readonly gain = new Gain();
  /** What becomes of all of them. */
  readonly outcome: Promise<ApplyOutcome>;
  #settle: (outcome: ApplyOutcome) => void = () => undefined;
  #unchanged: Promise<ApplyOutcome> | null = null;
  /** Null: somebody else wrote in between, or something else than text. */
  #run: TypedRun | null = new TypedRun();
  #bytes = 0;

  constructor() {
    this.outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** For who brings nothing new, and waits only to learn whether what was there before became durable. */
  get unchanged(): Promise<ApplyOutcome> {
    this.#unchanged ??= this.outcome.then((outcome) => (outcome.kind === 'stored' ? { kind: 'unchanged' } : outcome));
    return this.#unchanged;
  }

  add(update: Uint8Array, facts: UpdateFacts, origin: Origin, edit: Edit | null): void {
    this.updates.push(update);
    if (edit) this.edits.push(edit);
    this.origins.add(origin);
    this.#bytes += update.length;
    if (this.#run && !this.#run.add(facts)) this.#run = null;
  }

  /** All of it as one update. */
  join(): Uint8Array {
    const [first = new Uint8Array(), ...others] = this.updates;
    return (others.length > 0 ? this.#run?.join(this.updates) : null) ?? mergeUpdates([first, ...others]);
  }

  settle(outcome: ApplyOutcome): void {
    this.#settle(outcome);
  }
}
