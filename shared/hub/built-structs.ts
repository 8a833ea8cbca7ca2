// What readers build of structs: beside or in something that has no content they drop what they are given. It builds no document. Pure.
import * as Y from 'yjs';
import type { DeleteSet } from './delete-set.ts';
import { partAt, type ReadStructs, type StructLists, type StructPart } from './struct-lists.ts';
import { namesOf } from './transplant.ts';

/**
 * The same clocks, with an empty struct wherever no reader has an item that one could write beside: where nothing was, where an
 * item stands beside or in such a place (and so on), names what is not there, or is in something that was deleted. The bytes
 * alone do not tell: a word whose left neighbour somebody emptied ahead is whole in them and in nobody's document.
 */
export function builtStructs({ structs, deletes }: ReadStructs): StructLists {
  const dropped = new Set<StructPart>();
  const besides = new Map<StructPart, StructPart[]>();
  const reached: StructPart[] = [];
  const drop = (part: StructPart): void => {
    if (dropped.has(part)) return;
    dropped.add(part);
    reached.push(part);
  };
  for (const part of [...structs.values()].flat()) {
    if (!(part.struct instanceof Y.Item) || !hasHome(part.struct, structs, deletes)) drop(part);
    for (const name of namesOf(part)) {
      const beside = partAt(structs, name);
      const others = beside && besides.get(beside);
      if (others) others.push(part);
      else if (beside) besides.set(beside, [part]);
      else drop(part);
    }
  }
  for (let part = reached.pop(); part; part = reached.pop()) besides.get(part)?.forEach(drop);
  return new Map(
    [...structs].map(([client, parts]) => [
      client,
      parts.map((part) => (dropped.has(part) ? emptied(client, part) : part)),
    ]),
  );
}

/** What is given to a deleted type is deleted with it. */
function hasHome(item: Y.Item, structs: StructLists, deletes: DeleteSet): boolean {
  // Decoded items still carry their parent as a name or an id, and only those without a neighbour.
  const parent: unknown = item.parent;
  if (!(parent instanceof Y.ID)) return true;
  const { client, clock } = parent;
  const home = partAt(structs, parent)?.struct;
  if (!(home instanceof Y.Item) || !(home.content instanceof Y.ContentType)) return false;
  return !deletes.covers(client, { start: clock, end: clock + 1 });
}

function emptied(client: number, { start, end }: StructPart): StructPart {
  return { struct: new Y.GC(Y.createID(client, start), end - start), start, end };
}
