// A thread as text for people: what it is, its posts in order with author and time, votes summed. Nothing reads it back; thread-file.ts holds all of it.
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import type { NewBlock } from '../../shared/model/page/block.ts';
import { stateOf, type IdeaState, type ThreadType } from '../../shared/model/thread/facts.ts';
import { tallyOf } from '../../shared/model/thread/poll.ts';
import type { Post } from '../../shared/model/thread/posts.ts';
import type { Thread } from '../../shared/model/thread/read.ts';
import type { Vote } from '../../shared/model/thread/votes.ts';

export interface ThreadPrinting {
  /** Null where nobody is known by that id. */
  readonly nameOf: (member: string) => string | null;
  readonly print: (blocks: readonly NewBlock[]) => string;
  /** Votes of threads that go on in this one. */
  readonly moreVotes?: readonly ReadonlyMap<string, Vote>[];
}

const STATES: Readonly<Record<IdeaState, string>> = {
  new: 'New',
  review: 'Under review',
  planned: 'Planned',
  done: 'Done',
  declined: 'Declined',
};
const VOTES: Readonly<Record<ThreadType, string>> = {
  discussion: 'Votes',
  question: 'Me too',
  idea: 'Votes',
  poll: 'Voted',
  announcement: 'Confirmed',
};

/** Lines of front matter behind the title. */
export function threadLines({ facts }: Thread): readonly string[] {
  return [
    `type: ${facts.type}`,
    ...(facts.type === 'idea' ? [`state: ${stateOf(facts)}`] : []),
    ...(facts.pinned ? ['pinned: true'] : []),
    ...(facts.closed ? ['closed: true'] : []),
  ];
}

/** Words of posts stand in quotations, so that none of them can pass for another's, and what would be HTML or a picture from elsewhere shows as its source. */
export function printThread(thread: Thread, { nameOf, print, moreVotes = [] }: ThreadPrinting): string {
  const who = (member: string | null): string =>
    (member === null ? '' : nameOf(member) || thread.people.get(member)) || 'Somebody';
  const { facts, posts, marks } = thread;
  const parts = [print(summary(thread, moreVotes, who))];
  for (const post of posts) {
    const isAccepted = facts.type === 'question' && facts.accepted?.post === post.id;
    const answers = post.reply === null ? undefined : posts.find((one) => one.id === post.reply);
    const head = [
      `${who(post.author)}, ${timeWords(post.at)}`,
      post.versions.length > 1 ? 'edited' : '',
      answers ? `answers ${who(answers.author)}, ${timeWords(answers.at)}` : '',
      isAccepted ? 'the accepted answer' : '',
    ];
    parts.push(print([plain('heading', head.filter((one) => one !== '').join(' · '), 2)]));
    const hidden = marks.hidden.get(post.id);
    if (post.removal.kind === 'removed') parts.push(print([plain('paragraph', 'This post was removed.')]));
    else if (hidden) parts.push(print([plain('paragraph', `Hidden by ${who(hidden.by)}. ${hidden.reason}`.trim())]));
    else {
      if (marks.split.has(post.id)) parts.push(print([plain('paragraph', 'Taken into a discussion of its own.')]));
      parts.push(quoted(print(wordsOf(post))));
      const liked = post.reactions.map(({ emoji, members }) => `${emoji} ${String(members.length)}`).join(' · ');
      if (liked !== '') parts.push(print([plain('paragraph', liked)]));
    }
  }
  return parts
    .map((part) => part.trimEnd())
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function summary(
  { facts, votes, poll }: Thread,
  moreVotes: readonly ReadonlyMap<string, Vote>[],
  who: (member: string | null) => string,
): NewBlock[] {
  const blocks: NewBlock[] = [];
  const voters = new Set([votes, ...moreVotes].flatMap((all) => [...all.keys()]));
  if (poll) {
    const tally = tallyOf(poll, votes);
    for (const { id, text } of poll.choices) {
      const members = tally.byChoice.get(id) ?? [];
      const names = poll.anonymous || members.length === 0 ? '' : ` (${members.map(who).join(', ')})`;
      blocks.push(plain('bullet', `${text}: ${String(members.length)}${names}`));
    }
    const late = tally.late.length === 0 ? '' : `, ${String(tally.late.length)} too late`;
    const end = poll.until === null ? '' : ` Votes until ${timeWords(poll.until)}.`;
    blocks.push(plain('paragraph', `${VOTES.poll}: ${String(tally.voters)}${late}.${end}`));
  } else if (facts.type === 'idea' || voters.size > 0) {
    blocks.push(plain('paragraph', `${VOTES[facts.type]}: ${String(voters.size)}`));
  }
  for (const { state, reason, by, at } of facts.type === 'idea' ? facts.decisions : []) {
    const why = reason === '' ? '' : `: ${reason}`;
    blocks.push(plain('bullet', `${STATES[state]}, ${who(by)}, ${timeWords(at)}${why}`));
  }
  if (facts.closed) blocks.push(plain('paragraph', `Closed by ${who(facts.closed.by)}, ${timeWords(facts.closed.at)}`));
  const on = facts.mergedInto;
  if (on) {
    const link = { type: 'page' as const, page: on.thread };
    const words = { type: 'text' as const, text: 'Goes on in ', marks: {} };
    blocks.push({ type: 'text', kind: 'paragraph', content: [words, link] });
  }
  return blocks;
}

/** What is kept as source may be HTML, or a picture that a reader would fetch: it is shown, and does nothing. */
function wordsOf({ text }: Post): readonly NewBlock[] {
  return parseMarkdown(text).blocks.map((block) =>
    block.type === 'text' && block.kind === 'raw' ? { ...block, kind: 'code' as const } : block,
  );
}

function quoted(markdown: string): string {
  return markdown
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');
}

function timeWords(at: number): string {
  const [day = '', time = ''] = new Date(at).toISOString().split('T');
  return `${day} ${time.slice(0, 5)} UTC`;
}

function plain(kind: 'heading' | 'bullet' | 'paragraph', text: string, level?: number): NewBlock {
  const content = [{ type: 'text' as const, text, marks: {} }];
  return { type: 'text', kind, ...(level === undefined ? {} : { level }), content } as NewBlock;
}
