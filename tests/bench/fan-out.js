// Fan-out: one stock client types into a room that 50 others have open; how long until the last of them has it.
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { memoryOf, startProgram } from './processes.js';

const CLIENTS = 50;
const TYPED = 200;
const BURST = 1_000;

// Each stock provider listens to the end of the process.
process.setMaxListeners(2 * CLIENTS);

/** @param {string} url @param {string} room */
function connect(url, room) {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(url, room, doc, {
    disableBc: true,
    WebSocketPolyfill: /** @type {any} */ (WebSocket),
  });
  return { doc, text: doc.getText('body'), provider };
}

/** @param {ReturnType<typeof connect>} client */
function connected({ provider }) {
  return provider.wsconnected
    ? Promise.resolve()
    : new Promise((resolve) => {
        provider.on('status', ({ status }) => {
          if (status === 'connected') resolve(undefined);
        });
      });
}

/** @param {number[]} sorted @param {number} part */
const percentile = (sorted, part) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

/** @param {string} script @param {string[]} args */
export async function measureFanOut(script, args) {
  const server = await startProgram(script, args);
  const room = 'bench/space/page';
  const writer = connect(server.url, room);
  const readers = Array.from({ length: CLIENTS }, () => connect(server.url, room));
  await Promise.all([writer, ...readers].map(connected));

  /** Resolves when every reader's text is that long. @param {number} length */
  const everybodyHas = (length) =>
    Promise.all(
      readers.map(
        ({ text }) =>
          new Promise((resolve) => {
            const look = () => {
              if (text.length < length) return;
              text.unobserve(look);
              resolve(undefined);
            };
            text.observe(look);
            look();
          }),
      ),
    );

  // A first edit that is not counted: it settles rooms and code.
  let length = 1;
  writer.text.insert(0, 'x');
  await everybodyHas(length);

  /** @type {number[]} */
  const times = [];
  for (let typed = 0; typed < TYPED; typed += 1) {
    const began = performance.now();
    writer.text.insert(length, 'y');
    length += 1;
    await everybodyHas(length);
    times.push(performance.now() - began);
  }
  const began = performance.now();
  for (let typed = 0; typed < BURST; typed += 1) writer.text.insert(length + typed, 'z');
  await everybodyHas(length + BURST);
  const burst = performance.now() - began;

  const memory = memoryOf(server.pid);
  for (const { provider, doc } of [writer, ...readers]) {
    provider.awareness.destroy();
    provider.destroy();
    doc.destroy();
  }
  await server.stop();
  times.sort((a, b) => a - b);
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95), burst, memory };
}

export const FAN_OUT = { clients: CLIENTS, typed: TYPED, burst: BURST };
