// Where the characters of a block are stored: offsets as the editor counts them, and fragments and runs. It writes nothing.
import { runLength, type Fragment, type Run } from '../../../../shared/model/page/fragments.ts';
import type { ViewBlock } from '../../../../shared/model/page/view-blocks.ts';

/** A piece of text inside one run. */
export interface Piece {
  readonly fragment: Fragment;
  readonly offset: number;
  readonly length: number;
  readonly run: Run;
}

/** A place in the stored content of a block. */
export interface StoredPlace {
  readonly fragment: Fragment;
  /** Offset in the fragment's content, everything counted. */
  readonly raw: number;
  /** Number of the fragment in the block. */
  readonly number: number;
}

/** Lives as long as one local change, because it knows what the editor dropped and the stored form keeps. */
export class ContentMap {
  /** Inline things that the editor deleted and the stored form keeps: they count nothing in the editor's offsets. */
  readonly #kept = new Set<Run>();

  keep(run: Run): void {
    this.#kept.add(run);
  }

  /** The content between two offsets of a block as pieces of runs, in order. */
  pieces(block: ViewBlock, from: number, to: number): Piece[] {
    const pieces: Piece[] = [];
    let seen = 0;
    for (const fragment of block.fragments) {
      let raw = 0;
      for (const run of fragment.runs) {
        const length = runLength(run);
        if (!this.#kept.has(run)) {
          const low = Math.max(from - seen, 0);
          const high = Math.min(to - seen, length);
          if (low < high) pieces.push({ fragment, offset: raw + low, length: high - low, run });
          seen += length;
        }
        raw += length;
      }
    }
    return pieces;
  }

  /** Where an offset of a block is stored: at a border of two fragments, at the end of the first. */
  find(block: ViewBlock, offset: number): StoredPlace {
    let left = offset;
    let last: StoredPlace | null = null;
    for (const [number, fragment] of block.fragments.entries()) {
      let raw = 0;
      if (left === 0) return { fragment, raw, number };
      for (const run of fragment.runs) {
        const length = runLength(run);
        if (!this.#kept.has(run)) {
          if (left <= length) return { fragment, raw: raw + left, number };
          left -= length;
        }
        raw += length;
      }
      last = { fragment, raw, number };
    }
    if (!last) throw new Error('a block without fragments was touched');
    return last;
  }

  /** The two halves of a surrogate pair that an offset cuts. */
  pairAt(block: ViewBlock, offset: number): readonly [string, string] | null {
    if (offset === Infinity || offset < 1) return null;
    const pieces = this.pieces(block, offset - 1, offset + 1);
    let text = '';
    for (const { run, offset: at, length, fragment } of pieces) {
      if (typeof run.insert !== 'string') return null;
      const start = at - runStart(fragment, run);
      text += run.insert.slice(start, start + length);
    }
    return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text) ? [text.charAt(0), text.charAt(1)] : null;
  }
}

function runStart(fragment: Fragment, run: Run): number {
  let at = 0;
  for (const other of fragment.runs) {
    if (other === run) break;
    at += runLength(other);
  }
  return at;
}
