// Real hubs in temporary folders and real sockets between them, for tests of the link; it asserts nothing.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket, WebSocketServer } from 'ws';
import { Backoff } from '../../shared/base/backoff.ts';
import { systemClock } from '../../shared/base/clock.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import type { AccessPolicy } from '../../shared/hub/access-policy.ts';
import { editRoom, readRoom } from '../../shared/hub/edit-room.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { StoredLinkMemory } from '../../shared/hub/link-memory.ts';
import { acceptLink } from '../../shared/link/accept-link.ts';
import { Link } from '../../shared/link/link.ts';
import type { Transport } from '../../shared/link/transport.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { WebSocketTransport } from '../../shared/node/ws-transport.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { Disposable } from '../../shared/base/disposable.ts';

export const W = 'workspace';
export const NOBODY = { device: null, member: null };
export const roomOf = (id: string, space = 'space'): string => `${W}/${space}/${id}`;
const EVERYBODY: AccessPolicy = { allows: () => true, onChange: new Emitter<void>().event };

/** A hub on LevelDB that can be stopped and started again in its folder. */
export class Station {
  readonly folder: string;
  store: LevelDocStore;
  hub: Hub;

  private constructor(folder: string, store: LevelDocStore) {
    this.folder = folder;
    this.store = store;
    this.hub = new Hub({ store, access: EVERYBODY, clock: systemClock, logger: silentLogger });
  }

  static async start(folder?: string): Promise<Station> {
    const path = folder ?? (await mkdtemp(join(tmpdir(), 'caravan-link-')));
    return new Station(path, await LevelDocStore.open({ directory: join(path, 'store') }));
  }

  async stop(): Promise<void> {
    await this.hub.close();
    await this.store.close();
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  type(id: string, text: string, space?: string): Promise<void> {
    return editRoom(this.hub, roomOf(id, space), NOBODY, (doc) => {
      const body = doc.getText('body');
      body.insert(body.length, text);
    });
  }

  delete(id: string, at: number, length: number): Promise<void> {
    return editRoom(this.hub, roomOf(id), NOBODY, (doc) => doc.getText('body').delete(at, length));
  }

  text(id: string, space?: string): Promise<string> {
    return readRoom(this.hub, roomOf(id, space), NOBODY, (doc) => doc.getText('body').toJSON());
  }

  link(dial: () => Promise<Transport>): Link {
    return new Link({
      source: this.hub,
      workspace: W,
      principal: NOBODY,
      memory: new StoredLinkMemory(this.store.values, W),
      dial,
      url: 'ws://relay.test',
      clock: systemClock,
      backoff: new Backoff({ first: 20, longest: 200 }),
      logger: silentLogger,
    });
  }
}

/** A listening socket that serves links to whatever station it has at the time. */
export class Gate {
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: LIMITS.frame });
  readonly #links = new Set<Disposable>();
  station: Station | null;
  url = '';
  /** What went over the sockets since it was set to nothing, both ways. */
  counted = { messages: 0, bytes: 0 };

  constructor(station: Station) {
    this.station = station;
    this.#server = createServer();
    this.#server.on('upgrade', (request, socket, head) => {
      const at = this.station;
      if (!at) {
        socket.destroy();
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        const link = acceptLink(this.#counting(new WebSocketTransport(opened)), {
          source: at.hub,
          workspace: W,
          principal: NOBODY,
          clock: systemClock,
          logger: silentLogger,
        });
        this.#links.add(link);
        opened.once('close', () => this.#links.delete(link));
      });
    });
  }

  #counting(transport: Transport): Transport {
    const count = (message: Uint8Array): void => {
      this.counted.messages += 1;
      this.counted.bytes += message.length;
    };
    const send = transport.send.bind(transport);
    transport.send = (message) => {
      count(message);
      send(message);
    };
    const { onMessage } = transport;
    Object.defineProperty(transport, 'onMessage', {
      value: (listener: (message: Uint8Array) => void) =>
        onMessage((message) => {
          count(message);
          listener(message);
        }),
    });
    return transport;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  readonly dial = (): Promise<Transport> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(this.url, { perMessageDeflate: false, maxPayload: LIMITS.frame });
      socket.once('error', reject);
      socket.once('open', () => {
        socket.off('error', reject);
        resolve(new WebSocketTransport(socket));
      });
    });

  /** Ends every connection without a word. */
  cut(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  /** Politely, as a relay that stops. */
  hangUp(): void {
    for (const link of [...this.#links]) link.dispose();
  }

  async close(): Promise<void> {
    this.hangUp();
    this.cut();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
