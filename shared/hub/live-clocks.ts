// On a hub that serves strangers: who wrote under which client id while connected, and whether somebody else now says otherwise.
import { firstDifference } from './struct-difference.ts';
import { readStructs } from './struct-lists.ts';
import type { UpdateFacts } from './update-facts.ts';

/** Bytes of the newest updates that are compared: a second meaning of a clock comes within seconds of the first. */
const COMPARED = 256 * 1024;

export type LiveVerdict =
  | 'fine'
  /** Something else is stored under these clocks (FC5). */
  | 'taken'
  /** It empties clocks that their author is about to use (FC6). */
  | 'ahead';

/** Whoever holds the room open. */
export interface LiveHolder {
  readonly principal: { readonly device: string | null };
  /** Later ones are greater. */
  readonly since: number;
}

export class LiveClocks {
  readonly #authors = new Map<number, LiveHolder>();

  judge(
    room: { readonly clocks: ReadonlyMap<number, number>; newest(): Iterable<Uint8Array> },
    update: Uint8Array,
    facts: UpdateFacts,
    by: LiveHolder,
  ): LiveVerdict {
    let overlapping: number[] | null = null;
    for (const [client, structs] of facts.structs) {
      const known = room.clocks.get(client) ?? 0;
      const author = this.#authors.get(client);
      const follows = !author || mayFollow(author, by);
      let overlaps = false;
      for (const { start, end, empty } of structs) {
        if (empty && end > known && !follows) return 'ahead';
        overlaps ||= start < known && !empty;
      }
      if (overlaps) (overlapping ??= []).push(client);
    }
    return overlapping && differs(room.newest(), update, overlapping) ? 'taken' : 'fine';
  }

  /** It was accepted: clients that nobody who is connected wrote under are the sender's. */
  accepted(clocks: ReadonlyMap<number, number>, facts: UpdateFacts, by: LiveHolder): void {
    for (const [client, structs] of facts.structs) {
      const known = clocks.get(client) ?? 0;
      if (!this.#authors.has(client) && structs.some(({ end }) => end > known)) this.#authors.set(client, by);
    }
  }

  left(by: LiveHolder): void {
    for (const [client, author] of this.#authors) if (author === by) this.#authors.delete(client);
  }
}

/** A device that lost its connection comes back with a newer one while the old one seems to live; an older one cannot be it. */
function mayFollow(author: LiveHolder, by: LiveHolder): boolean {
  return author === by || (author.principal.device === by.principal.device && by.since > author.since);
}

/** Empty structs are no other meaning: somebody may have deleted and forgotten what was there. */
function differs(newest: Iterable<Uint8Array>, update: Uint8Array, clients: readonly number[]): boolean {
  const recent: Uint8Array[] = [];
  let bytes = 0;
  for (const one of newest) {
    bytes += one.length;
    if (bytes > COMPARED) break;
    recent.unshift(one);
  }
  const ours = readStructs(recent);
  const theirs = readStructs([update]);
  return clients.some((client) => firstDifference(client, ours.structs, theirs.structs, ours.deletes, 'same') !== null);
}
