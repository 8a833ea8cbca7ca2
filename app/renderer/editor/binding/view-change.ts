// The smallest editor transaction that turns a document into the list of nodes that the stored form asks for.
import type { Node } from 'prosemirror-model';
import { Fragment, Slice } from 'prosemirror-model';
import type { Transaction } from 'prosemirror-state';
import { ReplaceStep } from 'prosemirror-transform';
import { sameProp } from '../../../../shared/model/page/atom-props.ts';

/** A run of old children and the new nodes in its place. */
interface Gap {
  readonly oldFrom: number;
  readonly oldTo: number;
  readonly newFrom: number;
  readonly newTo: number;
}

/**
 * Adds the steps to a transaction. Blocks are known by id, unchanged nodes stay the same objects, text changes inside a block
 * replace only what differs. Entries of `nodes` that equal the document's are replaced by the document's own objects.
 */
export function changeTo(transaction: Transaction, nodes: Node[]): void {
  const old = transaction.doc.content.content;
  const same = (a: number, b: number): boolean => {
    const node = old[a];
    const wanted = nodes[b];
    if (!node || !wanted) return false;
    if (node === wanted) return true;
    if (!node.eq(wanted)) return false;
    nodes[b] = node;
    return true;
  };
  const least = Math.min(old.length, nodes.length);
  let start = 0;
  while (start < least && same(start, start)) start += 1;
  let end = 0;
  while (end < least - start && same(old.length - 1 - end, nodes.length - 1 - end)) end += 1;
  if (start + end === old.length && old.length === nodes.length) return;
  const oldTo = old.length - end;
  const newTo = nodes.length - end;
  const kept = keptPairs(old, nodes, start, oldTo, newTo);
  const positions = childPositions(old, start, oldTo);
  // From the last to the first, so that positions before a change stay true.
  let right = { old: oldTo, new: newTo };
  for (const pair of [...kept.reverse(), { old: start - 1, new: start - 1 }]) {
    const gap = { oldFrom: pair.old + 1, oldTo: right.old, newFrom: pair.new + 1, newTo: right.new };
    replaceGap(transaction, old, nodes, gap, (index) => positions[index - start] ?? 0);
    const node = old[pair.old];
    const wanted = nodes[pair.new];
    if (pair.old >= start && node && wanted && !same(pair.old, pair.new)) {
      changeNode(transaction, positions[pair.old - start] ?? 0, node, wanted);
    }
    right = pair;
  }
}

function replaceGap(
  transaction: Transaction,
  old: readonly Node[],
  nodes: readonly Node[],
  gap: Gap,
  position: (index: number) => number,
): void {
  const count = gap.oldTo - gap.oldFrom;
  const wanted = nodes.slice(gap.newFrom, gap.newTo);
  if (count === 0 && wanted.length === 0) return;
  // As many as before: the same blocks under other ids (a virtual paragraph got its marker, a copy its own name).
  if (count === wanted.length && wanted.every((node, index) => old[gap.oldFrom + index]?.type === node.type)) {
    for (let index = count - 1; index >= 0; index -= 1) {
      const node = old[gap.oldFrom + index];
      const other = wanted[index];
      if (node && other) changeNode(transaction, position(gap.oldFrom + index), node, other);
    }
    return;
  }
  const slice = new Slice(Fragment.from(wanted), 0, 0);
  transaction.step(new ReplaceStep(position(gap.oldFrom), position(gap.oldTo), slice));
}

function changeNode(transaction: Transaction, position: number, node: Node, wanted: Node): void {
  const from = node.content.findDiffStart(wanted.content);
  const to = node.content.findDiffEnd(wanted.content);
  if (from !== null && to) {
    const overlap = Math.max(0, from - Math.min(to.a, to.b));
    const slice = new Slice(wanted.content.cut(from, to.b + overlap), 0, 0);
    transaction.step(new ReplaceStep(position + 1 + from, position + 1 + to.a + overlap, slice));
  }
  for (const [name, value] of Object.entries(wanted.attrs)) {
    if (!sameProp(node.attrs[name], value)) transaction.setNodeAttribute(position, name, value);
  }
}

/** Position of each child from `start` to `end`, the end's included. */
function childPositions(children: readonly Node[], start: number, end: number): number[] {
  let at = 0;
  for (let index = 0; index < start; index += 1) at += children[index]?.nodeSize ?? 0;
  const positions = [at];
  for (let index = start; index < end; index += 1) {
    at += children[index]?.nodeSize ?? 0;
    positions.push(at);
  }
  return positions;
}

/** Pairs of children with one id and type that keep their order: the longest increasing run of old numbers. */
function keptPairs(
  old: readonly Node[],
  nodes: readonly Node[],
  start: number,
  oldTo: number,
  newTo: number,
): { old: number; new: number }[] {
  const byId = new Map<unknown, number>();
  for (let index = start; index < oldTo; index += 1) {
    const id: unknown = old[index]?.attrs['id'];
    if (!byId.has(id)) byId.set(id, index);
  }
  const pairs: { old: number; new: number; before: number }[] = [];
  /** For each length: the pair that ends a run of that length with the smallest old number. */
  const ends: number[] = [];
  for (let index = start; index < newTo; index += 1) {
    const node = nodes[index];
    const at = node && byId.get(node.attrs['id']);
    if (at === undefined || old[at]?.type !== node?.type) continue;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.old ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    pairs.push({ old: at, new: index, before: low > 0 ? (ends[low - 1] ?? -1) : -1 });
    ends[low] = pairs.length - 1;
  }
  const kept: { old: number; new: number }[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = pairs[at]?.before ?? -1) {
    const pair = pairs[at];
    if (pair) kept.push({ old: pair.old, new: pair.new });
  }
  return kept.reverse();
}
