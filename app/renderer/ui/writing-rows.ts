// What "/" offers in a field of plain Markdown: its forms by their names. Pure.
import Code from '@lucide/svelte/icons/code';
import Heading from '@lucide/svelte/icons/heading';
import List from '@lucide/svelte/icons/list';
import ListChecks from '@lucide/svelte/icons/list-checks';
import ListOrdered from '@lucide/svelte/icons/list-ordered';
import Minus from '@lucide/svelte/icons/minus';
import Paperclip from '@lucide/svelte/icons/paperclip';
import Quote from '@lucide/svelte/icons/quote';
import Table from '@lucide/svelte/icons/table';
import type { Suggestion } from './suggestion.ts';

const row = (id: string, title: string, icon: Suggestion['icon'], shown: string, back = 0): Suggestion => ({
  id,
  title,
  hint: shown.split('\n')[0] ?? '',
  icon,
  shown,
  stored: null,
  back,
});

const ROWS: readonly Suggestion[] = [
  row('list', 'List', List, '- '),
  row('numbered', 'Numbered list', ListOrdered, '1. '),
  row('boxes', 'Boxes to tick', ListChecks, '- [ ] '),
  row('quote', 'Quote', Quote, '> '),
  row('code', 'Code', Code, '```\n\n```', 4),
  row('heading', 'Heading', Heading, '## '),
  row('table', 'Table', Table, '| A | B |\n| --- | --- |\n|  |  |', 0),
  row('divider', 'Divider', Minus, '---\n'),
];

/** @param pickFile null where no files are taken. */
export function writingRows(query: string, pickFile: (() => void) | null): readonly Suggestion[] {
  const files: Suggestion[] = pickFile
    ? [{ id: 'file', title: 'Picture or file', hint: '', icon: Paperclip, shown: '', stored: null, run: pickFile }]
    : [];
  const wanted = query.toLowerCase();
  return [...ROWS, ...files].filter(({ id, title }) => id.startsWith(wanted) || title.toLowerCase().includes(wanted));
}
