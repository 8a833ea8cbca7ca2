// What the slash menu offers: data and a filter. The menu's popup is drawn elsewhere.
import { insertDivider, setKind } from './commands/kinds.ts';
import type { MenuItem, TriggerSource } from './trigger-menu.ts';

/** One entry of the slash menu. */
export interface SlashItem extends MenuItem {
  /** Further words that find it. */
  readonly keywords: readonly string[];
}

export const SLASH_ITEMS: readonly SlashItem[] = [
  {
    id: 'text',
    title: 'Text',
    hint: '',
    keywords: ['paragraph', 'plain', 'body'],
    icon: 'pilcrow',
    run: setKind({ kind: 'paragraph' }),
  },
  {
    id: 'heading-1',
    title: 'Heading 1',
    hint: '#',
    keywords: ['h1', 'title', 'section'],
    icon: 'heading-1',
    run: setKind({ kind: 'heading', level: 1 }),
  },
  {
    id: 'heading-2',
    title: 'Heading 2',
    hint: '##',
    keywords: ['h2', 'subtitle'],
    icon: 'heading-2',
    run: setKind({ kind: 'heading', level: 2 }),
  },
  {
    id: 'heading-3',
    title: 'Heading 3',
    hint: '###',
    keywords: ['h3'],
    icon: 'heading-3',
    run: setKind({ kind: 'heading', level: 3 }),
  },
  {
    id: 'bullet',
    title: 'Bullet list',
    hint: '-',
    keywords: ['unordered', 'ul', 'points'],
    icon: 'list',
    run: setKind({ kind: 'bullet' }),
  },
  {
    id: 'ordered',
    title: 'Numbered list',
    hint: '1.',
    keywords: ['ordered', 'ol', 'steps'],
    icon: 'list-ordered',
    run: setKind({ kind: 'ordered' }),
  },
  {
    id: 'check',
    title: 'Checklist',
    hint: '[]',
    keywords: ['todo', 'task', 'checkbox', 'done'],
    icon: 'list-checks',
    run: setKind({ kind: 'check' }),
  },
  {
    id: 'toggle',
    title: 'Toggle',
    hint: '',
    keywords: ['fold', 'collapse', 'details', 'accordion'],
    icon: 'list-collapse',
    run: setKind({ kind: 'toggle' }),
  },
  {
    id: 'quote',
    title: 'Quote',
    hint: '>',
    keywords: ['blockquote', 'citation'],
    icon: 'text-quote',
    run: setKind({ kind: 'quote' }),
  },
  {
    id: 'callout',
    title: 'Callout',
    hint: '',
    keywords: ['warning', 'note', 'notice', 'box'],
    icon: 'triangle-alert',
    run: setKind({ kind: 'callout' }),
  },
  {
    id: 'code',
    title: 'Code',
    hint: '```',
    keywords: ['pre', 'source', 'snippet', 'monospace'],
    icon: 'code',
    run: setKind({ kind: 'code' }),
  },
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
