// The browser's shell: WebSockets to the page's own origin, after the one-time token was exchanged for a cookie.
import { disposable, type Disposable } from '../../../shared/base/disposable.ts';
import type { PipeEnd, PipeListener, Shell } from './shell.ts';

const STRANGER =
  'This address was opened without its key, or the key was used before. Nothing was changed. Start Caravan again: it opens a window that works.';

/** The token of an address like `http://127.0.0.1:4711/#token=...`, or null. */
export function tokenOfFragment(fragment: string): string | null {
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get('token');
  return token !== null && /^[A-Za-z0-9_-]{16,256}$/.test(token) ? token : null;
}

export class BrowserShell implements Shell {
  readonly kind = 'browser';
  readonly rooms: Shell['rooms'];
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
    this.rooms = { url: origin.replace(/^http/, 'ws'), Socket: WebSocket };
  }

  dial(listener: PipeListener): Disposable {
    let live = true;
    let opened = false;
    const socket = new WebSocket(`${this.rooms.url}/v1/calls`);
    const end = (result: PipeEnd): void => {
      if (!live) return;
      live = false;
      listener.onEnd(result);
    };
    socket.addEventListener('open', () => {
      if (!live) return;
      opened = true;
      listener.onOpen({ send: (text) => socket.send(text) });
    });
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (live && typeof event.data === 'string') listener.onText(event.data);
    });
    socket.addEventListener('close', () => {
      if (opened) {
        end({ kind: 'lost', reason: 'The host closed the connection.' });
        return;
      }
      // A refused upgrade and a stopped host look alike to a WebSocket; an ordinary request tells them apart.
      void this.#knowsMe().then((known) => {
        end(
          known === false ? { kind: 'refused', reason: STRANGER } : { kind: 'lost', reason: 'The host is not there.' },
        );
      });
    });
    return disposable(() => {
      live = false;
      socket.close();
    });
  }

  /** Whether the host takes this window's cookie; null where it does not answer. */
  async #knowsMe(): Promise<boolean | null> {
    try {
      const answer = await fetch(`${this.#origin}/v1/session`, { method: 'GET', credentials: 'same-origin' });
      return answer.status !== 401 && answer.status !== 403;
    } catch {
      return null; // Unreachable is an expected answer here, and the caller says so.
    }
  }
}

/** Exchanges the token in the address for the cookie and takes it out of the address. Failing shows itself in dial(). */
export async function takeSession(location: Location, history: History): Promise<void> {
  const token = tokenOfFragment(location.hash);
  if (token === null) return;
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  try {
    await fetch(`${location.origin}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'same-origin',
      body: JSON.stringify({ token }),
    });
  } catch {
    // The host is gone already; the connection that follows says so and goes on trying.
  }
}
