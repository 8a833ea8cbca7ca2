// The door of a host: where members' computers come in and are called without a relay, and nobody else learns anything. It keeps no links.
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { DeviceKey } from '../../../shared/access/identity.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { Event } from '../../../shared/base/emitter.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import { WebSocketTransport } from '../../../shared/node/ws-transport.ts';
import { CLOSE } from '../../../shared/protocol/close-codes.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { encodePeerFrame, readPeerFrame } from '../../../shared/protocol/peer-frames.ts';
import type { WorkspaceLog } from '../membership.ts';
import { REHEARSING } from '../rehearsal.ts';
import { CodeTries } from './code-tries.ts';
import { makeDoorCertificate } from './door-certificate.ts';
import { DoorGuard, plainAddress } from './door-guard.ts';
import { boundStream, dialPeer, listenForPeers, type Listening, type OpenSocket } from './door-socket.ts';
import { greet, welcome, type HandshakeParts, type ProvedPeer } from './handshake.ts';
import { exchangeLogs } from './log-exchange.ts';
import { NO_CODES, type PeerCodes } from './peer-codes.ts';
import type { PeerAddress, PeerConnection, PeerDoor, PeerExpectation, PeerPurpose } from './peer-connection.ts';
import { SocketTalk } from './peer-talk.ts';
import { refusedPeer, REFUSAL } from './refused-peer.ts';

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
  readonly clock: Clock;
  readonly logger: Logger;
  /** While it is on nobody comes in or is called, and whoever is here goes. */
  readonly rehearsing?: { readonly isOn: boolean; readonly onChange: Event<unknown> };
  /** Versions spoken here, best first; tests alone give others. */
  readonly versions?: readonly number[];
}

/** One connection on its way to being let in. */
interface Entry {
  readonly open: OpenSocket;
  readonly dialed: boolean;
  prove(parts: HandshakeParts): Promise<ProvedPeer>;
}

export class Door implements PeerDoor {
  readonly #parts: DoorParts;
  readonly #guard: DoorGuard;
  readonly #codes: PeerCodes;
  readonly #tries: CodeTries;
  readonly #stopping = new AbortController();
  readonly #sockets = new Set<WebSocket>();
  /** Those let in, by device. */
  readonly #present = new Map<string, number>();
  /** Connections that are not let in yet, by where they come from. */
  readonly #arrivals = new Map<string, Disposable>();
  readonly #work = new Set<Promise<unknown>>();
  readonly #takers = new Map<PeerPurpose, (connection: PeerConnection) => void>();
  readonly #rehearsing: Disposable | null;
  #listening: Listening | null = null;

  /** Dials at once, and lets nobody in before listen(). */
  constructor(parts: DoorParts) {
    this.#parts = parts;
    this.#guard = new DoorGuard(parts.clock);
    this.#codes = parts.codes ?? NO_CODES;
    this.#tries = new CodeTries(this.#codes);
    this.#rehearsing = parts.rehearsing?.onChange(() => this.#rehearsed()) ?? null;
  }

  /** Connections that other computers made for `purpose` are handed to `take`, which owns them, and subscribes at once. */
  serve(purpose: PeerPurpose, take: (connection: PeerConnection) => void): void {
    this.#takers.set(purpose, take);
  }

  /** Lets members in from now on, where this computer lets it listen; where it does not, it can dial all the same. */
  async listen(): Promise<void> {
    this.#listening = await this.#choosePort();
  }

  get port(): number | null {
    return this.#listening?.port ?? null;
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
    if (this.#stopping.signal.aborted) throw closing();
    if (this.#parts.rehearsing?.isOn) throw new AppError('unreachable', REHEARSING);
    const from = options.listen === ALL_ADDRESSES || options.listen === ALL_OF_IPV4 ? null : options.listen;
    const open = await this.#tracked(dialPeer(address, from, this.#stopping.signal));
    return this.#tracked(this.#letIn({ open, dialed: true, prove: (parts) => greet(parts, log, purpose, expected) }));
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

  async #choosePort(): Promise<Listening | null> {
    const { options, settings, logger } = this.#parts;
    const own = options.port ?? settings.peerPort ?? 0;
    const tries: [string, number][] = [[options.listen, own]];
    if (options.port === undefined && own !== 0) tries.push([options.listen, 0]);
    if (options.listen === ALL_ADDRESSES) tries.push(...tries.map(([, port]): [string, number] => [ALL_OF_IPV4, port]));
    const certificate = makeDoorCertificate();
    for (const [address, port] of tries) {
      try {
        const listening = await listenForPeers({
          certificate,
          address,
          port,
          onArrival: (socket) => this.#arrived(plainAddress(socket.remoteAddress), socket),
          onOpen: (open) => this.#opened(open),
          onFailure: (from) => this.#guard.failed(from),
        });
        if (settings.peerPort === null) await settings.setPeerPort(listening.port);
        return listening;
      } catch (error) {
        logger.log('info', 'peer-port-taken', { address, port, error: String(error) });
      }
    }
    logger.log('warn', 'no-peer-port', { address: options.listen });
    return null;
  }

  /** Before a byte is read: whether it may wait here. */
  #arrived(address: string, socket: Socket): boolean {
    const isOff = this.#stopping.signal.aborted || this.#parts.rehearsing?.isOn === true;
    if (isOff || this.#sockets.size >= LIMITS.peersOpen) return false;
    const waiting = this.#guard.came(address, () => socket.destroy());
    if (!waiting) return false;
    const name = `${address} ${socket.remotePort}`;
    // From here until it is proved who is there; then as long as the list of members may take.
    const late = this.#parts.clock.after(LIMITS.unauthenticatedTime, () => {
      this.#guard.failed(address);
      socket.destroy();
    });
    const arrival = { dispose: () => (late.dispose(), waiting.dispose()) };
    this.#arrivals.set(name, arrival);
    socket.once('close', () => {
      arrival.dispose();
      this.#arrivals.delete(name);
    });
    return true;
  }

