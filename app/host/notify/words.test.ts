// What stands on the desktop: who, where, excerpt, and less where that is hidden.
import { expect, it } from 'vitest';
import { INBOX_REASONS, type InboxEntry } from '../../contract/inbox.ts';
import { notice } from '../../contract/notify.ts';
import { tellLanding, tellOne, tellSeveral, who, type Names } from './words.ts';

const PEOPLE: Readonly<Record<string, string>> = { ana: 'Ana', bo: 'Bo', cy: 'Cy' };
const names: Names = {
  member: (id) => PEOPLE[id] ?? '',
  space: (id) => (id === 'team' ? 'Engineering' : ''),
  board: (id) => (id === 'b1' ? 'Station' : ''),
};

function entry(changed: Partial<InboxEntry> = {}): InboxEntry {
  return {
    id: '1',
    reason: 'mention',
    space: 'team',
    document: 'plan',
    kind: 'page',
    title: 'Pass plan',
    place: {},
    by: ['ana'],
    at: 0,
    arrived: 0,
    excerpt: 'Look at this, Bo',
    things: 1,
    state: 'new',
    until: null,
    ...changed,
  };
}

it('[T19] [NT5] one says who, where and the words', () => {
  expect(tellOne(entry(), names, 'nothing')).toEqual({
    title: 'Ana mentioned you',
    body: 'Pass plan, in Engineering\nLook at this, Bo',
  });
  const card = entry({ reason: 'assigned', kind: 'card', title: 'Mast', document: 'c1', place: { board: 'b1' } });
  expect(tellOne({ ...card, by: ['ana', 'bo'], excerpt: '' }, names, 'nothing')).toEqual({
    title: 'Ana and Bo assigned you a card',
    body: 'Mast, on Station, in Engineering',
  });
  const due: InboxEntry = { ...card, reason: 'due', by: [], excerpt: 'Due 2 December 2026 at 14:00' };
  expect(tellOne(due, names, 'nothing')).toEqual({
    title: 'Due 2 December 2026 at 14:00',
    body: 'Mast, on Station, in Engineering',
  });
  expect(tellOne(entry({ title: '', space: 'x', excerpt: '' }), names, 'nothing').body).toBe('Untitled');
  expect(who(['ana', 'bo', 'cy', 'x'], names)).toBe('Ana, Bo and 2 more');
  expect(who([], names)).toBe('Somebody');
});

it('[T19] [NT5] hidden: who and what kind alone, or nothing at all; of several and of a landing too', () => {
  expect(tellOne(entry(), names, 'content')).toEqual({ title: 'Ana mentioned you', body: '' });
  expect(tellOne(entry({ reason: 'due', by: [] }), names, 'content')).toEqual({
    title: 'A card of yours is due',
    body: '',
  });
  const several = [entry(), entry({ reason: 'reply', by: ['bo'] }), entry()];
  const news = { title: 'News in Caravan', body: '' };
  for (const told of [
    tellOne(entry(), names, 'all'),
    tellSeveral(several, names, 'all'),
    tellLanding(several, 'all'),
  ]) {
    expect(told).toEqual(news);
  }
  expect(tellSeveral(several, names, 'content')).toEqual({
    title: '3 for you in Caravan',
    body: '2 mentions, 1 reply',
  });
});

it('[T19] [NT5] several are listed, the first four by name; a landing counts', () => {
  const six = Array.from({ length: 6 }, (_, at) => entry({ title: `Page ${at}` }));
  expect(tellSeveral(six, names, 'nothing')).toEqual({
    title: '6 for you in Caravan',
    body: [0, 1, 2, 3].map((at) => `Ana mentioned you: Page ${at}`).join('\n') + '\nand 2 more',
  });
  expect(tellLanding([...six.slice(0, 3), entry({ reason: 'moved' })], 'nothing')).toEqual({
    title: 'While you were away: 4 for you',
    body: '3 mentions, 1 card moved twice',
  });
});

it('[T19] [NT5] every reason has words, and what a peer wrote stays within what shells take', () => {
  const long = '😀'.repeat(400);
  for (const reason of INBOX_REASONS) {
    const told = tellOne(entry({ reason, title: long, excerpt: long }), names, 'nothing');
    const place = { to: 'inbox', workspace: 'w' } as const;
    expect(() => encodeURIComponent(notice.parse({ id: 'n', ...told, place }).body)).not.toThrow();
    expect(told.title).not.toContain('undefined');
  }
});
