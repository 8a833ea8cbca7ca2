// What an Electron window's page and its preload say to each other by window.postMessage, and preload and main by IPC.
// No document byte and no call passes here: they travel on the port that is handed over.

/** IPC channels between preload and main. */
export const SHELL_CHANNEL = Object.freeze({
  /** Preload to main: give this window a port to the host. Answered with `port` as soon as the host is there. */
  askPort: 'caravan:ask-port',
  /** Preload to main: the page listens now; what waited for it (a link that was clicked) may come. */
  pageReady: 'caravan:page-ready',
  /** Preload to main: save what this window shows as a PDF file. */
  savePdf: 'caravan:save-pdf',
  /** Main to preload, with one MessagePort transferred. */
  port: 'caravan:port',
  /** Main to preload: a ShellEvent. */
  event: 'caravan:event',
});

/** What the native menus ask of the page; a page ignores what it does not know. */
export type ShellCommand = 'new-page' | 'palette' | 'settings' | 'help' | 'undo' | 'redo';
const COMMANDS: ReadonlySet<string> = new Set<ShellCommand>([
  'new-page',
  'palette',
  'settings',
  'help',
  'undo',
  'redo',
]);

/** What main tells the page of its own accord. */
export type ShellEvent =
  /** The host stopped; ports to it are dead. It is started again by itself: ask for a new port. */
  | { readonly event: 'host-gone' }
  /** A `caravan://join#...`, `caravan://device#...` or `caravan://peer#...` link was opened; its shape was checked, its content was not. */
  | { readonly event: 'join-link'; readonly link: string }
  /** A notification was clicked, or the tray: the place as the host wrote it (readPlace of notify.ts), or '' for the inbox. */
  | { readonly event: 'open-place'; readonly place: string }
  | { readonly event: 'command'; readonly command: ShellCommand };

/**
 * Page to preload. Post with `window.postMessage(message, location.origin)`.
 * `ask-port`: each one is answered by one `port` message, also after the host was started again.
 */
export type PageMessage = { readonly caravan: 'ask-port' | 'page-ready' | 'save-pdf' };

/** Preload to page; `port` carries the MessagePort in `event.ports[0]`. Only `event.source === window` counts. */
export type PreloadMessage = { readonly caravan: 'port' } | { readonly caravan: 'event'; readonly detail: ShellEvent };

/** What preload exposes as `window.caravanShell`: facts, no functions. */
export interface ShellFacts {
  readonly kind: 'electron';
  /** As process.platform. */
  readonly platform: string;
  /** Electron's version. */
  readonly version: string;
}

function kindOf(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'caravan' in data ? data.caravan : undefined;
}

/** The page's message, or null for anything else. */
export function readPageMessage(data: unknown): PageMessage | null {
  const kind = kindOf(data);
  return kind === 'ask-port' || kind === 'page-ready' || kind === 'save-pdf' ? { caravan: kind } : null;
}

/** The event, or null for anything else; copies only what is known. */
export function readShellEvent(data: unknown): ShellEvent | null {
  if (typeof data !== 'object' || data === null || !('event' in data)) return null;
  if (data.event === 'host-gone') return { event: 'host-gone' };
  if (data.event === 'join-link' && 'link' in data && typeof data.link === 'string') {
    return { event: 'join-link', link: data.link };
  }
  if (data.event === 'open-place' && 'place' in data && typeof data.place === 'string') {
    return { event: 'open-place', place: data.place };
  }
  if (data.event === 'command' && 'command' in data && COMMANDS.has(String(data.command))) {
    return { event: 'command', command: String(data.command) as ShellCommand };
  }
  return null;
}

/** The preload's message, or null for anything else. */
export function readPreloadMessage(data: unknown): PreloadMessage | null {
  const kind = kindOf(data);
  if (kind === 'port') return { caravan: 'port' };
  if (kind !== 'event' || typeof data !== 'object' || data === null || !('detail' in data)) return null;
  const detail = readShellEvent(data.detail);
  return detail && { caravan: 'event', detail };
}
