// Tells the other end of a link that the membership log has a new record; it reads no log and sends none.
import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';
import type { LogFrame } from '../protocol/log-frames.ts';

/** A hub's copy of a workspace's log, as far as links tell of it. */
export interface LogHead {
  /** The newest record's hash; null where there is none. */
  head(): string | null;
  /** It may be another one now. */
  readonly onChange: Event<void>;
}

/** Rule ML1: the head after the hellos, and each time that it becomes another one, until disposed. */
export function tellLog(log: LogHead, send: (frame: LogFrame) => void): Disposable {
  let told: string | null = null;
  const tell = (): void => {
    const head = log.head();
    if (head === null || head === told) return;
    told = head;
    send({ kind: 'log', head });
  };
  tell();
  return log.onChange(tell);
}
