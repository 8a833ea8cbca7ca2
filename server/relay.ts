// The relay's composition root: store, hub, HTTP and sockets of one process. It reads no arguments and ends no process.
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { DeviceKey, Membership } from '../shared/access/identity.ts';
import { AppError } from '../shared/base/app-error.ts';
import { systemClock } from '../shared/base/clock.ts';
import { silentLogger, type Logger } from '../shared/base/logger.ts';
import { History } from '../shared/hub/history/history.ts';
import { MembershipAccess } from '../shared/hub/membership-access.ts';
import { Hub } from '../shared/hub/hub.ts';
import { PurgedRooms } from '../shared/hub/purged-rooms.ts';
import type { HubLimits } from '../shared/hub/hub-limits.ts';
import { LargeDocuments } from '../shared/hub/large-documents.ts';
import { PublishedCursors } from '../shared/hub/published-cursors.ts';
import { FileBlobStore } from '../shared/node/file-blob-store.ts';
import { LevelDocStore } from '../shared/node/level-doc-store.ts';
import { MergeThread } from '../shared/node/merge-thread.ts';
import { ServerConnections } from '../shared/node/server-connections.ts';
import { segmentSigner } from '../shared/node/segment-signer.ts';
import type { LogHead } from '../shared/link/log-teller.ts';
import { LIMITS } from '../shared/protocol/limits.ts';
import { AccessApi } from './access-api.ts';
import { BlobDesk } from './blob-desk.ts';
import { BlobRegistry } from './blob-registry.ts';
import { HttpApi } from './http-api.ts';
import { MembershipLogs } from './membership-logs.ts';
import { RelayMetrics } from './metrics.ts';
import { openAccess } from './open-access.ts';
import { processMemory, QuietMemory } from './quiet-memory.ts';
import { loadOrMakeRegistration, type Registration } from './registration.ts';
import { blobsOf } from './relay-folder.ts';
import { loadOrCreateRelayKey } from './relay-key.ts';
import { requireOpenOnLoopback, type RelaySettings } from './settings.ts';
import { RelaySockets } from './sockets.ts';
import { TicketGate } from './ticket-gate.ts';
import { UpkeepApi } from './upkeep-api.ts';
import { WaitingConnections } from './waiting-connections.ts';

/** Who sends a request byte by byte is cut off: the headers soon, a body (a log) when a slow line would have sent it. */
const PATIENCE = Object.freeze({
  headersTimeout: LIMITS.unauthenticatedTime,
  requestTimeout: LIMITS.requestTime,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
});
/** Taken beyond the spare ones, so that it is the oldest of a flood that is cut and not the newest of somebody else. */
const AT_THE_DOOR = 100;

export interface RelayOptions {
  readonly logger?: Logger;
  /** The built thread in which large rooms are merged (`dist/merge.cjs`); left out: they are merged in this one. */
  readonly mergeThread?: string;
  /** When rooms unload and compact; tests shorten it. */
  readonly hubLimits?: Partial<HubLimits>;
}

export interface Relay {
  /** `ws://127.0.0.1:<port>`; the same with http: for requests. */
  readonly url: string;
  readonly hub: Hub;
  /** For commands of this computer; it stands in relay.json and nowhere else. */
  readonly secret: string;
  /** Who may attach workspaces here. */
  readonly registration: Registration;
  /** Closes every socket with 4503, waits until all that was accepted is stored, and leaves nothing open. */
  close(): Promise<void>;
}

/**
 * Opens the store and listens. Throws AppError `bad-input` (open, and not on the loopback), `locked`, `too-new`, `damaged`,
 * `already-exists` (the port is taken) and what else a store's opening throws; nothing is left open then.
 */
