// Notices that this computer's network became another one, by looking at its addresses; it opens no connection.
import { networkInterfaces } from 'node:os';
import type { Clock } from '../../shared/base/clock.ts';
import { disposable, type Disposable } from '../../shared/base/disposable.ts';

/** Milliseconds between looks: reading the addresses takes some microseconds. */
const LOOK = 3_000;

/** Calls `run` after each change, until it is disposed. @param addresses replaced by tests. */
export function watchNetwork(clock: Clock, run: () => void, addresses: () => string = addressesHere): Disposable {
  let before = addresses();
  let timer: Disposable;
  const look = (): void => {
    timer = clock.after(LOOK, () => {
      const now = addresses();
      const changed = now !== before;
      before = now;
      look();
      if (changed) run();
    });
  };
  look();
  return disposable(() => timer.dispose());
}

function addressesHere(): string {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address)
    .sort()
    .join(' ');
}
