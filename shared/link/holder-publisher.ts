// The accepting end's half of who holds what: takes a device's statements and publishes those of all devices to it. It keeps none.
import { toWireError } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import type { CursorFrame, Holder, Holding } from '../protocol/cursor-frames.ts';
import type { SpaceCursor } from '../protocol/link-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { HolderBook, HoldingDevice } from './holder-book.ts';
import type { Principal, RoomSource } from './room-source.ts';

/** Milliseconds for which statements and changes are collected; honest ends speak once a second. */
const COLLECT = 1_000;
/** More for each device of the space: what n devices hold goes to n devices. */
const COLLECT_PER_DEVICE = 20;

export interface HolderPublisherOptions {
  readonly book: HolderBook;
  readonly source: RoomSource;
  readonly workspace: string;
  readonly principal: Principal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly send: (frame: CursorFrame) => void;
}

export class HolderPublisher implements Disposable {
  readonly #options: HolderPublisherOptions;
  #who: HoldingDevice | null = null;
  #cursors: SpaceCursor[] | null = [];
  readonly #stated = new Map<string, Holding>();
  /** Devices whose entry is to be published, by space. */
  readonly #due = new Map<string, Set<string>>();
  /** How many entries the largest space published so far has. */
  #largest = 0;
  #listening: readonly Disposable[] = [];
  /** Spaces that were published; one that may be read only later is published then. */
  readonly #published = new Set<string>();
  #takeTimer: Disposable | null = null;
  #tellTimer: Disposable | null = null;
  #queue: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(options: HolderPublisherOptions) {
    this.#options = options;
  }

  /** The other end wants to know, and speaks for this device. */
  begin(who: HoldingDevice): void {
    this.#who = who;
    const { book, source } = this.#options;
    this.#listening = [
      book.onChange(({ workspace, space, device }) => {
        if (workspace === this.#options.workspace) this.#changed(space, device);
      }),
      source.onRights(() => this.#tellSoon()),
    ];
  }

  /** A `follow` frame: the first request holds everything that the device has. */
  follow(cursors: readonly SpaceCursor[], more: boolean): void {
    const who = this.#who;
    const all = this.#cursors;
    if (!who || !all) return;
    all.push(...cursors);
    if (more) return;
    this.#cursors = null;
    this.#enqueue(async () => {
      const { book, workspace } = this.#options;
      await book.arrived(workspace, who, all);
      for (const space of (await this.#heads()).keys()) await this.#publishAll(space);
    });
  }

  /** A `holds` frame. False when it names more spaces than there may be. */
  holds(holdings: readonly Holding[]): boolean {
    if (!this.#who || this.#disposed) return true;
    for (const holding of holdings) this.#stated.set(holding.space, holding);
    if (this.#stated.size > LIMITS.spacesPerFrame) return false;
    this.#takeTimer ??= this.#options.clock.after(COLLECT, () => {
      this.#takeTimer = null;
      this.#enqueue(() => this.#take());
    });
    return true;
  }

  dispose(): void {
    this.#disposed = true;
    for (const one of this.#listening) one.dispose();
    this.#takeTimer?.dispose();
    this.#tellTimer?.dispose();
  }

  #enqueue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#disposed) return;
      try {
        await work();
      } catch (error) {
        // Nothing is claimed that was not stored; the next statement or connection tries again.
        this.#options.logger.log('warn', 'holders-failed', { code: toWireError(error).code });
      }
    });
  }

  /** Newest numbers of the spaces that the other end may read. */
  async #heads(): Promise<Map<string, number>> {
    const { source, workspace, principal } = this.#options;
    return new Map((await source.heads(workspace, principal)).map(({ space, number }) => [space, number]));
  }

  async #take(): Promise<void> {
    const stated = [...this.#stated.values()];
    this.#stated.clear();
    const heads = await this.#heads();
    // Nobody holds what there is not.
    const believed = stated.filter(({ space, after }) => after <= (heads.get(space) ?? -1));
    if (this.#who) await this.#options.book.stated(this.#options.workspace, this.#who, believed);
  }

  #changed(space: string, device: string): void {
    const due = this.#due.get(space) ?? new Set();
    this.#due.set(space, due.add(device));
    this.#tellSoon();
  }

  #tellSoon(): void {
    const wait = COLLECT + COLLECT_PER_DEVICE * this.#largest;
    this.#tellTimer ??= this.#options.clock.after(wait, () => {
      this.#tellTimer = null;
      this.#enqueue(() => this.#publishDue());
    });
  }

  async #publishDue(): Promise<void> {
    const due = [...this.#due];
    this.#due.clear();
    const heads = await this.#heads();
    for (const space of this.#published) if (!heads.has(space)) this.#published.delete(space);
    const fresh = this.#cursors ? [] : [...heads.keys()].filter((space) => !this.#published.has(space));
    for (const space of fresh) await this.#publishAll(space);
    for (const [space, devices] of due) {
      if (!heads.has(space) || fresh.includes(space)) continue;
      const holders = await this.#holders(space);
      const known = new Set(holders.map(({ device }) => device));
      // One that was dropped is told as holding nothing.
      const gone = [...devices].filter((device) => !known.has(device));
      this.#send(space, false, [
        ...holders.filter(({ device }) => devices.has(device)),
        ...gone.map((device) => ({ device, number: 0, at: 0, lacks: [] })),
      ]);
    }
  }

  async #publishAll(space: string): Promise<void> {
    this.#due.delete(space);
    this.#published.add(space);
    this.#send(space, true, await this.#holders(space));
  }

  async #holders(space: string): Promise<readonly Holder[]> {
    const holders = await this.#options.book.holders(this.#options.workspace, space);
    this.#largest = Math.max(this.#largest, holders.length);
    return holders;
  }

  #send(space: string, all: boolean, holders: readonly Holder[]): void {
    // An empty list says that nobody holds anything.
    for (let at = 0; (at === 0 || at < holders.length) && !this.#disposed; at += LIMITS.holdersPerFrame) {
      const part = holders.slice(at, at + LIMITS.holdersPerFrame);
      this.#options.send({ kind: 'holders', space, all: all && at === 0, holders: part });
    }
  }
}
