// What the host answered to one question, asked again when somebody says so; the newest question's answer counts.
import { failureWords } from './failure.ts';

export class Asked<T> {
  readonly #question: () => Promise<T>;
  #answer = $state.raw<T | null>(null);
  #wrong = $state<string | null>(null);
  #round = 0;

  constructor(question: () => Promise<T>) {
    this.#question = question;
  }

  /** Null until the first answer; an older one stays while a newer one is waited for. */
  get answer(): T | null {
    return this.#answer;
  }
  /** Why there is no (newer) answer. */
  get wrong(): string | null {
    return this.#wrong;
  }

  async ask(): Promise<void> {
    const round = ++this.#round;
    try {
      const answer = await this.#question();
      if (round !== this.#round) return;
      this.#answer = answer;
      this.#wrong = null;
    } catch (error) {
      if (round === this.#round) this.#wrong = failureWords(error);
    }
  }
}
