// Gives memory back once a relay is quiet after sockets left it: V8 collects nothing while nothing is allocated. It frees no room and no store.
import { setFlagsFromString, getHeapStatistics } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../shared/base/clock.ts';
import type { Disposable } from '../shared/base/disposable.ts';

/** Milliseconds between looks, and the part of them that a quiet relay computes at most: collecting stops everybody for a moment. */
const LOOK = 2_000;
const QUIET = 0.1;
/** Bytes that are worth it. */
const WORTH = 32 * 1024 * 1024;

export interface MemoryPorts {
  /** Bytes that the heap takes, used or not, and what hangs on it. */
  heap(): number;
  /** The part of the time since it was asked last in which this process computed. */
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
      if (this.#ports.busy() > QUIET) this.#lookLater();
      else this.#collect();
    });
  }

  #collect(): void {
    const { heap, collect } = this.#ports;
    if (!this.#again && heap() < this.#floor + WORTH) return;
    collect();
    this.#floor = heap();
    this.#again = !this.#again;
    if (this.#again) this.#lookLater();
  }
}

/** This process's own. */
export function processMemory(): MemoryPorts {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  let before = performance.eventLoopUtilization();
  return {
    heap() {
      const { total_physical_size: heap, external_memory: external } = getHeapStatistics();
      return heap + external;
    },
    busy() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
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
