// The icons of blocks by their Lucide names, as menus of blocks show them. No words and no commands.
import Code from '@lucide/svelte/icons/code';
import Heading1 from '@lucide/svelte/icons/heading-1';
import Heading2 from '@lucide/svelte/icons/heading-2';
import Heading3 from '@lucide/svelte/icons/heading-3';
import List from '@lucide/svelte/icons/list';
import ListChecks from '@lucide/svelte/icons/list-checks';
import ListCollapse from '@lucide/svelte/icons/list-collapse';
import ListOrdered from '@lucide/svelte/icons/list-ordered';
import MessageSquareWarning from '@lucide/svelte/icons/message-square-warning';
import Minus from '@lucide/svelte/icons/minus';
import Pilcrow from '@lucide/svelte/icons/pilcrow';
import Table from '@lucide/svelte/icons/table';
import Quote from '@lucide/svelte/icons/text-quote';
import type { Component } from 'svelte';

const ICONS: Readonly<Record<string, Component>> = {
  pilcrow: Pilcrow,
  'heading-1': Heading1,
  'heading-2': Heading2,
  'heading-3': Heading3,
  list: List,
  'list-ordered': ListOrdered,
  'list-checks': ListChecks,
  'list-collapse': ListCollapse,
  'text-quote': Quote,
  'triangle-alert': MessageSquareWarning,
  code: Code,
  minus: Minus,
  table: Table,
};

/** The icon for a name, or the component itself where a feature brings one. */
export function blockIcon(icon: unknown): Component {
  return typeof icon === 'string' ? (ICONS[icon] ?? Pilcrow) : (icon as Component);
}
