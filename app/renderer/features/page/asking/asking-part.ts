// The page's part for what asks people: polls, "I have done this", and threads that are shown in the page. Rows that add them, and the keys into them.
import CircleCheck from '@lucide/svelte/icons/circle-check-big';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import Vote from '@lucide/svelte/icons/vote';
import type { AtomKind, NewAtom } from '../../../../../shared/model/page/block.ts';
import { insertAtoms } from '../../../editor/commands/embeds.ts';
import type { SlashItem } from '../../../editor/slash-items.ts';
import { drawWith } from '../parts/draw-with.svelte.ts';
import { entrance } from '../parts/entrance.ts';
import type { MakePagePart } from '../parts/page-part.ts';
import { askingContext } from './asking-context.ts';
import DoneBlock from './DoneBlock.svelte';
import PollBlock from './PollBlock.svelte';
import ThreadBlock from './ThreadBlock.svelte';

const KINDS: ReadonlySet<string> = new Set<AtomKind>(['poll', 'done', 'thread']);

const ROWS: readonly (Omit<SlashItem, 'run' | 'hint'> & { readonly kind: 'poll' | 'done' | 'thread' })[] = [
  {
    id: 'poll',
    title: 'Poll',
    keywords: ['vote', 'choices', 'survey', 'question', 'ask'],
    icon: Vote,
    kind: 'poll',
  },
  {
    id: 'discussion',
    title: 'Discussion',
    keywords: ['thread', 'talk', 'question', 'answers', 'forum'],
    icon: MessagesSquare,
    kind: 'thread',
  },
  {
    id: 'done',
    title: 'I have done this',
    keywords: ['done', 'training', 'confirm', 'completed', 'read', 'sign'],
    icon: CircleCheck,
    kind: 'done',
  },
];

export const askingPart: MakePagePart = ({ workspace, handle, services, contexts }) => {
  const [, space = '', page = ''] = handle.room.split('/');
  const inside = new Map(contexts);
  askingContext(inside, { workspace, handle, space, page, services });
  /** Everything inside is the block's own: the page's editor hears only of what happens beside its controls. */
  const keepsEvent = (event: Event): boolean =>
    event.target instanceof Element &&
    event.target.closest('button, input, label, a, dialog, summary, [role="radio"]') !== null;
  return {
    drawings: {
      poll: drawWith(PollBlock, inside, keepsEvent),
      done: drawWith(DoneBlock, inside, keepsEvent),
      thread: drawWith(ThreadBlock, inside, keepsEvent),
    },
    slashItems: ROWS.map(({ kind, ...row }) => ({
      ...row,
      hint: '',
      run: insertAtoms([{ type: 'atom', kind } as NewAtom]),
    })),
    plugins: [entrance(KINDS)],
  };
};