export async function startRelay(settings: RelaySettings, options: RelayOptions = {}): Promise<Relay> {
  requireOpenOnLoopback(settings);
  const logger = options.logger ?? silentLogger;
  const store = await LevelDocStore.open({ directory: join(settings.data, 'store') });
  const access = new MembershipAccess(systemClock);
  const logs = new MembershipLogs({
    values: store.values,
    logger: logger.child('logs'),
    onMembership: (workspace, membership) => access.set(workspace, membership),
  });
  const { key, registration } = await prepare(settings, logs).catch(async (error: unknown) => {
    access.dispose();
    await store.close();
    throw error;
  });
  const history = new History({
    store,
    signer: segmentSigner(key),
    clock: systemClock,
    logger,
    retention: { days: settings.historyDays, bytes: settings.historyBytes },
  });
  const large = new LargeDocuments(store.values, logger);
  await large.load().catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const merger =
    options.mergeThread === undefined
      ? null
      : new MergeThread({ file: options.mergeThread, clock: systemClock, logger });
  const hub = new Hub({
    store,
    large,
    ...(merger ? { merger } : {}),
    recorder: history.recorder,
    access: settings.open ? openAccess : access,
    clock: systemClock,
    logger,
    onRested: () => memory.left(),
    ...(options.hubLimits ? { limits: options.hubLimits } : {}),
  });
  const purged = new PurgedRooms({ hub, store, history, logger: logger.child('purging') });
  const keepPurged = (): void => {
    for (const [workspace, { purged: places }] of logs.memberships()) void purged.keep(workspace, places);
  };
  const hearing = access.onChange(keepPurged);
  const holders = new PublishedCursors({ values: store.values, source: hub, clock: systemClock, logger });
  const served = { source: hub, holders, segments: history, values: store.values };
  const membership = (workspace: string): Membership | null => logs.membership(workspace);
  const gate = new TicketGate({ key, clock: systemClock, membership });
  const log = (workspace: string): LogHead => ({
    head: () => logs.membership(workspace)?.head ?? null,
    onChange: access.onChange,
  });
  const blobs = await FileBlobStore.open(blobsOf(settings.data), systemClock.now());
  const registry = new BlobRegistry({ blobs, values: store.values, clock: systemClock, quota: settings.blobBytes });
  const sockets = new RelaySockets({ settings, served: { ...served, log }, gate, onAccess: access.onChange, logger });
  const metrics = new RelayMetrics(hub, () => sockets.open);
  const secret = randomBytes(32).toString('base64url');
  const upkeep = new UpkeepApi(store, secret);
  const api = new HttpApi({
    settings,
    hub,
    large,
    history,
    access: new AccessApi({
      key,
      registration,
      logs,
      gate,
      clock: systemClock,
      open: settings.open,
      shelf: blobs.shelf,
    }),
    blobs: new BlobDesk({
      blobs,
      registry,
      gate,
      clock: systemClock,
      logger: logger.child('blobs'),
      open: settings.open,
    }),
    metrics,
    upkeep,
    logger: logger.child('http'),
  });
  const server = createServer(PATIENCE, (request, response) => void api.handle(request, response));
  server.maxConnections = settings.maxSockets + LIMITS.spareConnections + AT_THE_DOOR;
  const connections = new ServerConnections(server);
  const waiting = new WaitingConnections(LIMITS.spareConnections);
  const memory = new QuietMemory(systemClock, processMemory());
  server.on('connection', (socket) => {
    waiting.came(socket);
    socket.once('close', () => memory.left());
  });
  server.on('upgrade', (request, socket, head) => {
    waiting.upgraded(request.socket);
    sockets.upgrade(request, socket, head);
  });
  server.on('clientError', (_error, socket) => socket.destroy());

  const stop = async (): Promise<void> => {
    connections.stopListening();
    await sockets.close();
    hearing.dispose();
    memory.dispose();
    await purged.close();
    await hub.close();
    await merger?.close();
    await holders.close();
    await history.close();
    metrics.dispose();
    access.dispose();
    await connections.close();
    await upkeep.close();
    await store.close();
  };
  try {
    await listen(server, settings);
  } catch (error) {
    await stop();
    throw error;
  }
  history.start();
  keepPurged();
  const url = addressOf(server);
  logger.log('info', 'listening', { url, hub: hub.hub });
  let closing: Promise<void> | null = null;
  return {
    url,
    hub,
    secret,
    registration,
    close() {
      closing ??= stop().then(() => logger.log('info', 'stopped'));
      return closing;
    },
  };
}

/** What must be read before anybody is served. */
async function prepare(
  settings: RelaySettings,
  logs: MembershipLogs,
): Promise<{ readonly key: DeviceKey; readonly registration: Registration }> {
  const key = await loadOrCreateRelayKey(settings.data);
  const registration = await loadOrMakeRegistration(settings);
  await logs.load();
  return { key, registration };
}

function listen(server: Server, { host, port }: RelaySettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const taken = 'code' in cause && cause.code === 'EADDRINUSE';
      reject(
        taken
          ? new AppError('already-exists', `Port ${port} is taken. Nothing was started; choose another with --port.`, {
              cause,
            })
          : new AppError('internal', `The relay cannot listen on ${host}:${port}. Nothing was started.`, { cause }),
      );
    });
    server.listen(port, host, () => resolve());
  });
}

function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `ws://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
