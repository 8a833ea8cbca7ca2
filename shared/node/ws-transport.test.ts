// The WebSocket transport: the contract of every transport over real sockets, and what only sockets have: silence and errors.
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { transportContract } from '../../tests/contracts/transport-contract.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { FakeClock } from '../base/clock.ts';
import type { TransportClose } from '../link/transport.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { LIMITS } from '../protocol/limits.ts';
import { SharedFrames } from './shared-frames.ts';
import { WebSocketTransport } from './ws-transport.ts';

interface Sockets {
  readonly near: WebSocket;
  readonly far: WebSocket;
  /** Under `far`. */
  readonly stream: Duplex;
  dispose(): Promise<void>;
}

async function connect(): Promise<Sockets> {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false, maxPayload: LIMITS.frame });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const accepted = new Promise<{ far: WebSocket; stream: Duplex }>((resolve) =>
    server.once('connection', (far: WebSocket, request: IncomingMessage) => resolve({ far, stream: request.socket })),
  );
  const near = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  await new Promise((resolve) => near.once('open', resolve));
  const { far, stream } = await accepted;
  return {
    near,
    far,
    stream,
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

transportContract('WebSocket whose accepting end frames its own messages', async () => {
  const { near, far, stream, dispose } = await connect();
  const prepared = { stream, frames: new SharedFrames() };
  return { a: new WebSocketTransport(near), b: new WebSocketTransport(far, { prepared }), dispose };
});

describe('SharedFrames', () => {
  test('[WS5] messages of every length arrive whole and in order, one message to two sockets and one in pieces as well', async () => {
    const frames = new SharedFrames();
    const ends = await Promise.all([connect(), connect()]);
    for (const { dispose } of ends) onTestFinished(dispose);
    const lengths = [0, 1, 125, 126, 127, 16_384, 16_385, 65_535, 65_536, 65_537, 200_000, 3];
    const messages = lengths.map((length, at) => new Uint8Array(length).fill(at + 1));
    const heard = ends.map(({ near }) => {
      const got: Uint8Array[] = [];
      return new Promise<Uint8Array[]>((resolve) =>
        near.on('message', (data: Buffer) => {
          got.push(new Uint8Array(data));
          if (got.length === messages.length) resolve(got);
        }),
      );
    });
    const transports = ends.map(({ far, stream }) => new WebSocketTransport(far, { prepared: { stream, frames } }));
    const [whole, pieced] = transports;
    for (const message of messages) {
      whole!.send(message);
      pieced!.sendPieces([message.subarray(0, 1), message.subarray(1, 40_000), message.subarray(40_000)]);
    }
    for (const got of await Promise.all(heard)) {
      expect(got.map(({ length }) => length)).toEqual(lengths);
      expect(got.every((bytes, at) => bytes.every((byte) => byte === at + 1))).toBe(true);
    }
    for (const transport of transports) transport.close(1000, '');
  });
});

describe('WebSocketTransport', () => {
  test('[WS6] who is held is not read until it is let go', async () => {
    const { near, far, dispose } = await connect();
    onTestFinished(dispose);
    const transport = new WebSocketTransport(far);
    const got: number[] = [];
    transport.onMessage((message) => got.push(message[0] ?? 0));
    near.send(new Uint8Array([1]));
    await eventually(() => expect(got).toEqual([1]));
    transport.hold(true);
    near.send(new Uint8Array([2]));
    // The other end hears while this one does not read: what was sent before it is there, and is not delivered.
    const heard = new Promise((resolve) => near.once('message', resolve));
    transport.send(new Uint8Array([9]));
    await heard;
    expect(got).toEqual([1]);
    transport.hold(false);
    await eventually(() => expect(got).toEqual([1, 2]));
    transport.close(1000, '');
  });

  test('[WS6] [WS1] what was not read is no silence', async () => {
    const { near, far, dispose } = await connect();
    onTestFinished(dispose);
    const clock = new FakeClock();
    const transport = new WebSocketTransport(far, { clock });
    let end: TransportClose | null = null;
    transport.onClose((close) => (end = close));
    transport.onMessage(() => undefined);
    transport.hold(true);
    clock.advance(10 * LIMITS.silence - 1);
    transport.hold(false);
    clock.advance(LIMITS.heartbeat);
    expect(end).toBeNull();
    transport.close(1000, '');
    near.close();
  });

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
