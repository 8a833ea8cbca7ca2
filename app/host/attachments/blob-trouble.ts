// How long an attachment waits that did not go up or come down, and what people are told of it. Pure.
import type { NotNow } from './blob-client.ts';

/** Waits after a try that failed: somebody who adds a file brings it soon after its text, or next week. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
/** What is refused, or full, becomes better when somebody does something about it. */
export const LONG_WAIT = 120_000;

export interface Trouble {
  readonly tries: number;
  readonly until: number;
  readonly words: string | null;
}

/** `paused`: it goes on later from where it is. `wait` null: longer with each try. */
export type Outcome = 'done' | 'paused' | Failure;

interface Failure {
  readonly wait: number | null;
  readonly words: string | null;
}

/** After so many tries in a row that nobody answered, or that failed. */
export function waitAfter(tries: number): number {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(tries - 1, 10));
}

export function nextTrouble(before: Trouble | undefined, { wait, words }: Failure, now: number): Trouble {
  const tries = (before?.tries ?? 0) + 1;
  const until = now + (wait ?? waitAfter(tries));
  return { tries, until, words };
}

export function laterThan(answer: NotNow): Failure {
  if (answer.kind === 'refused') return { wait: LONG_WAIT, words: null };
  return { wait: answer.isFull ? LONG_WAIT : null, words: answer.words };
}

export const FULL =
  'The disk of this computer is full. What is here is kept; free some space, and the file is fetched by itself.';
export const GONE = 'The bytes of this file are not on this computer any more. The page is kept; add the file again.';
export const ROTTEN = 'The bytes of this file were damaged on the disk. The page is kept; add the file again.';
