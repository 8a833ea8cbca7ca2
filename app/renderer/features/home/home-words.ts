// What home says of a change and of a person, in words. No state and no question.
import type { FollowedBy, HomeChange } from '../../../contract/home.ts';
import type { DocEntry } from '../../../contract/entities.ts';
import type { PersonEntry } from '../../../contract/people.ts';

export const HOME_KINDS = ['all', 'page', 'board', 'thread'] as const;
export type HomeKind = (typeof HOME_KINDS)[number];

export const KIND_WORDS: Readonly<Record<HomeKind, string>> = Object.freeze({
  all: 'Everything',
  page: 'Pages',
  board: 'Boards',
  thread: 'Discussions',
});

const WHY: Readonly<Record<FollowedBy, string>> = Object.freeze({
  favourite: 'favourite',
  watched: 'followed',
  thread: 'unread',
  person: 'by somebody you follow',
  topic: 'on a topic you follow',
});

/** "Bo and Ines": at most two by name. */
export function namesWords(names: readonly string[]): string {
  const [first = '', second = ''] = names;
  if (names.length < 2) return first;
  return names.length === 2 ? `${first} and ${second}` : `${first}, ${second} and ${names.length - 2} more`;
}

/** "3 unread posts · favourite". */
export function whyWords({ why, unread }: Pick<HomeChange, 'why' | 'unread'>): string {
  const said = why.filter((one) => one !== 'thread').map((one) => WHY[one]);
  return [...(unread > 0 ? [unread === 1 ? '1 unread post' : `${unread} unread posts`] : []), ...said].join(' · ');
}

export function peopleById(people: readonly PersonEntry[]): ReadonlyMap<string, PersonEntry> {
  return new Map(people.map((person) => [person.id, person]));
}

/** What they say of now, while it holds; else ''. */
export function statusOf(person: PersonEntry | undefined, now: number): string {
  const status = person?.status;
  return status && (status.until === null || status.until > now) ? status.text : '';
}

export function shows(entry: DocEntry | null, kind: HomeKind): entry is DocEntry {
  return entry !== null && !entry.archived && (kind === 'all' || entry.kind === kind);
}
