// The sockets of the door: TLS 1.3 with a WebSocket inside, listening and dialing. They prove nothing and know no workspace.
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { connect, TLSSocket } from 'node:tls';
import { WebSocket, WebSocketServer } from 'ws';
import { AppError } from '../../../shared/base/app-error.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { PEER_PROTOCOL } from '../../../shared/protocol/peer-frames.ts';
import type { DoorCertificate } from './door-certificate.ts';
import { plainAddress } from './door-guard.ts';
import type { PeerAddress } from './peer-connection.ts';
import { CHANNEL_BYTES, CHANNEL_LABEL } from './peer-secrets.ts';

/** A WebSocket that has just opened, and the stream under it. */
export interface OpenSocket {
  readonly socket: WebSocket;
  readonly stream: TLSSocket;
  /** The secret of this connection, the same at both of its ends and at no other one. */
  readonly channel: Uint8Array;
  readonly address: PeerAddress;
}

const SOCKET_OPTIONS = Object.freeze({ maxPayload: LIMITS.frame, perMessageDeflate: false });
const TLS_OPTIONS = Object.freeze({ minVersion: 'TLSv1.3', ALPNProtocols: [PEER_PROTOCOL] } as const);
/** It stands in the request, and says nothing: the certificate is believed as little. */
const NO_HOST = 'wss://peer.invalid/';

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

export interface ListenParts {
  readonly certificate: DoorCertificate;
  readonly address: string;
  readonly port: number;
  /** A connection before anything of it was read; false: not now. */
  readonly onArrival: (socket: Socket) => boolean;
  readonly onOpen: (open: OpenSocket) => void;
}

/** Rejects with the system's error where the port cannot be had. */
export async function listenForPeers(parts: ListenParts): Promise<Listening> {
  const server = createServer({
    ...parts.certificate,
    ...TLS_OPTIONS,
    handshakeTimeout: LIMITS.unauthenticatedTime,
    headersTimeout: LIMITS.unauthenticatedTime,
    requestTimeout: LIMITS.unauthenticatedTime,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: LIMITS.peerHeaders,
  });
  const sockets = new WebSocketServer({ noServer: true, ...SOCKET_OPTIONS, handleProtocols: () => PEER_PROTOCOL });
  const raw = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => socket.destroy());
    if (!parts.onArrival(socket)) {
      socket.destroy();
      return;
    }
    raw.add(socket);
    socket.once('close', () => raw.delete(socket));
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('clientError', (_error, socket) => socket.destroy());
  // There are no pages, not even one that says so.
  server.on('request', (request) => request.socket.destroy());
  server.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!(stream instanceof TLSSocket) || !isOurs(stream) || !offered.includes(PEER_PROTOCOL)) {
      stream.destroy();
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => parts.onOpen(opened(socket, stream)));
  });
  const port = await listen(server, parts.address, parts.port);
  // Of one connection that could not be taken, as where no more files may be open: one that nobody hears ends the process.
  server.on('error', () => undefined);
  return {
    port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of raw) socket.destroy();
      await closed;
      sockets.close();
    },
  };
}

/** Rejects with `unreachable`. `from`: the own address to come from; null: whichever the system takes. */
export function dialPeer(address: PeerAddress, from: string | null, signal: AbortSignal): Promise<OpenSocket> {
  return new Promise((resolve, reject) => {
    const stream = connect({
      ...TLS_OPTIONS,
      host: address.host,
      port: address.port,
      ...(from === null ? {} : { localAddress: from }),
      // Made at this start by whoever is there: who that is, is proved inside.
      rejectUnauthorized: false,
    });
    const socket = new WebSocket(NO_HOST, [PEER_PROTOCOL], {
      ...SOCKET_OPTIONS,
      createConnection: () => stream,
      handshakeTimeout: LIMITS.unauthenticatedTime,
      followRedirects: false,
    });
    const aborted = (): void => {
      socket.terminate();
      stream.destroy();
    };
    const failed = (error: Error): void => {
      signal.removeEventListener('abort', aborted);
      stream.destroy();
      reject(new AppError('unreachable', 'Nobody answers at that address.', { cause: error }));
    };
    signal.addEventListener('abort', aborted, { once: true });
    // Also after it opened: an error that nobody hears ends the process.
    stream.on('error', () => stream.destroy());
    socket.once('error', failed);
    socket.once('open', () => {
      signal.removeEventListener('abort', aborted);
      if (!isOurs(stream)) return failed(new Error('Another protocol is spoken there.'));
      const open = opened(socket, stream, address);
      socket.off('error', failed);
      resolve(open);
    });
    if (signal.aborted) aborted();
  });
}

/** Cuts a stream that brought more than it may; the function that it gives back allows so much more, or with null everything. */
export function boundStream(stream: TLSSocket, most: number): (more: number | null) => void {
  let left = most;
  const count = (chunk: Buffer): void => {
    left -= chunk.length;
    if (left < 0) stream.destroy();
  };
  stream.on('data', count);
  return (more) => {
    if (more === null) stream.off('data', count);
    else left += more;
  };
}

function isOurs(stream: TLSSocket): boolean {
  return stream.getProtocol() === 'TLSv1.3' && stream.alpnProtocol === PEER_PROTOCOL;
}

function opened(socket: WebSocket, stream: TLSSocket, address?: PeerAddress): OpenSocket {
  const channel = stream.exportKeyingMaterial(CHANNEL_BYTES, CHANNEL_LABEL, Buffer.alloc(0));
  const from = { host: plainAddress(stream.remoteAddress), port: stream.remotePort ?? 0 };
  return { socket, stream, channel, address: address ?? from };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(error);
    server.once('error', failed);
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
