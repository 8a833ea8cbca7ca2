// What Electron's main process and the host in its utility process say to each other; documents pass on ports, not here.
import type { WireError } from '../../shared/base/app-error.ts';

/** What the host asks of the system's keyring, which Electron opens to main alone. */
export type VaultAsk =
  { readonly what: 'name' } | { readonly what: 'seal' | 'open'; /** Sealed: base64. */ readonly text: string };
/** The keyring's name, or the text that was sealed or opened; null: there is none, or it does not do that. */
export type VaultAnswer = string | null;

/** Main to host. */
export type ToHost =
  | { readonly type: 'vault-answer'; readonly id: number; readonly answer: VaultAnswer }
  /** One MessagePort is transferred with it: a new window's, or an old window's after a restart of the host. */
  | { readonly type: 'window-port' }
  /** Store everything, say `flushed`, and end with 0. */
  | { readonly type: 'flush-and-exit' };

/** Host to main. */
export type FromHost =
  /** The data folder is open; ports are served from now on. */
  | { readonly type: 'ready' }
  /** It could not start (the folder is owned by another process, damaged, too new); it ends by itself after this. */
  | { readonly type: 'failed'; readonly error: WireError }
  /** Another process serves the folder and shows its windows elsewhere; `url` opens one there, once. It ends by itself after this. */
  | { readonly type: 'elsewhere'; readonly pid: number; readonly shell: string; readonly url: string }
  | { readonly type: 'vault-ask'; readonly id: number; readonly ask: VaultAsk }
  | { readonly type: 'flushed' }
  /** A desktop notification; a click opens `place` (readPlace of notify.ts), which main hands to a page as it is. */
  | {
      readonly type: 'notice';
      readonly id: string;
      readonly title: string;
      readonly body: string;
      readonly place: string;
    }
  /** How many things in all inboxes are new. */
  | { readonly type: 'count'; readonly count: number }
  /** Whether the program goes on when its last window is closed. */
  | { readonly type: 'stay'; readonly stays: boolean }
  /** What would be left on this computer alone if the program ended now; told when it becomes different. */
  | { readonly type: 'only-here'; readonly count: number; readonly leaving: boolean }
  /** A command asked the program to end; main quits as if the person had. */
  | { readonly type: 'quit-asked' };

/** The message, or null for anything else. */
export function readToHost(data: unknown): ToHost | null {
  if (typeof data !== 'object' || data === null || !('type' in data)) return null;
  if (data.type === 'vault-answer') {
    const { id, answer } = data as { id?: unknown; answer?: unknown };
    if (typeof id !== 'number' || (answer !== null && typeof answer !== 'string')) return null;
    return { type: 'vault-answer', id, answer };
  }
  return data.type === 'window-port' || data.type === 'flush-and-exit' ? { type: data.type } : null;
}

/** The message, or null for anything else. */
export function readFromHost(data: unknown): FromHost | null {
  if (typeof data !== 'object' || data === null || !('type' in data)) return null;
  if (data.type === 'ready' || data.type === 'flushed' || data.type === 'quit-asked') return { type: data.type };
  if (data.type === 'elsewhere') return readElsewhere(data);
  if (data.type === 'notice') return readNotice(data);
  if (data.type === 'count') return readCount(data);
  if (data.type === 'only-here') return readOnlyHere(data);
  if (data.type === 'stay') return { type: 'stay', stays: 'stays' in data && data.stays === true };
  if (data.type === 'vault-ask') return readVaultAsk(data);
  if (data.type !== 'failed' || !('error' in data)) return null;
  const { error } = data;
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) return null;
  return { type: 'failed', error: { code: error.code, message: String(error.message) } as WireError };
}

function readNotice(data: object): FromHost | null {
  const { id, title, body, place } = data as { id?: unknown; title?: unknown; body?: unknown; place?: unknown };
  if (typeof id !== 'string' || typeof title !== 'string' || typeof body !== 'string') return null;
  return typeof place === 'string' ? { type: 'notice', id, title, body, place } : null;
}

function readCount(data: object): FromHost | null {
  const { count } = data as { count?: unknown };
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 ? { type: 'count', count } : null;
}

function readOnlyHere(data: object): FromHost | null {
  const { count, leaving } = data as { count?: unknown; leaving?: unknown };
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) return null;
  return { type: 'only-here', count, leaving: leaving === true };
}

/** Only an address on this computer is one of a host. */
function readElsewhere(data: object): FromHost | null {
  const { pid, shell, url } = data as { pid?: unknown; shell?: unknown; url?: unknown };
  if (typeof pid !== 'number' || typeof shell !== 'string' || typeof url !== 'string') return null;
  return /^http:\/\/127\.0\.0\.1:\d+\//.test(url) ? { type: 'elsewhere', pid, shell, url } : null;
}

function readVaultAsk(data: object): FromHost | null {
  const { id, ask } = data as { id?: unknown; ask?: unknown };
  if (typeof id !== 'number' || typeof ask !== 'object' || ask === null) return null;
  const { what, text } = ask as { what?: unknown; text?: unknown };
  if (what === 'name') return { type: 'vault-ask', id, ask: { what } };
  if ((what !== 'seal' && what !== 'open') || typeof text !== 'string') return null;
  return { type: 'vault-ask', id, ask: { what, text } };
}
