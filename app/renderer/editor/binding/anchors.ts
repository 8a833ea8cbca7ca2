// Pieces of text that must be found again whatever happens around them: a selection as relative positions, and back. It reads only.
import type { Node } from 'prosemirror-model';
import * as Y from 'yjs';
import type { Fragment } from '../../../../shared/model/page/fragments.ts';
import { MOST_PIECES, type AnchorPiece } from '../../../../shared/model/comments/read.ts';
import type { Mirror } from './mirror.ts';
import { absolutePosition } from './relative-position.ts';

/** Positions of the shown document. */
export interface ShownRange {
  readonly from: number;
  readonly to: number;
}

interface PlacedFragment {
  /** Where the content begins in the Y.Text. */
  readonly index: number;
  readonly length: number;
  /** Where it begins in the shown document, or null where nothing shows it. */
  readonly position: number | null;
}

/** Where every fragment stands, in the order of the Y.Text; one walk of each. */
function placed(mirror: Mirror, doc: Node): PlacedFragment[] {
  const positions = new Map<Fragment, number>();
  let position = 0;
  mirror.blocks.forEach((block, number) => {
    if (block.type === 'text') {
      let at = position + 1;
      for (const fragment of block.fragments) {
        positions.set(fragment, at);
        at += fragment.length;
      }
    }
    position += doc.maybeChild(number)?.nodeSize ?? 0;
  });
  let index = 0;
  return mirror.fragments.map((fragment) => {
    if (fragment.marker) index += 1;
    const here = { index, length: fragment.length, position: positions.get(fragment) ?? null };
    index += fragment.length;
    return here;
  });
}

/**
 * The stored text between two positions, a piece for each fragment: text that is moved, joined or split later takes its piece
 * along. A piece sticks to its first and last character. Empty where only block boundaries are between the positions.
 */
export function anchorOf(mirror: Mirror, doc: Node, from: number, to: number): AnchorPiece[] {
  const pieces: { readonly position: number; readonly piece: AnchorPiece }[] = [];
  for (const { index, length, position } of placed(mirror, doc)) {
    if (position === null) continue;
    const start = Math.max(0, from - position);
    const end = Math.min(length, to - position);
    if (start >= end) continue;
    const relative = (at: number, assoc: number): unknown =>
      Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(mirror.body, index + at, assoc));
    pieces.push({ position, piece: [relative(start, 0), relative(end, -1)] });
  }
  return pieces
    .sort((a, b) => a.position - b.position)
    .slice(0, MOST_PIECES)
    .map(({ piece }) => piece);
}

/** Where the text of each anchor stands now, in the order of the document; none where it is gone. Total: peers write anchors. */
export function rangesOf(mirror: Mirror, doc: Node, anchors: readonly (readonly AnchorPiece[])[]): ShownRange[][] {
  if (anchors.length === 0) return [];
  const fragments = placed(mirror, doc);
  return anchors.map((pieces) => {
    const ranges: ShownRange[] = [];
    for (const piece of pieces) {
      const [start, end] = [absolute(mirror, piece[0]), absolute(mirror, piece[1])];
      if (start === null || end === null || start >= end) continue;
      for (let at = firstReaching(fragments, start), fragment = fragments[at]; fragment; fragment = fragments[++at]) {
        const { index, length, position } = fragment;
        if (index >= end) break;
        if (position === null) continue;
        const from = position + Math.max(0, start - index);
        const to = position + Math.min(length, end - index);
        if (from < to) ranges.push({ from, to });
      }
    }
    return ranges.sort((a, b) => a.from - b.from);
  });
}

/** The first fragment that ends behind an index. */
function firstReaching(fragments: readonly PlacedFragment[], index: number): number {
  let [low, high] = [0, fragments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const fragment = fragments[middle];
    if (fragment && fragment.index + fragment.length <= index) low = middle + 1;
    else high = middle;
  }
  return low;
}

function absolute({ body }: Mirror, json: unknown): number | null {
  const found = absolutePosition(json, body.doc);
  return found?.type === body ? found.index : null;
}
