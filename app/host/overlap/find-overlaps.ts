// Where two people changed one thing while apart (docs/storage.md, OV1 to OV3): from a room's past and what its sessions knew to a list that is the same everywhere. Pure but for the documents that it makes and ends.
import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import { toBase64url } from '../../../shared/base/encoding.ts';
import type { RoomPast } from '../../../shared/hub/history/room-past.ts';
import {
  plainValue,
  sameOverlapValue,
  valueAt,
  type OverlapPlace,
  type OverlapValue,
} from '../../../shared/model/overlap/place.ts';
import type { SessionAuthor } from '../session-author.ts';
import { changedPlaces, type Change, type ChangedPlace, type Written } from './changes.ts';
import { Knowing, type KnowingSession, type Stint } from './knowing.ts';

export interface FoundSide extends SessionAuthor {
  /** When they changed it last, by the clock of the hub where they sat. */
  readonly at: number;
  /** What stood there for them at the end of their stretch apart; null: nothing. */
  readonly value: OverlapValue | null;
}

export interface FoundOverlap {
  readonly id: string;
  readonly place: OverlapPlace;
  /** In the order of their devices. */
  readonly sides: readonly [FoundSide, FoundSide];
}

/** More in one room nobody looks through; the newest are kept. */
const MOST = 500;
/** Pairs of stretches that are looked at for one place: a machine that writes all day must not hold up others. */
const MOST_PAIRS = 40_000;

/** What one device changed at a place within one stint. */
interface Stretch {
  readonly author: SessionAuthor;
  readonly stint: Stint;
  readonly first: Change;
  last: Change;
}

/**
 * @param room names it in the ids. @param sessions those by whose numbers the past tells, with what they knew.
 * @param breathe is awaited between steps that take long.
 */
export async function findOverlaps(
  room: string,
  past: RoomPast,
  sessions: readonly (KnowingSession & { readonly author: SessionAuthor })[],
  breathe: () => Promise<unknown>,
): Promise<readonly FoundOverlap[]> {
  const authorOf = (session: number): SessionAuthor => sessions[session]?.author ?? { device: '', member: '' };
  const knowing = new Knowing(past, sessions, (session) => authorOf(session).device);
  await breathe();
  const states = new States(past, knowing);
  const found: FoundOverlap[] = [];
  try {
    for (const changed of changedPlaces(past, knowing)) {
      for (const { place, one, two } of meetingsAt(changed, knowing, authorOf)) {
        const sides = [one, two].map((stretches) => sideOf(place, stretches, past, states)) as [FoundSide, FoundSide];
        if (sameOverlapValue(sides[0].value, sides[1].value)) continue;
        found.push({ id: idOf(room, place, one, two), place, sides });
        await breathe();
      }
    }
  } finally {
    states.dispose();
  }
  return found.sort((a, b) => lastOf(b) - lastOf(a) || (a.id < b.id ? -1 : 1)).slice(0, MOST);
}

interface Meeting {
  readonly place: OverlapPlace;
  readonly one: readonly Stretch[];
  readonly two: readonly Stretch[];
}

/** Two owners' stretches that hang together by being apart, each with each. */
function* meetingsAt(
  { place, changes }: ChangedPlace,
  knowing: Knowing,
  authorOf: (session: number) => SessionAuthor,
): Iterable<Meeting> {
  const stretches = stretchesOf(changes, knowing, authorOf);
  const devices = new Map<string, Stretch[]>();
  for (const one of stretches) devices.set(one.author.device, [...(devices.get(one.author.device) ?? []), one]);
  const names = [...devices.keys()].filter((device) => device !== '').sort();
  let pairs = 0;
  for (const [at, first] of names.entries()) {
    for (const second of names.slice(at + 1)) {
      const [mine, theirs] = [devices.get(first) ?? [], devices.get(second) ?? []];
      const groups = new Groups<Stretch>();
      for (const a of mine) {
        for (const b of theirs) {
          if (a.stint.apart === 0 && b.stint.apart === 0) continue;
          if ((pairs += 1) > MOST_PAIRS) return;
          if (areApart(place, a, b, knowing)) groups.join(a, b);
        }
      }
      for (const group of groups.all()) {
        yield {
          place,
          one: group.filter(({ author }) => author.device === first),
          two: group.filter(({ author }) => author.device === second),
        };
      }
    }
  }
}

function stretchesOf(
  changes: readonly Change[],
  knowing: Knowing,
  authorOf: (session: number) => SessionAuthor,
): readonly Stretch[] {
  const found = new Map<Stint, Stretch>();
  for (const change of changes) {
    const stint = knowing.stintOf(change.telling);
    if (!stint) continue;
    const known = found.get(stint);
    if (known) known.last = change;
    else {
      const author = authorOf(stint.session);
      found.set(stint, { author, stint, first: change, last: change });
    }
  }
  return [...found.values()];
}

