// Asks before the program quits with changes that are nowhere else; what is on its way may leave first. It stops nothing that cannot wait for an answer.
import type { Clock } from '../../shared/base/clock.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import { LEAVING_LIMIT, NOTHING_ONLY_HERE, quitQuestion, type OnlyHere } from '../contract/only-here.ts';

export interface QuitQuestionParts {
  readonly clock: Clock;
  /** Resolves to whether the person wants to quit all the same. */
  readonly ask: (question: { readonly message: string; readonly detail: string }) => Promise<boolean>;
  /** Goes on with quitting. */
  readonly quit: () => void;
  /** Somebody wants to stay, and the last window may be closed. */
  readonly stay: () => void;
}

export class QuitQuestion {
  readonly #parts: QuitQuestionParts;
  #known = NOTHING_ONLY_HERE;
  #state: 'idle' | 'leaving' | 'asking' | 'answered' = 'idle';
  #timer: Disposable | null = null;

  constructor(parts: QuitQuestionParts) {
    this.#parts = parts;
  }

  /** The newest that the host told. */
  heard(known: OnlyHere): void {
    this.#known = known;
    if (this.#state === 'leaving' && (known.count === 0 || !known.leaving)) this.#next();
  }

  /** Nobody can be asked: a command or the system ends the program. */
  skip(): void {
    this.#state = 'answered';
  }

  /** Whether the program may quit now; if not, it is asked and gone on with later. */
  mayQuit(): boolean {
    if (this.#state === 'answered' || (this.#state === 'idle' && this.#known.count === 0)) return true;
    if (this.#state !== 'idle') return false;
    if (this.#known.leaving) {
      this.#state = 'leaving';
      this.#timer = this.#parts.clock.after(LEAVING_LIMIT, () => this.#next());
    } else void this.#ask();
    return false;
  }

  #next(): void {
    this.#timer?.dispose();
    this.#timer = null;
    if (this.#known.count > 0) void this.#ask();
    else this.#goOn();
  }

  async #ask(): Promise<void> {
    this.#state = 'asking';
    const wants = await this.#parts.ask(quitQuestion(this.#known));
    if (wants) return this.#goOn();
    this.#state = 'idle';
    this.#parts.stay();
  }

  #goOn(): void {
    this.#state = 'answered';
    this.#parts.quit();
  }
}
