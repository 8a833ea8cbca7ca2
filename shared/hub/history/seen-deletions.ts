// Which deletions of words were made by somebody who had the words before them, and which only follow from what contained them (SG17). Pure.
import type * as Y from 'yjs';
import { DeleteSet } from '../delete-set.ts';
import { ClaimedRanges } from './claimed-ranges.ts';
import type { RoomPast, Telling } from './room-past.ts';

/** Deleted words: clocks of one client, in things of which some are deleted. */
export interface HeldWords {
  readonly client: number;
  readonly start: number;
  readonly end: number;
  /** The deleted things that they stand in, the outermost first; at least one. */
  readonly within: readonly Y.ID[];
}

/** How words were deleted; what is neither, nobody deleted who had them. */
export const DELETED = {
  /** By themselves: whoever did it saw them. */
  alone: 0,
  /** With what they stood in, by somebody who had them. */
  along: 1,
} as const;

interface Candidate extends HeldWords {
  /** The device of who typed them; '' where it is not known. */
  readonly device: string;
}

/** Claims of DELETED. @param deviceOf of a session by its number; '' where it is not known. */
export function seenDeletions(
  past: RoomPast,
  words: readonly HeldWords[],
  deviceOf: (session: number) => string,
): ClaimedRanges {
  const candidates = byClient(past, words, deviceOf);
  const judge = new Judge(past.tellings, words, deviceOf);
  const seen = new ClaimedRanges();
  for (const [number, { deletes }] of past.tellings.entries()) {
    for (const [client, start, end] of deletes) {
      for (const candidate of overlapping(candidates.get(client) ?? [], start, end)) {
        const verdict = judge.told(number, candidate);
        if (verdict === 'unseen') continue;
        seen.claim(client, Math.max(start, candidate.start), Math.min(end, candidate.end), DELETED[verdict]);
      }
    }
  }
  // What only the stored bytes tell: of words whose session is not here yet, and of containers whose deletion nobody tells.
  for (const candidate of [...candidates.values()].flat()) {
    const { client, start, end } = candidate;
    const untold = judge.first(candidate) < 0;
    for (const part of past.brought.within(client, start, end)) {
      if (part.by >= 0 && !untold) continue;
      for (const told of past.now.told.get(client) ?? []) {
        const [from, to] = [Math.max(part.start, told.start), Math.min(part.end, told.end)];
        if (to > from) seen.claim(client, from, to, untold ? DELETED.along : DELETED.alone);
      }
    }
  }
  return seen;
}

/** By client, in rising order. */
function byClient(
  past: RoomPast,
  words: readonly HeldWords[],
  deviceOf: (session: number) => string,
): ReadonlyMap<number, readonly Candidate[]> {
  const found = new Map<number, Candidate[]>();
  for (const { client, start, end, within } of words) {
    const list = found.get(client) ?? [];
    found.set(client, list);
    for (const part of past.brought.within(client, start, end)) {
      list.push({ client, start: part.start, end: part.end, within, device: part.by < 0 ? '' : deviceOf(part.by) });
    }
  }
  for (const list of found.values()) list.sort((a, b) => a.start - b.start);
  return found;
}

/** A container, and the numbers of the tellings that it is deleted. */
interface Teller {
  readonly clock: number;
  readonly by: number[];
}

/** By client, in rising order. */
function containersOf(words: readonly HeldWords[]): ReadonlyMap<number, readonly Teller[]> {
  const found = new Map<number, Map<number, Teller>>();
  for (const { client, clock } of words.flatMap(({ within }) => within)) {
    const ofClient = found.get(client) ?? new Map<number, Teller>();
    found.set(client, ofClient);
    if (!ofClient.has(clock)) ofClient.set(clock, { clock, by: [] });
  }
  return new Map([...found].map(([client, all]) => [client, [...all.values()].sort((x, y) => x.clock - y.clock)]));
}

/** The first from a clock on. */
function firstFrom(tellers: readonly Teller[], clock: number): number {
  let [low, high] = [0, tellers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tellers[middle]?.clock ?? 0) >= clock) high = middle;
    else low = middle + 1;
  }
  return low;
}

function* overlapping(list: readonly Candidate[], start: number, end: number): Iterable<Candidate> {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.end ?? 0) > start) high = middle;
    else low = middle + 1;
  }
  for (let at = low; at < list.length; at += 1) {
    const candidate = list[at];
    if (!candidate || candidate.start >= end) return;
    yield candidate;
  }
}

