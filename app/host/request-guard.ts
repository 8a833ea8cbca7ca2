// Which requests the loopback server answers at all, by Host, Origin and who is asking. Pure; it reads headers only.
import type { IncomingHttpHeaders } from 'node:http';
import type { WindowSessions } from './window-sessions.ts';

export type Verdict =
  | { readonly kind: 'stranger'; readonly status: 400 | 401 | 403 | 421 }
  /** A page of this server without a session. */
  | { readonly kind: 'page' }
  /** A window with its cookie. */
  | { readonly kind: 'window' }
  /** The command line of the folder's owner. */
  | { readonly kind: 'owner' };

/**
 * Host: exactly this server's own (a page of another name that resolves to 127.0.0.1 is turned away). Origin: this
 * server's own or none. The bearer token is for programs: a request with an Origin comes from a page and cannot use it.
 */
export function judge(headers: IncomingHttpHeaders, port: number, sessions: WindowSessions): Verdict {
  if (headers.host !== `127.0.0.1:${port}`) return { kind: 'stranger', status: 421 };
  const { origin, authorization } = headers;
  if (origin !== undefined && origin !== `http://127.0.0.1:${port}`) return { kind: 'stranger', status: 403 };
  if (authorization !== undefined) {
    return origin === undefined && sessions.holdsOwnerToken(authorization)
      ? { kind: 'owner' }
      : { kind: 'stranger', status: 401 };
  }
  return sessions.holdsCookie(headers.cookie) ? { kind: 'window' } : { kind: 'page' };
}

/** An upgrade needs more: a window must show its Origin, which a browser always sends. */
export function mayUpgrade(verdict: Verdict, headers: IncomingHttpHeaders): boolean {
  return verdict.kind === 'owner' || (verdict.kind === 'window' && headers.origin !== undefined);
}
