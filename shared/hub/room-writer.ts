// One room's way to the disk: updates are judged against what is durable or on its way, stored in order, then announced.
import * as Y from 'yjs';
import { toWireError } from '../base/app-error.ts';
import { Fifo } from '../base/fifo.ts';
import type { ApplyOutcome, Origin } from '../link/room-source.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { AppendBatch } from './append-batch.ts';
import type { Edit } from './edit-recorder.ts';
import { encodeStateVector, type Knowledge } from './knowledge.ts';
import type { RoomBytes } from './room-bytes.ts';
import { readUpdateFacts, type UpdateFacts } from './update-facts.ts';

export interface RoomWriterPorts {
  /** `edits`: what of the merged update was made at this hub, as it came. */
  append(update: Uint8Array, edits: readonly Edit[]): Promise<number>;
  /** Called after the bytes took the update in, before anybody is acknowledged. */
  stored(update: Uint8Array, origins: ReadonlySet<Origin>, number: number): void;
  failed(error: unknown): void;
  readonly updatesPerAppend: number;
}

/** Beyond this, an append is not merged with the next update: merging decodes all of it. */
const MERGED_BYTES = 256 * 1024;

/** Whether something of it stands under clocks that are known. */
function overlaps(facts: UpdateFacts, clocks: ReadonlyMap<number, number>): boolean {
  for (const [client, structs] of facts.structs) {
    const known = clocks.get(client) ?? 0;
    for (const { start } of structs) if (start < known) return true;
  }
  return false;
}

/** One append is under way at a time; what arrives meanwhile is merged into the next. A failure fails everything behind it. */
export class RoomWriter {
  readonly #bytes: RoomBytes;
  readonly #ports: RoomWriterPorts;
  /** What is durable or on its way; null while that is what is durable. Most rooms are only read. */
  #judged: Knowledge | null = null;
  /** Batches that wait; the last one still grows. */
  readonly #queue = new Fifo<AppendBatch>();
  #writing: AppendBatch | null = null;
  #queuedBytes = 0;
  #queuedItems = 0;
  #running: Promise<void> | null = null;

  constructor(bytes: RoomBytes, ports: RoomWriterPorts) {
    this.#bytes = bytes;
    this.#ports = ports;
  }

  /** Bytes accepted and not durable yet. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** What their readers build. */
  get queuedItems(): number {
    return this.#queuedItems;
  }

  /** What is accepted and not durable yet, oldest first. */
  get unwritten(): readonly Uint8Array[] {
    return [...(this.#writing?.updates ?? []), ...this.#queue.all().flatMap(({ updates }) => updates)];
  }

  /** What is durable or on its way. */
  get clocks(): ReadonlyMap<number, number> {
    return this.#judged?.clocks ?? this.#bytes.clocks;
  }

  get #accepted(): Knowledge {
    this.#judged ??= this.#bytes.readKnowledge();
    return this.#judged;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  get isIdle(): boolean {
    return this.#running === null;
  }

  /** Whether the update would change something, as far as this end can tell now. */
  fit(facts: UpdateFacts): 'new' | 'unchanged' | 'gap' {
    return this.#accepted.fit(facts);
  }

  /** Updates that are stored as one have one promise: who sends many in a row waits once. */
  submit(whole: Uint8Array, itsFacts: UpdateFacts, origin: Origin, edit: Edit | null = null): Promise<ApplyOutcome> {
    const fit = this.#accepted.fit(itsFacts);
    if (fit === 'gap') return Promise.resolve({ kind: 'gap' });
    if (fit === 'unchanged') return this.#last?.unchanged ?? Promise.resolve({ kind: 'unchanged' });
    const { update, facts } = this.#beyond(whole, itsFacts);
    const batch = this.#batchFor(update);
    this.#accepted.add(facts, batch.gain);
    batch.add(update, facts, origin, edit);
    this.#queuedBytes += update.length;
    this.#queuedItems += facts.items;
    this.#running ??= this.#run();
    return batch.outcome;
  }

  /** What is known here is durable once this one is. */
  get #last(): AppendBatch | null {
    return this.#queue.at(this.#queue.length - 1) ?? this.#writing;
  }

  #batchFor(update: Uint8Array): AppendBatch {
    const last = this.#queue.at(this.#queue.length - 1);
    if (last && last.length < this.#ports.updatesPerAppend && last.bytes + update.length <= MERGED_BYTES) {
      return last;
    }
    const batch = new AppendBatch();
    this.#queue.push(batch);
    return batch;
  }

  /** A compaction may have learned of deletions that were implied before. */
  refresh(): void {
    if (this.isIdle) this.#judged = null;
  }

  /**
   * What came first stands: of clocks that are known already nothing is stored again. Were two meanings of a clock stored, bytes
   * that are merged would show the one, documents that are built the other.
   */
  #beyond(update: Uint8Array, facts: UpdateFacts): { readonly update: Uint8Array; readonly facts: UpdateFacts } {
    const { clocks } = this.#accepted;
    if (!overlaps(facts, clocks)) return { update, facts };
    const rest = Y.diffUpdate(update, encodeStateVector(clocks));
    const restFacts = readUpdateFacts(rest);
    return restFacts ? { update: rest, facts: restFacts } : { update, facts };
  }

  async #run(): Promise<void> {
    // One microtask, so that what arrives in the same turn shares the first append.
    await Promise.resolve();
    for (let [batch] = this.#queue.take(1); batch; [batch] = this.#queue.take(1)) {
      this.#writing = batch;
      await this.#write(batch);
      this.#writing = null;
    }
    this.#running = null;
  }

  async #write(batch: AppendBatch): Promise<void> {
    try {
      const update = batch.join();
      const number = await this.#ports.append(update, batch.edits);
      this.#bytes.append(update, batch.gain);
      this.#queuedBytes -= batch.bytes;
      this.#queuedItems -= batch.gain.items;
      this.#ports.stored(update, batch.origins, number);
      batch.settle({ kind: 'stored', number });
    } catch (error) {
      this.#fail(batch, error);
    }
  }

  /** What waits behind a failed update may build on it: all of it fails, and is judged anew when it is sent again. */
  #fail(batch: AppendBatch, error: unknown): void {
    const failed = [batch, ...this.#queue.take(this.#queue.length)];
    this.#queuedBytes = 0;
    this.#queuedItems = 0;
    this.#judged = null;
    this.#ports.failed(error);
    const { code, message } = toWireError(error);
    const outcome: ApplyOutcome = {
      kind: 'failed',
      code: code === 'closed' ? CLOSE.stopping : CLOSE.cannotStore,
      reason: message,
    };
    for (const one of failed) one.settle(outcome);
  }
}
