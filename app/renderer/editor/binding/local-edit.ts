// Steps of the editor as operations on the stored form. It never compares documents and never deletes what it cannot render. One file, for all kinds of steps share what was written before them.
import type { Fragment as Inlines, Mark, Node, Slice } from 'prosemirror-model';
import type { Transaction } from 'prosemirror-state';
import {
  AddMarkStep,
  AttrStep,
  RemoveMarkStep,
  ReplaceAroundStep,
  ReplaceStep,
  type Step,
} from 'prosemirror-transform';
import type * as Y from 'yjs';
import { randomId } from '../../../../shared/base/random-id.ts';
import { MAX_INDENT, type AtomKind, type BlockAttributes, type TextKind } from '../../../../shared/model/page/block.ts';
import type { Fragment } from '../../../../shared/model/page/fragments.ts';
import {
  attributesFor,
  createMarker,
  isAtomKind,
  isTextKind,
  readMarker,
  type Slot,
} from '../../../../shared/model/page/marker.ts';
import { blockOf, START_ID, type ViewBlock } from '../../../../shared/model/page/view-blocks.ts';
import { wellFormed } from '../../../../shared/model/page/well-formed.ts';
import { attributeChanges } from './attributes.ts';
import { ContentMap } from './content-map.ts';
import type { Mirror } from './mirror.ts';
import { nodeOf, storedInline, storedMark } from './nodes.ts';
import { newRuns, typedAttributes } from './new-text.ts';
import { Parts, type DeltaOperation } from './ranges.ts';
import { removeBlocks, takeText } from './remove-blocks.ts';
import { handOverPlace, holdPlace, slotBehind, slotsBehind, slotsWhereNeeded } from './slots.ts';
import { cutSlice, insertedIds, locate, type Spot } from './steps.ts';

/** A range inside a block's text, as the editor counts. */
export interface TextRange {
  /** Number of the block. */
  readonly block: number;
  readonly from: number;
  readonly to: number;
}

/**
 * One local change, which may be several transactions of the editor in a row. It must live inside one Y transaction. It holds
 * the list of blocks *as the editor sees it between its steps*; where the stored form keeps what the editor dropped, the two
 * part, and the view is put right afterwards by whoever called.
 */
export class LocalEdit {
  readonly #mirror: Mirror;
  /** Whether the text is inline content that no marker begins: a cell of a table. */
  readonly #inline: boolean;
  #list: ViewBlock[];
  readonly #content = new ContentMap();
  /** Blocks deleted by a step whose id a step of the same transaction inserts: they were moved, not deleted. */
  readonly #leaving = new Map<string, ViewBlock>();
  #arriving: ReadonlySet<string> = new Set();
  /** Steps of one mark that are not written yet. */
  #marks: { readonly key: string; readonly value: unknown; readonly parts: Parts; end: number } | null = null;

  constructor(mirror: Mirror, inline = false) {
    this.#mirror = mirror;
    this.#inline = inline;
    this.#list = [...mirror.blocks];
  }

