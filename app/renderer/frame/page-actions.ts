// What can be done with a page or a board, in one list: its menu, the palette and the keys all take it from here. It does nothing itself.
import Archive from '@lucide/svelte/icons/archive';
import ArrowRightLeft from '@lucide/svelte/icons/arrow-right-left';
import CalendarCheck from '@lucide/svelte/icons/calendar-check';
import CopyPlus from '@lucide/svelte/icons/copy-plus';
import LayoutTemplate from '@lucide/svelte/icons/layout-template';
import Megaphone from '@lucide/svelte/icons/megaphone';
import ListTree from '@lucide/svelte/icons/list-tree';
import Lock from '@lucide/svelte/icons/lock';
import LockOpen from '@lucide/svelte/icons/lock-open';
import Printer from '@lucide/svelte/icons/printer';
import Star from '@lucide/svelte/icons/star';
import StarOff from '@lucide/svelte/icons/star-off';
import Trash from '@lucide/svelte/icons/trash';
import type { DocEntry } from '../../contract/entities.ts';
import type { PageCommands } from '../features/tree/page-commands.ts';
import { objectActions, type ObjectDoing } from './object-actions.ts';
import { OBJECT_KEYS } from '../window/object-keys.ts';
import type { PageAction } from './page-action.ts';

export interface PageContext {
  readonly entry: DocEntry;
  readonly commands: PageCommands;
  readonly favourite: boolean;
  readonly writable: boolean;
  /** It has pages below it. */
  readonly parent: boolean;
  /** What is done with every object. */
  readonly object: ObjectDoing;
  /** Another page as its parent. */
  readonly place: () => void;
  /** Another space. */
  readonly move: () => void;
  readonly print: () => void;
  /** Puts it first in its space; null for who does not manage that. */
  readonly feature: (() => void) | null;
  /** What other parts of the window do with a page that is shown, such as its history; among the first. */
  readonly more: readonly PageAction[];
}

/** What only a page has: text on paper, reviews, a lock. */
const OF_PAGES: ReadonlySet<string> = new Set(['print', 'reviewed', 'lock', 'unlock']);

/** Putting a document first in its space, for who manages that. */
export function featuring(feature: PageContext['feature']): PageAction[] {
  if (feature === null) return [];
  return [
    {
      id: 'feature',
      label: 'Feature in its space',
      icon: Megaphone,
      keywords: 'home first highlight manager',
      run: feature,
    },
  ];
}

/** Groups, as a menu shows them. */
export function pageActions(context: PageContext): readonly (readonly PageAction[])[] {
  const groups = allActions(context);
  if (context.entry.kind === 'page') return groups;
  return groups.map((group) => group.filter(({ id }) => !OF_PAGES.has(id)));
}

function allActions(context: PageContext): readonly (readonly PageAction[])[] {
  const { entry, commands, favourite, writable, parent } = context;
  const { template, locked, reviewBy } = entry.properties ?? {};
  const live = !entry.archived;
  const writing: PageAction[] = [
    {
      id: 'duplicate',
      label: 'Duplicate',
      icon: CopyPlus,
      keywords: 'copy page',
      run: () => void commands.duplicate(entry, false),
    },
    ...(parent
      ? [
          {
            id: 'duplicate-below',
            label: 'Duplicate with the pages below',
            icon: CopyPlus,
            keywords: 'copy tree children',
            run: () => void commands.duplicate(entry, true),
          },
        ]
      : []),
    {
      id: 'template',
      label: template ? 'Not a template any more' : 'Use as a template',
      icon: LayoutTemplate,
      keywords: 'mark pattern',
      run: () => void commands.setTemplate(entry, !template),
    },
    {
      id: 'reviewed',
      label: 'Mark as reviewed',
      icon: CalendarCheck,
      keywords: 'review date stale checked',
      run: () => void commands.markReviewed(entry),
    },
    locked
      ? {
          id: 'unlock',
          label: 'Unlock',
          icon: LockOpen,
          keywords: 'edit write',
          run: () => void commands.unlock(entry),
        }
      : { id: 'lock', label: 'Lock', icon: Lock, keywords: 'read only freeze', run: () => void commands.lock(entry) },
  ];
  return [
    [
      {
        id: 'favourite',
        label: favourite ? 'Remove from favourites' : 'Add to favourites',
        icon: favourite ? StarOff : Star,
        keywords: 'bookmark star',
        key: OBJECT_KEYS.favourite,
        run: () => void commands.setFavourite(entry, !favourite),
      },
      ...objectActions(context.object),
      ...featuring(context.feature),
      ...context.more,
      { id: 'print', label: 'Print or save as PDF…', icon: Printer, keywords: 'paper', run: context.print },
    ],
    writable && live ? writing.filter(({ id }) => id !== 'reviewed' || reviewBy !== undefined) : [],
    writable && live
      ? [
          {
            id: 'place',
            label: 'Move below another page…',
            icon: ListTree,
            keywords: 'nest parent tree',
            run: context.place,
          },
          {
            id: 'move',
            label: 'Move to another space…',
            icon: ArrowRightLeft,
            keywords: 'transfer',
            run: context.move,
          },
          {
            id: 'archive',
            label: 'Archive',
            icon: Archive,
            keywords: 'put away',
            key: OBJECT_KEYS.archive,
            run: () => void commands.archive(entry),
          },
          {
            id: 'trash',
            label: 'Move to the trash',
            icon: Trash,
            keywords: 'delete remove bin',
            run: () => void commands.trash(entry),
          },
        ]
      : [],
  ];
}
