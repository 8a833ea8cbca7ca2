// The menu behind "[[": pages by title and other names, and a new one below this page. `[[title|words]]` keeps the words as the author's own.
import FilePlus from '@lucide/svelte/icons/file-plus';
import FileText from '@lucide/svelte/icons/file-text';
import type { Command } from 'prosemirror-state';
import { pageLink } from '../../../../../shared/model/page/page-link.ts';
import { insertEmbed } from '../../../editor/commands/embeds.ts';
import type { MenuItem, TriggerSource } from '../../../editor/trigger-menu.ts';
import { PageFinder } from '../../../window/find-pages.ts';
import type { LinkContext } from './link-context.ts';

const MOST = 8;
const LONGEST = 80;

/** Keeps the menu open where there is no other page: what is typed next begins one. */
const NOTHING_YET: MenuItem = {
  id: 'none',
  title: 'Type a title for a new page',
  hint: '',
  icon: FilePlus,
  run: () => false,
};

export function pageSource(context: LinkContext, finder = new PageFinder()): TriggerSource {
  return {
    name: 'pages',
    trigger: '[[',
    label: 'Link to a page',
    anywhere: true,
    longest: LONGEST,
    items: (query) => rows(context, finder, query),
    watch: (changed) => context.onChange(changed),
  };
}

function rows(context: LinkContext, finder: PageFinder, query: string): readonly MenuItem[] {
  // Who types the closing brackets as well means the same.
  const [title = '', words = ''] = query.replace(/\]{1,2}$/, '').split('|', 2);
  const wanted = title.trim();
  const found = finder.find(wanted, context.documents().values(), MOST, context.page);
  const items = found.map(({ entry, alias }): MenuItem => ({
    id: entry.id,
    title: alias === null ? entry.title || 'Untitled' : `${alias} (${entry.title || 'Untitled'})`,
    hint: context.pathOf(entry),
    icon: FileText,
    run: link(() => entry.id, words.trim()),
  }));
  if (items.length === 0 && wanted === '' && context.mayCreate()) return [NOTHING_YET];
  const exact = found.some(({ entry }) => entry.title.trim().toLowerCase() === wanted.toLowerCase());
  if (wanted !== '' && !exact && context.mayCreate()) {
    items.push({
      id: 'create',
      title: `Create page “${wanted}”`,
      hint: 'below this page',
      icon: FilePlus,
      run: link(() => context.create(wanted), words.trim()),
    });
  }
  return items;
}

/** A page embed, whose title stays the page's; with words of one's own a link that keeps them. */
function link(page: () => string, words: string): Command {
  return (state, dispatch, view) => {
    if (!dispatch) return true;
    if (words === '') return insertEmbed({ type: 'page', page: page() })(state, dispatch, view);
    const { schema, tr } = state;
    const mark = schema.marks['link']?.create({ href: pageLink(page()) });
    if (!mark) return false;
    tr.replaceSelectionWith(schema.text(words, [mark]), false);
    dispatch(tr.removeStoredMark(mark).scrollIntoView());
    return true;
  };
}
