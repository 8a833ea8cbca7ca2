// What lies between two versions of a page, in whole blocks: what went, what came, and behind what. Pure; it edits nothing.
import type { NewBlock } from '../../shared/model/page/block.ts';
import { blockKey } from '../../shared/model/markdown/same-blocks.ts';

export interface Hunk {
  /** The block in front of it that stayed, or null at the start. */
  readonly behind: NewBlock | null;
  readonly removed: readonly NewBlock[];
  readonly added: readonly NewBlock[];
}

/** Above this many comparisons what changed counts as one hunk. */
const MOST = 4_000_000;

/** The hunks from one version to the next, in order, by the longest common run of equal blocks. */
export function differenceOf(from: readonly NewBlock[], to: readonly NewBlock[]): Hunk[] {
  const [old, next] = [from.map(blockKey), to.map(blockKey)];
  let start = 0;
  while (start < old.length && start < next.length && old[start] === next[start]) start += 1;
  let tail = 0;
  const shorter = Math.min(old.length, next.length) - start;
  while (tail < shorter && old[old.length - 1 - tail] === next[next.length - 1 - tail]) tail += 1;
  const [oldEnd, nextEnd] = [old.length - tail, next.length - tail];
  if ((oldEnd - start) * (nextEnd - start) > MOST) {
    return [{ behind: from[start - 1] ?? null, removed: from.slice(start, oldEnd), added: to.slice(start, nextEnd) }];
  }
  const common = commonLengths(old.slice(start, oldEnd), next.slice(start, nextEnd));
  const hunks: { behind: NewBlock | null; removed: NewBlock[]; added: NewBlock[] }[] = [];
  let open = false;
  let behind = from[start - 1] ?? null;
  let [i, j] = [start, start];
  while (i < oldEnd || j < nextEnd) {
    if (i < oldEnd && j < nextEnd && old[i] === next[j]) {
      behind = from[i] ?? null;
      open = false;
      i += 1;
      j += 1;
      continue;
    }
    if (!open) hunks.push({ behind, removed: [], added: [] });
    open = true;
    const hunk = hunks[hunks.length - 1]!;
    const without = (at: number, other: number): number => common[at - start]?.[other - start] ?? 0;
    if (j >= nextEnd || (i < oldEnd && without(i + 1, j) >= without(i, j + 1))) hunk.removed.push(from[i++]!);
    else hunk.added.push(to[j++]!);
  }
  return hunks;
}

/** How many blocks the rests from each place have in common. */
function commonLengths(old: readonly string[], next: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(next.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = next.length - 1; j >= 0; j -= 1) {
      const [row, below] = [lengths[i]!, lengths[i + 1]!];
      row[j] = old[i] === next[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
