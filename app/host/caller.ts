// Who makes a call: one connection of a window or of a command, which ends. What is asked is not known here.
import { disposable, type Disposable } from '../../shared/base/disposable.ts';
import type { Announcement } from '../contract/calls.ts';

export interface Caller {
  /** Nothing reaches it any more. */
  readonly ended: boolean;
  readonly onEnd: (listener: () => void) => Disposable;
  /** Tells this one alone. */
  tell(announcement: Announcement): void;
}

/** Of a call that no connection makes: nothing reaches it. */
export const NO_CALLER: Caller = { ended: true, onEnd: () => disposable(() => undefined), tell: () => undefined };
