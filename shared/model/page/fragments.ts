// The physical reading of a page's body: a marker and the content behind it, in the order of the Y.Text. View order is not here.
import * as Y from 'yjs';
import { isMarker, readMarker, type MarkerProps } from './marker.ts';

export type Attributes = Readonly<Record<string, unknown>>;

/** Text with one set of attributes, or one inline thing (length 1) that is not text. */
export interface Run {
  insert: string | object;
  readonly attributes: Attributes;
}

/** A marker with its content up to the next marker. The first fragment of a body has no marker, and is mostly empty. */
export interface Fragment {
  readonly marker: Y.Map<unknown> | null;
  props: MarkerProps | null;
  /** Text attributes that the marker itself stands in. */
  readonly markerAttributes: Attributes;
  runs: Run[];
  /** Length of the content in UTF-16 units, the marker not counted. */
  length: number;
}

export const NO_ATTRIBUTES: Attributes = Object.freeze({});

/** What stands for content of a type that has no place in a text; it is kept and shown as an unknown inline thing. */
const FOREIGN = Object.freeze({});

/** The item by which a live marker is named in slots. */
export function itemOf(marker: Y.Map<unknown>): Y.Item | null {
  return marker._item;
}

export function runLength(run: Run): number {
  return typeof run.insert === 'string' ? run.insert.length : 1;
}

/**
 * All fragments of a body in physical order; the first is always the one without a marker. It walks the items once,
 * is iterative, writes nothing (a Y.TextEvent's delta would: it deletes redundant formats), and survives any content.
 */
export function readFragments(body: Y.Text, table = new AttributeTable()): Fragment[] {
  let current = emptyFragment(null, NO_ATTRIBUTES);
  const fragments = [current];
  let attributes = NO_ATTRIBUTES;
  for (let item = body._start; item !== null; item = item.right) {
    const marker = markerOf(item);
    if (marker) {
      current = emptyFragment(marker, attributes);
      fragments.push(current);
    } else {
      attributes = readItem(current, item, attributes, table);
    }
  }
  return fragments;
}

/** The marker that a live item is, or null. */
export function markerOf(item: Y.Item): Y.Map<unknown> | null {
  if (item.deleted || !(item.content instanceof Y.ContentType)) return null;
  const type: unknown = item.content.type;
  return isMarker(type) ? type : null;
}

/** A fragment whose content is yet to be read. */
export function emptyFragment(marker: Y.Map<unknown> | null, markerAttributes: Attributes): Fragment {
  return { marker, props: marker && readMarker(marker), markerAttributes, runs: [], length: 0 };
}

/** Adds what an item that is no marker holds to a fragment. Answers the attributes that hold behind the item. */
export function readItem(fragment: Fragment, item: Y.Item, attributes: Attributes, table: AttributeTable): Attributes {
  if (item.deleted) return attributes;
  const content = item.content;
  if (content instanceof Y.ContentString) {
    appendRun(fragment, content.str, attributes);
  } else if (content instanceof Y.ContentFormat) {
    return table.with(attributes, content.key, content.value);
  } else if (content instanceof Y.ContentType) {
    appendRun(fragment, content.type, attributes);
  } else if (content instanceof Y.ContentEmbed) {
    const embed: unknown = content.embed;
    appendRun(fragment, typeof embed === 'object' && embed !== null ? embed : FOREIGN, attributes);
  } else if (item.countable) {
    for (let count = 0; count < item.length; count += 1) appendRun(fragment, FOREIGN, attributes);
  }
  return attributes;
}

/** Makes equal sets of attributes one object, so that reading a long page makes few and compares them quickly. */
export class AttributeTable {
  readonly #next = new Map<Attributes, Map<string, Map<unknown, Attributes>>>();

  /** The attributes with one more set, or with it taken away when the value is null. */
  with(attributes: Attributes, key: string, value: unknown): Attributes {
    let keys = this.#next.get(attributes);
    if (!keys) this.#next.set(attributes, (keys = new Map()));
    let values = keys.get(key);
    if (!values) keys.set(key, (values = new Map()));
    let result = values.get(value);
    if (!result) values.set(value, (result = withAttribute(attributes, key, value)));
    return result;
  }
}

/** Adds content at the end of a fragment, joining text of equal attributes. */
export function appendRun(fragment: Fragment, insert: string | object, attributes: Attributes): void {
  const last = fragment.runs.at(-1);
  if (typeof insert !== 'string') {
    fragment.runs.push({ insert, attributes });
    fragment.length += 1;
    return;
  }
  if (last && typeof last.insert === 'string' && sameAttributes(last.attributes, attributes)) last.insert += insert;
  else fragment.runs.push({ insert, attributes });
  fragment.length += insert.length;
}

/** The attributes with one more set, or with it taken away when the value is null. */
export function withAttribute(attributes: Attributes, key: string, value: unknown): Attributes {
  const next: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  let size = 0;
  for (const name of Object.keys(attributes)) {
    if (name === key) continue;
    next[name] = attributes[name];
    size += 1;
  }
  if (value !== null && value !== undefined) {
    next[key] = value;
    size += 1;
  }
  return size === 0 ? NO_ATTRIBUTES : next;
}

export function sameAttributes(a: Attributes, b: Attributes): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => sameValue(a[name], b[name]));
}

/** Equality of attribute values. Objects (no attribute of this version has one) are equal only when they are one object. */
export function sameValue(a: unknown, b: unknown): boolean {
  return a === b;
}
