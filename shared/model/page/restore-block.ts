// The command that brings one block of a page back to what it was, and leaves every other block as it is.
import * as Y from 'yjs';
import { randomId } from '../../base/random-id.ts';
import { bodyOf } from '../document/roots.ts';
import { unitName, unitsOf, type Unit } from './block-units.ts';
import { itemOf, markerOf, readFragments, type Fragment } from './fragments.ts';
import { createMarker } from './marker.ts';
import { copyType } from './copy.ts';
import { longestRising } from './longest-rising.ts';
import { changeOf, restoreMap } from './restore-content.ts';
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
  const edits: { readonly at: number; readonly remove: number; readonly insert: readonly Unit[] }[] = [];
  let [at, from, wanted]: [number, number, number] = [start, 0, 0];
  for (const [mine, theirs] of [...kept, [units.length, target.length] as const]) {
    for (const unit of units.slice(from, mine)) edits.push({ at: unit.index, remove: 1, insert: [] });
    const insert = target.slice(wanted, theirs);
    if (insert.length > 0) edits.push({ at, remove: 0, insert });
    const [own, past] = [units[mine], target[theirs]];
    if (own && past) {
      const { attributes } = changeOf(own.attributes, past.attributes);
      if (attributes) body.format(own.index, 1, attributes);
      at = own.index + 1;
    }
    [from, wanted] = [mine + 1, theirs + 1];
  }
  // From the end, so that no edit moves the place of one that is still to come.
  edits.sort((a, b) => b.at - a.at || b.remove - a.remove);
  for (const { at: index, remove, insert } of edits) {
    if (remove > 0) body.delete(index, remove);
    else write(body, index, insert);
  }
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
    write(body, 0, content);
    return;
  }
  const index = head ? placeOfGone(body, itemOf(head)) : body.length;
  const copy = copyType(head);
  const marker = copy instanceof Y.Map ? copy : createMarker({ id: randomId(), kind: 'paragraph' });
  body.insertEmbed(index, marker, {});
  if (marker.has('flow')) marker.delete('flow');
  write(body, index + 1, content);
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

function indexAfter(body: Y.Text, marker: Y.Item | null): number {
  let index = 0;
  for (let item = body._start; item !== null; item = item.right) {
    if (!item.deleted && item.countable) index += item.length;
    if (item === marker) return index;
  }
  return index;
}

function write(body: Y.Text, index: number, units: readonly Unit[]): void {
  let at = index;
  for (let next = 0; next < units.length;) {
    const unit = units[next];
    if (!unit) break;
    const { insert, attributes } = unit;
    let end = next + 1;
    if (typeof insert === 'string') {
      while (typeof units[end]?.insert === 'string' && units[end]?.attributes === attributes) end += 1;
      const text = units.slice(next, end).map((unit) => unit.insert as string);
      body.insert(at, text.join(''), { ...attributes });
    } else {
      // What cannot be copied keeps its place as a thing that nobody can show.
      body.insertEmbed(at, insert instanceof Y.AbstractType ? (copyType(insert) ?? {}) : insert, { ...attributes });
    }
    at += end - next;
    next = end;
  }
}

function contentUnits(body: Y.Text, fragments: readonly Fragment[]): readonly Unit[] {
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
