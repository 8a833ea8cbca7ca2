// One try to connect, with a limit in time; a transport that comes too late is closed.
import { AppError } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import { disposable, type Disposable } from '../base/disposable.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { GONE_WITHOUT_A_WORD } from './message-port-transport.ts';
import type { Transport } from './transport.ts';

export type DialOutcome =
  | { readonly kind: 'open'; readonly transport: Transport }
  | { readonly kind: 'failed'; readonly code: number; readonly reason: string };

/** Tells the outcome once, unless it is disposed first. Nothing is thrown. */
export function dialWithin(
  dial: () => Promise<Transport>,
  clock: Clock,
  milliseconds: number,
  onOutcome: (outcome: DialOutcome) => void,
): Disposable {
  let wanted = true;
  const finish = (outcome: DialOutcome): void => {
    if (!wanted) return;
    trying.dispose();
    onOutcome(outcome);
  };
  const timer = clock.after(milliseconds, () =>
    finish({ kind: 'failed', code: GONE_WITHOUT_A_WORD, reason: 'There was no answer in time.' }),
  );
  const trying = disposable(() => {
    wanted = false;
    timer.dispose();
  });
  // In a promise of its own, so that a dial that throws at once is a failed try as well.
  void Promise.resolve()
    .then(dial)
    .then(
      (transport) => {
        if (wanted) finish({ kind: 'open', transport });
        else transport.close(CLOSE.stopping, 'This connection came too late.');
      },
      (error: unknown) => finish({ kind: 'failed', ...failureOf(error) }),
    );
  return trying;
}

function failureOf(error: unknown): { code: number; reason: string } {
  const code = error instanceof AppError ? error.details['closeCode'] : undefined;
  const reason = error instanceof Error && error.message !== '' ? error.message : 'The relay could not be reached.';
  return { code: typeof code === 'number' ? code : GONE_WITHOUT_A_WORD, reason };
}
