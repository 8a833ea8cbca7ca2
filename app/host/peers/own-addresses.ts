// The addresses under which a computer beside this one may reach it, the likeliest first. It opens nothing.
import { isLinkLocal, type LocalNetwork } from './discovery/local-networks.ts';

/** Interfaces of virtual machines, containers and tunnels: nobody beside this computer is behind them. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vbox|vethernet|utun|tun|tap|wg|zt|tailscale|lxc|cni|flannel|awdl|llw)/i;
/** Wi-Fi, and what a computer that is a hotspot has. */
const WIRELESS = /^(wl|ap\d|en0$|wi-?fi|bridge100$|local area connection\*)/i;
/** Networks that hotspots of computers and phones make. */
const HOTSPOT = /^(10\.42\.|192\.168\.(43|137|2|49)\.|172\.20\.10\.)/;
const UNASKED = /^169\.254\./;

/** Link-local addresses of IPv6 are left out: they are dialed through an interface whose name only the other end knows. */
export function ownAddresses(networks: readonly LocalNetwork[]): readonly string[] {
  return networks
    .filter(({ internal, address }) => !internal && !isLinkLocal(address))
    .map((network) => ({ address: network.address, rank: rankOf(network) }))
    .sort((a, b) => a.rank - b.rank || (a.address < b.address ? -1 : 1))
    .map(({ address }) => address);
}

function rankOf({ name, family, address }: LocalNetwork): number {
  const kind = VIRTUAL.test(name) ? 40 : UNASKED.test(address) ? 20 : 0;
  const near = HOTSPOT.test(address) ? 0 : WIRELESS.test(name) ? 1 : 2;
  return kind + near + (family === 'ipv6' ? 10 : 0);
}
