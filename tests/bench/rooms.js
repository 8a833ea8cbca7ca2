// Many rooms: 2,000 of them with two clients in each, one writing and one reading; over a socket a room, and over one link a client.
import { setTimeout as wait } from 'node:timers/promises';
import { BenchLink, roomMessage } from './link-wire.js';
import { cpuOf, memoryOf } from './processes.js';
import { EMPTY_UPDATE, EMPTY_VECTOR, endClock, joinRoom } from './room-wire.js';
import { typed } from './typing.js';

const ROOMS = 2_000;
/** Updates in each room, the writers taking turns as fast as their sockets take them. */
const UPDATES = 25;
/** Sockets that are being opened at a time. */
const AT_ONCE = 50;
/** What "10 s after all have left" means. */
const AFTERWARDS = 10_000;

/** @template T @param {number} count @param {(index: number) => Promise<T>} make @returns {Promise<T[]>} */
export async function several(count, make) {
  /** @type {T[]} */
  const made = new Array(count);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      made[index] = await make(index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return made;
}

/** @param {number} pid */
const resident = (pid) => memoryOf(pid)?.now ?? Number.NaN;

/** Resolves a promise when `count` rooms have come to `end`. @param {number} count @param {number} end */
function arrivals(count, end) {
  let left = count;
  let all = () => {};
  const done = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (all = resolve));
  const heard = (/** @type {Uint8Array} */ update) => {
    if (endClock(update) < end) return;
    left -= 1;
    if (left === 0) all();
  };
  return { done, heard };
}

/** @type {import('./sections.js').Measure} */
export async function measureRooms(server, { folder, scale }) {
  const rooms = Math.max(10, Math.round(ROOMS * scale));
  const over = await measureSockets(server, folder, rooms);
  if (server.id !== 'caravan') {
    return { ...over, link: null, linkCpu: null, linkMemory: null, linkLeft: null };
  }
  return { ...over, ...(await measureLink(server, `${folder}/link`, rooms)) };
}

/** @param {import('./servers.js').Server} server @param {string} folder @param {number} rooms */
async function measureSockets(server, folder, rooms) {
  const program = await server.start(folder);
  const at = { url: program.url, dialect: server.dialect };
  const start = resident(program.pid);
  const updates = typed(UPDATES, 1_234_567);
  const { done, heard } = arrivals(rooms, UPDATES);
  const name = (/** @type {number} */ index) => `bench/space/room-${index}`;
  const readers = await several(rooms, (index) => joinRoom(at, name(index), { update: heard }));
  const writers = await several(rooms, (index) => joinRoom(at, name(index)));
  const cpuBefore = cpuOf(program.pid);
  const began = performance.now();
  for (const update of updates) {
    for (const writer of writers) writer.update(update);
    // The sockets and the readers get their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
  const time = performance.now() - began;
  const cpu = cpuOf(program.pid) - cpuBefore;
  const socketsMemory = resident(program.pid);
  await Promise.all([...readers, ...writers].map((one) => one.close()));
  await wait(AFTERWARDS);
  const left = resident(program.pid) - start;
  await program.stop();
  return {
    start,
    sockets: (rooms * UPDATES * 1000) / time,
    socketsCpu: (cpu * 1000) / (rooms * UPDATES),
    socketsMemory,
    left,
  };
}

/** @param {import('./servers.js').Server} server @param {string} folder @param {number} rooms */
async function measureLink(server, folder, rooms) {
  const program = await server.start(folder);
  const start = resident(program.pid);
  const messages = typed(UPDATES, 1_234_567).map((update) => roomMessage(2, update));
  const { done, heard } = arrivals(rooms, UPDATES);
  /** @param {(bytes: Uint8Array) => void} [update] */
  const join = async (update) => {
    let waiting = rooms;
    let all = () => {};
    const answered = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (all = resolve));
    const link = await BenchLink.open(program.url, 'bench', {
      message(channel, step, bytes) {
        if (step === 0) link.send(channel, roomMessage(1, EMPTY_UPDATE));
        else if (step === 1) {
          waiting -= 1;
          if (waiting === 0) all();
        } else update?.(bytes);
      },
    });
    const channels = Array.from({ length: rooms }, (_, index) => {
      const channel = link.openChannel(`space/room-${index}`, true);
      link.send(channel, roomMessage(0, EMPTY_VECTOR));
      return channel;
    });
    await answered;
    return { link, channels };
  };
  const reader = await join(heard);
  const writer = await join();
  const cpuBefore = cpuOf(program.pid);
  const began = performance.now();
  for (const message of messages) {
    for (const channel of writer.channels) writer.link.send(channel, message);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
  const time = performance.now() - began;
  const cpu = cpuOf(program.pid) - cpuBefore;
  const linkMemory = resident(program.pid);
  reader.link.terminate();
  writer.link.terminate();
  await wait(AFTERWARDS);
  const linkLeft = resident(program.pid) - start;
  await program.stop();
  return { link: (rooms * UPDATES * 1000) / time, linkCpu: (cpu * 1000) / (rooms * UPDATES), linkMemory, linkLeft };
}
