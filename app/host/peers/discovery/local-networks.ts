// The networks that this computer is in, by its addresses, and which addresses lie in them. It opens nothing.
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

export interface LocalNetwork {
  /** The interface's name: `wlan0`. */
  readonly name: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  /** Bits of the network's part. */
  readonly prefix: number;
  /** Numbers the interface where an address alone does not say which one is meant (IPv6 link-local); else 0. */
  readonly scope: number;
  /** Leads to this computer alone. */
  readonly internal: boolean;
}

/** Sorted by name, so that two looks at the same networks are the same. */
export function localNetworks(): readonly LocalNetwork[] {
  const found: LocalNetwork[] = [];
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    for (const { family, address, cidr, internal, ...more } of addresses ?? []) {
      const prefix = Number(cidr?.split('/')[1] ?? Number.NaN);
      if (!Number.isInteger(prefix)) continue;
      const scope = 'scopeid' in more ? more.scopeid : 0;
      found.push({ name, family: family === 'IPv6' ? 'ipv6' : 'ipv4', address, prefix, scope, internal });
    }
  }
  return found.sort((a, b) => compare(a.name, b.name) || compare(a.address, b.address));
}

/** Without the interface behind `%`. */
export function bareAddress(address: string): string {
  return address.split('%', 1)[0] ?? '';
}

/** IPv6 addresses that mean something on one cable alone. */
export function isLinkLocal(address: string): boolean {
  return /^fe[89ab][0-9a-f]:/i.test(address);
}

/** The address as it is dialed, or null. */
export type Neighbours = (address: string, heardOn: LocalNetwork) => string | null;

/**
 * Which addresses lie in one of these networks: an announcement must not make this computer knock elsewhere. `heardOn` says which
 * interface a link-local address belongs to.
 */
export function neighboursOf(networks: readonly LocalNetwork[]): Neighbours {
  const near = new BlockList();
  for (const { family, address, prefix } of networks) {
    // A network of all addresses names no neighbours.
    if (prefix > 0 && !isLinkLocal(address)) near.addSubnet(bareAddress(address), prefix, family);
  }
  return (address, heardOn) => {
    const bare = bareAddress(address);
    const family = isIP(bare) === 4 ? 'ipv4' : isIP(bare) === 6 ? 'ipv6' : null;
    if (family === null) return null;
    if (isLinkLocal(bare)) return heardOn.internal ? null : `${bare}%${zoneOf(heardOn)}`;
    return near.check(bare, family) ? bare : null;
  };
}

/** What stands behind `%`: a number on Windows, a name elsewhere. */
export function zoneOf(network: Pick<LocalNetwork, 'name' | 'scope'>): string {
  return process.platform === 'win32' ? String(network.scope) : network.name;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
