// Makes segments of the rows that finished sessions left, in the background: read, sign, name, store, all in one batch each.
import { toWireError } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Logger } from '../../base/logger.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { DocStore } from '../doc-store.ts';
import { readUpdateFacts } from '../update-facts.ts';
import { readLayout } from '../update-layout.ts';
import type { KnownAt } from './known-at.ts';
import { PENDING_AREA, prefixOfPending, readPendingRow, removalsOf, roomOfPending } from './pending-rows.ts';
import { encodeSegmentBody, joinSignature, type TimedUpdate } from './segment.ts';
import type { SegmentSigner } from './segment-signer.ts';

export interface SegmentCutterOptions {
  readonly store: DocStore;
  readonly signer: SegmentSigner;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A session that may still grow is not cut. */
  readonly isLive: (prefix: string) => boolean;
  readonly onCut: (room: string, number: number) => void;
}

/** Segments made at once: they share a synced batch, and a thousand sessions that end together do not fill the memory. */
const AT_ONCE = 16;
/** How many times as long as they took it rests after as many: whoever works at the hub comes first, and garbage goes meanwhile. */
const REST = 3;
/** Milliseconds that it rests at most: on a busy machine they took long because others worked. */
const LONGEST_REST = 250;
/** Milliseconds until what could not be stored is tried again. */
const PATIENCE = 60_000;

export class SegmentCutter {
  readonly #options: SegmentCutterOptions;
  readonly #waiting = new Set<string>();
  readonly #failed = new Set<string>();
  #running: Promise<void> | null = null;
  /** Ends the rest that it takes. */
  #wake: (() => void) | null = null;
  #retry: Disposable | null = null;
  #closed = false;
  #deadline = Infinity;

  constructor(options: SegmentCutterOptions) {
    this.#options = options;
  }

  /** @param prefix of the rows of a session that is over. */
  request(prefix: string): void {
    if (this.#closed) return;
    this.#waiting.add(prefix);
    this.#running ??= this.#run();
  }

  /** Asks for every session that an earlier run left. */
  async requestLeftovers(): Promise<void> {
    const { store, logger, isLive } = this.#options;
    try {
      for await (const key of store.values.keys(PENDING_AREA)) {
        const prefix = prefixOfPending(key);
        if (prefix !== null && !isLive(prefix)) this.request(prefix);
      }
    } catch (error) {
      logger.log('error', 'history-leftovers-unread', { code: toWireError(error).code });
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** Takes no more requests and cuts what waits until `deadline`, by the clock; the rest is cut at the next start. */
  async close(deadline: number): Promise<void> {
    this.#closed = true;
    this.#deadline = deadline;
    this.#retry?.dispose();
    this.#wake?.();
    await this.idle();
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    await Promise.resolve();
    while (this.#waiting.size > 0 && clock.now() < this.#deadline) {
      const began = clock.now();
      const batch = [...take(this.#waiting, AT_ONCE)];
      for (const prefix of batch) this.#waiting.delete(prefix);
      await Promise.all(batch.map((prefix) => this.#cutOrKeep(prefix)));
      if (this.#waiting.size > 0) await this.#rest(Math.min(LONGEST_REST, REST * (clock.now() - began)));
    }
    this.#running = null;
  }

  /** Not once it is to close. */
  async #rest(milliseconds: number): Promise<void> {
    if (this.#closed || milliseconds <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.after(milliseconds, resolve);
      this.#wake = () => {
        timer.dispose();
        resolve();
      };
    });
    this.#wake = null;
  }

  async #cutOrKeep(prefix: string): Promise<void> {
    try {
      await this.#cut(prefix);
    } catch (error) {
      // Its rows are durable: nothing is lost, and it is tried again.
      const { code } = toWireError(error);
      this.#options.logger.log('warn', 'segment-not-cut', { code });
      if (code !== 'damaged') this.#failed.add(prefix);
      if (!this.#closed) this.#retry ??= this.#options.clock.after(PATIENCE, () => this.#again());
    }
  }

  #again(): void {
    this.#retry = null;
    for (const prefix of this.#failed) this.request(prefix);
    this.#failed.clear();
  }

  async #cut(prefix: string): Promise<void> {
    const { store, signer, onCut } = this.#options;
    const room = roomOfPending(prefix);
    const { keys, device, member, updates, known } = await this.#read(prefix);
    const [first, last] = [updates[0], updates.at(-1)];
    if (room === null || !first || !last) return;
    const clients = clientsOf(updates);
    const { publicKey } = signer;
    const times = { startedAt: first.at, endedAt: last.at };
    const body = encodeSegmentBody({
      base: false,
      room,
      device,
      member,
      signer: publicKey,
      ...times,
      clients,
      updates,
      known,
    });
    const bytes = joinSignature(body, await signer.sign(body));
    const hash = await signer.hash(bytes);
    const number = await store.segments.add({ hash, room, endedAt: last.at }, bytes, removalsOf(keys));
    if (number !== null) onCut(room, number);
  }

  async #read(prefix: string) {
    const keys: string[] = [];
    const updates: TimedUpdate[] = [];
    const known: KnownAt[] = [];
    let [device, member] = ['', ''];
    let latest = 0;
    for await (const [key, value] of this.#options.store.values.entries(PENDING_AREA, prefix)) {
      const row = readPendingRow(value);
      // Of a newer version: it stays for the program that can read it.
      if (!row) continue;
      keys.push(key);
      ({ device, member } = row);
      known.push(...row.known);
      for (const { at, update } of row.updates) {
        latest = Math.max(latest, at);
        updates.push({ at: latest, update });
      }
    }
    return { keys, device, member, updates, known };
  }
}

function* take<T>(items: Iterable<T>, count: number): Iterable<T> {
  let left = count;
  for (const item of items) {
    if (left === 0) return;
    left -= 1;
    yield item;
  }
}

function clientsOf(updates: readonly TimedUpdate[]): readonly number[] {
  const clients = new Set<number>();
  for (const { update } of updates) {
    const sections = readLayout(update)?.sections.map(({ client }) => client);
    for (const client of sections ?? readUpdateFacts(update)?.structs.keys() ?? []) clients.add(client);
  }
  return [...clients].sort((a, b) => a - b).slice(0, LIMITS.segmentClients);
}
