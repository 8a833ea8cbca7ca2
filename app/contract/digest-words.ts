// What a digest says of each thing, as plain English sentences, for the window and for Markdown. It knows names only as it is told them.
import type { DigestItem, DigestSectionName } from './digest.ts';

export const SECTION_WORDS: Readonly<Record<DigestSectionName, string>> = Object.freeze({
  asked: 'Asked of you',
  overlaps: 'Overlaps with your edits',
  answered: 'Answered for you',
  decided: 'Decided',
  moved: 'Your cards that moved',
  followed: 'What you follow',
});

const STATES: Readonly<Record<string, string>> = {
  new: 'new',
  review: 'under review',
  planned: 'planned',
  done: 'done',
  declined: 'declined',
};

/** In parts, so that names and titles can look as they do elsewhere: who, what they did, the title, what follows it. Any may be ''. */
export interface DigestSentence {
  readonly who: string;
  readonly did: string;
  readonly title: string;
  readonly rest: string;
}

/** "Ana", "Ana and Bo", "Ana, Bo and 2 more"; `unknown` where nothing says who. */
export function peopleWords(names: readonly string[], unknown: string): string {
  const [first, second] = names;
  if (first === undefined) return unknown;
  if (second === undefined) return first;
  return names.length === 2 ? `${first} and ${second}` : `${first}, ${second} and ${String(names.length - 2)} more`;
}

/** Total. @param nameOf what a member is called. */
export function digestSentence(item: DigestItem, nameOf: (member: string) => string): DigestSentence {
  const who = peopleWords(item.by.map(nameOf), 'Somebody');
  const title = item.title || 'Untitled';
  const said = (did: string, rest = ''): DigestSentence => ({ who, did, title, rest });
  const is = (rest: string): DigestSentence => ({ who: '', did: '', title, rest });
  switch (item.what) {
    case 'mention':
      return said('mentioned you in');
    case 'assigned':
      return said('put you on');
    case 'asked':
      return said('asks you:');
    case 'due':
      return is('was due');
    case 'overlap':
      return said('and you changed the same part of');
    case 'contested':
      return said('and you moved', 'to different columns');
    case 'reply':
      return said('replied to you in');
    case 'answer':
      return said('answered');
    case 'my-answer':
      return said('accepted your answer to');
    case 'my-idea':
      return said('decided about your idea');
    case 'accepted':
      return is('has an accepted answer');
    case 'idea':
      return is(`is ${STATES[item.to] ?? item.to}`);
    case 'poll':
      return is(item.to === '' ? 'ended' : `ended: ${item.to}`);
    case 'consultation':
      return said(`decided about ${counted(item.count, 'comment')} on`);
    case 'announcement':
      return said('announced');
    case 'card':
      return is('');
    case 'page':
      return is(item.difference?.fresh ? 'is new' : item.from === '' ? '' : `was called “${item.from}”`);
    case 'watched':
      return said('changed');
    case 'post':
      return said(item.count > 1 ? `wrote ${counted(item.count, 'post')} in` : 'wrote in');
  }
}

/** The second line, without the place; '' where there is none. */
export function digestDetail(item: DigestItem, nameOf: (member: string) => string): string {
  const by = item.by.length > 0 ? `by ${peopleWords(item.by.map(nameOf), '')}` : '';
  switch (item.what) {
    case 'card':
      return [`${item.from || 'No column'} → ${item.to || 'No column'}`, by].filter((part) => part !== '').join(', ');
    case 'accepted':
      return item.by.length > 0 ? `${peopleWords(item.by.map(nameOf), '')}: ${item.excerpt}` : item.excerpt;
    case 'idea':
      return [item.excerpt, by, counted(item.count, 'vote')].filter((part) => part !== '').join(' · ');
    case 'poll':
      return `${item.count === 1 ? '1 person' : `${String(item.count)} people`} voted, as far as votes are here`;
    case 'consultation':
      return `${item.to} accepted, ${item.from} declined`;
    case 'page':
      return [differenceWords(item), by].filter((part) => part !== '').join(', ');
    default:
      return item.excerpt;
  }
}

/** "12 words added, 3 removed"; '' where it is not known. */
export function differenceWords({ difference }: Pick<DigestItem, 'difference'>): string {
  if (!difference) return 'Changed; how it was before is not kept on this computer';
  const { added, removed } = difference;
  if (added + removed === 0) return 'No words added or removed';
  if (removed === 0) return `${counted(added, 'word')} added`;
  return added === 0
    ? `${counted(removed, 'word')} removed`
    : `${counted(added, 'word')} added, ${String(removed)} removed`;
}

/** What a passage without words is. */
export function passageWords(kind: string, change: 'in' | 'out' | 'changed'): string {
  const thing = ['table', 'image', 'file', 'poll', 'divider'].includes(kind) ? `A ${kind}` : 'Something without words';
  return `${/^[aeiou]/.test(kind) ? thing.replace('A ', 'An ') : thing} ${change === 'in' ? 'came' : change === 'out' ? 'went' : 'changed'} here`;
}

export function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}
