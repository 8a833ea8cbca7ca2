// Saved views of a board (docs/documents.md, BD23 and PS5): those that everybody sees, and a member's own. What they show is in look.ts; nothing is drawn here.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { isDocumentId } from '../document/meta.ts';
import { compareSiblings } from '../document/order.ts';
import { isJson } from '../document/plain-maps.ts';
import { markRemoved, readRemoval, unmarkRemoved, type Removal } from '../document/removal.ts';
import { viewsOf } from '../document/roots.ts';
import { asOneLine } from '../document/title.ts';
import { readLook, storedLook, type BoardLook } from './look.ts';
import { lineOf, orderOf, placeAmong, shownIn, storedIn, write, type Doing } from './stored.ts';

export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly order: string;
  /** `overtaken`: somebody changed it who did not know that it had been deleted. */
  readonly removal: Removal;
  readonly look: BoardLook;
}

/** Where views stand: in the board's document, or with a board's id in front in one of a member's own. */
export interface ViewShelf {
  readonly root: Y.Map<unknown>;
  readonly prefix: string;
}

/** More are kept, and not shown. */
export const MOST_VIEWS = 100;
export const LONGEST_VIEW_NAME = 100;

export function sharedViews(board: Y.Doc): ViewShelf {
  return { root: viewsOf(board), prefix: '' };
}

/** @param personal the member's document of matter `views`. */
export function ownViews(personal: Y.Doc, board: string): ViewShelf {
  return { root: viewsOf(personal), prefix: `${board}/` };
}

/** In their order; what was deleted is kept and left out. Total. */
export function readViews({ root, prefix }: ViewShelf): readonly SavedView[] {
  const views: SavedView[] = [];
  for (const [key, stored] of root.entries()) {
    const id = key.startsWith(prefix) ? key.slice(prefix.length) : '';
    if (!isDocumentId(id) || !(stored instanceof Y.Map)) continue;
    const view = readView(id, stored as Y.Map<unknown>);
    if (view.removal.kind !== 'removed') views.push(view);
  }
  return views.sort(compareSiblings).slice(0, MOST_VIEWS);
}

function readView(id: string, stored: Y.Map<unknown>): SavedView {
  const name = lineOf(stored.get('name')).slice(0, LONGEST_VIEW_NAME);
  return { id, name, order: orderOf(stored), removal: readRemoval(stored), look: readLook(stored.get('look')) };
}

/** A new one, behind the others; its id. */
export function addView(
  shelf: ViewShelf,
  view: { readonly id?: string; readonly name: string; readonly look: BoardLook },
  origin: unknown = null,
): string {
  const { root, prefix } = shelf;
  const id = view.id ?? randomId();
  const name = checkedName(view.name);
  const shown = shownIn(root, prefix);
  if (shown.length >= MOST_VIEWS) {
    throw new AppError(
      'too-large',
      'There are 100 saved views already. Delete one that nobody needs. Nothing was saved.',
    );
  }
  edit(shelf, origin, () => {
    const stored = new Y.Map<unknown>();
    stored.set('name', name);
    stored.set('look', storedLook(view.look, null));
    stored.set('order', placeAmong(root, shown, undefined, prefix));
    root.set(prefix + id, stored);
  });
  return id;
}

/** It shows this from now on. Of two people who save it apart one has it, whole. */
export function saveView(shelf: ViewShelf, id: string, look: BoardLook, origin: unknown = null): void {
  edit(shelf, origin, () => {
    const stored = viewIn(shelf, id);
    const before = stored.get('look');
    const next = storedLook(look, before);
    if (!isJson(before) || JSON.stringify(next) !== JSON.stringify(before)) stored.set('look', next);
    unmarkRemoved(stored);
  });
}

/** Of two people who rename it apart one is heard: two names are no name together. */
export function renameView(shelf: ViewShelf, id: string, name: string, origin: unknown = null): void {
  const line = checkedName(name);
  edit(shelf, origin, () => {
    const stored = viewIn(shelf, id);
    write(stored, 'name', line);
    unmarkRemoved(stored);
  });
}

export function removeView(shelf: ViewShelf, id: string, { by, at }: Doing, origin: unknown = null): void {
  edit(shelf, origin, () => markRemoved(viewIn(shelf, id), at, by));
}

export function restoreView(shelf: ViewShelf, id: string, origin: unknown = null): void {
  edit(shelf, origin, () => unmarkRemoved(viewIn(shelf, id)));
}

function viewIn({ root, prefix }: ViewShelf, id: string): Y.Map<unknown> {
  return storedIn(root, prefix + id, 'view');
}

function checkedName(name: string): string {
  const line = asOneLine(name).trim();
  if (line !== '' && line.length <= LONGEST_VIEW_NAME) return line;
  throw new AppError('bad-input', 'The name of a view has 1 to 100 characters. Nothing was saved.');
}

function edit({ root }: ViewShelf, origin: unknown, change: () => void): void {
  if (root.doc) root.doc.transact(change, origin);
  else change();
}
