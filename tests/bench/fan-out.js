// Fan-out: one client types into a room that 50 others have open, at a steady pace and in a burst.
import { setTimeout as wait } from 'node:timers/promises';
import { cpuOf, memoryOf } from './processes.js';
import { endClock, joinRoom } from './room-wire.js';
import { typed } from './typing.js';

const READERS = 50;
const PER_SECOND = 400;
const SECONDS = 8;
const BURST = 4_000;
const WARM_UP = 200;

/** @param {number[]} sorted @param {number} part */
const percentile = (sorted, part) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

/** @type {import('./sections.js').Measure} */
export async function measureFanOut(server, { folder, scale }) {
  const steady = Math.round(PER_SECOND * SECONDS * scale);
  const updates = typed(WARM_UP + steady + BURST, 1_234_567);
  const program = await server.start(folder);
  const room = 'bench/space/page';
  const at = { url: program.url, dialect: server.dialect };
  const sentAt = new Float64Array(updates.length + 1);
  /** @type {number[]} */
  const times = [];
  const has = new Array(READERS).fill(0);
  let behind = READERS;
  let target = 0;
  let reached = () => {};
  const readers = await Promise.all(
    has.map((_, reader) =>
      joinRoom(at, room, {
        update(update) {
          const now = performance.now();
          const end = endClock(update);
          if (target === WARM_UP + steady)
            for (let clock = has[reader] + 1; clock <= end; clock += 1) times.push(now - (sentAt[clock] ?? now));
          if (has[reader] < target && end >= target) {
            behind -= 1;
            if (behind === 0) reached();
          }
          has[reader] = Math.max(has[reader], end);
        },
      }),
    ),
  );
  const writer = await joinRoom(at, room);
  const frames = updates.map((update) => writer.frame(update));
  let sent = 0;
  const send = () => {
    sent += 1;
    sentAt[sent] = performance.now();
    writer.socket.send(/** @type {Uint8Array} */ (frames[sent - 1]));
  };
  /** @param {number} clock */
  const everybodyHas = (clock) => {
    target = clock;
    behind = has.filter((end) => end < clock).length;
    return new Promise((/** @type {(value?: undefined) => void} */ resolve) => (reached = resolve));
  };

  const warm = everybodyHas(WARM_UP);
  while (sent < WARM_UP) send();
  await warm;

  const done = everybodyHas(WARM_UP + steady);
  const cpuBefore = cpuOf(program.pid);
  const began = performance.now();
  while (sent < WARM_UP + steady) {
    const due = WARM_UP + Math.min(steady, Math.floor(((performance.now() - began) / 1000) * PER_SECOND));
    while (sent < due) send();
    await wait(1);
  }
  await done;
  const cpu = ((cpuOf(program.pid) - cpuBefore) * 1000) / (steady * READERS);

  const burst = everybodyHas(updates.length);
  const burstBegan = performance.now();
  while (sent < updates.length) send();
  await burst;
  const burstTime = performance.now() - burstBegan;
  const memory = memoryOf(program.pid);
  for (const one of [writer, ...readers]) one.socket.terminate();
  await program.stop();
  times.sort((a, b) => a - b);
  return {
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    cpu,
    burst: (BURST * READERS * 1000) / burstTime,
    memory: memory?.now ?? Number.NaN,
  };
}
