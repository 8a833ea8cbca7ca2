// Whether a link is up, as one union and one pure step function; timers and sockets are the driver's (link.ts).
import { isFinalClose } from '../protocol/close-codes.ts';

/** What people are told; the same shape as the link status of app/contract, which adds "none". */
export type LinkStatus =
  | { readonly state: 'connecting'; readonly since: number }
  | { readonly state: 'online'; readonly since: number; readonly url: string }
  /** `retryAt` is null when no retry is planned: the link was not started, or is stopped. */
  | { readonly state: 'offline'; readonly since: number; readonly reason: string; readonly retryAt: number | null }
  | { readonly state: 'refused'; readonly since: number; readonly code: number; readonly reason: string };

export type LinkEvent =
  | { readonly kind: 'start'; readonly at: number }
  | { readonly kind: 'greeted'; readonly at: number; readonly url: string }
  /** The connection, or the try to make one, ended. `wait` is how long to wait before the next, were it to be tried. */
  | {
      readonly kind: 'ended';
      readonly at: number;
      readonly code: number;
      readonly reason: string;
      readonly wait: number;
    }
  /** The wait is over. */
  | { readonly kind: 'due'; readonly at: number }
  /** A person asks to try now. */
  | { readonly kind: 'retry'; readonly at: number }
  | { readonly kind: 'stop'; readonly at: number };

export type LinkEffect =
  | { readonly kind: 'dial' }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'cancelWait' }
  /** Begin the back-off anew. */
  | { readonly kind: 'resetBackoff' }
  /** Reset the back-off once the connection has stood for a while. */
  | { readonly kind: 'watchStability' }
  | { readonly kind: 'hangUp' };

export function initialStatus(at: number): LinkStatus {
  return { state: 'offline', since: at, reason: 'Not started.', retryAt: null };
}

/** `since` of connecting and offline is when the link was last up, or was first wanted: retries do not move it. */
export function step(status: LinkStatus, event: LinkEvent): readonly [LinkStatus, readonly LinkEffect[]] {
  switch (event.kind) {
    case 'start':
      if (status.state !== 'offline' || status.retryAt !== null) return [status, []];
      return [{ state: 'connecting', since: event.at }, [{ kind: 'dial' }]];
    case 'greeted':
      if (status.state !== 'connecting') return [status, []];
      return [{ state: 'online', since: event.at, url: event.url }, [{ kind: 'watchStability' }]];
    case 'ended': {
      if (status.state !== 'connecting' && status.state !== 'online') return [status, []];
      const since = status.state === 'online' ? event.at : status.since;
      if (isFinalClose(event.code)) {
        return [{ state: 'refused', since: event.at, code: event.code, reason: event.reason }, []];
      }
      return [
        { state: 'offline', since, reason: event.reason, retryAt: event.at + event.wait },
        [{ kind: 'wait', milliseconds: event.wait }],
      ];
    }
    case 'due':
      if (status.state !== 'offline' || status.retryAt === null) return [status, []];
      return [{ state: 'connecting', since: status.since }, [{ kind: 'dial' }]];
    case 'retry':
      if (status.state === 'offline' && status.retryAt !== null) {
        return [
          { state: 'connecting', since: status.since },
          [{ kind: 'cancelWait' }, { kind: 'resetBackoff' }, { kind: 'dial' }],
        ];
      }
      if (status.state === 'refused') {
        return [{ state: 'connecting', since: event.at }, [{ kind: 'resetBackoff' }, { kind: 'dial' }]];
      }
      return [status, []];
    case 'stop':
      return [
        { state: 'offline', since: event.at, reason: 'Stopped.', retryAt: null },
        [{ kind: 'cancelWait' }, { kind: 'hangUp' }],
      ];
  }
}
