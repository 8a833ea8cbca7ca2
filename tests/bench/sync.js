// Cold sync and catching up: a client that has nothing, a host that has nothing, and one that lacks 10 of 2,000 documents.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as Y from 'yjs';
import { bundleProgram } from '../../build/scripts/bundle-program.js';
import { BenchLink, roomMessage } from './link-wire.js';
import { memoryOf, startNode } from './processes.js';
import { EMPTY_VECTOR, joinRoom, openRoom } from './room-wire.js';
import { several } from './rooms.js';
import { CACHE } from './servers.js';
import { writtenDocument } from './typing.js';

const DOCUMENTS = 2_000;
const CHANGED = 10;
/** Documents that differ; they come round again in other rooms, which no server can tell. */
const TEMPLATES = 40;
/** Rooms that a link fetches at a time, as the product does (LIMITS.catchUpChannels). */
const CHANNELS = 64;
/** How long a server that stores late is given before it is started again. */
const STORED = 12_000;

const name = (/** @type {number} */ index) => `bench/space/page-${index}`;
const most = (/** @type {number} */ pid) => memoryOf(pid)?.most ?? Number.NaN;

/** @type {import('./sections.js').Measure} */
export async function measureSync(server, { folder, scale }) {
  const count = Math.max(20, Math.round(DOCUMENTS * scale));
  const templates = Array.from({ length: TEMPLATES }, (_, seed) => writtenDocument(seed));
  const documentOf = (/** @type {number} */ index) =>
    /** @type {import('./typing.js').BenchDocument} */ (templates[index % TEMPLATES]);
  const bytes = documentOf(0).whole.length;
  if (server.dialect === 'bare') return measureBare(server, folder, count, bytes);
  // It would have nothing after its restart.
  if (!server.keeps) return {};

  const data = path.join(folder, 'server');
  await fill(server, data, count, documentOf);
  const sockets = await measureColdSockets(server, data, count, documentOf);
  if (server.id !== 'caravan') {
    return {
      ...sockets,
      coldLink: null,
      coldLinkMemory: null,
      host: null,
      hostMemory: null,
      ...(await catchUpBySockets(server, data, count, documentOf)),
    };
  }
  return {
    ...sockets,
    ...(await measureColdLink(server, data, count)),
    ...(await measureHost(server, folder, data, documentOf)),
  };
}

/** @typedef {(index: number) => import('./typing.js').BenchDocument} DocumentOf */

/** @param {import('./servers.js').Server} server @param {string} folder @param {number} count @param {number} bytes */
async function measureBare(server, folder, count, bytes) {
  const program = await server.start(folder);
  const began = performance.now();
  await several(count, async (index) => {
    let got = () => {};
    const arrived = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (got = resolve));
    const room = await openRoom({ url: program.url, dialect: 'bare' }, `stored?bytes=${bytes}&room=${index}`, {
      step2: got,
    });
    await arrived;
    room.socket.terminate();
  });
  const cold = performance.now() - began;
  const coldMemory = most(program.pid);
  await program.stop();
  return { cold, coldMemory };
}

/** Puts every document into the server, as one client after the other wrote it. @param {import('./servers.js').Server} server @param {string} data @param {number} count @param {DocumentOf} documentOf */
async function fill(server, data, count, documentOf) {
  const program = await server.start(data);
  const at = { url: program.url, dialect: server.dialect };
  await several(count, async (index) => {
    const { updates, stateVector } = documentOf(index);
    let there = () => {};
    const has = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (there = resolve));
    const clock = Y.decodeStateVector(stateVector);
    let asked = false;
    /** @type {import('./room-wire.js').RoomSocket | undefined} */
    let room;
    room = await joinRoom(at, name(index), {
      step2(update) {
        if (!asked) return;
        const { to } = Y.parseUpdateMeta(update);
        if ([...clock].every(([client, end]) => (to.get(client) ?? 0) >= end)) there();
        else room?.step1(EMPTY_VECTOR);
      },
    });
    for (const update of updates) room.update(update);
    asked = true;
    room.step1(EMPTY_VECTOR);
    await has;
    room.socket.terminate();
  });
  if (server.id !== 'caravan') await wait(STORED);
  await program.stop();
}

/** @param {import('./servers.js').Server} server @param {string} data @param {number} count @param {DocumentOf} documentOf */
async function measureColdSockets(server, data, count, documentOf) {
  const program = await server.start(data);
  const at = { url: program.url, dialect: server.dialect };
  const began = performance.now();
  await several(count, async (index) => {
    const length = documentOf(index).whole.length;
    let got = () => {};
    const arrived = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (got = resolve));
    /** @param {Uint8Array} update */
    const heard = (update) => {
      // y-websocket answers before its store has loaded: the document then comes as updates.
      if (update.length > length / 2) got();
    };
    const room = await openRoom(at, name(index), { step2: heard, update: heard });
    room.step1(EMPTY_VECTOR);
    await arrived;
    room.socket.terminate();
  });
  const cold = performance.now() - began;
  const coldMemory = most(program.pid);
  await program.stop();
  return { cold, coldMemory };
}

