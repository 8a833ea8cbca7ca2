// Reading the editor's steps: where they begin and end, and what they insert. It knows nothing of the stored form.
import { Slice, type Node } from 'prosemirror-model';
import { ReplaceStep, type Step } from 'prosemirror-transform';

/** A position of the editor: between two blocks (offset null), or at an offset inside one. */
export interface Spot {
  readonly index: number;
  readonly offset: number | null;
}

export function locate(doc: Node, position: number): Spot {
  const place = doc.resolve(position);
  return { index: place.index(0), offset: place.depth === 0 ? null : place.parentOffset };
}

/** One side of a ReplaceAroundStep's slice. */
export function cutSlice(slice: Slice, from: number, to: number): Slice {
  const content = slice.content.cut(from, to);
  const size = slice.content.size;
  const openStart = from === 0 ? slice.openStart : openAt(slice, from);
  const openEnd = to === size ? slice.openEnd : openAt(slice, to);
  return new Slice(content, openStart, openEnd);
}

function openAt(slice: Slice, offset: number): number {
  let at = 0;
  for (const child of slice.content.content) {
    if (offset > at && offset < at + child.nodeSize) return 1;
    at += child.nodeSize;
  }
  return 0;
}

/** Ids of whole blocks that steps insert. */
export function insertedIds(steps: readonly Step[]): Set<string> {
  const ids = new Set<string>();
  for (const step of steps) {
    if (!(step instanceof ReplaceStep)) continue;
    step.slice.content.forEach((node) => {
      const id: unknown = node.attrs['id'];
      if (!node.isInline && typeof id === 'string' && id !== '') ids.add(id);
    });
  }
  return ids;
}
