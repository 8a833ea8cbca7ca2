// Rooms that an accepting end reads of its own accord: what the other end refuses is asked for again once that may judge otherwise. It chooses no room.
import { disposable, type Disposable } from '../base/disposable.ts';
import type { RoomChannel } from './room-channel.ts';
import type { OpenOutcome, RoomHandle } from './room-source.ts';

export interface ReadRoomsOptions {
  /** Opens a room here. */
  readonly open: (room: string) => Promise<OpenOutcome>;
  /** Opens it at the other end. */
  readonly channel: (handle: RoomHandle) => RoomChannel;
  readonly close: (channel: RoomChannel) => void;
}

interface Reading {
  readonly room: string;
  channel: RoomChannel | null;
  /** As the other end judged when it was asked: see `#judged`. */
  asked: number;
  state: 'waiting' | 'opening' | 'open' | 'refused';
}

export class ReadRooms implements Disposable {
  readonly #options: ReadRoomsOptions;
  readonly #readings = new Set<Reading>();
  #isOpen = false;
  #isOver = false;
  /** How often the other end told that it may judge otherwise. */
  #judged = 0;

  constructor(options: ReadRoomsOptions) {
    this.#options = options;
  }

  /** Keeps a room open for reading until disposed. */
  read(room: string): Disposable {
    const reading: Reading = { room, channel: null, asked: 0, state: 'waiting' };
    this.#readings.add(reading);
    if (this.#isOpen) void this.#ask(reading);
    return disposable(() => {
      this.#readings.delete(reading);
      if (reading.channel && !this.#isOver) this.#options.close(reading.channel);
    });
  }

  /** The other end is there. */
  begin(): void {
    this.#isOpen = true;
    for (const reading of this.#readings) void this.#ask(reading);
  }

  /** The other end may judge otherwise than before: what it refused is asked for again. */
  retry(): void {
    this.#judged += 1;
    for (const reading of this.#readings) if (reading.state === 'refused') void this.#ask(reading);
  }

  /** A channel is over that this end did not close. */
  ended(channel: RoomChannel): void {
    for (const reading of this.#readings) {
      if (reading.channel !== channel) continue;
      reading.channel = null;
      reading.state = 'refused';
      // It was asked before the other end judged otherwise, and answered behind that.
      if (reading.asked !== this.#judged) void this.#ask(reading);
    }
  }

  /** The link is over: nothing is asked or closed any more. */
  dispose(): void {
    this.#isOver = true;
    this.#readings.clear();
  }

  async #ask(reading: Reading): Promise<void> {
    reading.state = 'opening';
    const outcome = await this.#options.open(reading.room);
    if (outcome.kind !== 'open') {
      reading.state = 'refused';
      return;
    }
    if (this.#isOver || !this.#readings.has(reading)) {
      outcome.room.dispose();
      return;
    }
    reading.asked = this.#judged;
    reading.state = 'open';
    reading.channel = this.#options.channel(outcome.room);
  }
}
