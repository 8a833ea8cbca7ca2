// How soon a host's link to its relay is back on another network: the real watch, link and sockets; addresses and time are played.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { eventually } from '../../tests/support/eventually.ts';
import { RoomSourceDouble } from '../../tests/support/room-source-double.ts';
import { SegmentSourceDouble } from '../../tests/support/segment-source-double.ts';
import { AppError } from '../../shared/base/app-error.ts';
import { FakeClock, systemClock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { MemoryDocStore } from '../../shared/hub/memory-doc-store.ts';
import { acceptLink } from '../../shared/link/accept-link.ts';
import { WebSocketTransport } from '../../shared/node/ws-transport.ts';
import { SUBPROTOCOL } from '../../shared/protocol/room-messages.ts';
import { Rehearsal } from './rehearsal.ts';
import { openRelayLink, type RelayLink } from './relay-link.ts';

const TEAM = 'team';

async function relay(): Promise<{ readonly url: string; readonly sockets: readonly WebSocket[] }> {
  const clock = systemClock;
  const source = new RoomSourceDouble(TEAM);
  const http = createServer();
  const server = new WebSocketServer({ server: http, handleProtocols: () => SUBPROTOCOL.link });
  const sockets: WebSocket[] = [];
  server.on('connection', (socket) => {
    sockets.push(socket);
    const principal = { device: null, member: null };
    acceptLink(new WebSocketTransport(socket, { clock }), {
      source,
      workspace: TEAM,
      principal,
      clock,
      logger: silentLogger,
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.terminate();
    server.close();
    http.close();
  });
  return { url: `ws://127.0.0.1:${String((http.address() as AddressInfo).port)}`, sockets };
}

interface Made {
  readonly link: RelayLink;
  /** How many times it went to the relay, however far it came. */
  readonly tries: () => number;
  /** Milliseconds until it went there another time, or Infinity. */
  nextTry(most: number): Promise<number>;
  readonly clock: FakeClock;
  readonly net: { addresses: string; reachable: boolean };
}

function linked(url: string): Made {
  const clock = new FakeClock();
  const net = { addresses: '10.0.0.7', reachable: true };
  let tries = 0;
  const link = openRelayLink(
    {
      device: 'laptop',
      source: new RoomSourceDouble(TEAM),
      history: new SegmentSourceDouble(TEAM),
      values: new MemoryDocStore().values,
      clock,
      logger: silentLogger,
      rehearsal: new Rehearsal(clock),
      addresses: () => net.addresses,
    },
    TEAM,
    {
      url,
      enter: () => {
        tries += 1;
        if (net.reachable) return Promise.resolve('ticket');
        return Promise.reject(new AppError('unreachable', 'There is no network.'));
      },
      onLog: () => undefined,
    },
  );
  onTestFinished(() => link.close());
  return {
    link,
    tries: () => tries,
    async nextTry(most) {
      const before = tries;
      for (let passed = 0; passed <= most; passed += 100) {
        for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        if (tries > before) return passed;
        clock.advance(100);
      }
      return Number.POSITIVE_INFINITY;
    },
    clock,
    net,
  };
}

it('[CL3] a link whose connection died with the old network is dialed anew within 10 s of the new one', async () => {
  const { url, sockets } = await relay();
  const { link, tries, nextTry, clock, net } = linked(url);
  await eventually(() => {
    clock.advance(10);
    expect([link.status.state, link.hasHeard]).toEqual(['online', true]);
  });
  clock.advance(2_000);
  // Nothing tells that the way is gone: what is sent is taken, and nothing comes back.
  sockets[0]?.pause();
  net.addresses = '192.168.4.20';
  expect(await nextTry(60_000)).toBeLessThan(10_000);
  await eventually(() => expect(link.status.state).toBe('online'));
  expect([tries(), sockets.length]).toEqual([2, 2]);
});

it('[CL3] one that waits for its next try goes at once, and a network that stays the same ends no wait', async () => {
  const { url } = await relay();
  const { link, nextTry, net } = linked(url);
  net.reachable = false;
  for (let tried = 0; tried < 9; tried += 1) expect(await nextTry(60_000)).toBeLessThanOrEqual(30_000);
  // Half of the longest wait at least.
  expect(await nextTry(14_000)).toBe(Number.POSITIVE_INFINITY);
  expect(await nextTry(60_000)).toBeLessThanOrEqual(16_000);
  net.reachable = true;
  net.addresses = '';
  expect(await nextTry(60_000)).toBeLessThanOrEqual(3_100);
  await eventually(() => expect(link.status.state).toBe('online'));
});
