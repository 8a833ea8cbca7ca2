// What the answers to one origin's questions may cost together, over all its sockets and links (PROTOCOL.md, RM3). It answers nothing.
import type { Clock } from '../base/clock.ts';
import type { QuestionTurns } from '../link/question-turns.ts';

/** Milliseconds of answers that an origin may ask for at once: a browser that comes back with all its documents. */
const BURST = 2_000;
/** Of each millisecond that passes, what is given back: many sockets get no more of the processor than one. */
const SHARE = 0.1;
/** From here an answer is costly (milliseconds): the document had to be decoded for it. */
const COSTLY = 2;
/** Milliseconds that a question waits at most before it is looked at again. */
const LONGEST_WAIT = 10_000;
/** Origins and costly rooms of one that are remembered; beyond it the ones that asked longest ago are forgotten. */
const REMEMBERED = 10_000;

interface Account {
  debt: number;
  at: number;
  /** Until then others have their turn: a costly answer is followed by as long a rest, even where nothing is owed. */
  restsUntil: number;
  /** Rooms whose answers were costly while there was a debt. */
  readonly costly: Set<string>;
}

/**
 * A room is answered without waiting the first time, whatever it costs: a first sync asks once for each. What is asked again,
 * on whichever socket, waits while its origin has used up what it may.
 */
export class QuestionBudget {
  readonly #clock: Clock;
  readonly #accounts = new Map<string, Account>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(origin: string): QuestionTurns {
    return {
      wait: (room) => this.#wait(origin, room),
      spent: (room, milliseconds) => this.#spent(origin, room, milliseconds),
    };
  }

  /** Origins that are remembered. */
  get remembered(): number {
    return this.#accounts.size;
  }

  #wait(origin: string, room: string): number {
    const account = this.#current(origin);
    if (!account?.costly.has(room)) return 0;
    const owed = Math.ceil((account.debt - BURST) / SHARE);
    return Math.min(LONGEST_WAIT, Math.max(0, owed, account.restsUntil - account.at));
  }

  #spent(origin: string, room: string, milliseconds: number): void {
    if (milliseconds <= 0) return;
    const account = this.#current(origin) ?? {
      debt: 0,
      at: this.#clock.now(),
      restsUntil: 0,
      costly: new Set<string>(),
    };
    account.debt += milliseconds;
    if (milliseconds >= COSTLY) {
      account.restsUntil = account.at + milliseconds;
      account.costly.delete(room);
      account.costly.add(room);
      forgetOldest(account.costly);
    }
    this.#accounts.delete(origin);
    this.#accounts.set(origin, account);
    forgetOldest(this.#accounts);
  }

  /** Null: nothing is owed. */
  #current(origin: string): Account | null {
    const account = this.#accounts.get(origin);
    if (!account) return null;
    const now = this.#clock.now();
    // A clock that was set back gives nothing back.
    account.debt -= Math.max(0, now - account.at) * SHARE;
    account.at = now;
    if (account.debt > 0) return account;
    this.#accounts.delete(origin);
    return null;
  }
}

function forgetOldest(kept: Map<string, unknown> | Set<string>): void {
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size > REMEMBERED) kept.delete(oldest);
}