  apply(transaction: Transaction): void {
    this.#arriving = insertedIds(transaction.steps);
    for (const [index, step] of transaction.steps.entries()) {
      const doc = transaction.docs[index];
      if (doc) this.#step(step, doc);
    }
    this.#writeMarks();
    removeBlocks(this.#mirror, this.#content, [...this.#leaving.values()]);
    this.#leaving.clear();
  }

  /** Moves blocks with all of their text so that they stand in front of what is block number `target` now, `indent` further in. */
  move(ids: ReadonlySet<string>, target: number, indent: number): void {
    const moves = this.#list.map((block) => ids.has(block.id));
    for (const index of this.#list.keys()) {
      const touched = index === 0 || index === target || index === target - 1 || moves[index] || moves[index - 1];
      if (touched) this.#own(index);
    }
    const moving = this.#list.filter((_, index) => moves[index]).flatMap((block) => block.fragments);
    const ahead = this.#list.filter((_, index) => index < target && !moves[index]);
    this.#place(moving, ahead.at(-1)?.fragments.at(-1) ?? null);
    if (indent === 0) return;
    for (const [index, block] of this.#list.entries()) {
      if (!moves[index]) continue;
      const shown = blockOf(block).indent;
      this.#setAttributes(index, { indent: Math.min(MAX_INDENT, Math.max(0, shown + indent)) });
    }
  }

  /** Puts a text in the place of many ranges inside blocks, all in one walk; it has the attributes of what it replaces. */
  replaceTexts(ranges: readonly TextRange[], text: string): void {
    for (const { block } of ranges) this.#own(block);
    const starts = this.#mirror.contentStarts();
    const parts = ranges.flatMap(({ block, from, to }) => {
      const view = this.#list[block];
      const pieces = view ? this.#content.pieces(view, from, to) : [];
      return pieces.map(({ fragment, offset, length, run }, number) => ({
        index: (starts.get(fragment) ?? 0) + offset,
        length,
        insert: number === 0 ? wellFormed(text) : '',
        attributes: run.attributes,
      }));
    });
    const delta: DeltaOperation[] = [];
    let at = 0;
    for (const { index, length, insert, attributes } of parts.sort((a, b) => a.index - b.index)) {
      if (index > at) delta.push({ retain: index - at });
      if (insert !== '') delta.push({ insert, attributes: { ...attributes } });
      delta.push({ delete: length });
      at = index + length;
    }
    if (delta.length === 0) return;
    this.#mirror.body.applyDelta(delta);
    this.#mirror.reread();
  }

  #step(step: Step, doc: Node): void {
    if (step instanceof AddMarkStep) {
      this.#mark(doc, step, ...storedMark(step.mark));
      return;
    }
    if (step instanceof RemoveMarkStep) {
      this.#mark(doc, step, storedMark(step.mark)[0], null);
      return;
    }
    this.#writeMarks();
    if (step instanceof ReplaceStep) {
      this.#replace(doc, step.from, step.to, step.slice);
    } else if (step instanceof ReplaceAroundStep) {
      // The right one first: the positions of the left one stay what they are.
      const { from, to, gapFrom, gapTo, insert, slice } = step;
      this.#replace(doc, gapTo, to, cutSlice(slice, insert, slice.content.size));
      this.#replace(doc, from, gapFrom, cutSlice(slice, 0, insert));
    } else if (step instanceof AttrStep) {
      this.#setAttributes(locate(doc, step.pos).index, { [step.attr]: step.value as unknown });
    }
    // Marks on whole nodes and attributes of the document have no stored form; the view is put right afterwards.
  }

