// What can be done with every object (page, board, card, discussion; of it what makes sense, with a person or a space), under the same names and keys. It does nothing itself.
import Bell from '@lucide/svelte/icons/bell';
import BellRing from '@lucide/svelte/icons/bell-ring';
import Bookmark from '@lucide/svelte/icons/bookmark';
import Download from '@lucide/svelte/icons/download';
import FileText from '@lucide/svelte/icons/file-text';
import History from '@lucide/svelte/icons/rotate-ccw-clock';
import Link from '@lucide/svelte/icons/link';
import { OBJECT_KEYS } from '../window/object-keys.ts';
import type { PageAction } from './page-action.ts';

export interface ObjectDoing {
  readonly followed: boolean;
  readonly follow: () => void;
  readonly bookmark?: () => void;
  readonly copyLink?: () => void;
  readonly copyMarkdown?: () => void;
  /** `shown`: its key is heard where its panel is. */
  readonly history?: { readonly run: () => void; readonly shown?: true };
  /** `below`: with the pages below. */
  readonly exportIt?: { readonly run: () => void; readonly below?: boolean };
}

export function objectActions(doing: ObjectDoing): PageAction[] {
  const { followed, bookmark, copyLink, copyMarkdown, history, exportIt } = doing;
  const all: (PageAction | undefined)[] = [
    {
      id: 'follow',
      label: followed ? 'Stop following' : 'Follow',
      icon: followed ? BellRing : Bell,
      keywords: 'watch notify tell',
      key: OBJECT_KEYS.follow,
      run: doing.follow,
    },
    bookmark && {
      id: 'bookmark',
      label: 'Bookmark…',
      icon: Bookmark,
      keywords: 'remember save share',
      key: OBJECT_KEYS.bookmark,
      run: bookmark,
    },
    copyLink && {
      id: 'copy-link',
      label: 'Copy link',
      icon: Link,
      keywords: 'address url share',
      key: OBJECT_KEYS.copyLink,
      run: copyLink,
    },
    copyMarkdown && {
      id: 'copy-markdown',
      label: 'Copy as Markdown',
      icon: FileText,
      keywords: 'clipboard text',
      key: OBJECT_KEYS.copyMarkdown,
      run: copyMarkdown,
    },
    history && {
      id: 'history',
      label: 'History',
      icon: History,
      keywords: 'versions restore earlier who changed',
      ...(history.shown ? { shown: OBJECT_KEYS.history.shown } : { key: OBJECT_KEYS.history }),
      run: history.run,
    },
    exportIt && {
      id: 'export',
      label: exportIt.below ? 'Export with the pages below…' : 'Export as Markdown…',
      icon: Download,
      keywords: 'zip file download children subpages',
      key: OBJECT_KEYS.exportIt,
      run: exportIt.run,
    },
  ];
  return all.filter((action) => action !== undefined);
}
