// Gives memory back once a relay is quiet after sockets left it: V8 collects nothing while nothing is allocated. It frees no room and no store.
import { setFlagsFromString, getHeapStatistics } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../shared/base/clock.ts';
import type { Disposable } from '../shared/base/disposable.ts';

/** Milliseconds between looks, and the part of them that a quiet relay computes at most: collecting stops everybody for a moment. */
const LOOK = 2_000;
const QUIET = 0.1;
/**
 * The part at which it is done all the same, and milliseconds until it is done so again: where many left, their history is made
 * for a while, at a quarter of the time.
 */
const MODERATE = 0.4;
const SELDOM = 60_000;
/** Bytes that are worth it. */
const WORTH = 32 * 1024 * 1024;

export interface MemoryPorts {
  /** Bytes that the heap takes, used or not, and what hangs on it. */
  heap(): number;
  /** Processor time that this process used since it was asked last, as a part of the time that passed. */
  busy(): number;
  /** Collects all garbage, before it returns. */
  collect(): void;
}

export class QuietMemory implements Disposable {
  readonly #clock: Clock;
  readonly #ports: MemoryPorts;
  #floor: number;
  #timer: Disposable | null = null;
  /** Collected a moment ago: V8 gives the young generation's memory back only once it sees that little is allocated. */
  #again = false;
  /** When it was collected while the relay was at work. */
  #collectedAtWork = -Infinity;
  #disposed = false;

  constructor(clock: Clock, ports: MemoryPorts) {
    this.#clock = clock;
    this.#ports = ports;
    this.#floor = ports.heap();
  }

  /** Somebody is gone. */
  left(): void {
    if (this.#timer || this.#disposed) return;
    this.#ports.busy();
    this.#lookLater();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  #lookLater(): void {
    this.#timer = this.#clock.after(LOOK, () => {
      this.#timer = null;
      this.#look(this.#ports.busy());
    });
  }

  #look(busy: number): void {
    const quiet = busy <= QUIET;
    if (this.#ports.heap() >= this.#floor + WORTH && (quiet || this.#mayAtWork(busy))) {
      this.#collect();
      this.#again = true;
    } else if (quiet) {
      if (this.#again) this.#collect();
      this.#again = false;
      return;
    }
    this.#lookLater();
  }

  #mayAtWork(busy: number): boolean {
    const now = this.#clock.now();
    if (busy > MODERATE || now - this.#collectedAtWork < SELDOM) return false;
    this.#collectedAtWork = now;
    return true;
  }

  #collect(): void {
    this.#ports.collect();
    this.#floor = this.#ports.heap();
  }
}

/** This process's own. */
export function processMemory(): MemoryPorts {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  let [usedBefore, before] = [processorTime(), performance.now()];
  return {
    heap() {
      const { total_physical_size: heap, external_memory: external } = getHeapStatistics();
      return heap + external;
    },
    busy() {
      const [used, now] = [processorTime(), performance.now()];
      // Not how long the event loop was busy: on a busy machine most of that is waiting for a core.
      const busy = (used - usedBefore) / Math.max(1, now - before);
      [usedBefore, before] = [used, now];
      return busy;
    },
    collect() {
      if (typeof collect !== 'function') return;
      // Else what lives on stays scattered over pages that are otherwise empty.
      setFlagsFromString('--compact-on-every-full-gc');
      collect();
      setFlagsFromString('--no-compact-on-every-full-gc');
    },
  };
}

/** Milliseconds, of all threads. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
