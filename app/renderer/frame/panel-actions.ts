// The panels beside a page as things to do with it (its history is one of what every object has), for the palette and the page's menu. Their keys are heard where the panels are.
import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import MessageSquare from '@lucide/svelte/icons/message-square';
import TableOfContents from '@lucide/svelte/icons/table-of-contents';
import Waypoints from '@lucide/svelte/icons/waypoints';
import type { PageAction } from './page-action.ts';
import { SIDE_PANELS, type SidePanelId } from './side-panels.ts';

const OFFERED: Partial<Record<SidePanelId, Pick<PageAction, 'icon' | 'keywords' | 'inMenu'>>> = {
  comments: { icon: MessageSquare, keywords: 'discuss threads remarks', inMenu: false },
  contents: { icon: TableOfContents, keywords: 'outline headings word count', inMenu: false },
  links: { icon: Waypoints, keywords: 'backlinks who links here mentions', inMenu: false },
  recovered: { icon: ArchiveRestore, keywords: 'swallowed lost words put back', inMenu: false },
};

/** @param show opens that panel; one that is open stays open. */
export function panelActions(show: (id: SidePanelId) => void): readonly PageAction[] {
  return SIDE_PANELS.flatMap(({ id, label, code }) => {
    const offered = OFFERED[id];
    const shown = `Ctrl Alt ${code.replace('Key', '')}`;
    return offered ? [{ id: `panel-${id}`, label, shown, ...offered, run: () => show(id) }] : [];
  });
}