/** It is told what the authors had; where it is not, of values under a key each says which one it took the place of. */
function areApart(place: OverlapPlace, a: Stretch, b: Stretch, knowing: Knowing): boolean {
  // Who knows of a decision counts on from it.
  if (place.at === 'state') {
    return numberOf(a.first) <= numberOf(b.last) && numberOf(b.first) <= numberOf(a.last);
  }
  const [one, two] = [a.last.written, b.last.written];
  const isTold = a.stint.clocks !== null && b.stint.clocks !== null;
  if (one && two && !isTold) return !standsOn(one, two) && !standsOn(two, one);
  return knowing.apart(a.last.telling, b.last.telling);
}

/** Whether a value was written over another, or over one that was. Total: a forged origin leads to nothing. */
function standsOn(one: Written, other: Written): boolean {
  const chain: Y.Item[] = [];
  for (let left: Y.Item | null = one.item; left !== null && chain.length < 2_000; left = left.left) chain.push(left);
  let at: Written | null = one;
  for (let steps = 0; at && steps < 2_000; steps += 1) {
    const { item, place }: Written = at;
    if (item === other.item && place >= other.place) return true;
    const origin: Y.ID | null = item.origin;
    const under = origin && chain.find((one) => holds(one, origin));
    at = origin && under ? { item: under, place: origin.clock - under.id.clock } : null;
  }
  return false;
}

function holds({ id, length }: Y.Item, { client, clock }: Y.ID): boolean {
  return id.client === client && id.clock <= clock && clock < id.clock + length;
}

function numberOf({ written }: Change): number {
  const value = written ? storedIn(written) : null;
  const number = typeof value === 'object' && value !== null ? (value as { number?: unknown }).number : null;
  return typeof number === 'number' ? number : NaN;
}

function storedIn({ item: { content }, place }: Written): unknown {
  return content instanceof Y.ContentAny ? content.arr[place] : null;
}

function sideOf(place: OverlapPlace, stretches: readonly Stretch[], past: RoomPast, states: States): FoundSide {
  const last = stretches.reduce((latest, one) => (one.last.telling > latest.last.telling ? one : latest));
  const at = past.tellings[last.last.telling]?.at ?? 0;
  // A block is what several keys say together, and of words the text around them counts.
  const stored = place.at === 'block' ? null : last.last.written;
  const value = stored ? plainValue(place, storedIn(stored)) : states.of(last.stint, (doc) => valueAt(doc, place));
  return { ...last.author, at, value };
}

function idOf(room: string, place: OverlapPlace, one: readonly Stretch[], two: readonly Stretch[]): string {
  const firsts = [one, two].map((stretches) => stretches.map(({ first }) => first.mark).sort()[0]);
  const name = JSON.stringify([room, place, ...firsts.sort()]);
  // Of the form of a document's id, which begins with no hyphen.
  return toBase64url(createHash('sha256').update(name).digest().subarray(0, 16)).replace(/^-/, '_');
}

function lastOf({ sides }: FoundOverlap): number {
  return Math.max(sides[0].at, sides[1].at);
}

/** The document as it was for whoever sat at the end of a stint; a few are kept, since one stretch changes many places. */
class States {
  readonly #past: RoomPast;
  readonly #knowing: Knowing;
  readonly #docs = new Map<Stint, Y.Doc>();

  constructor(past: RoomPast, knowing: Knowing) {
    this.#past = past;
    this.#knowing = knowing;
  }

  of<T>(stint: Stint, look: (doc: Y.Doc) => T): T {
    let doc = this.#docs.get(stint);
    if (!doc) {
      const { clocks, deleted } = this.#knowing.viewOf(stint.last);
      doc = new Y.Doc();
      Y.applyUpdate(doc, this.#past.stateWith(clocks, deleted));
      this.#docs.set(stint, doc);
      const [oldest] = this.#docs.keys();
      if (this.#docs.size > 4 && oldest) {
        this.#docs.get(oldest)?.destroy();
        this.#docs.delete(oldest);
      }
    }
    return look(doc);
  }

  dispose(): void {
    for (const doc of this.#docs.values()) doc.destroy();
  }
}

/** Things that hang together. */
class Groups<T> {
  readonly #groupOf = new Map<T, T[]>();

  join(a: T, b: T): void {
    const [one, two] = [this.#groupOf.get(a) ?? [a], this.#groupOf.get(b) ?? [b]];
    if (one === two) return;
    const both = [...one, ...two];
    for (const member of both) this.#groupOf.set(member, both);
  }

  all(): readonly (readonly T[])[] {
    return [...new Set(this.#groupOf.values())];
  }
}
