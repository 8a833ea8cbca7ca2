// How many sockets one device, or where nothing is proved one address, has open at this relay. It opens and closes none.
import type { Disposable } from '../shared/base/disposable.ts';
import { disposable } from '../shared/base/disposable.ts';
import type { Principal } from '../shared/link/room-source.ts';
import { LIMITS } from '../shared/protocol/limits.ts';
import { isLoopback } from './settings.ts';

/**
 * Who a socket is counted for. A device that proved itself counts wherever it connects from; two people behind one router are
 * one address until they do.
 */
export function originOf({ device }: Principal, address: string | undefined): string {
  return device === null ? `address ${plain(address ?? '')}` : `device ${device}`;
}

export class SocketTally {
  readonly #perAddress: number;
  readonly #open = new Map<string, number>();

  /**
   * @param perAddress the most that one address may have; 0: as many as a device, and this computer's own addresses without a
   * bound of their own, since a proxy in front of the relay makes everybody one of them.
   */
  constructor(perAddress: number) {
    this.#perAddress = perAddress;
  }

  mayOpen(origin: string): boolean {
    return (this.#open.get(origin) ?? 0) < this.#most(origin);
  }

  /** Counts one more until it is disposed. */
  opened(origin: string): Disposable {
    this.#open.set(origin, (this.#open.get(origin) ?? 0) + 1);
    return disposable(() => {
      const left = (this.#open.get(origin) ?? 1) - 1;
      if (left > 0) this.#open.set(origin, left);
      else this.#open.delete(origin);
    });
  }

  /** Origins that have sockets open. */
  get origins(): number {
    return this.#open.size;
  }

  #most(origin: string): number {
    if (origin.startsWith('device ')) return LIMITS.socketsPerDevice;
    if (this.#perAddress > 0) return this.#perAddress;
    return isLoopback(origin.slice('address '.length)) ? Infinity : LIMITS.socketsPerDevice;
  }
}

/** IPv4 as it is written, also where it came through a socket of both kinds. */
export function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
