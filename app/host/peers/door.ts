// The door of a host: where members' computers come in and are called without a relay, and nobody else learns anything. It keeps no links.
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { DeviceKey } from '../../../shared/access/identity.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { Event } from '../../../shared/base/emitter.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import { CLOSE } from '../../../shared/protocol/close-codes.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import type { WorkspaceLog } from '../membership.ts';
import { REHEARSING } from '../rehearsal.ts';
import { admit, type Admission } from './admission.ts';
import { CodeTries } from './code-tries.ts';
import { makeDoorCertificate } from './door-certificate.ts';
import { DoorGuard, plainAddress, type Arrival } from './door-guard.ts';
import { dialPeer, listenForPeers, type Listening, type OpenSocket } from './door-socket.ts';
import { greet, welcome, type ProvedPeer } from './handshake.ts';
import type { InStep } from './log-exchange.ts';
import { localNetworks } from './discovery/local-networks.ts';
import { ownAddresses } from './own-addresses.ts';
import { NO_CODES, type PeerCodes } from './peer-codes.ts';
import type { PeerAddress, PeerConnection, PeerDoor, PeerExpectation, PeerPurpose } from './peer-connection.ts';

export interface PeerOptions {
  /** The address to listen on, and, where it is one of this computer's, to call from; `ALL_ADDRESSES`: every one. */
  readonly listen: string;
  /** Insists on this port; without it the folder's own is used, or a free one where that is taken. */
  readonly port?: number;
}

/** IPv6 and IPv4 alike, where a computer has both. */
export const ALL_ADDRESSES = '::';
const ALL_OF_IPV4 = '0.0.0.0';
/** How long connections may take to say goodbye when the door closes. */
const FAREWELL = 2_000;

export interface DoorParts {
  readonly device: DeviceKey;
  readonly workspaces: {
    readonly all: readonly { readonly log: WorkspaceLog }[];
    find(id: string): { readonly log: WorkspaceLog } | null;
  };
  /** Where the port is remembered. */
  readonly settings: { readonly peerPort: number | null; setPeerPort(port: number): Promise<void> };
  readonly options: PeerOptions;
  readonly codes?: PeerCodes;
  /** While it is on nobody comes in or is called, and whoever is here goes. */
  readonly rehearsing?: { readonly isOn: boolean; readonly onChange: Event<unknown> };
  readonly clock: Clock;
  readonly logger: Logger;
  /** Versions spoken here, best first; tests alone give others. */
  readonly versions?: readonly number[];
}

export class Door implements PeerDoor {
  readonly #parts: DoorParts;
  readonly #guard: DoorGuard;
  readonly #codes: PeerCodes;
  readonly #tries: CodeTries;
  readonly #takers = new Map<PeerPurpose, (connection: PeerConnection) => void>();
  readonly #rehearsing: Disposable | null;
  readonly #stopping = new AbortController();
  readonly #sockets = new Set<WebSocket>();
  /** Connections that others made and that are not over, by where they come from. */
  readonly #arrivals = new Map<string, Arrival>();
  /** Connections that were handed over, by device. */
  readonly #present = new Map<string, number>();
  readonly #work = new Set<Promise<unknown>>();
  #listening: Listening | null = null;

  /** Dials at once, and lets nobody in before listen(). */
  constructor(parts: DoorParts) {
    this.#parts = parts;
    this.#guard = new DoorGuard(parts.clock);
    this.#codes = parts.codes ?? NO_CODES;
    this.#tries = new CodeTries(this.#codes);
    this.#rehearsing =
      parts.rehearsing?.onChange(() => {
        if (this.#isOff) for (const socket of this.#sockets) dismiss(socket);
      }) ?? null;
  }

  /** Connections that other computers made for `purpose` are handed to `take`, which owns them, and subscribes at once. */
  serve(purpose: PeerPurpose, take: (connection: PeerConnection) => void): void {
    this.#takers.set(purpose, take);
  }

  /** Lets members in from now on, where this computer lets it listen; where it does not, it can dial all the same. */
  async listen(): Promise<void> {
    const { options, settings, logger } = this.#parts;
    const certificate = makeDoorCertificate();
    for (const [address, port] of triesOf(options, settings.peerPort)) {
      try {
        this.#listening = await listenForPeers({
          certificate,
          address,
          port,
          onArrival: (socket) => this.#arrived(socket),
          onOpen: (open) => this.#opened(open),
        });
        const isChosen = options.port === undefined && settings.peerPort === null;
        if (isChosen) await settings.setPeerPort(this.#listening.port);
        return;
      } catch (error) {
        logger.log('info', 'peer-port-not-had', { address, port, error: String(error) });
      }
    }
    logger.log('warn', 'no-peer-port', { address: options.listen });
  }

  /** Where others may reach it, the likeliest first. */
  get addresses(): readonly string[] {
    const { listen } = this.#parts.options;
    return listen === ALL_ADDRESSES || listen === ALL_OF_IPV4 ? ownAddresses(localNetworks()) : [listen];
  }

  get port(): number | null {
    return this.#listening?.port ?? null;
  }

  /** Those that came and are not let in yet. */
  get waiting(): number {
    return this.#guard.waiting;
  }

