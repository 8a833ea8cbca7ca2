// The pages above a page, for crumbs and paths; total also where parents run in a circle.
import type { DocEntry } from '../../contract/entities.ts';

/** From the top down, without the page itself; a parent that is not known here ends the way. */
export function ancestors(documents: ReadonlyMap<string, DocEntry>, entry: DocEntry): readonly DocEntry[] {
  const above: DocEntry[] = [];
  const seen = new Set([entry.id]);
  for (let at = entry.parent; at !== null && !seen.has(at);) {
    seen.add(at);
    const parent = documents.get(at);
    if (!parent) break;
    above.unshift(parent);
    at = parent.parent;
  }
  return above;
}
