// A copy of a page's body for another document: in the order people see, with fresh ids, whatever its blocks are. It writes nothing.
import * as Y from 'yjs';
import { randomId } from '../../base/random-id.ts';
import { readFragments, type Attributes } from './fragments.ts';
import { removedParts } from './table-read.ts';
import { viewOrder } from './view-order.ts';

/** Types inside types that are copied; what lies deeper was written by nobody honest and stays behind. */
const DEEPEST = 8;

export interface CopyChange {
  /** What becomes of text, one run at a time. */
  readonly text?: (text: string) => string;
  /** What becomes of a link's address. `ids`: new block ids by the old ones. */
  readonly link?: (address: string, ids: ReadonlyMap<string, string>) => string;
}

export interface CopiedPiece {
  readonly insert: string | object;
  readonly attributes: Record<string, unknown>;
}

/** A delta for an empty body of another document; its types belong to no document yet, so it can be applied once. */
export function copyBody(body: Y.Text, change: CopyChange = {}): CopiedPiece[] {
  const fragments = viewOrder(body, readFragments(body)).order;
  const ids = new Map<string, string>();
  for (const { props } of fragments) if (props?.id && !ids.has(props.id)) ids.set(props.id, randomId());
  const taken = new Set<string>();
  const pieces: CopiedPiece[] = [];
  const attributes = (given: Attributes): Record<string, unknown> => {
    const kept: Record<string, unknown> = { ...given };
    if (change.link && typeof kept['link'] === 'string') kept['link'] = change.link(kept['link'], ids);
    return kept;
  };
  for (const { marker, props, runs } of fragments) {
    if (marker) {
      const left = props?.kind === 'table' ? removedParts(marker) : undefined;
      const copy = copyType(marker, 0, left) as Y.Map<unknown>;
      const known = props?.id ? ids.get(props.id) : undefined;
      // A second block of one id has its own in view, and gets its own here.
      const id = known === undefined || taken.has(known) ? randomId() : known;
      taken.add(id);
      copy.set('id', id);
      // Its place is where it stands now.
      copy.delete('slot');
      pieces.push({ insert: copy, attributes: {} });
    }
    for (const run of runs) {
      if (typeof run.insert === 'string') {
        const text = change.text ? change.text(run.insert) : run.insert;
        if (text !== '') pieces.push({ insert: text, attributes: attributes(run.attributes) });
      } else if (run.insert instanceof Y.AbstractType) {
        const copy = copyType(run.insert, 0);
        if (copy) pieces.push({ insert: copy, attributes: attributes(run.attributes) });
      } else pieces.push({ insert: run.insert, attributes: attributes(run.attributes) });
    }
  }
  return pieces;
}

/** A copy that is in no document yet, or null for what cannot be copied. What is in `left` stays behind. */
export function copyType(
  type: unknown,
  depth = 0,
  left?: ReadonlySet<unknown>,
): Y.Map<unknown> | Y.Array<unknown> | Y.Text | null {
  if (depth >= DEEPEST) return null;
  const inside = (value: unknown): unknown => {
    if (left?.has(value)) return null;
    return value instanceof Y.AbstractType ? copyType(value, depth + 1, left) : value;
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
  const delta = (start?.runs ?? []).flatMap((run) => {
    const insert = inside(run.insert);
    return insert === null ? [] : [{ insert: insert as string | object, attributes: { ...run.attributes } }];
  });
  if (delta.length > 0) copy.applyDelta(delta);
  return copy;
}
