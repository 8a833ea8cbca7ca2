// Waiting until text has gone, before a piece of an attachment goes the same way; it sends nothing.
import type { Clock } from '../../../shared/base/clock.ts';

/** Where text never ends files come as well, a piece each time. */
const POLITE = 1_500;
/** How often it is looked. */
const LOOKING = 10;

export interface Ways {
  /** Whether the link between the two has nothing to send now. */
  readonly isQuiet: () => boolean;
  /** Bytes on the connection for attachments that have not left yet. */
  readonly backlog: () => number;
  readonly isClosed: () => boolean;
  readonly clock: Clock;
}

/** Resolves when the link is quiet and what went before has left, or the connection is closed. */
export async function textFirst({ isQuiet, backlog, isClosed, clock }: Ways): Promise<void> {
  const until = clock.now() + POLITE;
  while (!isClosed() && (backlog() > 0 || (!isQuiet() && clock.now() < until))) {
    await new Promise<void>((resolve) => clock.after(LOOKING, resolve));
  }
}
