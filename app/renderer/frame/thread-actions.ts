// What can be done with a thread that is shown, by who looks at it. It decides what is offered; doing it is its callers' matter.
import Bell from '@lucide/svelte/icons/bell';
import BellOff from '@lucide/svelte/icons/bell-off';
import FolderOutput from '@lucide/svelte/icons/folder-output';
import Lock from '@lucide/svelte/icons/lock';
import LockOpen from '@lucide/svelte/icons/lock-open';
import Merge from '@lucide/svelte/icons/merge';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import SquareKanban from '@lucide/svelte/icons/square-kanban';
import { LEVELS, type Level } from '../../../shared/model/personal/levels.ts';
import type { ThreadFacts } from '../../../shared/model/thread/facts.ts';
import type { PageAction } from './page-action.ts';

export type ThreadDialog = 'move' | 'merge' | 'card' | 'deeds';

export const LEVEL_WORDS: Readonly<Record<Level, string>> = Object.freeze({
  all: 'Follow every post',
  mentions: 'Follow mentions only',
  mute: 'Mute',
});

export interface ThreadStanding {
  readonly facts: ThreadFacts;
  /** What I said of it; null: nothing. */
  readonly level: Level | null;
  readonly writable: boolean;
  readonly manages: boolean;
  readonly isMine: boolean;
}

export interface ThreadDoing {
  readonly follow: (level: Level) => void;
  readonly moderate: (what: 'pin' | 'unpin' | 'close' | 'reopen') => void;
  readonly ask: (dialog: ThreadDialog) => void;
}

export function threadActions(standing: ThreadStanding, doing: ThreadDoing): readonly (readonly PageAction[])[] {
  const { facts, level, writable, manages, isMine } = standing;
  const { pinned, closed, mergedInto } = facts;
  const keep: PageAction[] = [];
  if (writable) {
    keep.push({
      id: 'card',
      label: 'Make it a card…',
      icon: SquareKanban,
      keywords: 'card board task',
      run: () => doing.ask('card'),
    });
  }
  const manage: PageAction[] = [];
  if (writable && manages) {
    manage.push({
      id: 'pin',
      label: pinned ? 'Unpin' : 'Pin on top of the list',
      icon: pinned ? PinOff : Pin,
      keywords: 'pin',
      run: () => doing.moderate(pinned ? 'unpin' : 'pin'),
    });
  }
  if (writable && (manages || isMine)) {
    manage.push({
      id: 'close',
      label: closed ? 'Open again' : 'Close',
      icon: closed ? LockOpen : Lock,
      keywords: 'close reopen',
      run: () => doing.moderate(closed ? 'reopen' : 'close'),
    });
  }
  if (writable && manages && !mergedInto) {
    manage.push({
      id: 'merge',
      label: 'Go on in another thread…',
      icon: Merge,
      keywords: 'merge join duplicate',
      run: () => doing.ask('merge'),
    });
  }
  if (writable && (manages || isMine)) {
    manage.push({
      id: 'move',
      label: 'Move to another space…',
      icon: FolderOutput,
      keywords: 'move space',
      run: () => doing.ask('move'),
    });
  }
  const deeds: PageAction = {
    id: 'deeds',
    label: 'What was done here',
    icon: ScrollText,
    keywords: 'log moderation',
    run: () => doing.ask('deeds'),
  };
  return [
    keep,
    LEVELS.map((one) => ({
      id: `level-${one}`,
      label: `${LEVEL_WORDS[one]}${one === level ? ' ✓' : ''}`,
      icon: one === 'mute' ? BellOff : Bell,
      keywords: 'follow mute notify',
      run: () => doing.follow(one),
    })),
    [...manage, deeds],
  ];
}
