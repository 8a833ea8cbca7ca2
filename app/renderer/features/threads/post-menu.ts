// What can be done with one post, by who looks at it. It decides what is offered; doing it is its callers' matter.
import Check from '@lucide/svelte/icons/check';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CornerUpLeft from '@lucide/svelte/icons/corner-up-left';
import EyeOff from '@lucide/svelte/icons/eye-off';
import Flag from '@lucide/svelte/icons/flag';
import Link from '@lucide/svelte/icons/link';
import Mail from '@lucide/svelte/icons/mail';
import Pencil from '@lucide/svelte/icons/pencil';
import Quote from '@lucide/svelte/icons/quote';
import Split from '@lucide/svelte/icons/split';
import Trash from '@lucide/svelte/icons/trash';
import type { MenuItem } from '../../ui/Menu.svelte';

/** Who looks at which post. */
export interface PostStanding {
  readonly mine: boolean;
  /** I manage the space. */
  readonly manages: boolean;
  readonly writable: boolean;
  /** Posts can be added. */
  readonly open: boolean;
  readonly hidden: boolean;
  readonly reported: boolean;
  /** It is the one that began the thread. */
  readonly first: boolean;
  /** null: it can be no answer. */
  readonly answer: 'accepted' | 'other' | null;
}

export type PostDoing =
  | 'reply'
  | 'quote'
  | 'link'
  | 'unread'
  | 'accept'
  | 'unaccept'
  | 'edit'
  | 'delete'
  | 'dealt-with'
  | 'show'
  | 'hide'
  | 'split'
  | 'report';

type Row = Omit<MenuItem, 'run'> & { readonly what: PostDoing };

/** Groups without an entry are left out. */
export function postMenu(standing: PostStanding, run: (what: PostDoing) => void): MenuItem[][] {
  return rows(standing)
    .filter((group) => group.length > 0)
    .map((group) => group.map(({ what, ...item }) => ({ ...item, run: () => run(what) })));
}

function rows({ mine, manages, writable, open, hidden, reported, first, answer }: PostStanding): Row[][] {
  return [
    open
      ? [
          { what: 'reply', label: 'Reply', icon: CornerUpLeft, shortcut: 'R' },
          { what: 'quote', label: 'Quote', icon: Quote, shortcut: 'Q' },
        ]
      : [],
    [
      { what: 'link', label: 'Copy link', icon: Link },
      { what: 'unread', label: 'Unread from here', icon: Mail, shortcut: 'U' },
    ],
    answer === null
      ? []
      : [
          answer === 'accepted'
            ? { what: 'unaccept', label: 'Not the answer any more', icon: CircleCheck }
            : { what: 'accept', label: 'Accept as the answer', icon: CircleCheck },
        ],
    mine && writable
      ? [
          { what: 'edit', label: 'Edit', icon: Pencil, shortcut: 'E' },
          { what: 'delete', label: 'Delete', icon: Trash, danger: true },
        ]
      : [],
    !writable
      ? []
      : manages
        ? managing(hidden, reported, first)
        : mine
          ? []
          : [{ what: 'report', label: 'Report…', icon: Flag }],
  ];
}

function managing(hidden: boolean, reported: boolean, first: boolean): Row[] {
  return [
    ...(reported ? [{ what: 'dealt-with', label: 'The report is dealt with', icon: Check } as const] : []),
    ...(first ? [] : [{ what: 'split', label: 'Into a thread of its own…', icon: Split } as const]),
    hidden ? { what: 'show', label: 'Show again', icon: EyeOff } : { what: 'hide', label: 'Hide…', icon: EyeOff },
  ];
}
