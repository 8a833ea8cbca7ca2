// The loopback server of a host: the built windows, their session, calls and rooms. It listens on 127.0.0.1 and nowhere else.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { AppError } from '../../shared/base/app-error.ts';
import type { Logger } from '../../shared/base/logger.ts';
import { ServerConnections } from '../../shared/node/server-connections.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { WindowHost } from './window-host.ts';
import { fileError } from './file-error.ts';
import { parseJson } from './data-folder.ts';
import { readBlobUrl, serveBlob } from './attachments/served-blob.ts';
import { judge, mayUpgrade } from './request-guard.ts';
import { securityHeaders, serveFile } from './static-files.ts';
import type { Settings } from './settings.ts';
import { WindowSessions } from './window-sessions.ts';
import { WindowSockets } from './window-sockets.ts';

export interface HostServerOptions {
  readonly host: WindowHost;
  readonly settings: Settings;
  /** The folder of the built windows (dist/renderer). */
  readonly windows: string;
  /** Insists on this port; without it the folder's own is used, or a free one where that is taken. */
  readonly port?: number;
  readonly logger: Logger;
}

/** Who sends a request byte by byte is cut off. */
const PATIENCE = Object.freeze({
  headersTimeout: LIMITS.unauthenticatedTime,
  requestTimeout: LIMITS.hostRequestTime,
  connectionsCheckingInterval: 1_000,
});
const session = z.object({ token: z.string().max(256) });

export class HostServer {
  readonly #options: HostServerOptions;
  readonly #connections: ServerConnections;
  readonly #sessions: WindowSessions;
  readonly #sockets: WindowSockets;
  readonly port: number;

  private constructor(
    options: HostServerOptions,
    server: Server,
    connections: ServerConnections,
    sessions: WindowSessions,
    port: number,
  ) {
    this.#options = options;
    this.#connections = connections;
    this.#sessions = sessions;
    this.#sockets = new WindowSockets(options.host, options.logger);
    this.port = port;
    server.on('request', (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        // A browser that went away before it had everything is no failure of this end.
        if (response.destroyed) return;
        options.logger.log('warn', 'request-failed', { error: String(error) });
        if (!response.headersSent) this.#say(response, 500, 'Something went wrong here. Nothing was changed.');
        else response.destroy();
      });
    });
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  static async start(options: HostServerOptions): Promise<HostServer> {
    const server = createServer({ maxHeaderSize: LIMITS.hostHeaders, ...PATIENCE });
    server.maxConnections = LIMITS.hostConnections;
    const connections = new ServerConnections(server);
    const port = await choosePort(server, options);
    if (options.settings.browserPort === null) await options.settings.setBrowserPort(port);
    const sessions = new WindowSessions(options.settings, options.host.folder.root);
    return new HostServer(options, server, connections, sessions, port);
  }

  get ownerToken(): string {
    return this.#sessions.ownerToken;
  }

  /** An address that opens one window; its token works once. */
  newWindowUrl(): string {
    return `http://127.0.0.1:${this.port}/#token=${this.#sessions.newToken()}`;
  }

  /** Stops listening, closes every socket with 4503, and waits for nobody who does not answer that. */
  async close(): Promise<void> {
    this.#connections.stopListening();
    await this.#sockets.close();
    await this.#connections.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const verdict = judge(request.headers, this.port, this.#sessions);
    if (verdict.kind === 'stranger') return this.#say(response, verdict.status, 'This is not for you.');
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const method = request.method ?? 'GET';
    if (path === '/v1/session') {
      if (method === 'GET') return this.#say(response, verdict.kind === 'page' ? 401 : 204, '');
      if (method === 'POST') return this.#exchange(request, response);
    }
    // For the command line: another window of a host that runs already.
    if (path === '/v1/window' && method === 'POST' && verdict.kind === 'owner') {
      return this.#sayJson(response, 200, { url: this.newWindowUrl() });
    }
    if (method !== 'GET' && method !== 'HEAD') return this.#say(response, 405, 'There is nothing to do that with.');
    if (path.startsWith('/blob/')) return this.#blob(verdict.kind, request, response);
    if (path.startsWith('/v1/')) return this.#say(response, 404, 'There is nothing here.');
    if (await serveFile(this.#options.windows, path, this.port, response)) return;
    if (path === '/') {
      return this.#say(
        response,
        503,
        'The windows are not built. Nothing is lost: run "npm run build", then load this again.',
      );
    }
    this.#say(response, 404, 'There is nothing here.');
  }

  /** For windows with their cookie, and the owner's commands; to a page of nobody there is nothing. */
  async #blob(who: 'page' | 'window' | 'owner', request: IncomingMessage, response: ServerResponse): Promise<void> {
    const place = who === 'page' ? null : readBlobUrl(request.url ?? '');
    const open = place && (await this.#options.host.openBlob(place.workspace, place.space, place.blob));
    if (!open) return this.#say(response, 404, 'There is nothing here.');
    const served = serveBlob(open, place.name, request.headers.range);
    response.writeHead(served.status, served.headers);
    if (request.method === 'HEAD' || !served.bytes) response.end();
    else await pipeline(served.bytes, response);
  }

  async #exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A form of another site could post too; only a page of this server says its own Origin and sends JSON.
    if (request.headers.origin === undefined || request.headers['content-type'] !== 'application/json') {
      return this.#say(response, 403, 'This is not for you.');
    }
    const body = session.safeParse(parseJson(await readBody(request)));
    const cookie = body.success ? await this.#sessions.exchange(body.data.token) : null;
    if (cookie === null) return this.#say(response, 401, 'This address was used before, or is not one of this host.');
    response.writeHead(204, { ...securityHeaders(this.port), 'set-cookie': cookie, 'cache-control': 'no-store' });
    response.end();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const verdict = judge(request.headers, this.port, this.#sessions);
    if (verdict.kind === 'stranger') return refuse(socket, verdict.status);
    if (!mayUpgrade(verdict, request.headers)) return refuse(socket, 401);
    if (!this.#sockets.accept(request, socket, head)) refuse(socket, 404);
  }

  #say(response: ServerResponse, status: number, text: string): void {
    response.writeHead(status, {
      ...securityHeaders(this.port),
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end(text === '' ? undefined : `${text}\n`);
  }

  #sayJson(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, {
      ...securityHeaders(this.port),
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end(JSON.stringify(body));
  }
}

function refuse(socket: Duplex, status: number): void {
  // A socket that the other end never closes would stay half open for ever.
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LIMITS.hostBody) throw new AppError('too-large', 'The request is too large.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function choosePort(server: Server, options: HostServerOptions): Promise<number> {
  if (options.port !== undefined) {
    try {
      return await listen(server, options.port);
    } catch (error) {
      throw new AppError(
        'already-exists',
        `Port ${options.port} on 127.0.0.1 cannot be used (${String(error instanceof Error && 'code' in error ? error.code : error)}). Nothing was changed. Choose another with --port, or leave it out.`,
        { cause: error },
      );
    }
  }
  const own = options.settings.browserPort;
  if (own !== null) {
    try {
      return await listen(server, own);
    } catch (error) {
      options.logger.log('info', 'port-taken', { port: own, error: String(error) });
    }
  }
  try {
    const port = await listen(server, 0);
    await options.settings.setBrowserPort(port);
    return port;
  } catch (error) {
    throw fileError(error, 'This computer lets no program listen on 127.0.0.1.');
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(error);
    server.once('error', failed);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
