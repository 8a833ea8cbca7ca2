// The WebSocket transport: the contract of every transport over real sockets, and what only sockets have: silence and errors.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { transportContract } from '../../tests/contracts/transport-contract.ts';
import { FakeClock } from '../base/clock.ts';
import type { TransportClose } from '../link/transport.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { LIMITS } from '../protocol/limits.ts';
import { WebSocketTransport } from './ws-transport.ts';

interface Sockets {
  readonly near: WebSocket;
  readonly far: WebSocket;
  dispose(): Promise<void>;
}

async function connect(): Promise<Sockets> {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false, maxPayload: LIMITS.frame });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  const near = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  await new Promise((resolve) => near.once('open', resolve));
  const far = await accepted;
  return {
    near,
    far,
    async dispose() {
      for (const socket of [near, far]) socket.terminate();
      server.close();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

transportContract('WebSocket', async () => {
  const { near, far, dispose } = await connect();
  return { a: new WebSocketTransport(near), b: new WebSocketTransport(far), dispose };
});

describe('WebSocketTransport', () => {
  async function transport(): Promise<{
    clock: FakeClock;
    near: WebSocketTransport;
    far: WebSocket;
    end: Promise<TransportClose>;
  }> {
    const sockets = await connect();
    onTestFinished(() => sockets.dispose());
    const clock = new FakeClock();
    const near = new WebSocketTransport(sockets.near, { clock });
    near.onMessage(() => undefined);
    return { clock, near, far: sockets.far, end: new Promise((resolve) => near.onClose(resolve)) };
  }

  test('[WS1] silence is answered with a ping, and a longer one ends the connection with 4504', async () => {
    const { clock, far, end } = await transport();
    const pinged = new Promise((resolve) => far.once('ping', resolve));
    far.pause();
    clock.advance(LIMITS.heartbeat);
    far.resume();
    await pinged;
    far.pause();
    clock.advance(LIMITS.silence + LIMITS.heartbeat);
    expect((await end).code).toBe(CLOSE.silent);
    // The other end never answers: the socket is cut, and no timer is left.
    clock.advance(10_000);
    expect(clock.pending).toBe(0);
  });

  test('[WS2] a text message ends the connection with 4400', async () => {
    const { far, end } = await transport();
    far.send('hello');
    expect((await end).code).toBe(CLOSE.badFrame);
  });

  test('[WS3] an invalid frame ends its own connection, and nothing is thrown', async () => {
    const { far, end } = await transport();
    const raw = far as unknown as { _socket: { write(bytes: Uint8Array): void } };
    raw._socket.write(new Uint8Array([0xff, 0x00]));
    expect((await end).code).toBe(1006);
  });
});
