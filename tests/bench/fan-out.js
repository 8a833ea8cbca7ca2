// Fan-out: one client types into a room that 50 others have open, at a steady pace and in a burst.
import { setTimeout as wait } from 'node:timers/promises';
import { cpuOf, memoryOf } from './processes.js';
import { endClock, joinRoom } from './room-wire.js';
import { typed } from './typing.js';

const READERS = 50;
const PER_SECOND = 400;
const SECONDS = 8;
const BURST = 4_000;
/** At once, and then at the pace that is measured: what is compiled once belongs to no second of a server that runs for weeks. */
const AT_ONCE = 200;
const UNMEASURED_SECONDS = 8;

/** @param {number[]} sorted @param {number} part */
const percentile = (sorted, part) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

/** @type {import('./sections.js').Measure} */
export async function measureFanOut(server, { folder, scale }) {
  const steady = Math.round(PER_SECOND * SECONDS * scale);
  const unmeasured = Math.round(PER_SECOND * UNMEASURED_SECONDS * scale);
  const warm = AT_ONCE + unmeasured;
  const updates = typed(warm + steady + BURST, 1_234_567);
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
          if (target === warm + steady)
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

  /** Until everybody has them. @param {number} count */
  const sendSteadily = async (count) => {
    const first = sent;
    const done = everybodyHas(first + count);
    const began = performance.now();
    while (sent < first + count) {
      const due = first + Math.min(count, Math.floor(((performance.now() - began) / 1000) * PER_SECOND));
      while (sent < due) send();
      await wait(1);
    }
    await done;
  };

  const first = everybodyHas(AT_ONCE);
  while (sent < AT_ONCE) send();
  await first;
  await sendSteadily(unmeasured);

  const cpuBefore = cpuOf(program.pid);
  await sendSteadily(steady);
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
