// What the slash menu offers: data and a filter. The menu's popup is drawn elsewhere.
import { insertDivider, setKind } from './commands/kinds.ts';
import { NAMED_KINDS } from './kind-choices.ts';
import type { MenuItem, TriggerSource } from './trigger-menu.ts';

/** One entry of the slash menu. */
export interface SlashItem extends MenuItem {
  /** Further words that find it. */
  readonly keywords: readonly string[];
}

export const SLASH_ITEMS: readonly SlashItem[] = [
  ...NAMED_KINDS.map(({ choice, ...named }) => ({ ...named, run: setKind(choice) })),
  {
    id: 'divider',
    title: 'Divider',
    hint: '---',
    keywords: ['line', 'rule', 'hr', 'separator'],
    icon: 'minus',
    run: insertDivider,
  },
];

/** The menu of blocks; features add what they bring. */
export function slashSource(added: readonly SlashItem[] = []): TriggerSource {
  const items = [...SLASH_ITEMS, ...added];
  return { name: 'blocks', trigger: '/', label: 'Blocks', items: (query) => filterSlashItems(items, query) };
}

/** The items that a query finds, best first: title from its start, a word of it, a keyword, then letters in order. */
export function filterSlashItems(items: readonly SlashItem[], query: string): readonly SlashItem[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return items;
  return items
    .map((item, order) => ({ item, order, rank: rankOf(item, wanted) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || a.order - b.order)
    .map(({ item }) => item);
}

function rankOf(item: SlashItem, wanted: string): number {
  const title = item.title.toLowerCase();
  if (title.startsWith(wanted)) return 5;
  if (title.split(' ').some((word) => word.startsWith(wanted))) return 4;
  if (item.keywords.some((word) => word.startsWith(wanted))) return 3;
  if (item.hint !== '' && item.hint === wanted) return 3;
  if (title.replaceAll(' ', '').startsWith(wanted.replaceAll(' ', ''))) return 2;
  return wanted.length > 1 && inOrder(title, wanted) ? 1 : 0;
}

function inOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
