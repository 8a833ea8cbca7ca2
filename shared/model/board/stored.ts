// How the parts of a board lie in their maps: entries by id, lines, keys, colours, and how they are written. It knows no card and no column.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { isDocumentId } from '../document/meta.ts';
import { compareSiblings, isOrderKey, type Ordered } from '../document/order.ts';
import { placeRun } from '../document/order-run.ts';
import { readRemoval } from '../document/removal.ts';
import { asOneLine, cutLine, readLine, rewriteLine } from '../document/title.ts';

/** The hues of labels, columns and choices; what has none gets one by its id, in the window. */
export const COLOURS = ['clay', 'sand', 'moss', 'sky', 'plum', 'slate'] as const;
export type Colour = (typeof COLOURS)[number];

/** Who does something, and when by their clock. */
export interface Doing {
  /** Member id. */
  readonly by: string;
  readonly at: number;
}

/** Behind a sibling, at the start (null), or at the end (undefined, and when the sibling is not there any more). */
export type After = string | null | undefined;

/** Entries whose key is an id and whose value is a map; the others are named in `unreadable`. */
export function* entriesOf(
  root: Y.Map<unknown>,
  name: string,
  unreadable: string[],
): Iterable<[string, Y.Map<unknown>]> {
  for (const [id, stored] of root.entries()) {
    if (isDocumentId(id) && stored instanceof Y.Map) yield [id, stored as Y.Map<unknown>];
    else unreadable.push(`${name}/${cutLine(id)}`);
  }
}

/** A name is a Y.Text; a plain string, which an importer of another program may have written, reads as well. */
export function lineOf(value: unknown): string {
  if (value instanceof Y.Text) return readLine(value);
  return typeof value === 'string' ? cutLine(value) : '';
}

export function orderOf(stored: Y.Map<unknown>): string {
  const order = stored.get('order');
  return isOrderKey(order) ? order : '';
}

export function colourOf(stored: Y.Map<unknown>): Colour | null {
  const colour = stored.get('colour');
  return COLOURS.find((known) => known === colour) ?? null;
}

/** The entry, or `not-found`. `what`: as people call it. */
export function storedIn(root: Y.Map<unknown>, id: string, what: string): Y.Map<unknown> {
  const entry = root.get(id);
  if (entry instanceof Y.Map) return entry as Y.Map<unknown>;
  throw new AppError('not-found', `This ${what} is not on the board. Nothing was changed.`, { details: { id } });
}

export function refuseTaken(root: Y.Map<unknown>, key: string, what: string): void {
  if (!root.has(key)) return;
  throw new AppError('already-exists', `The board already has a ${what} with this id. Nothing was changed.`);
}

/** Writes what differs; null takes the key away. */
export function write(entry: Y.Map<unknown>, key: string, value: string | number | boolean | null): void {
  if (value === null) {
    if (entry.has(key)) entry.delete(key);
  } else if (entry.get(key) !== value) entry.set(key, value);
}

/** A line that is not there as a Y.Text (another program wrote it) becomes one. */
export function rewrite(entry: Y.Map<unknown>, key: string, line: string): void {
  const text = entry.get(key);
  if (text instanceof Y.Text) rewriteLine(text, line);
  else if (lineOf(text) !== asOneLine(line) || text === undefined) entry.set(key, new Y.Text(asOneLine(line)));
}

export function newLine(line: string): Y.Text {
  return new Y.Text(asOneLine(line));
}

/** The things of a map that show, in their order: those with the prefix in their keys, their ids without it. */
export function shownIn(root: Y.Map<unknown>, prefix = ''): Ordered[] {
  const shown: Ordered[] = [];
  for (const [key, stored] of root.entries()) {
    if (!key.startsWith(prefix) || !(stored instanceof Y.Map)) continue;
    const entry = stored as Y.Map<unknown>;
    if (readRemoval(entry).kind !== 'removed') shown.push({ id: key.slice(prefix.length), order: orderOf(entry) });
  }
  return shown.sort(compareSiblings);
}

/** The keys for `count` places among `siblings`; those that shared one key get their own first. */
export function placesAmong(
  root: Y.Map<unknown>,
  siblings: readonly Ordered[],
  after: After,
  count: number,
  prefix = '',
): readonly string[] {
  const found = after === null ? -1 : siblings.findIndex((sibling) => sibling.id === after);
  const index = after === null ? 0 : found < 0 ? siblings.length : found + 1;
  const { orders, rekeyed } = placeRun(siblings, index, count, root.doc?.clientID ?? 0);
  for (const sibling of rekeyed) {
    const entry = root.get(prefix + sibling.id);
    if (entry instanceof Y.Map) write(entry as Y.Map<unknown>, 'order', sibling.order);
  }
  return orders;
}

/** One place among siblings. */
export function placeAmong(root: Y.Map<unknown>, siblings: readonly Ordered[], after: After, prefix = ''): string {
  return placesAmong(root, siblings, after, 1, prefix)[0] ?? '';
}