  async dial(
    workspace: string,
    address: PeerAddress,
    purpose: PeerPurpose,
    expected: PeerExpectation = {},
  ): Promise<PeerConnection> {
    const { workspaces, options } = this.#parts;
    const log = workspaces.find(workspace)?.log;
    if (!log) throw new AppError('not-found', 'This workspace is not on this computer. Nothing was changed.');
    if (this.#stopping.signal.aborted) throw new AppError('closed', 'Caravan is ending on this computer.');
    if (this.#isOff) throw new AppError('unreachable', REHEARSING);
    const from = isEveryAddress(options.listen) ? null : options.listen;
    return this.#tracked(async () => {
      const open = await dialPeer(address, from, this.#stopping.signal);
      return this.#admit(open, {
        dialed: true,
        prove: (parts) => greet(parts, log, purpose, expected),
        onProved: () => undefined,
      });
    });
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#rehearsing?.dispose();
    const sockets = [...this.#sockets];
    const gone = sockets.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
    for (const socket of sockets) dismiss(socket);
    const late = this.#parts.clock.after(FAREWELL, () => {
      for (const socket of sockets) socket.terminate();
    });
    await Promise.all(gone);
    late.dispose();
    await this.#listening?.close();
    await Promise.allSettled(this.#work);
  }

  get #isOff(): boolean {
    return this.#stopping.signal.aborted || this.#parts.rehearsing?.isOn === true;
  }

  /** Before a byte is read: whether it may stay. */
  #arrived(socket: Socket): boolean {
    if (this.#isOff || this.#sockets.size >= LIMITS.peersOpen) return false;
    const address = plainAddress(socket.remoteAddress);
    const arrival = this.#guard.came(address, () => socket.destroy());
    if (!arrival) return false;
    const name = `${address} ${socket.remotePort}`;
    this.#arrivals.set(name, arrival);
    socket.once('close', () => {
      this.#arrivals.delete(name);
      arrival.gone();
    });
    return true;
  }

  #opened(open: OpenSocket): void {
    const { host, port } = open.address;
    const arrival = this.#arrivals.get(`${host} ${port}`);
    const work = this.#tracked(async () => {
      const connection = await this.#admit(open, {
        dialed: false,
        prove: (parts) => welcome(parts, this.#logs(), this.#tries),
        onProved: () => arrival?.proved(),
      });
      arrival?.letIn();
      const take = this.#isOff ? undefined : this.#takers.get(connection.purpose);
      if (take) take(connection);
      else connection.transport.close(CLOSE.stopping, 'Nobody takes this here now.');
    });
    work.catch((error: unknown) => {
      this.#parts.logger.log('info', 'peer-not-let-in', { address: host, reason: String(error) });
    });
  }

  async #admit(open: OpenSocket, way: Pick<Admission, 'dialed' | 'prove' | 'onProved'>): Promise<PeerConnection> {
    const { device, clock, versions } = this.#parts;
    const { socket } = open;
    if (this.#isOff) {
      // It opened in the moment in which nobody was to be called any more.
      socket.terminate();
      throw new AppError('closed', 'This computer keeps no connections now.');
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    const hasRoom = (other: string): boolean => (this.#present.get(other) ?? 0) < LIMITS.peersPerDevice;
    const onLetIn = ({ log: { workspace }, device: other, byCode }: ProvedPeer, how: InStep): void => {
      // A link to join leads here as a code does: without this the newcomer would be in, and see nothing.
      if (byCode || (how === 'joined' && this.#codes.needed(workspace))) this.#codes.introduced(workspace, other);
      if (byCode && !way.dialed) this.#codes.used(workspace);
    };
    const all = { ...way, open, device, clock, hasRoom, onLetIn, ...(versions ? { versions } : {}) };
    const connection = await admit(all);
    this.#count(connection.device, socket);
    return connection;
  }

  #count(device: string, socket: WebSocket): void {
    if (socket.readyState === socket.CLOSED) return;
    this.#present.set(device, (this.#present.get(device) ?? 0) + 1);
    socket.once('close', () => {
      const left = (this.#present.get(device) ?? 1) - 1;
      if (left > 0) this.#present.set(device, left);
      else this.#present.delete(device);
    });
  }

  /** Of the workspaces that this computer has a part in, as far as it knows. */
  *#logs(): Iterable<WorkspaceLog> {
    for (const { log } of this.#parts.workspaces.all) {
      if (!log.membership.removedDevices.has(this.#parts.device.id)) yield log;
    }
  }

  async #tracked<T>(run: () => Promise<T>): Promise<T> {
    const work = run();
    this.#work.add(work);
    try {
      return await work;
    } finally {
      this.#work.delete(work);
    }
  }
}

/** Addresses and ports in the order in which they are tried. */
function triesOf({ listen, port }: PeerOptions, remembered: number | null): [string, number][] {
  const ports = port === undefined ? [...(remembered === null ? [] : [remembered]), 0] : [port];
  // A computer without IPv6 has no such address.
  const addresses = listen === ALL_ADDRESSES ? [listen, ALL_OF_IPV4] : [listen];
  return ports.flatMap((one) => addresses.map((address): [string, number] => [address, one]));
}

function isEveryAddress(address: string): boolean {
  return address === ALL_ADDRESSES || address === ALL_OF_IPV4;
}

function dismiss(socket: WebSocket): void {
  // A paused socket would never see the other end's answer.
  if (socket.isPaused) socket.resume();
  socket.close(CLOSE.stopping, 'This computer keeps no connections now.');
}
