// The binding's picture of a body: fragments kept in step with the Y.Text without reading it anew. Its writes do both at once.
import type * as Y from 'yjs';
import {
  AttributeTable,
  itemOf,
  readFragments,
  runLength,
  sameAttributes,
  withAttribute,
  type Attributes,
  type Fragment,
  type Run,
} from '../../../../shared/model/page/fragments.ts';
import { isAtomKind, readMarker } from '../../../../shared/model/page/marker.ts';
import { START_ID, viewBlocks, type ViewBlock } from '../../../../shared/model/page/view-blocks.ts';
import { viewOrder, type ViewOrder } from '../../../../shared/model/page/view-order.ts';
import { changeRuns, deltaOf, type DeltaOperation, type NewFragment, type Parts } from './ranges.ts';
import { rereadChange, STRUCTURAL } from './reread.ts';

/**
 * Fragments of one body. Arrays of runs and props are replaced, never changed in place, so that a reader may compare them by
 * identity. Writing methods must be called inside a Y transaction.
 */
export class Mirror {
  readonly body: Y.Text;
  readonly #table = new AttributeTable();
  #fragments: readonly Fragment[];
  #order: ViewOrder | null = null;
  #blocks: readonly ViewBlock[] | null = null;
  /** Fragments whose content or attributes changed since the last call of `takeTouched`. */
  #touched = new Set<Fragment>();
  #structureChanged = true;

  constructor(body: Y.Text) {
    this.body = body;
    this.#fragments = readFragments(body, this.#table);
  }

  get fragments(): readonly Fragment[] {
    return this.#fragments;
  }

  get order(): ViewOrder {
    this.#order ??= viewOrder(this.body, this.#fragments);
    return this.#order;
  }

