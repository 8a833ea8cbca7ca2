// The inbox as a source of digests: which section a call on me belongs to.
import type { Event } from '../../../shared/base/emitter.ts';
import type { DigestItem, DigestSectionName, DigestWhat } from '../../contract/digest.ts';
import type { InboxEntry, InboxReason } from '../../contract/inbox.ts';
import { thingOf } from '../inbox/found.ts';
import type { DigestSource, SourceItem } from './digest-source.ts';

const TOLD: Readonly<Record<InboxReason, readonly [DigestSectionName, DigestWhat]>> = {
  mention: ['asked', 'mention'],
  assigned: ['asked', 'assigned'],
  asked: ['asked', 'asked'],
  due: ['asked', 'due'],
  overlap: ['overlaps', 'overlap'],
  moved: ['overlaps', 'contested'],
  reply: ['answered', 'reply'],
  answer: ['answered', 'answer'],
  accepted: ['answered', 'my-answer'],
  idea: ['answered', 'my-idea'],
  announcement: ['decided', 'announcement'],
  watched: ['followed', 'watched'],
  post: ['followed', 'post'],
};

interface Entries {
  list(workspace: string): readonly InboxEntry[];
  readonly onChange: Event<string>;
  settled(): Promise<unknown>;
}

const KEY = 'inbox/';

/** Of an item the thing that it is of: its entry may be called otherwise once more of it came. */
export function thingOfKey(key: string): string {
  return key.startsWith(KEY) ? thingOf(key.slice(KEY.length)) : key;
}

export function inboxSource(inbox: Entries): DigestSource {
  return {
    list: (workspace) => inbox.list(workspace).map(sourceItem),
    onChange: inbox.onChange,
    settled: async () => void (await inbox.settled()),
  };
}

export function sourceItem({ id, reason, state, arrived, ...entry }: InboxEntry): SourceItem {
  const [section, what] = TOLD[reason];
  const { space, document, kind, title, place, by, at, excerpt, things } = entry;
  const item: DigestItem = {
    // An announcement is found in its thread as well, and told once.
    key: what === 'announcement' ? `announcement/${document}` : `${KEY}${id}`,
    section,
    what,
    space,
    document,
    kind,
    title,
    place,
    by,
    at,
    excerpt,
    from: '',
    to: '',
    count: things,
    difference: null,
    clocks: null,
  };
  return { item, arrived, thing: thingOf(id), done: state === 'done' };
}
