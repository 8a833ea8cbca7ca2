// Killed while it works: what another client had received, or what was acknowledged, and is not there after the next start.
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as Y from 'yjs';
import { EMPTY_VECTOR, endClock, joinRoom, openRoom } from './room-wire.js';
import { typed } from './typing.js';

const SECONDS = 2;
const ROOM = 'bench/space/page';
const CLIENT = 1_234_567;
/** A stock client asks again after its first answer was empty; this long is waited for more. */
const PATIENCE = 3_000;

/** @type {import('./sections.js').Measure} */
export async function measureKills(server, { folder, scale }) {
  if (server.dialect === 'bare') return { kill1000: null, kill8000: null, term1000: null, term8000: null };
  /** @type {import('./sections.js').Figures} */
  const figures = {};
  for (const [key, signal, rate] of /** @type {const} */ ([
    ['kill1000', 'SIGKILL', 1_000],
    ['kill8000', 'SIGKILL', 8_000],
    ['term1000', 'SIGTERM', 1_000],
    ['term8000', 'SIGTERM', 8_000],
  ])) {
    figures[key] = await lost(
      server,
      path.join(folder, key),
      signal,
      Math.round(rate * SECONDS * Math.max(scale, 0.2)),
      rate,
    );
  }
  return figures;
}

/** In percent. @param {import('./servers.js').Server} server @param {string} data @param {NodeJS.Signals} signal @param {number} count @param {number} rate */
async function lost(server, data, signal, count, rate) {
  const updates = typed(2 * count, CLIENT);
  const program = await server.start(data);
  const at = { url: program.url, dialect: server.dialect };
  let shown = 0;
  let acknowledged = 0;
  // The first message of a client is its answer to the question, which counts as well.
  const writer = await joinRoom(at, ROOM, { ack: (durable) => (acknowledged = durable - 1) });
  const reader = await joinRoom(at, ROOM, { update: (update) => (shown = Math.max(shown, endClock(update))) });
  const readerClosed = new Promise((resolve) => reader.socket.once('close', resolve));
  const frames = updates.map((update) => writer.frame(update));
  let sent = 0;
  const began = performance.now();
  while (sent < count) {
    const due = Math.min(count, Math.floor(((performance.now() - began) / 1000) * rate));
    for (; sent < due; sent += 1) writer.socket.send(/** @type {Uint8Array} */ (frames[sent]));
    await wait(1);
  }
  // It is still being written to.
  for (; sent < count + rate / 20; sent += 1) writer.socket.send(/** @type {Uint8Array} */ (frames[sent]));
  await program.end(signal);
  await readerClosed;
  writer.socket.terminate();
  const promised = Math.max(shown, acknowledged);

  const again = await server.start(data);
  let kept = 0;
  let enough = () => {};
  const all = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (enough = resolve));
  const heard = (/** @type {Uint8Array} */ update) => {
    kept = Math.max(kept, Y.parseUpdateMeta(update).to.get(CLIENT) ?? 0);
    if (kept >= promised) enough();
  };
  const late = await openRoom({ url: again.url, dialect: server.dialect }, ROOM, { step2: heard, update: heard });
  late.step1(EMPTY_VECTOR);
  await Promise.race([all, wait(PATIENCE)]);
  late.socket.terminate();
  await again.stop();
  return promised === 0 ? 0 : (Math.max(0, promised - kept) * 100) / promised;
}