  /** The blocks in view; a body without any shows one virtual paragraph. */
  get blocks(): readonly ViewBlock[] {
    if (this.#blocks) return this.#blocks;
    const blocks = viewBlocks(this.order.order);
    if (blocks.length === 0) {
      blocks.push({ type: 'text', id: START_ID, virtual: true, fragments: [this.first] });
    }
    this.#blocks = blocks;
    return blocks;
  }

  /** The fragment without a marker. */
  get first(): Fragment {
    const first = this.#fragments[0];
    if (!first) throw new Error('a body without a first fragment');
    return first;
  }

  /** What changed since the last call: which fragments, or (null) perhaps the blocks themselves. */
  takeTouched(): ReadonlySet<Fragment> | null {
    const touched = this.#structureChanged ? null : this.#touched;
    this.#touched = new Set();
    this.#structureChanged = false;
    return touched;
  }

  /**
   * Takes in a change that did not go through this mirror: what the transaction touched is read again. Without a transaction
   * everything is. Fragments that did not change stay the same objects.
   */
  reread(transaction: Y.Transaction | null = null): void {
    const change = transaction && rereadChange(this.body, this.#fragments, transaction, this.#table);
    if (!change) {
      this.#fragments = readFragments(this.body, this.#table);
      this.#changedStructure();
      return;
    }
    this.#fragments = change.fragments;
    for (const fragment of change.touched) this.#touch(fragment);
    if (change.structural) this.#changedStructure();
  }

  /** Whether the lengths agree; a disagreement means that somebody wrote between two calls. */
  get agrees(): boolean {
    let length = 0;
    for (const fragment of this.#fragments) length += fragment.length + (fragment.marker ? 1 : 0);
    return length === this.body.length;
  }

  /** Index in the Y.Text at which a fragment's content begins. */
  contentStart(fragment: Fragment): number {
    let index = 0;
    for (const other of this.#fragments) {
      if (other.marker) index += 1;
      if (other === fragment) return index;
      index += other.length;
    }
    throw new Error('a fragment that is not in the mirror');
  }

  /** Where the content of every fragment begins in the Y.Text. */
  contentStarts(): ReadonlyMap<Fragment, number> {
    const starts = new Map<Fragment, number>();
    let index = 0;
    for (const fragment of this.#fragments) {
      if (fragment.marker) index += 1;
      starts.set(fragment, index);
      index += fragment.length;
    }
    return starts;
  }

  /** The fragment and the offset in its content for an index of the Y.Text; an index at a marker is the marker's fragment, offset -1. */
  at(index: number): { readonly fragment: Fragment; readonly offset: number } {
    let left = index;
    for (const fragment of this.#fragments) {
      if (fragment.marker) {
        if (left === 0) return { fragment, offset: -1 };
        left -= 1;
      }
      if (left <= fragment.length) return { fragment, offset: left };
      left -= fragment.length;
    }
    const last = this.#fragments.at(-1) ?? this.first;
    return { fragment: last, offset: last.length };
  }

  /** The fragment that stands before another one in the Y.Text. */
  before(fragment: Fragment): Fragment | null {
    const index = this.#fragments.indexOf(fragment);
    return index > 0 ? (this.#fragments[index - 1] ?? null) : null;
  }

  /** The attributes that text typed at an offset continues. */
  attributesBefore(fragment: Fragment, offset: number): Attributes {
    if (offset <= 0) return fragment.markerAttributes;
    let left = offset;
    for (const run of fragment.runs) {
      left -= runLength(run);
      if (left <= 0) return run.attributes;
    }
    return fragment.markerAttributes;
  }

  /** Puts text, or an inline thing, into a fragment's content. */
  insertContent(fragment: Fragment, offset: number, insert: string | object, attributes: Attributes): void {
    // With attributes, be there any or not, for the reason that `#delete` gives.
    const index = this.contentStart(fragment) + offset;
    if (typeof insert === 'string') this.body.insert(index, insert, { ...attributes });
    else this.body.insertEmbed(index, insert, { ...attributes });
    const [left, right] = cut(fragment.runs, offset);
    const run = { insert, attributes };
    fragment.runs = joined([...left, run, ...right]);
    fragment.length += runLength(run);
    this.#touch(fragment);
  }

  /** Deletes parts in one walk. What stays of a fragment whose marker goes joins the one that stands before it in the Y.Text. */
  deleteParts(parts: Parts): void {
    if (parts.ranges.size === 0 && parts.markers.size === 0) return;
    this.body.applyDelta(deltaOf(this.#fragments, parts, null));
    for (const [fragment, ranges] of parts.ranges) {
      fragment.runs = joined(changeRuns(fragment.runs, ranges, () => null));
      for (const { length } of ranges) fragment.length -= length;
      this.#touch(fragment);
    }
    if (parts.markers.size === 0) return;
    const left: Fragment[] = [];
    for (const fragment of this.#fragments) {
      const before = left.at(-1);
      if (!before || !parts.markers.has(fragment)) {
        left.push(fragment);
      } else if (fragment.length > 0) {
        before.runs = joined([...before.runs, ...fragment.runs]);
        before.length += fragment.length;
      }
    }
    this.#fragments = left;
    this.#changedStructure();
  }

  /** Sets one attribute on ranges, or takes it away (null), in one walk. */
  formatParts(parts: Parts, key: string, value: unknown): void {
    if (parts.ranges.size === 0) return;
    this.body.applyDelta(deltaOf(this.#fragments, parts, { [key]: value }));
    const formatted = (run: Run): Run => ({ ...run, attributes: withAttribute(run.attributes, key, value) });
    for (const [fragment, ranges] of parts.ranges) {
      fragment.runs = joined(changeRuns(fragment.runs, ranges, formatted));
      this.#touch(fragment);
    }
  }

  /** Puts new fragments behind all that a fragment holds, in one walk. */
  insertFragments(behind: Fragment, added: readonly NewFragment[]): Fragment[] {
    let attributes = this.attributesBefore(behind, behind.length);
    const delta: DeltaOperation[] = [{ retain: this.contentStart(behind) + behind.length }];
    const fragments: Fragment[] = [];
    for (const { marker, runs } of added) {
      const markerAttributes = attributes;
      delta.push({ insert: marker, attributes: { ...attributes } });
      for (const run of runs) {
        delta.push({ insert: run.insert, attributes: { ...run.attributes } });
        attributes = run.attributes;
      }
      const length = runs.reduce((sum, run) => sum + runLength(run), 0);
      fragments.push({ marker, props: null, markerAttributes, runs: joined(runs), length });
    }
    this.body.applyDelta(delta);
    // Only now: a marker that is in no document yet reads as empty.
    for (const fragment of fragments) fragment.props = fragment.marker && readMarker(fragment.marker);
    const at = this.#fragments.indexOf(behind) + 1;
    this.#fragments = [...this.#fragments.slice(0, at), ...fragments, ...this.#fragments.slice(at)];
    this.#changedStructure();
    return fragments;
  }

  /** Puts a marker into a fragment's content; what stood behind the offset is the new fragment's. */
  insertMarker(fragment: Fragment, offset: number, marker: Y.Map<unknown>): Fragment {
    const attributes = this.attributesBefore(fragment, offset);
    this.body.insertEmbed(this.contentStart(fragment) + offset, marker, { ...attributes });
    const [left, right] = cut(fragment.runs, offset);
    const added: Fragment = {
      marker,
      props: readMarker(marker),
      markerAttributes: attributes,
      runs: joined(right),
      length: fragment.length - offset,
    };
    fragment.runs = joined(left);
    fragment.length = offset;
    this.#fragments = this.#fragments.toSpliced(this.#fragments.indexOf(fragment) + 1, 0, added);
    this.#changedStructure();
    return added;
  }

  /** Takes a marker away; the content joins the fragment that stands before it in the Y.Text. */
  deleteMarker(fragment: Fragment): void {
    const before = this.before(fragment);
    if (!before) throw new Error('the first fragment has no marker');
    this.#delete(this.contentStart(fragment) - 1, 1);
    before.runs = joined([...before.runs, ...fragment.runs]);
    before.length += fragment.length;
    this.#fragments = this.#fragments.toSpliced(this.#fragments.indexOf(fragment), 1);
    this.#changedStructure();
  }

  /** Sets keys of a fragment's marker. */
  set(fragment: Fragment, entries: Readonly<Record<string, unknown>>): void {
    const marker = fragment.marker;
    if (!marker) throw new Error('the first fragment has no marker');
    for (const [key, value] of Object.entries(entries)) {
      marker.set(key, value);
      if (STRUCTURAL.has(key)) this.#changedStructure();
    }
    fragment.props = readMarker(marker);
    this.#touch(fragment);
  }

  /**
   * By a delta, which walks from the start. For a plain call Yjs looks the index up by search markers, which may point behind the
   * format that begins a mark and do not know what holds there: a deletion then takes the end of a mark along and what stays gets
   * the mark, an insert lands inside of one. It does so in a body that was loaded before it was asked for.
   */
  #delete(index: number, length: number): void {
    this.body.applyDelta([{ retain: index }, { delete: length }]);
  }

  #touch(fragment: Fragment): void {
    this.#touched.add(fragment);
    const props = fragment.props;
    // Text that comes or goes where no block has it as its own makes or unmakes a virtual paragraph.
    if (!props || props.flow || isAtomKind(props.kind)) this.#changedStructure();
  }

  #changedStructure(): void {
    this.#order = null;
    this.#blocks = null;
    this.#structureChanged = true;
  }
}

/** A name of the item that a fragment's marker is, for slots. */
export function slotAnchor(fragment: Fragment): readonly [number, number] | null {
  const item = fragment.marker && itemOf(fragment.marker);
  return item ? [item.id.client, item.id.clock] : null;
}

/** Cuts runs at an offset. Runs that are not text are never copied: they are known by identity during an edit. */
function cut(runs: readonly Run[], offset: number): [Run[], Run[]] {
  const left: Run[] = [];
  let at = 0;
  for (const [index, run] of runs.entries()) {
    const length = runLength(run);
    if (at + length <= offset) {
      left.push(run);
      at += length;
      continue;
    }
    if (at === offset || typeof run.insert !== 'string') return [left, runs.slice(index)];
    left.push({ insert: run.insert.slice(0, offset - at), attributes: run.attributes });
    const rest = { insert: run.insert.slice(offset - at), attributes: run.attributes };
    return [left, [rest, ...runs.slice(index + 1)]];
  }
  return [left, []];
}

function joined(runs: readonly Run[]): Run[] {
  const result: Run[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (run.insert === '') continue;
    const joins =
      last &&
      typeof last.insert === 'string' &&
      typeof run.insert === 'string' &&
      sameAttributes(last.attributes, run.attributes);
    if (joins) {
      result[result.length - 1] = {
        insert: String(last.insert) + String(run.insert),
        attributes: last.attributes,
      };
    } else {
      result.push(run);
    }
  }
  return result;
}
