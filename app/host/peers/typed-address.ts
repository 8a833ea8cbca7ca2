// A computer's address as people type it: digits and a port, strictly read (PE51). It asks no name server and dials nobody.
import { isIP } from 'node:net';
import type { PeerAddress } from './peer-connection.ts';

/** `192.168.43.1:4712`, `[fd00::2]:4712`. */
export function formatAddress({ host, port }: PeerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Null for everything else: names, ranges, addresses that are of nobody or of many, ports that are none. */
export function readAddress(text: string): PeerAddress | null {
  const match = /^(?:\[([0-9A-Fa-f:.]{2,45}(?:%[\w.-]{1,32})?)\]|([0-9.]{7,15})):([1-9]\d{0,4})$/.exec(text.trim());
  if (!match) return null;
  const [, six, four, digits] = match;
  const host = six ?? four ?? '';
  const port = Number(digits);
  const family = isIP(host);
  if (family !== (six === undefined ? 4 : 6) || port > 65_535) return null;
  return isOfOne(host) ? { host: host.toLowerCase(), port } : null;
}

/** Not the address of nobody, and not one of many. */
function isOfOne(host: string): boolean {
  if (host.includes(':')) return !/^ff/i.test(host) && !/^[0:.]+$/.test(host);
  const [first = 0] = host.split('.').map(Number);
  return first > 0 && first < 224;
}
