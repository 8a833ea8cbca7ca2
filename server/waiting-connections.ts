// Connections that are no WebSockets (yet): when there are too many, the oldest of whoever has most is cut. It reads nothing.
import type { Socket } from 'node:net';
import { plain } from './socket-tally.ts';

/**
 * Half-open connections and requests that never end would otherwise keep everybody else out until they are cut by time. Who
 * floods loses its own: an address with fewer keeps them.
 */
export class WaitingConnections {
  readonly #most: number;
  /** By address, the oldest first. */
  readonly #waiting = new Map<string, Set<Socket>>();
  readonly #addresses = new Map<Socket, string>();

  constructor(most: number) {
    this.#most = most;
  }

  get count(): number {
    return this.#addresses.size;
  }

  /** A connection was taken; it counts until it is upgraded or ends. */
  came(socket: Socket): void {
    const address = plain(socket.remoteAddress ?? '');
    this.#addresses.set(socket, address);
    const known = this.#waiting.get(address);
    if (known) known.add(socket);
    else this.#waiting.set(address, new Set([socket]));
    socket.once('close', () => this.upgraded(socket));
    if (this.count > this.#most) this.#cutOne();
  }

  /** It is a WebSocket now, and counted as such. */
  upgraded(socket: Socket): void {
    const address = this.#addresses.get(socket);
    if (address === undefined) return;
    this.#addresses.delete(socket);
    const sockets = this.#waiting.get(address);
    sockets?.delete(socket);
    if (sockets?.size === 0) this.#waiting.delete(address);
  }

  #cutOne(): void {
    let largest: ReadonlySet<Socket> = new Set();
    for (const sockets of this.#waiting.values()) if (sockets.size > largest.size) largest = sockets;
    const [oldest] = largest;
    if (!oldest) return;
    this.upgraded(oldest);
    oldest.destroy();
  }
}
