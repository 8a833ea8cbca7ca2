// What people call the types of threads and what an idea stands at, with their icons. Words only.
import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark';
import Lightbulb from '@lucide/svelte/icons/lightbulb';
import Megaphone from '@lucide/svelte/icons/megaphone';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import Vote from '@lucide/svelte/icons/vote';
import type { Level } from '../../../../shared/model/personal/levels.ts';
import type { IdeaState, ThreadType } from '../../../../shared/model/thread/facts.ts';

export interface TypeWords {
  readonly label: string;
  /** Of several. */
  readonly many: string;
  readonly icon: typeof MessagesSquare;
  /** Who begins one is told this. */
  readonly about: string;
  /** What its title asks for. */
  readonly title: string;
}

export const TYPE_WORDS: Readonly<Record<ThreadType, TypeWords>> = Object.freeze({
  discussion: {
    label: 'Discussion',
    many: 'Discussions',
    icon: MessagesSquare,
    about: 'Something to talk about.',
    title: 'What is it about?',
  },
  question: {
    label: 'Question',
    many: 'Questions',
    icon: CircleQuestionMark,
    about: 'Somebody may know. The answer that helped is accepted and stands on top.',
    title: 'What do you want to know?',
  },
  idea: {
    label: 'Idea',
    many: 'Ideas',
    icon: Lightbulb,
    about: 'A proposal that others vote for, one vote a person.',
    title: 'What should be done?',
  },
  poll: {
    label: 'Poll',
    many: 'Polls',
    icon: Vote,
    about: 'A question with choices. A vote that is cast in time counts, whenever it arrives.',
    title: 'What is asked?',
  },
  announcement: {
    label: 'Announcement',
    many: 'Announcements',
    icon: Megaphone,
    about: 'News for everybody in the space.',
    title: 'What is new?',
  },
});

export const STATE_WORDS: Readonly<Record<IdeaState, string>> = Object.freeze({
  new: 'New',
  review: 'Under review',
  planned: 'Planned',
  done: 'Done',
  declined: 'Declined',
});

/** What a member wants to hear of a space's threads. */
export const LEVEL_OF_SPACE: Readonly<Record<Level, string>> = Object.freeze({
  all: 'Tell me of every post',
  mentions: 'Tell me of mentions',
  mute: 'Tell me of nothing',
});
