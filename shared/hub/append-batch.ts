// Updates of one room that are stored as one: what the append takes down, and the one outcome for all who brought them. It stores nothing.
import type { ApplyOutcome, Origin } from '../link/room-source.ts';
import { EditNotes } from './edit-notes.ts';
import type { Edit } from './edit-recorder.ts';
import { Gain } from './gain.ts';
import { mergeUpdates } from './merge-updates.ts';
import type { UpdateFacts } from './struct-facts.ts';
import { TypedRun } from './typed-run.ts';
import { UpdateLog } from './update-log.ts';

/**
 * Tens of thousands of updates wait for one commit where many rooms are written in: of each stays its bytes and who made it, and
 * neither what was read of it nor a promise of its own.
 */
export class AppendBatch {
  readonly #log = new UpdateLog();
  #notes: EditNotes | null = null;
  readonly origins = new Set<Origin>();
  readonly gain = new Gain();
  /** What becomes of all of them. */
  readonly outcome: Promise<ApplyOutcome>;
  #settle: (outcome: ApplyOutcome) => void = () => undefined;
  #unchanged: Promise<ApplyOutcome> | null = null;
  /** Null: somebody else wrote in between, or something else than text. */
  #run: TypedRun | null = new TypedRun();

  constructor() {
    this.outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** How many there are. */
  get length(): number {
    return this.#log.length;
  }

  get bytes(): number {
    return this.#log.size;
  }

  /** As they came; of those that brought something known only the rest. */
  get updates(): readonly Uint8Array[] {
    return this.#log.all();
  }

  /** What of them was made at this hub, as it came. */
  get edits(): readonly Edit[] {
    return this.#notes?.edits(this.#log) ?? [];
  }

  /** For who brings nothing new, and waits only to learn whether what was there before became durable. */
  get unchanged(): Promise<ApplyOutcome> {
    this.#unchanged ??= this.outcome.then((outcome) => (outcome.kind === 'stored' ? { kind: 'unchanged' } : outcome));
    return this.#unchanged;
  }

  /** Copies the update. */
  add(update: Uint8Array, facts: UpdateFacts, origin: Origin, edit: Edit | null): void {
    const index = this.#log.length;
    const from = this.#log.add(update);
    this.origins.add(origin);
    if (this.#run && !this.#run.add(facts, from)) this.#run = null;
    if (edit) (this.#notes ??= new EditNotes()).add(edit, edit.update === update ? index : null);
  }

  /** All of it as one update. */
  join(): Uint8Array {
    if (this.#log.length === 1) return this.#log.bytes;
    if (this.#run) return this.#run.join(this.#log.bytes);
    const [first = new Uint8Array(), ...others] = this.#log.all();
    return mergeUpdates([first, ...others]);
  }

  settle(outcome: ApplyOutcome): void {
    this.#settle(outcome);
  }
}
