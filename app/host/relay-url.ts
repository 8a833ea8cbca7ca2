// The relay's address as people type it, brought into one form; it opens no connection.
import { AppError } from '../../shared/base/app-error.ts';

/** A relay's WebSocket base, without a slash at the end: `ws://127.0.0.1:4680`, `wss://relay.example.org/caravan`. */
export type RelayUrl = string;

const SOCKET_SCHEMES: Readonly<Record<string, string>> = {
  'ws:': 'ws:',
  'wss:': 'wss:',
  'http:': 'ws:',
  'https:': 'wss:',
};

/** Accepts ws, wss, http and https, with or without a slash at the end. Throws bad-input for anything else. */
export function parseRelayUrl(text: string): RelayUrl {
  const trimmed = text.trim();
  const url = URL.canParse(trimmed) ? new URL(trimmed) : null;
  const scheme = url && SOCKET_SCHEMES[url.protocol];
  if (!url || !scheme || url.hostname === '') {
    throw new AppError(
      'bad-input',
      `"${trimmed.slice(0, 200)}" is not a relay's address. Nothing was changed. It looks like ws://127.0.0.1:4680 or wss://relay.example.org.`,
    );
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new AppError(
      'bad-input',
      "A relay's address holds no user name, no password and no question mark. Nothing was changed. Leave them out.",
    );
  }
  return `${scheme}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
}

/** The same relay for HTTP requests. */
export function httpBase(relay: RelayUrl): string {
  return relay.replace(/^ws/, 'http');
}

/** Whether the membership log can name it: a relay below a path, or with a very long name, is known by its key alone. */
export function isRecordableUrl(relay: RelayUrl): boolean {
  return relay.length <= 200 && /^wss?:\/\/[^\s/?#@]+$/.test(relay);
}

/** Whether anybody between here and there could read along. */
export function isUnprotected(relay: RelayUrl): boolean {
  const { protocol, hostname } = new URL(relay);
  return protocol === 'ws:' && hostname !== '127.0.0.1' && hostname !== 'localhost' && hostname !== '[::1]';
}
