// Makes words that were set aside fit a room as it is now: what they stood beside may have gone elsewhere, or nowhere. Pure.
import * as Y from 'yjs';
import { isItemAt, originOf, type StructLists, type StructPart } from './struct-lists.ts';
import type { Moved } from './moved-clocks.ts';

/**
 * The words with neighbours that are there, or null where no place is found. A neighbour under a clock that was taken may be
 * among other words that went aside, may be somebody else's, or may have been let go of: then the nearest that is there takes
 * its place. Beside what has no content every reader drops what it is given, so nothing may be put there.
 *
 * @param moved where structs of the room's clients went, by client, also those of other words that were set aside.
 */
export function placedWords(words: StructLists, room: StructLists, moved: Everywhere): StructLists | null {
  const place = new Place(words, room, moved);
  const placed = new Map<number, readonly StructPart[]>();
  for (const [client, parts] of words) {
    const all = parts.flatMap((part) => place.of(part) ?? []);
    if (all.length < parts.length) return null;
    placed.set(client, all);
  }
  return placed;
}

/** By client; one may have gone to several places. */
type Everywhere = readonly (readonly [client: number, to: Moved])[];

class Place {
  readonly #words: StructLists;
  readonly #room: StructLists;
  readonly #moved: Everywhere;

  constructor(words: StructLists, room: StructLists, moved: Everywhere) {
    this.#words = words;
    this.#room = room;
    this.#moved = moved;
  }

  of(part: StructPart): StructPart | null {
    const { struct, start } = part;
    if (!(struct instanceof Y.Item)) return part;
    const before = originOf(part);
    const origin = this.#left(before);
    const rightOrigin = this.#right(struct.rightOrigin);
    // Decoded items still carry their parent as a name or an id, and only those without a neighbour.
    const parent: unknown = struct.parent;
    const homeless = (before !== null || struct.rightOrigin !== null) && origin === null && rightOrigin === null;
    if (homeless || (parent instanceof Y.ID && !this.#isThere(parent))) return null;
    if (same(origin, before) && same(rightOrigin, struct.rightOrigin)) return part;
    // Only texts and lists are longer than one clock, and those can be copied and cut.
    const content = start > struct.id.clock ? struct.content.copy().splice(start - struct.id.clock) : struct.content;
    const id = Y.createID(struct.id.client, start);
    return {
      ...part,
      struct: new Y.Item(id, null, origin, null, rightOrigin, struct.parent, struct.parentSub, content),
    };
  }

  #isThere(id: Y.ID): boolean {
    return isItemAt(this.#words, id) || isItemAt(this.#room, id);
  }

  /** The same letter under the id that it went to, or under which it came. */
  #namesakes({ client, clock }: Y.ID): readonly Y.ID[] {
    return this.#moved.flatMap(([from, { cut, fresh }]) => {
      if (from === client && clock >= cut) return [Y.createID(fresh, clock - cut)];
      return fresh === client ? [Y.createID(from, clock + cut)] : [];
    });
  }

  #left(id: Y.ID | null): Y.ID | null {
    if (id === null) return null;
    const there = this.#namesakes(id).find((one) => isItemAt(this.#words, one)) ?? (this.#isThere(id) ? id : null);
    return there ?? this.#near(id);
  }

  /** What stands left of something that is nowhere. */
  #near(id: Y.ID): Y.ID | null {
    const names = [id, ...this.#namesakes(id)];
    for (const { client, clock } of names) {
      const before = this.#words.get(client)?.findLast(({ struct, end }) => end <= clock && struct instanceof Y.Item);
      if (before) return Y.createID(client, before.end - 1);
    }
    const there = names.find((one) => isItemAt(this.#room, one));
    if (there) return there;
    const cuts = this.#moved.flatMap(([from, { cut, fresh }]) =>
      cut > 0 && names.some(({ client }) => client === from || client === fresh) ? [Y.createID(from, cut - 1)] : [],
    );
    return cuts.find((one) => isItemAt(this.#room, one)) ?? null;
  }

  #right(id: Y.ID | null): Y.ID | null {
    if (id === null) return null;
    const names = this.#namesakes(id);
    return names.find((one) => isItemAt(this.#words, one)) ?? [id, ...names].find((one) => this.#isThere(one)) ?? null;
  }
}

function same(a: Y.ID | null, b: Y.ID | null): boolean {
  return a === b || Y.compareIDs(a, b);
}
