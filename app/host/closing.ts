// Ends parts one after the other: what stores is waited for, the others have a bounded time together, and the log says what was waited for. It knows no part.
import { toWireError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import type { Logger } from '../../shared/base/logger.ts';

export interface Ending {
  /** Named in the log. */
  readonly part: string;
  readonly end: () => Promise<void> | void;
  /** What somebody wrote is not stored before it has ended: it is waited for, however long it takes. */
  readonly stores?: boolean;
}

/**
 * Milliseconds that everything has together which stores nothing that cannot be made or fetched again. A host ends within ten
 * seconds: up to two are for what is on its way to the relay, one for windows, one for merging, three for sessions.
 */
const PATIENCE = 2_500;
/** Milliseconds for each that comes behind one which took longer than all may. */
const HURRY = 50;
/** Milliseconds after which the log says what is waited for. */
const SAID_AFTER = 1_000;

/** Ends all of them, whichever fails or does not end. Rejects with the first failure, once all the others have ended. */
export async function endAll(
  endings: readonly Ending[],
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<void> {
  const failures: unknown[] = [];
  let isLate = false;
  let hurry = (): void => undefined;
  const late = new Promise<void>((resolve) => (hurry = resolve));
  const patience = clock.after(PATIENCE, () => {
    isLate = true;
    hurry();
  });
  for (const { part, end, stores = false } of endings) {
    const timers: Disposable[] = [clock.after(SAID_AFTER, () => logger.log('warn', 'closing-waits', { part }))];
    const failed = (error: unknown): void =>
      logger.log('error', 'closing-failed', { part, code: toWireError(error).code });
    const ended = started(end).then(() => true);
    const moment = isLate ? new Promise<void>((resolve) => timers.push(clock.after(HURRY, resolve))) : late;
    try {
      if (await (stores ? ended : Promise.race([ended, moment.then(() => false)]))) continue;
      logger.log('error', 'closing-went-on', { part });
      ended.catch(failed);
    } catch (error) {
      failed(error);
      failures.push(error);
    } finally {
      for (const timer of timers) timer.dispose();
    }
  }
  patience.dispose();
  if (failures.length > 0) throw failures[0];
}

async function started(end: Ending['end']): Promise<void> {
  await end();
}
