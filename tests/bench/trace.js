// A real paper as it was typed, key by key: taken in by the server, then loaded by a client that has nothing.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { memoryOf, ROOT } from './processes.js';
import { EMPTY_UPDATE, EMPTY_VECTOR, joinRoom, openRoom } from './room-wire.js';

const FILE = path.join(ROOT, '../shared/data/traces/sequential/automerge-paper.json.gz');
const ROOM = 'bench/space/paper';
const LOADS = 5;
/** After this a document that is not whole counts as lost. */
const PATIENCE = 15_000;

/** Why the section cannot run, or null. */
export function traceIsThere() {
  return existsSync(FILE) ? null : 'The trace automerge-paper.json.gz is not here (../shared/data/traces/sequential).';
}

/** @param {number} scale */
function traceUpdates(scale) {
  /** @type {{ txns: { patches: [number, number, string][] }[] }} */
  const { txns } = JSON.parse(gunzipSync(readFileSync(FILE)).toString());
  const doc = new Y.Doc();
  doc.clientID = 1_234_567;
  /** @type {Uint8Array[]} */
  const updates = [];
  doc.on('update', (/** @type {Uint8Array} */ update) => updates.push(update));
  const text = doc.getText('body');
  for (const { patches } of txns.slice(0, Math.round(txns.length * scale))) {
    doc.transact(() => {
      for (const [at, deleted, inserted] of patches) {
        if (deleted > 0) text.delete(at, deleted);
        if (inserted !== '') text.insert(at, inserted);
      }
    });
  }
  return { updates, whole: Y.encodeStateAsUpdate(doc), end: Y.getState(doc.store, doc.clientID), client: doc.clientID };
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** @type {import('./sections.js').Measure} */
export async function measureTrace(server, { folder, scale }) {
  if (server.dialect === 'bare') return {};
  const { updates, whole, end, client } = traceUpdates(scale);
  const program = await server.start(folder);
  const at = { url: program.url, dialect: server.dialect };
  let all = () => {};
  const done = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (all = resolve));
  let asked = false;
  const total = updates.length + 1;
  const events =
    server.id === 'caravan'
      ? { ack: (/** @type {number} */ count) => count >= total && all() }
      : // Others answer in order, from what they hold in memory.
        {
          step2: (/** @type {Uint8Array} */ update) => {
            if (asked && (Y.parseUpdateMeta(update).to.get(client) ?? 0) >= end) all();
          },
        };
  const writer = await joinRoom(at, ROOM, events);
  const frames = updates.map((update) => writer.frame(update));
  const began = performance.now();
  for (const [index, frame] of frames.entries()) {
    writer.socket.send(frame);
    // No more is put into the socket than a client's memory should hold.
    if (index % 500 === 0)
      while (writer.socket.bufferedAmount > 1 << 20) await new Promise((resolve) => setImmediate(resolve));
  }
  asked = true;
  if (server.id !== 'caravan') writer.step1(EMPTY_VECTOR);
  await done;
  const taken = (updates.length * 1000) / (performance.now() - began);
  const memory = memoryOf(program.pid);
  await writer.close();
  await program.stop();

  const figures = { taken, memory: memory?.now ?? Number.NaN, most: memory?.most ?? Number.NaN };
  if (!server.keeps) return figures;

  const again = await server.start(folder);
  const loads = [];
  const merges = [];
  for (let round = 0; round < LOADS; round += 1) {
    const doc = new Y.Doc();
    let got = () => {};
    const loaded = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (got = resolve));
    const heard = (/** @type {Uint8Array} */ update) => {
      Y.applyUpdate(doc, update);
      if (Y.getState(doc.store, client) >= end) got();
    };
    const start = performance.now();
    const room = await openRoom({ url: again.url, dialect: server.dialect }, ROOM, { step2: heard, update: heard });
    room.step1(EMPTY_VECTOR);
    const gaveUp = setTimeout(() => got(), PATIENCE);
    await loaded;
    clearTimeout(gaveUp);
    // It was stopped in order, and has lost something all the same.
    if (Y.getState(doc.store, client) < end) {
      room.socket.terminate();
      break;
    }
    loads.push(performance.now() - start);
    room.step2(EMPTY_UPDATE);
    await room.close();
    const mergeBegan = performance.now();
    Y.applyUpdate(new Y.Doc(), whole);
    merges.push(performance.now() - mergeBegan);
  }
  const coldMemory = memoryOf(again.pid);
  await again.stop();
  const [load, merged] = [median(loads), median(merges)];
  return {
    ...figures,
    load: loads.length > 0 ? load : null,
    merged,
    loadRatio: loads.length > 0 ? load / merged : null,
    coldMemory: coldMemory?.now ?? Number.NaN,
  };
}
