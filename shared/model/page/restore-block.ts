// The command that brings one block of a page back to what it was, and leaves every other block as it is.
import * as Y from 'yjs';
import { randomId } from '../../base/random-id.ts';
import { bodyOf } from '../document/roots.ts';
import { unitName, unitsOf, type Unit } from './block-units.ts';
import { itemOf, markerOf, readFragments, type Fragment } from './fragments.ts';
import { createMarker } from './marker.ts';
import { copyType } from './copy.ts';
import { longestRising } from './longest-rising.ts';
import { changeOf, restoreMap, type Delta } from './restore-content.ts';
import { shownContent } from './shown-content.ts';
import { START_ID, viewBlocks, type ViewBlock } from './view-blocks.ts';
import { viewOrder } from './view-order.ts';

export type RestoreBlock = 'restored' | 'unchanged' | 'not-there';

/**
 * Makes one block what it is in `past` (a past state of the same document). A block that is gone comes back where it was, with
 * its id. One transaction; where nothing differs nothing is written. 'not-there': the past has no such block.
 */
export function restoreBlock(doc: Y.Doc, past: Y.Doc, id: string, origin: unknown): RestoreBlock {
  const was = blocksOf(bodyOf(past)).find((block) => block.id === id);
  if (!was) return 'not-there';
  let changed = false;
  doc.transact((transaction) => {
    const body = bodyOf(doc);
    const now = blocksOf(body).find((block) => block.id === id);
    if (now && shownContent(now) === shownContent(was)) return;
    if (now) restoreIn(body, now, bodyOf(past), was);
    else insertAgain(body, bodyOf(past), was);
    changed = transaction.changed.size > 0;
  }, origin);
  return changed ? 'restored' : 'unchanged';
}

function blocksOf(body: Y.Text): ViewBlock[] {
  return viewBlocks(viewOrder(body, readFragments(body)).order);
}

/** What differs is deleted, written and formatted; a unit that stands in both, in the same order, keeps its item. */
function restoreIn(body: Y.Text, now: ViewBlock, pastBody: Y.Text, was: ViewBlock): void {
  const [marker, past] = [headOf(now), headOf(was)];
  if (marker && past) restoreMap(marker, past, PLACE);
  const [units, target] = [contentUnits(body, now.fragments), contentUnits(pastBody, was.fragments)];
  const kept = inBoth(units, target);
  const start = marker ? indexAfter(body, itemOf(marker)) : 0;
  const edits: Edit[] = [];
  let [at, from, wanted]: [number, number, number] = [start, 0, 0];
  for (const [mine, theirs] of [...kept, [units.length, target.length] as const]) {
    const insert = target.slice(wanted, theirs);
    if (insert.length > 0) edits.push({ at, length: 0, delta: written(insert) });
    for (const unit of units.slice(from, mine)) edits.push({ at: unit.index, length: 1, delta: [{ delete: 1 }] });
    const [own, past] = [units[mine], target[theirs]];
    if (own && past) {
      const { attributes } = changeOf(own.attributes, past.attributes);
      if (attributes) edits.push({ at: own.index, length: 1, delta: [{ retain: 1, attributes }] });
      at = own.index + 1;
    }
    [from, wanted] = [mine + 1, theirs + 1];
  }
  apply(body, edits);
}

/** At an index of the body as it is; `length`: of what stands there it takes up. */
interface Edit {
  readonly at: number;
  readonly length: number;
  readonly delta: readonly Delta[];
}

/** In one walk from the start: Yjs knows the attributes at a place only of what it has walked over. */
function apply(body: Y.Text, edits: readonly Edit[]): void {
  const delta: Delta[] = [];
  let reached = 0;
  for (const edit of [...edits].sort((a, b) => a.at - b.at || a.length - b.length)) {
    if (edit.at > reached) delta.push({ retain: edit.at - reached });
    delta.push(...edit.delta);
    reached = edit.at + edit.length;
  }
  if (delta.length > 0) body.applyDelta(delta, { sanitize: false });
}

/** Where a fragment stands, and what it is called, are no part of its content. */
const PLACE: ReadonlySet<string> = new Set(['slot', 'flow', 'id']);

function headOf({ virtual, fragments }: ViewBlock): Y.Map<unknown> | null {
  return virtual ? null : (fragments[0]?.marker ?? null);
}

function insertAgain(body: Y.Text, pastBody: Y.Text, was: ViewBlock): void {
  const head = headOf(was);
  const content = contentUnits(pastBody, was.fragments);
  if (!head && was.id === START_ID) {
    apply(body, [{ at: 0, length: 0, delta: written(content) }]);
    return;
  }
  const index = head ? placeOfGone(body, itemOf(head)) : body.length;
  const copy = copyType(head);
  const marker = copy instanceof Y.Map ? copy : createMarker({ id: randomId(), kind: 'paragraph' });
  marker.delete('flow');
  apply(body, [{ at: index, length: 0, delta: [{ insert: marker, attributes: {} }, ...written(content)] }]);
}

/** Behind what stands where a deleted marker stood, so that nothing of that comes into the block. */
function placeOfGone(body: Y.Text, gone: Y.Item | null): number {
  let index = 0;
  let passed = false;
  for (let item = body._start; item !== null; item = item.right) {
    if (gone && covers(item, gone.id)) passed = true;
    else if (passed && markerOf(item)) return index;
    if (!item.deleted && item.countable) index += item.length;
  }
  return index;
}

function covers({ id, length }: Y.Item, { client, clock }: Y.ID): boolean {
  return id.client === client && id.clock <= clock && clock < id.clock + length;
}

/** Where what stands behind a marker begins. */
export function indexAfter(body: Y.Text, marker: Y.Item | null): number {
  let index = 0;
  for (let item = body._start; item !== null; item = item.right) {
    if (!item.deleted && item.countable) index += item.length;
    if (item === marker) return index;
  }
  return index;
}

function written(units: readonly Unit[]): Delta[] {
  return units.map(({ insert, attributes }) => {
    if (!(insert instanceof Y.AbstractType)) return { insert, attributes: { ...attributes } };
    // What cannot be copied keeps its place as a thing that nobody can show.
    return { insert: copyType(insert) ?? {}, attributes: { ...attributes } };
  });
}

/** The content of fragments in their order. */
export function contentUnits(body: Y.Text, fragments: readonly Fragment[]): readonly Unit[] {
  const found = unitsOf(body, new Set(fragments.map(({ marker }) => marker)));
  return fragments.flatMap(({ marker }) => found.get(marker) ?? []);
}

/** The longest run of units that stand in both in the same order, as pairs of places. */
function inBoth(units: readonly Unit[], target: readonly Unit[]): (readonly [number, number])[] {
  const places = new Map(target.map((unit, place) => [unitName(unit), place]));
  const pairs = units.flatMap((unit, mine) => {
    const theirs = places.get(unitName(unit));
    return theirs === undefined ? [] : [[mine, theirs] as const];
  });
  return longestRising(pairs.map(([, place]) => place)).flatMap((at) => pairs.slice(at, at + 1));
}