/** @param {import('./servers.js').Server} server @param {string} data @param {number} count */
async function measureColdLink(server, data, count) {
  const program = await server.start(data);
  const began = performance.now();
  let arrived = 0;
  let all = () => {};
  const done = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (all = resolve));
  /** @type {string[]} */
  const waiting = [];
  let open = 0;
  const link = await BenchLink.open(program.url, 'bench', {
    changed(space, documents) {
      for (const document of documents) waiting.push(`${space}/${document}`);
      more();
    },
    message(channel, step) {
      if (step !== 1) return;
      link.closeChannel(channel);
      open -= 1;
      arrived += 1;
      if (arrived === count) all();
      more();
    },
  });
  const more = () => {
    while (open < CHANNELS) {
      const room = waiting.shift();
      if (room === undefined) return;
      open += 1;
      link.send(link.openChannel(room, false), roomMessage(0, EMPTY_VECTOR));
    }
  };
  link.follow();
  await done;
  const coldLink = performance.now() - began;
  const coldLinkMemory = most(program.pid);
  link.terminate();
  await program.stop();
  return { coldLink, coldLinkMemory };
}

/** Changes some documents by stock clients. @param {{ url: string, dialect: import('./servers.js').Dialect }} at @param {DocumentOf} documentOf */
async function change(at, documentOf) {
  await several(CHANGED, async (index) => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, documentOf(index).whole);
    const before = Y.encodeStateVector(doc);
    doc.getText('body').insert(0, 'A sentence that was written while the other was away.');
    let there = () => {};
    const has = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (there = resolve));
    let asked = false;
    const room = await joinRoom(at, name(index), { step2: () => asked && there() });
    room.update(Y.encodeStateAsUpdate(doc, before));
    asked = true;
    room.step1(EMPTY_VECTOR);
    await has;
    room.socket.terminate();
  });
}

/** A client for every document, each holding what was there before. @param {import('./servers.js').Server} server @param {string} data @param {number} count @param {DocumentOf} documentOf */
async function catchUpBySockets(server, data, count, documentOf) {
  const program = await server.start(data);
  const at = { url: program.url, dialect: server.dialect };
  await change(at, documentOf);
  await wait(STORED);
  await program.stop();
  const again = await server.start(data);
  const there = { url: again.url, dialect: server.dialect };
  let bytes = 0;
  let messages = 0;
  const counted = (/** @type {number} */ size) => {
    bytes += size;
    messages += 1;
  };
  const began = performance.now();
  await several(count, async (index) => {
    const { stateVector, deletes } = documentOf(index);
    let got = () => {};
    const arrived = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (got = resolve));
    const room = await openRoom(there, name(index), {
      bytes: counted,
      step2: () => got(),
      step1: (_vector, asked) => {
        counted(deletes.length + 4);
        asked.step2(deletes);
      },
    });
    counted(stateVector.length + 4);
    room.step1(stateVector);
    await arrived;
    room.socket.terminate();
  });
  const catchUp = performance.now() - began;
  const catchUpMemory = most(again.pid);
  await again.stop();
  return { catchUp, catchUpBytes: bytes / 1000, catchUpMessages: messages, catchUpMemory };
}

/** The product's own hub, store and link, without documents or projections. @param {import('./servers.js').Server} server @param {string} folder @param {string} data @param {DocumentOf} documentOf */
async function measureHost(server, folder, data, documentOf) {
  mkdirSync(CACHE, { recursive: true });
  await bundleProgram({ name: 'bench host', entry: 'tests/bench/host.ts', output: 'host.js', format: 'es' }, CACHE, []);
  const own = path.join(folder, 'host');
  const startHost = (/** @type {string} */ url) => startNode(process.execPath, [path.join(CACHE, 'host.js'), own, url]);
  const relay = await server.start(data);
  const host = await startHost(relay.url);
  const fetched = await host.next();
  const hostMemory = most(host.pid);
  host.say('stop');
  await host.next();
  await host.stop();
  await change({ url: relay.url, dialect: 'yjs' }, documentOf);
  await relay.stop();

  const again = await server.start(data);
  const second = await startHost(again.url);
  const caught = await second.next();
  const catchUpMemory = most(again.pid);
  second.say('stop');
  await second.next();
  await second.stop();
  await again.stop();
  return {
    host: fetched.time,
    hostMemory,
    catchUp: caught.time,
    catchUpBytes: caught.bytes / 1000,
    catchUpMessages: caught.messages,
    catchUpMemory,
  };
}
