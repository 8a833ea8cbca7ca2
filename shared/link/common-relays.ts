// Which rooms two hosts leave to a relay that acknowledges both (PROTOCOL.md, section RL): then nothing goes round. It opens no room.
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';
import { LIMITS } from '../protocol/limits.ts';

/** The relays that acknowledge this hub, as its own links to them tell. */
export interface AcknowledgingRelays {
  /** Their hub ids. */
  ids(): readonly string[];
  /** Whether this one takes and stores what is written in the room here. */
  acknowledges(relay: string, room: string): boolean;
  readonly onChange: Event<void>;
}

export interface CommonRelaysOptions {
  readonly ours: AcknowledgingRelays;
  /** Tells the other end. */
  readonly tell: (hubs: readonly string[]) => void;
  /** A room may rest now that did not, or the other way round. `lost`: no relay is common any more. */
  readonly onChange: (lost: boolean) => void;
}

/** One per connection; begin() once the other end is known to read it. */
export class CommonRelays implements Disposable {
  readonly #options: CommonRelaysOptions;
  readonly #held = new DisposableStore();
  #theirs: ReadonlySet<string> = new Set();
  #told = '';
  #any = false;

  constructor(options: CommonRelaysOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#tell();
    this.#held.add(
      this.#options.ours.onChange(() => {
        this.#tell();
        this.#changed();
      }),
    );
  }

  /** The other end named its relays. */
  told(hubs: readonly string[]): void {
    this.#theirs = new Set(hubs);
    this.#changed();
  }

  /** Whether the room is left to a relay. */
  rests(room: string): boolean {
    const { ours } = this.#options;
    return ours.ids().some((relay) => this.#theirs.has(relay) && ours.acknowledges(relay, room));
  }

  dispose(): void {
    this.#held.dispose();
    this.#theirs = new Set();
  }

  #changed(): void {
    const before = this.#any;
    this.#any = this.#options.ours.ids().some((relay) => this.#theirs.has(relay));
    this.#options.onChange(before && !this.#any);
  }

  #tell(): void {
    const hubs = this.#options.ours.ids().slice(0, LIMITS.relaysNamed);
    const text = hubs.join(' ');
    if (text === this.#told) return;
    this.#told = text;
    this.#options.tell(hubs);
  }
}
