// A copy of a page's body for another document: in the order people see, with fresh ids, whatever its blocks are. It writes nothing.
import * as Y from 'yjs';
import { randomId } from '../../base/random-id.ts';
import { removedChoices } from './ask.ts';
import { readFragments, type Run } from './fragments.ts';
import { removedParts } from './table-read.ts';
import { viewOrder } from './view-order.ts';

/** Types inside types that are copied; what lies deeper was written by nobody honest and stays behind. */
const DEEPEST = 8;

/** What becomes of content on the way, also in the cells of tables. */
export interface CopyChange {
  /** Of text, one run at a time. */
  readonly text?: (text: string) => string;
  /** Of a link's address. */
  readonly link?: (address: string) => string;
  /** Of an inline thing that is a plain value. */
  readonly thing?: (value: object) => object;
  /** The ids that the copies of these blocks get, as `freshIds` made them; other blocks get ids of their own. */
  readonly ids?: ReadonlyMap<string, string>;
}

export interface CopiedPiece {
  readonly insert: string | object;
  readonly attributes: Record<string, unknown>;
}

/** A new id for each block of a page, by its old one. */
export function freshIds(body: Y.Text): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { props } of readFragments(body)) if (props?.id && !ids.has(props.id)) ids.set(props.id, randomId());
  return ids;
}

/** A delta for an empty body of another document; its types belong to no document yet, so it can be applied once. */
export function copyBody(body: Y.Text, change: CopyChange = {}): CopiedPiece[] {
  const fragments = viewOrder(body, readFragments(body)).order;
  const taken = new Set<string>();
  const pieces: CopiedPiece[] = [];
  for (const { marker, props, runs } of fragments) {
    if (marker) {
      const left = props?.kind === 'table' ? removedParts(marker) : removedChoices(marker);
      const copy = copyType(marker, { left, change }) as Y.Map<unknown>;
      const known = props?.id ? change.ids?.get(props.id) : undefined;
      // A second block of one id has its own in view, and gets its own here.
      const id = known === undefined || taken.has(known) ? randomId() : known;
      taken.add(id);
      copy.set('id', id);
      // Its place is where it stands now.
      copy.delete('slot');
      pieces.push({ insert: copy, attributes: {} });
    }
    pieces.push(...copyRuns(runs, 0, { change }));
  }
  return pieces;
}

interface CopyParts {
  /** What stays behind. */
  readonly left?: ReadonlySet<unknown> | undefined;
  readonly change?: CopyChange;
}

/** A copy that is in no document yet, or null for what cannot be copied. */
export function copyType(type: unknown, parts: CopyParts = {}): Y.Map<unknown> | Y.Array<unknown> | Y.Text | null {
  return copyAt(type, 0, parts);
}

function copyAt(type: unknown, depth: number, parts: CopyParts): Y.Map<unknown> | Y.Array<unknown> | Y.Text | null {
  if (depth >= DEEPEST) return null;
  const inside = (value: unknown): unknown => {
    if (parts.left?.has(value)) return null;
    return value instanceof Y.AbstractType ? copyAt(value, depth + 1, parts) : value;
  };
  if (type instanceof Y.Map) {
    const copy = new Y.Map<unknown>();
    for (const [key, value] of (type as Y.Map<unknown>).entries()) {
      const copied = inside(value);
      if (copied !== null || value === null) copy.set(key, copied);
    }
    return copy;
  }
  if (type instanceof Y.Array) {
    const copy = new Y.Array<unknown>();
    copy.push(
      (type as Y.Array<unknown>)
        .toArray()
        .map(inside)
        .filter((value) => value !== null),
    );
    return copy;
  }
  if (!(type instanceof Y.Text)) return null;
  const copy = new Y.Text();
  const [start] = readFragments(type);
  // Text inside a block has no markers: what stands before the first is all of it.
  const delta = copyRuns(start?.runs ?? [], depth + 1, parts);
  if (delta.length > 0) copy.applyDelta(delta);
  return copy;
}

function copyRuns(runs: readonly Run[], depth: number, parts: CopyParts): CopiedPiece[] {
  const { change = {}, left } = parts;
  return runs.flatMap(({ insert, attributes: given }) => {
    if (left?.has(insert)) return [];
    const attributes: Record<string, unknown> = { ...given };
    if (change.link && typeof attributes['link'] === 'string') attributes['link'] = change.link(attributes['link']);
    const copied =
      typeof insert === 'string'
        ? (change.text?.(insert) ?? insert)
        : insert instanceof Y.AbstractType
          ? copyAt(insert, depth, parts)
          : (change.thing?.(insert) ?? insert);
    return copied === null || copied === '' ? [] : [{ insert: copied, attributes }];
  });
}
