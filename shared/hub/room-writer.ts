// One room's way to the disk: updates are judged against what is durable or on its way, stored in order, then announced.
import * as Y from 'yjs';
import { toWireError } from '../base/app-error.ts';
import { Fifo } from '../base/fifo.ts';
import type { ApplyOutcome, Origin } from '../link/room-source.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import type { Edit } from './edit-recorder.ts';
import { joinTyped } from './join-updates.ts';
import { encodeStateVector, type Knowledge } from './knowledge.ts';
import { mergeUpdates } from './merge-updates.ts';
import type { RoomBytes } from './room-bytes.ts';
import { readUpdateFacts, type UpdateFacts } from './update-facts.ts';

interface Entry {
  /** Null for what waits only to learn whether the updates before it became durable. */
  readonly content: { readonly update: Uint8Array; readonly facts: UpdateFacts; readonly edit: Edit | null } | null;
  readonly origin: Origin;
  readonly resolve: (outcome: ApplyOutcome) => void;
}

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
  readonly #queue = new Fifo<Entry>();
  #writing: readonly Entry[] = [];
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
    return [...this.#writing, ...this.#queue.all()].flatMap(({ content }) => (content ? [content.update] : []));
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

  submit(whole: Uint8Array, itsFacts: UpdateFacts, origin: Origin, edit: Edit | null = null): Promise<ApplyOutcome> {
    const fit = this.#accepted.fit(itsFacts);
    if (fit === 'gap') return Promise.resolve({ kind: 'gap' });
    if (fit === 'unchanged' && this.#running === null) return Promise.resolve({ kind: 'unchanged' });
    const { update, facts } = fit === 'new' ? this.#beyond(whole, itsFacts) : { update: whole, facts: itsFacts };
    if (fit === 'new') {
      this.#accepted.add(facts);
      this.#queuedBytes += update.length;
      this.#queuedItems += facts.items;
    }
    return new Promise((resolve) => {
      this.#queue.push({ content: fit === 'new' ? { update, facts, edit } : null, origin, resolve });
      this.#running ??= this.#run();
    });
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
    while (this.#queue.length > 0) {
      this.#writing = this.#take();
      await this.#write(this.#writing);
      this.#writing = [];
    }
    this.#running = null;
  }

  #take(): readonly Entry[] {
    let count = 0;
    for (let bytes = 0; count < this.#queue.length && count < this.#ports.updatesPerAppend; count += 1) {
      bytes += this.#queue.at(count)?.content?.update.length ?? 0;
      if (bytes > MERGED_BYTES && count > 0) break;
    }
    return this.#queue.take(count);
  }

  async #write(entries: readonly Entry[]): Promise<void> {
    const contents = entries.flatMap(({ content }) => (content ? [content] : []));
    const updates = contents.map(({ update }) => update);
    const [first, ...others] = updates;
    if (first === undefined) {
      for (const { resolve } of entries) resolve({ kind: 'unchanged' });
      return;
    }
    try {
      const update = (others.length > 0 ? joinTyped(contents) : null) ?? mergeUpdates([first, ...others]);
      const edits = contents.flatMap(({ edit }) => (edit ? [edit] : []));
      const number = await this.#ports.append(update, edits);
      this.#bytes.append(
        update,
        contents.map(({ facts }) => facts),
      );
      this.#queuedBytes -= updates.reduce((sum, { length }) => sum + length, 0);
      this.#queuedItems -= contents.reduce((sum, { facts }) => sum + facts.items, 0);
      const origins = new Set(entries.flatMap(({ content, origin }) => (content ? [origin] : [])));
      this.#ports.stored(update, origins, number);
      for (const { content, resolve } of entries) resolve(content ? { kind: 'stored', number } : { kind: 'unchanged' });
    } catch (error) {
      this.#fail(entries, error);
    }
  }

  /** What waits behind a failed update may build on it: all of it fails, and is judged anew when it is sent again. */
  #fail(entries: readonly Entry[], error: unknown): void {
    const failed = [...entries, ...this.#queue.take(this.#queue.length)];
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
    for (const { resolve } of failed) resolve(outcome);
  }
}
