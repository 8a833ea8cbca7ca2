// Judges a request before anything is done for it: Host, Origin and path. Pure; who asks is judged elsewhere.
import { isIP } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';
import { isBlobName } from '../shared/base/blob-name.ts';
import { parseRoomName } from '../shared/protocol/room-name.ts';
import { isLoopback, type RelaySettings } from './settings.ts';

export type SocketTarget =
  { readonly kind: 'room'; readonly room: string } | { readonly kind: 'link'; readonly workspace: string };

const WORKSPACE = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;

/**
 * Rule RE2: the Host header must name this relay (a page of another name that resolves to this address is refused), and an
 * Origin, which browsers always send, must be this relay's own or a configured one.
 */
export function isAllowed(headers: IncomingHttpHeaders, settings: RelaySettings): boolean {
  const host = parseHost(headers.host);
  if (!host || !isOurName(host.name, settings)) return false;
  const { origin } = headers;
  if (origin === undefined || settings.allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host.full;
}

/** A page of another name cannot call itself by an address: numbers are as good as a name, where tickets are asked for. */
function isOurName(name: string, { open, host, allowedHosts }: RelaySettings): boolean {
  if (isLoopback(name) || allowedHosts.includes(name)) return true;
  return !open && (name === host || isIP(name) !== 0);
}

/** What a WebSocket's path asks for, or null. */
export function socketTarget(url: string | undefined): SocketTarget | null {
  const path = (url ?? '').split('?', 1)[0] ?? '';
  const workspace = path.startsWith('/v1/link/') ? path.slice('/v1/link/'.length) : null;
  if (workspace !== null && WORKSPACE.test(workspace)) return { kind: 'link', workspace };
  const room = path.slice(1);
  return path.startsWith('/') && parseRoomName(room) ? { kind: 'room', room } : null;
}

/** The workspace whose log a request's path names, or null. */
export function logWorkspace(path: string): string | null {
  const workspace = path.startsWith('/v1/log/') ? path.slice('/v1/log/'.length) : '';
  return WORKSPACE.test(workspace) ? workspace : null;
}

export interface BlobPlace {
  readonly workspace: string;
  readonly space: string;
  readonly name: string;
}

/** Rule BL1: the attachment that a request's path names, letter by letter, or null. */
export function blobPlace(url: string | undefined): BlobPlace | null {
  const [empty, version, blob, workspace = '', space = '', name, ...more] = (url ?? '').split('/');
  if (empty !== '' || version !== 'v1' || blob !== 'blob' || more.length > 0 || !isBlobName(name)) return null;
  return WORKSPACE.test(workspace) && parseRoomName(`${workspace}/${space}/x`) ? { workspace, space, name } : null;
}

function parseHost(header: string | undefined): { readonly full: string; readonly name: string } | null {
  if (header === undefined || !URL.canParse(`http://${header}`)) return null;
  const url = new URL(`http://${header}`);
  // Anything but a host and a port (credentials, a path) is no Host header.
  if (url.username !== '' || url.pathname !== '/' || url.search !== '') return null;
  return { full: url.host, name: url.hostname.replace(/^\[|\]$/g, '') };
}
