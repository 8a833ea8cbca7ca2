// The checklists of a card as everybody sees them: lists and their items lie side by side in the card's map (docs/documents.md, BD9). Total.
import * as Y from 'yjs';
import { isDocumentId } from '../document/meta.ts';
import { compareSiblings } from '../document/order.ts';
import { readRemoval, type Removal } from '../document/removal.ts';
import { readDate, type CardDate } from './field-value.ts';
import { lineOf, orderOf } from './stored.ts';

export interface ChecklistItem {
  readonly id: string;
  readonly text: string;
  readonly order: string;
  readonly checked: boolean;
  readonly due: CardDate | null;
  /** Member id of whoever does it. */
  readonly member: string | null;
  readonly removal: Removal;
}

export interface Checklist {
  readonly id: string;
  readonly name: string;
  readonly order: string;
  /** `overtaken` too where an item stands in a list that was removed. */
  readonly removal: Removal;
  readonly items: readonly ChecklistItem[];
}

export const LIST = 'list/';
export const ITEM = 'item/';

type Part = readonly [id: string, stored: unknown];

/** What shows, in order. An item whose list is not there has one without a name: no item is ever hidden by its list. */
export function readChecklists(lists: readonly Part[], items: readonly Part[]): readonly Checklist[] {
  const byId = new Map<string, Checklist & { readonly items: ChecklistItem[] }>();
  for (const [id, stored] of lists) {
    if (!isDocumentId(id) || !(stored instanceof Y.Map)) continue;
    const list = stored as Y.Map<unknown>;
    byId.set(id, { id, name: lineOf(list.get('name')), order: orderOf(list), removal: readRemoval(list), items: [] });
  }
  for (const [id, stored] of items) {
    if (!isDocumentId(id) || !(stored instanceof Y.Map)) continue;
    const item = stored as Y.Map<unknown>;
    const removal = readRemoval(item);
    if (removal.kind === 'removed') continue;
    const of = listOf(item) ?? '';
    const list = byId.get(of) ?? { id: of, name: '', order: '', removal: { kind: 'none' }, items: [] };
    byId.set(of, list);
    list.items.push(readItem(id, item, removal));
  }
  const shown: Checklist[] = [];
  for (const list of byId.values()) {
    if (list.removal.kind === 'removed' && list.items.length === 0) continue;
    list.items.sort(compareSiblings);
    const removal = list.removal.kind === 'removed' ? { ...list.removal, kind: 'overtaken' as const } : list.removal;
    shown.push({ ...list, removal });
  }
  return shown.sort(compareSiblings);
}

function readItem(id: string, item: Y.Map<unknown>, removal: Removal): ChecklistItem {
  const member = item.get('member');
  return {
    id,
    text: lineOf(item.get('text')),
    order: orderOf(item),
    checked: item.get('checked') === true,
    due: readDate(item.get('due')),
    member: isDocumentId(member) ? member : null,
    removal,
  };
}

/** The list that an item says it stands in. */
export function listOf(item: Y.Map<unknown>): string | null {
  const list = item.get('checklist');
  return isDocumentId(list) ? list : null;
}

/** Ticked and all items of a card's lists. */
export function progressOf(checklists: readonly Checklist[]): { readonly done: number; readonly total: number } {
  const items = checklists.flatMap((list) => list.items);
  return { done: items.filter((item) => item.checked).length, total: items.length };
}