  #opened(open: OpenSocket): void {
    const { host } = open.address;
    const entry: Entry = {
      open,
      dialed: false,
      prove: (parts) => welcome(parts, this.#logs(), this.#tries),
    };
    const work = this.#letIn(entry).then(
      (connection) => {
        this.#guard.succeeded(host);
        this.#take(connection);
      },
      (error: unknown) => {
        this.#guard.failed(host);
        this.#parts.logger.log('info', 'peer-not-let-in', { address: host, reason: String(error) });
      },
    );
    void this.#tracked(work);
  }

  #take(connection: PeerConnection): void {
    const take = this.#stopping.signal.aborted ? undefined : this.#takers.get(connection.purpose);
    if (take) take(connection);
    else connection.transport.close(CLOSE.stopping, 'Nobody takes this here now.');
  }

  #rehearsed(): void {
    if (!this.#parts.rehearsing?.isOn) return;
    for (const socket of this.#sockets) dismiss(socket);
  }

  /** The conversation before a connection is handed over. Whatever fails, the other end hears one and the same. */
  async #letIn({ open, dialed, prove }: Entry): Promise<PeerConnection> {
    const { device, clock, versions } = this.#parts;
    const { socket, stream, channel, address } = open;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    const transport = new WebSocketTransport(socket, { clock });
    const allow = boundStream(stream, LIMITS.unauthenticatedFrame);
    let late = clock.after(LIMITS.unauthenticatedTime, () => socket.terminate());
    const talk = new SocketTalk(transport, dialed, clock);
    try {
      const other = await prove({ talk, channel, device, ...(versions ? { versions } : {}) });
      this.#arrivals.get(`${address.host} ${address.port}`)?.dispose();
      late.dispose();
      late = clock.after(LIMITS.peerAdmission, () => socket.terminate());
      allow(LIMITS.peerRecords);
      await exchangeLogs(talk, other.log, other);
      this.#judge(other);
      if (dialed) talk.send(encodePeerFrame({ kind: 'admitted' }));
      if (readPeerFrame(await talk.receive())?.kind !== 'admitted')
        throw refusedPeer('That computer does not let this one in.');
      const member = this.#judge(other);
      if (!dialed) talk.send(encodePeerFrame({ kind: 'admitted' }));
      allow(null);
      this.#count(other.device, socket);
      const { log, purpose } = other;
      if (other.byCode) {
        this.#codes.introduced(log.workspace, other.device);
        if (!dialed) this.#codes.used(log.workspace);
      }
      const released = talk.release();
      return { workspace: log.workspace, purpose, device: other.device, member, dialed, address, transport: released };
    } catch (error) {
      const version = error instanceof AppError && error.details['closeCode'] === CLOSE.version;
      if (version) transport.close(CLOSE.version, 'No version in common.');
      else transport.close(REFUSAL.code, REFUSAL.reason);
      throw error;
    } finally {
      late.dispose();
    }
  }

  /** By the log as it is now: whose the other device is. Both ends must be members. */
  #judge({ log, device }: ProvedPeer): string {
    const { devices } = log.membership;
    const member = devices.get(device);
    if (member === undefined) throw refusedPeer('That computer is no member’s.');
    if (!devices.has(this.#parts.device.id)) throw refusedPeer('This computer has no part in this workspace any more.');
    if ((this.#present.get(device) ?? 0) >= LIMITS.peersPerDevice)
      throw refusedPeer('That computer is here too often.');
    return member;
  }

  #count(device: string, socket: WebSocket): void {
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

  async #tracked<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work);
    try {
      return await work;
    } finally {
      this.#work.delete(work);
    }
  }
}

function dismiss(socket: WebSocket): void {
  // A paused socket would never see the other end's answer.
  if (socket.isPaused) socket.resume();
  socket.close(CLOSE.stopping, 'This computer keeps no connections now.');
}

function closing(): AppError {
  return new AppError('closed', 'Caravan is ending on this computer.');
}
