// Reads and joins words that were set aside. Nobody knows who emptied what stands empty among them: it yields to the words that
// come for it, and only what is deleted expressly is deleted. Pure; passages are kept and put back elsewhere.
import * as Y from 'yjs';
import { DeleteSet } from './delete-set.ts';
import { isEmpty, readStructs, writeUpdate, type ReadStructs, type StructPart } from './struct-lists.ts';

/** Its `deletes` are those that were meant: what is only empty is not among them. */
export function readWords(update: Uint8Array): ReadStructs {
  const deletes = new DeleteSet();
  for (const [client, items] of Y.decodeUpdate(update).ds.clients) {
    deletes.add(
      client,
      items.map(({ clock, len }) => ({ start: clock, end: clock + len })),
    );
  }
  return { structs: readStructs([update]).structs, deletes };
}

/** Both as one update. Where both have words under a clock, those of `one` count. */
export function joinedWords(one: Uint8Array, other: Uint8Array): Uint8Array {
  const [first, second] = [readWords(one), readWords(other)];
  const structs = new Map<number, readonly StructPart[]>();
  for (const client of new Set([...first.structs.keys(), ...second.structs.keys()])) {
    const both = [first.structs.get(client) ?? [], second.structs.get(client) ?? []];
    const words = both.map((parts) => parts.filter((part) => !isEmpty(part)));
    const empty = both.map((parts) => parts.filter(isEmpty));
    structs.set(client, layered(client, [...words, ...empty]));
  }
  const deletes = first.deletes.copy();
  for (const [client, ranges] of second.deletes.clients) deletes.add(client, ranges);
  return writeUpdate(structs, deletes);
}

/**
 * The update without its deletions of clocks under which `words` has some: what a room counts as deleted there is what others
 * brought in their place once they had gone.
 */
export function besideWords(update: Uint8Array, words: Uint8Array): Uint8Array {
  const { structs, deletes } = readWords(update);
  const kept = new DeleteSet();
  for (const [client, parts] of readWords(words).structs)
    kept.add(
      client,
      parts.filter((part) => !isEmpty(part)),
    );
  return writeUpdate(structs, deletes.without(kept));
}

/** Of each layer what stands under clocks that none before it has, in rising order. */
function layered(client: number, layers: readonly (readonly StructPart[])[]): readonly StructPart[] {
  const full = new DeleteSet();
  const all = layers.flatMap((parts) => {
    const free = parts.flatMap((part) => {
      const rest = clocksOf(client, [part]).without(full).clients.get(client) ?? [];
      return rest.map(({ start, end }) => ({ ...part, start, end }));
    });
    full.add(client, free);
    return free;
  });
  return all.sort((a, b) => a.start - b.start);
}

function clocksOf(client: number, parts: readonly StructPart[]): DeleteSet {
  const clocks = new DeleteSet();
  clocks.add(client, parts);
  return clocks;
}
