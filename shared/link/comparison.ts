// The comparison at the begin of a connection: lists with digests are held against the rooms here, so that even rooms are never opened.
import type { ChangesFrame } from './peer.ts';
import { spaceOf } from './remote-changes.ts';
import type { RoomSource } from './room-source.ts';

export interface ComparisonOptions {
  readonly source: RoomSource;
  readonly workspace: string;
  /** Both ends hold the same: the other one up to `ours` of our numbers, this one up to `theirs` of theirs. */
  readonly onEven: (room: string, theirs: number, ours: number) => void;
  /** The room differs, or may. */
  readonly onDifferent: (room: string) => void;
  /** Everything that was listed at the begin is compared: rooms that waited for it may be opened. */
  readonly onDone: () => void;
  /** What is here cannot be read. */
  readonly onFailure: (error: unknown) => void;
}

/** One per connection. Comparisons run one after the other. */
export class Comparison {
  readonly #options: ComparisonOptions;
  /** Spaces that are listed from 0: what waits for the other end there may be there already. */
  readonly #spaces = new Set<string>();
  /** Spaces of which the other end remembers nothing that holds here, null once everything was listed. */
  #known: ReadonlySet<string> | null = null;
  #request = 0;
  #work: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(options: ComparisonOptions) {
    this.#options = options;
  }

  /** With the answer to `request`, lists with digests come for every space but those with a cursor; for those after a reset. */
  begin(cursors: Iterable<string>, request: number): void {
    this.#request = request;
    this.#known = new Set(cursors);
  }

  /** Until what was listed at the begin is compared, nobody knows what is still to come. */
  get isUnderWay(): boolean {
    return this.#known !== null;
  }

  /** Whether a room that waits for the other end should wait for the comparison first. */
  holds(room: string): boolean {
    if (!this.#known) return false;
    const space = spaceOf(room);
    return this.#spaces.has(space) || !this.#known.has(space);
  }

  /** Takes the part of an announcement that must be fetched; whatever carries no digest counts as different at once. */
  announced(frame: ChangesFrame, fetch: readonly string[]): void {
    const { workspace, onDifferent } = this.#options;
    if (frame.reset && this.#known) this.#spaces.add(frame.space);
    const wanted = new Set(fetch);
    const listed = frame.entries.flatMap(({ document, number, digest }) => {
      const room = `${workspace}/${frame.space}/${document}`;
      return digest && wanted.delete(room) ? [{ room, number, digest }] : [];
    });
    for (const room of wanted) onDifferent(room);
    if (listed.length > 0) this.#enqueue(() => this.#compare(listed));
  }

  /** The other end listed everything that it has. */
  listed(request: number): void {
    if (!this.#known || request < this.#request) return;
    this.#enqueue(() => {
      if (request < this.#request) return Promise.resolve();
      this.#known = null;
      this.#spaces.clear();
      this.#options.onDone();
      return Promise.resolve();
    });
  }

  /** The connection is over: nothing is told any more. */
  end(): void {
    this.#ended = true;
  }

  async #compare(
    listed: readonly { readonly room: string; readonly number: number; readonly digest: Uint8Array }[],
  ): Promise<void> {
    const { source, onEven, onDifferent } = this.#options;
    const ours = await source.digests(listed.map(({ room }) => room));
    if (this.#ended) return;
    for (const [at, { room, number, digest }] of listed.entries()) {
      const here = ours[at];
      if (here && isEqual(here.digest, digest)) onEven(room, number, here.number);
      else onDifferent(room);
    }
  }

  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#ended) return;
      try {
        await work();
      } catch (error) {
        this.#options.onFailure(error);
      }
    });
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