  #replace(doc: Node, from: number, to: number, slice: Slice): void {
    const start = locate(doc, from);
    const end = locate(doc, to);
    const inline = slice.content.firstChild?.isInline ?? true;
    if (inline && start.offset !== null && end.offset !== null && start.index === end.index) {
      this.#replaceInline(start.index, start.offset, end.offset, slice.content);
      return;
    }
    if (from < to) this.#delete(start, end);
    if (inline) {
      if (start.offset !== null) this.#insertInline(start.index, start.offset, slice.content);
      return;
    }
    const blocks = [...slice.content.content];
    const head = start.offset === null ? undefined : blocks.shift();
    const tail = end.offset === null || slice.openEnd === 0 ? undefined : blocks.pop();
    if (head && tail && start.offset !== null) this.#split(start.index, start.offset, tail);
    if (head && start.offset !== null) this.#insertInline(start.index, start.offset, head.content);
    const at = head ? start.index + 1 : start.index;
    this.#insertBlocks(at, blocks);
    if (!tail) return;
    if (!head) this.#setAttributes(at + blocks.length, tail.attrs);
    this.#insertInline(at + blocks.length, 0, tail.content);
  }

  /** Deletes between two positions that are not in one block; blocks cut at both ends become one. */
  #delete(start: Spot, end: Spot): void {
    if (start.index === end.index && start.offset !== null && end.offset !== null) {
      this.#deleteText(this.#own(start.index), start.offset, end.offset);
      return;
    }
    if (start.index === end.index && end.offset === null) return;
    const first = start.offset === null ? start.index : start.index + 1;
    const left = start.offset === null ? null : this.#own(start.index);
    const right = end.offset === null ? null : this.#own(end.index);
    if (end.offset === null && end.index > first && end.index < this.#list.length) this.#own(end.index);
    if (right && end.offset !== null) this.#deleteText(right, 0, end.offset);
    if (left && start.offset !== null) this.#deleteText(left, start.offset, Infinity);
    const going: ViewBlock[] = [];
    for (let index = end.index - 1; index >= first; index -= 1) {
      const block = this.#list[index];
      if (!block) continue;
      if (this.#arriving.has(block.id)) this.#leaving.set(block.id, block);
      else going.push(block);
    }
    const allGone = removeBlocks(this.#mirror, this.#content, going);
    this.#list.splice(first, end.index - first);
    if (left && right) {
      this.#list.splice(start.index, 2, { ...left, fragments: allGone ? this.#join(left, right) : both(left, right) });
    }
  }

  /** Makes two blocks that are neighbours in view one, without moving text. Answers the fragments of the one. */
  #join(left: ViewBlock, right: ViewBlock): Fragment[] {
    const [head, ...rest] = right.fragments;
    const tail = left.fragments.at(-1);
    if (!head || !tail) return both(left, right);
    if (this.#mirror.before(head) !== tail) {
      this.#mirror.set(head, { flow: true });
      return both(left, right);
    }
    handOverPlace(this.#mirror, head);
    this.#mirror.deleteMarker(head);
    return [...left.fragments, ...rest];
  }

  #split(index: number, offset: number, node: Node): void {
    const block = this.#own(index);
    const { fragment, raw, number } = this.#content.find(block, offset);
    const added = this.#insertMarker(
      fragment,
      raw,
      this.#marker(node, kindOf(node), slotBehind(this.#mirror, fragment), this.#ids()),
    );
    const rest = block.fragments.slice(number + 1);
    this.#list.splice(
      index,
      1,
      { ...block, fragments: block.fragments.slice(0, number + 1) },
      { type: 'text', id: added.props?.id ?? '', virtual: false, fragments: [added, ...rest] },
    );
  }

  #insertBlocks(at: number, nodes: readonly Node[]): void {
    if (nodes.length === 0) return;
    if (at < this.#list.length) this.#own(at);
    if (at > 0) this.#own(at - 1);
    for (let count = 0; count < nodes.length;) {
      const node = nodes[count];
      if (!node) return;
      const index = at + count;
      const back = this.#leaving.get(String(node.attrs['id']));
      if (back) {
        const tail = this.#tailBefore(index);
        this.#leaving.delete(back.id);
        this.#list.splice(index, 0, back);
        this.#bringBack(index, tail, node);
        count += 1;
      } else if (node.type.name === 'unknown') {
        // A copy of what this version does not know cannot be written; the view drops it again.
        this.#list.splice(index, 0, { type: 'unknown', id: '', virtual: false, fragments: [] });
        count += 1;
      } else {
        const end = nodes.findIndex((other, number) => number > count && !this.#isNew(other));
        const added = nodes.slice(count, end < 0 ? nodes.length : end);
        this.#insertNew(index, added);
        count += added.length;
      }
    }
  }

  #ids(): Set<string> {
    return new Set(this.#mirror.fragments.map(({ props }) => props?.id ?? ''));
  }

  #isNew(node: Node): boolean {
    return node.type.name !== 'unknown' && !this.#leaving.has(String(node.attrs['id']));
  }

  /** Blocks that were nowhere before, all in one walk. */
  #insertNew(index: number, nodes: readonly Node[]): void {
    const from = this.#tailBefore(index) ?? this.#mirror.first;
    const slots = slotsWhereNeeded(this.#mirror, from, nodes.length);
    const taken = this.#ids();
    const added = nodes.map((node, number) => {
      const name = node.type.name;
      const kind = isAtomKind(name) ? name : kindOf(node);
      return { marker: this.#marker(node, kind, slots?.[number] ?? null, taken), runs: newRuns(node.content) };
    });
    holdPlace(this.#mirror, from);
    const blocks = this.#mirror.insertFragments(from, added).map((fragment, number): ViewBlock => {
      const type = isAtomKind(nodes[number]?.type.name ?? '') ? 'atom' : 'text';
      return { type, id: fragment.props?.id ?? '', virtual: false, fragments: [fragment] };
    });
    this.#list = [...this.#list.slice(0, index), ...blocks, ...this.#list.slice(index)];
  }

  /** A block that was deleted and inserted under its own id moves, and takes what was changed on the way. */
  #bringBack(index: number, tail: Fragment | null, node: Node): void {
    const block = this.#own(index);
    const order = this.#mirror.order.order;
    if (order[tail ? order.indexOf(tail) + 1 : 0] !== block.fragments[0]) {
      this.#place(block.fragments, tail);
    }
    this.#setAttributes(index, node.attrs);
    const shown = nodeOf(blockOf(block)).content;
    const from = shown.findDiffStart(node.content);
    const to = shown.findDiffEnd(node.content);
    if (from === null || !to || block.type !== 'text') return;
    const overlap = Math.max(0, from - Math.min(to.a, to.b));
    this.#replaceInline(index, from, to.a + overlap, node.content.cut(from, to.b + overlap));
  }

  #insertMarker(fragment: Fragment, offset: number, marker: Y.Map<unknown>): Fragment {
    holdPlace(this.#mirror, fragment);
    return this.#mirror.insertMarker(fragment, offset, marker);
  }

  #marker(node: Node, kind: TextKind | AtomKind, slot: Slot | null, taken: Set<string>): Y.Map<unknown> {
    const attributes = node.attrs as Partial<BlockAttributes>;
    const id = this.#freshId(String(node.attrs['id']), taken);
    taken.add(id);
    return createMarker({ ...attributes, kind, id, ...(slot ? { slot } : {}), props: node.attrs });
  }

  /** The id that a new block wants, if nobody has it; copies and splits get one of their own. */
  #freshId(wanted: string, taken: ReadonlySet<string>): string {
    if (!/^[\w-]{8,64}$/.test(wanted) || wanted === START_ID) return randomId();
    return this.#leaving.has(wanted) || taken.has(wanted) ? randomId() : wanted;
  }

  #setAttributes(index: number, wanted: Readonly<Record<string, unknown>>): void {
    const block = this.#list[index];
    if (!block || block.type === 'unknown') return;
    const stored = (kind: string): BlockAttributes => this.#storedAttributes(block, kind);
    const changes = attributeChanges(blockOf(block), wanted, stored);
    if (Object.keys(changes).length === 0) return;
    const head = this.#own(index).fragments[0];
    if (head) this.#mirror.set(head, changes);
  }

  #storedAttributes(block: ViewBlock, kind: string): BlockAttributes {
    const marker = block.virtual ? null : block.fragments[0]?.marker;
    return marker ? readMarker(marker, kind) : attributesFor(kind, {});
  }

  /** Steps of one mark, each behind the one before, are written together: an editor makes one for each piece of text. */
  #mark(doc: Node, step: { readonly from: number; readonly to: number }, key: string, value: unknown): void {
    const open = this.#marks;
    if (open && (open.key !== key || open.value !== value || step.from < open.end)) this.#writeMarks();
    this.#marks ??= { key, value, parts: new Parts(), end: 0 };
    this.#marks.end = step.to;
    this.#takeMarked(this.#marks.parts, locate(doc, step.from), locate(doc, step.to), key, value);
  }

  #writeMarks(): void {
    const open = this.#marks;
    this.#marks = null;
    if (open) this.#mirror.formatParts(open.parts, open.key, open.value);
  }

  #takeMarked(parts: Parts, start: Spot, end: Spot, key: string, value: unknown): void {
    for (let index = start.index; index <= end.index; index += 1) {
      const from = index === start.index ? (start.offset ?? 0) : 0;
      const to = index === end.index ? (end.offset ?? 0) : Infinity;
      if (this.#list[index]?.type !== 'text' || from >= to) continue;
      for (const { fragment, offset, length, run } of this.#content.pieces(this.#own(index), from, to)) {
        if (typeof run.insert !== 'string') continue;
        if ((run.attributes[key] ?? null) !== value) parts.add(fragment, offset, length);
      }
    }
  }

  #replaceInline(index: number, from: number, to: number, content: Inlines): void {
    const block = this.#own(index);
    // A step may cut a surrogate pair in two (one emoji for another); Yjs cannot, so the whole pair is replaced.
    const before = this.#content.pairAt(block, from)?.[0] ?? '';
    const behind = this.#content.pairAt(block, to)?.[1] ?? '';
    const low = from - before.length;
    this.#deleteText(block, low, to + behind.length);
    this.#insertInline(index, low, content, before, behind);
  }

  #insertInline(index: number, offset: number, content: Inlines, before = '', behind = ''): void {
    const pieces: { insert: string | object; marks: readonly Mark[] }[] = [];
    content.forEach((node) => {
      // Not yet made whole: the other half of a pair may be what stands beside it.
      const insert = node.text ?? storedInline(node);
      if (insert !== null) pieces.push({ insert, marks: node.marks });
    });
    if (before) {
      const first = pieces[0];
      if (typeof first?.insert === 'string') first.insert = before + first.insert;
      else pieces.unshift({ insert: before, marks: [] });
    }
    if (behind) {
      const last = pieces.at(-1);
      if (typeof last?.insert === 'string') last.insert += behind;
      else pieces.push({ insert: behind, marks: [] });
    }
    if (pieces.length === 0) return;
    const block = this.#own(index);
    let at = offset;
    for (const { insert, marks } of pieces) {
      const { fragment, raw } = this.#content.find(block, at);
      const whole = typeof insert === 'string' ? wellFormed(insert) : insert;
      this.#mirror.insertContent(fragment, raw, whole, typedAttributes(this.#mirror, fragment, raw, marks));
      at += typeof insert === 'string' ? insert.length : 1;
    }
  }

  #deleteText(block: ViewBlock, from: number, to: number): void {
    const parts = new Parts();
    takeText(this.#content, parts, block, from, to);
    this.#mirror.deleteParts(parts);
  }

  /** The block with a marker of its own: a virtual paragraph gets one now, before whatever touches it. */
  #own(index: number): ViewBlock {
    const block = this.#list[index];
    if (!block) throw new Error('a step touches a block that is not there');
    const head = block.fragments[0];
    if (!head || block.type !== 'text' || this.#inline) return block;
    if (!block.virtual) {
      // The first block in view may be one that continues a block which is gone.
      if (head.props?.flow) this.#mirror.set(head, { flow: false });
      return block;
    }
    const slot = slotBehind(this.#mirror, head);
    const id = randomId();
    const marker = createMarker({ id, kind: 'paragraph', ...(slot ? { slot } : {}) });
    const added = this.#insertMarker(head, 0, marker);
    const owned: ViewBlock = { type: 'text', id, virtual: false, fragments: [added, ...block.fragments.slice(1)] };
    this.#list[index] = owned;
    return owned;
  }

  #place(fragments: readonly Fragment[], tail: Fragment | null): void {
    const slots = slotsBehind(this.#mirror, tail, fragments.length, new Set(fragments));
    for (const [number, fragment] of fragments.entries()) {
      const slot = slots[number];
      if (slot) this.#mirror.set(fragment, { slot });
    }
  }

  /** The last fragment of the nearest block before a number that has any. */
  #tailBefore(index: number): Fragment | null {
    for (let at = index - 1; at >= 0; at -= 1) {
      const tail = this.#list[at]?.fragments.at(-1);
      if (tail) return tail;
    }
    return null;
  }
}

function kindOf(node: Node): TextKind {
  const kind = String(node.attrs['kind']);
  return isTextKind(kind) ? kind : 'paragraph';
}

function both(left: ViewBlock, right: ViewBlock): Fragment[] {
  return [...left.fragments, ...right.fragments];
}
