// Six attacks on an open relay for the benchmark, as tests/interop/hostile makes them; each lasts some seconds. Nothing is measured here.
import net from 'node:net';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { encodeStep1, encodeUpdate } from '../../shared/protocol/room-frames.ts';
import * as updates from '../interop/hostile/updates.ts';

/** Made before it begins: making it is no part of the attack. */
export type Attack = (url: URL) => Promise<void>;

const ROOM = 'bench/space/page';
const OTHER = 'bench/space/other';
/** Another address of this computer: to the relay it is somebody else than the honest pair. */
const ELSEWHERE = '127.0.0.2';
const LASTING = 4_000;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function join(url: URL, room: string): Promise<{ socket: WebSocket; closed: Promise<void> }> {
  const socket = new WebSocket(`ws://${url.host}/${room}`, [], { perMessageDeflate: false, localAddress: ELSEWHERE });
  socket.on('error', () => undefined);
  socket.on('message', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return { socket, closed };
}

function slowHeaders(): Attack {
  return async (url) => {
    const sockets = Array.from({ length: 400 }, () => {
      const options = { host: url.hostname, port: Number(url.port), localAddress: ELSEWHERE };
      return net.connect(options).on('error', () => undefined);
    });
    const request = `GET /${ROOM} HTTP/1.1\r\nHost: ${url.host}\r\nX-Slow: ${'x'.repeat(1_000)}`;
    for (let sent = 0; sent < LASTING / 100; sent += 1) {
      for (const socket of sockets) if (socket.writable) socket.write(request.charAt(sent));
      await pause(100);
    }
    for (const socket of sockets) socket.destroy();
  };
}

function manyObjects(): Attack {
  const frames = [updates.manyStructs, updates.manyValues, updates.manyDeletes].map((make) =>
    encodeUpdate(make(15_000_000)),
  );
  const pieces = Array.from({ length: 25 }, (_, at) => encodeUpdate(updates.manyItems(50_000, 200 - at)));
  return async (url) => {
    for (const messages of [...frames.map((frame) => [frame]), pieces]) {
      const { socket, closed } = await join(url, OTHER);
      for (const message of messages) socket.send(message);
      await closed;
    }
    await pause(LASTING / 2);
  };
}

function neverFits(): Attack {
  const frames = updates.unsatisfiable(5_000).map(encodeUpdate);
  return async (url) => {
    const { socket } = await join(url, ROOM);
    for (let round = 0; round < 3; round += 1) {
      for (const frame of frames) socket.send(frame);
      await pause(LASTING / 3);
    }
    socket.terminate();
  };
}

function questions(sockets: number, each: number): Attack {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (let at = 0; at < 60_000; at += 1) doc.getText('ballast').insert(0, 'ab');
  });
  const ballast = encodeUpdate(Y.encodeStateAsUpdate(doc));
  const almost = encoding.createEncoder();
  for (const number of [1, doc.clientID, 100]) encoding.writeVarUint(almost, number);
  const question = encodeStep1(encoding.toUint8Array(almost));
  return async (url) => {
    const first = await join(url, ROOM);
    first.socket.send(ballast);
    await pause(LASTING / 4);
    const asking = await Promise.all(Array.from({ length: sockets }, () => join(url, ROOM)));
    for (const { socket } of asking) for (let at = 0; at < each; at += 1) socket.send(question);
    await pause(LASTING);
    for (const { socket } of [first, ...asking]) socket.terminate();
  };
}

function slowToMerge(): Attack {
  const frames = Array.from({ length: 20 }, (_, at) => encodeUpdate(updates.prepended(8_000, at + 1)));
  return async (url) => {
    const { socket } = await join(url, OTHER);
    for (const frame of frames) socket.send(frame);
    await pause(LASTING + LASTING / 2);
    socket.terminate();
  };
}

/** By the number that docs/reliability.md gives them; made when asked for, since some weigh 30 MB. */
export const ATTACKS: Readonly<Record<string, () => Attack>> = Object.freeze({
  HB04: slowHeaders,
  HB10: manyObjects,
  HB13: neverFits,
  HB14: () => questions(1, 5_000),
  HB26: () => questions(150, 40),
  HB29: slowToMerge,
});
