// What a link knows of who has what, and its way to the memory and back: outbox and cursors, kept together. It opens no room.
import { toWireError } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { LinkMemory, SpaceMemory } from './link-memory.ts';
import { Outbox } from './outbox.ts';
import type { ChangesFrame } from './peer.ts';
import { RemoteChanges, spaceOf, type RemoteCursor } from './remote-changes.ts';
import type { RoomChannel } from './room-channel.ts';
import type { Principal, RoomSource } from './room-source.ts';

export interface LinkBooksOptions {
  readonly source: RoomSource;
  readonly workspace: string;
  readonly principal: Principal;
  readonly memory: LinkMemory;
  readonly clock: Clock;
  readonly logger: Logger;
  /** These cursors are stored now. */
  readonly onSaved?: (spaces: ReadonlyMap<string, RemoteCursor>) => void;
}

export class LinkBooks {
  readonly #options: LinkBooksOptions;
  readonly outbox: Outbox;
  #remote: RemoteChanges;
  #hub = '';
  /** Loading and saving, one after the other. */
  #work: Promise<void> = Promise.resolve();
  /** Looks at the source that the outbox still needs before it lists everything. */
  #looksDue = 1;

  constructor(options: LinkBooksOptions) {
    this.#options = options;
    this.outbox = new Outbox(options.source, options.workspace, options.principal, options.clock);
    this.#remote = new RemoteChanges(options.workspace, new Map());
  }

  /** The hub that all of it is about; '' before the first connection ever. */
  get hub(): string {
    return this.#hub;
  }

  get remote(): RemoteChanges {
    return this.#remote;
  }

  /** Whether the outbox lists everything that waits; until then a room that is not in it may wait all the same. */
  get isComplete(): boolean {
    return this.#looksDue === 0;
  }

  /** Whether anything is to be done for the room in either direction. */
  isWanted(room: string): boolean {
    return this.outbox.has(room) || this.#remote.needs(room) !== null;
  }

  /** Takes over what is remembered of the hub that was linked last. */
  openLast(): Promise<void> {
    return this.#enqueue(async () => this.#load((await this.#options.memory.lastHub()) ?? ''));
  }

  /** Takes over what is remembered of `hub`, if it is another one; it is in `epoch` now. Rejects when that cannot be read. */
  open(hub: string, epoch: string): Promise<void> {
    return this.#enqueue(async () => {
      if (hub !== this.#hub) await this.#load(hub);
      else if (!this.isComplete) await this.#look(this.#looksDue);
      this.#remote.begin(epoch);
    });
  }

  /**
   * The rooms that must be fetched. After a reset the outbox is complete again once `found` is called with true; with false
   * its rooms could not be read, and the next open() tries again.
   */
  announced(frame: ChangesFrame, found: (complete: boolean) => void): readonly string[] {
    const rooms = this.#remote.announced(frame);
    if (frame.reset) {
      this.outbox.lost(frame.space);
      this.#looksDue += 1;
      void this.#enqueue(() => this.#look(1)).then(
        () => found(true),
        (error: unknown) => {
          this.#failed(error);
          found(false);
        },
      );
    }
    return rooms;
  }

  /** Whether rooms wait in a space of which the other hub never told anything: it may hold them all the same. */
  hasUnmet(): boolean {
    for (const room of this.outbox.waiting()) if (!this.#remote.cursor(spaceOf(room))) return true;
    return false;
  }

  /** Both hubs hold the same: here up to `theirs` of the other's numbers, there up to `ours` of ours. */
  even(room: string, theirs: number, ours: number): void {
    this.outbox.held(room, ours);
    this.#remote.covered(room, theirs, theirs);
  }

  /** The other hub's number of a room, or null when none was named since it last lost what it had. */
  async numberThere(room: string): Promise<number | null> {
    const named = this.#remote.number(room) ?? (await this.#options.memory.number(this.#hub, room));
    return named?.turn === this.#remote.turn(spaceOf(room)) ? named.number : null;
  }

  progressed(channel: RoomChannel): void {
    const { name } = channel.room;
    if (channel.held > 0) this.outbox.held(name, channel.held);
    this.#remote.covered(name, channel.covered, channel.heard);
  }

  /** Stores what moved. A failure is logged and made good by the next call: receipts are only ever too few. */
  save(): Promise<void> {
    return this.#enqueue(() => this.#save()).catch(this.#failed);
  }

  readonly #failed = (error: unknown): void => {
    this.#options.logger.log('error', 'link-memory-failed', { code: toWireError(error).code });
  };

  async #look(looks: number): Promise<void> {
    await this.outbox.refresh();
    this.#looksDue -= looks;
  }

  async #load(hub: string): Promise<void> {
    this.#looksDue = 1;
    const { spaces, rooms } = await this.#options.memory.load(hub);
    this.#hub = hub;
    this.#remote = new RemoteChanges(this.#options.workspace, spaces);
    await this.outbox.load(spaces, rooms);
    this.#looksDue = 0;
  }

  async #save(): Promise<void> {
    await this.outbox.advance();
    // Cursors and receipts are taken in one turn: a hub that lost what it had must never be remembered half.
    const { rooms, lowWater } = this.outbox.take();
    const cursors = this.#remote.take();
    const spaces = new Map<string, SpaceMemory>();
    for (const space of new Set([...cursors.keys(), ...[...rooms.keys()].map(spaceOf)])) {
      const cursor = cursors.get(space) ?? this.#remote.cursor(space);
      if (cursor) spaces.set(space, { ...cursor, lowWater: lowWater.get(space) ?? 0 });
    }
    const numbers = this.#remote.takeNumbers();
    if (spaces.size === 0 && rooms.size === 0 && numbers.size === 0) return;
    try {
      await this.#options.memory.save(this.#hub, { spaces, rooms, numbers });
    } catch (error) {
      this.#remote.restoreNumbers(numbers);
      this.outbox.restore(rooms);
      this.#remote.restore(cursors.keys());
      throw error;
    }
    this.#options.onSaved?.(spaces);
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work);
    // The next one runs whatever became of this one; the failure itself goes to the caller.
    this.#work = done.catch(() => undefined);
    return done;
  }
}
