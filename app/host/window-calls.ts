// Typed calls and announcements of a host over one text pipe; the same for WebSockets and message ports.
import { disposable, type Disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { serveCalls, type TextPipe } from '../contract/call-messages.ts';
import type { Caller } from './caller.ts';
import type { WindowHost } from './window-host.ts';

export interface CallServing extends Disposable {
  /** Give it each incoming text. */
  receive(text: string): void;
}

/** Serves until disposed; calls under way are finished, their answers go nowhere then. */
export function serveCallsOver(host: WindowHost, pipe: TextPipe): CallServing {
  let live = true;
  const guarded: TextPipe = {
    send: (text) => {
      if (live) pipe.send(text);
    },
  };
  const ended = new Emitter<void>();
  const caller: Caller = {
    get ended() {
      return !live;
    },
    onEnd: ended.event,
    tell: (announcement) => guarded.send(JSON.stringify(announcement)),
  };
  const receive = serveCalls(
    guarded,
    (name, params) => host.call(name, params, caller),
    (name, error) =>
      host.logger.log('error', 'call-failed', {
        call: name,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
  );
  const announcing = host.onAnnouncement((announcement) => guarded.send(JSON.stringify(announcement)));
  const ending = disposable(() => {
    live = false;
    announcing.dispose();
    ended.fire();
    ended.clear();
  });
  return { receive: (text) => void receive(text), dispose: () => ending.dispose() };
}