/**
 * Deleting a thing deletes what is in it, and an update of the deletion names all that its author had; what arrives in the thing
 * later is deleted by every reader for itself, and a reader who comes back tells of it with all that is deleted. So the first
 * update that tells of a container's deletion counts, and any other that lacks something of each earlier one: its author knew none of them.
 */
class Judge {
  readonly #tellings: readonly Telling[];
  readonly #deviceOf: (session: number) => string;
  /** Which telling was the first of a deletion. */
  readonly #first = new ClaimedRanges();
  /** The first telling of each session that deletes anything. */
  readonly #begun = new Map<number, number>();
  readonly #sets = new Map<number, DeleteSet>();
  readonly #states = new Map<number, boolean>();
  readonly #lacking = new Map<string, boolean>();

  /** Which tellings are of a container, in their order. */
  readonly #tellers: ReadonlyMap<number, readonly Teller[]>;

  constructor(tellings: readonly Telling[], words: readonly HeldWords[], deviceOf: (session: number) => string) {
    this.#tellings = tellings;
    this.#deviceOf = deviceOf;
    this.#tellers = containersOf(words);
    for (const [number, { deletes, segment }] of tellings.entries()) {
      if (deletes.length > 0 && !this.#begun.has(segment)) this.#begun.set(segment, number);
      for (const [client, start, end] of deletes) {
        this.#first.claim(client, start, end, number);
        const tellers = this.#tellers.get(client) ?? [];
        for (let at = firstFrom(tellers, start); (tellers[at]?.clock ?? Infinity) < end; at += 1)
          tellers[at]?.by.push(number);
      }
    }
  }

  /** Who was the first to delete the outermost container; -1: nobody tells. */
  first({ within }: HeldWords): number {
    const [outermost] = within;
    return outermost ? this.#first.at(outermost.client, outermost.clock) : -1;
  }

  told(number: number, { within, device }: Candidate): 'alone' | 'along' | 'unseen' {
    const container = within.find((id) => this.#covers(number, id));
    if (!container) return 'alone';
    const first = this.#first.at(container.client, container.clock);
    if (first !== number) {
      const tellers = this.#tellers.get(container.client) ?? [];
      const by = tellers[firstFrom(tellers, container.clock)]?.by ?? [];
      return by.some((other) => other < number && this.#isState(number, other)) ? 'unseen' : 'along';
    }
    // Their author's own window, come back with all that it knows to be deleted: who deleted the container is still to be told.
    const isOwn = device !== '' && device === this.#deviceOf(this.#tellings[number]?.segment ?? -1);
    return isOwn && this.#tellsAgain(number) ? 'unseen' : 'along';
  }

  #covers(number: number, { client, clock }: Y.ID): boolean {
    return this.#setOf(number).covers(client, { start: clock, end: clock + 1 });
  }

  #lacks(number: number, first: number): boolean {
    const key = `${String(number)} ${String(first)}`;
    const known = this.#lacking.get(key);
    if (known !== undefined) return known;
    const set = this.#setOf(number);
    const lacks = (this.#tellings[first]?.deletes ?? []).some(
      ([client, start, end]) => !set.covers(client, { start, end }),
    );
    this.#lacking.set(key, lacks);
    return lacks;
  }

  /** It may be all that somebody knows to be deleted: it has what another told, and what its own session began with. */
  #isState(number: number, other: number): boolean {
    const earlier = this.#begun.get(this.#tellings[number]?.segment ?? -1) ?? number;
    return !this.#lacks(number, other) && (earlier >= number || !this.#lacks(number, earlier));
  }

  /** It tells of something that was told before: an edit deletes only what is there. */
  #tellsAgain(number: number): boolean {
    const known = this.#states.get(number);
    if (known !== undefined) return known;
    let state = false;
    for (const [client, start, end] of this.#tellings[number]?.deletes ?? []) {
      for (const { by } of this.#first.within(client, start, end)) state ||= by < number;
    }
    this.#states.set(number, state);
    return state;
  }

  #setOf(number: number): DeleteSet {
    const known = this.#sets.get(number);
    if (known) return known;
    const set = new DeleteSet();
    for (const [client, start, end] of this.#tellings[number]?.deletes ?? []) set.add(client, [{ start, end }]);
    this.#sets.set(number, set);
    return set;
  }
}
