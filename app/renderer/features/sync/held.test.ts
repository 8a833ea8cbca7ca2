// Who holds a document, in words: nothing is said that nobody told, and each is of its time.
import { expect, test } from 'vitest';
import type { OutboxEntry } from '../../../contract/entities.ts';
import type { DocumentReceipts, ReceiptPerson, ReceiptSitting } from '../../../contract/receipts.ts';
import { asOfWords, heldStop, personWords, sittingWords, spanWords } from './held.ts';
import { detailOf, nameOf, placeOf } from './outbox.ts';

const at = (hour: number, minute: number, day = 18): number => new Date(2026, 10, day, hour, minute).getTime();
const now = at(12, 0);

function person(name: string, devices: Partial<ReceiptPerson['devices'][number]>[], more = {}): ReceiptPerson {
  const shown = devices.map((one, index) => ({
    device: `${name}${index}`,
    name: 'laptop',
    me: false,
    held: false,
    at: null,
    ...one,
  }));
  return { member: name, name, me: false, held: shown.some(({ held }) => held), devices: shown, ...more };
}

const morning: ReceiptSitting = {
  from: at(8, 40),
  to: at(8, 57),
  relay: { upTo: at(8, 57), all: true, at: at(8, 58) },
  devices: [
    { device: 'Ana0', upTo: at(8, 57), all: true, at: at(9, 2) },
    { device: 'Cy0', upTo: at(8, 45), all: false, at: at(8, 46) },
  ],
};
const people = [
  person('Me', [{ me: true, held: true }], { me: true, held: true }),
  person('Ana', [{ held: true, at: at(9, 2) }]),
  person('Bo', [{ at: at(19, 2, 14) }]),
  person('Cy', [{ at: at(8, 46) }, { name: 'phone' }]),
];
const receipts: DocumentReceipts = {
  relay: 'held',
  learnedAt: at(9, 2),
  members: { held: 2, of: 4 },
  devices: [],
  away: null,
  people,
  sittings: [morning],
};

test('[X8] you count; nobody else does until the word is newer than the last edit, and alone there is no ring', () => {
  expect(heldStop(receipts, true)).toMatchObject({ held: 2, of: 4, text: 'Held by 2 of 4' });
  expect(heldStop(receipts, false)).toMatchObject({ held: 1, of: 4, text: 'Held by 1 of 4' });
  expect(heldStop(null, true)).toBeNull();
  expect(heldStop({ ...receipts, members: { held: 1, of: 1 } }, true)).toBeNull();
});

test('[D2] a person by their computers: when they had it, else what they have, else when they were heard of', () => {
  const words = people.map((one) => personWords(one, receipts, true, now));
  expect(words.map(({ computers, state, detail, held }) => [computers, state, detail, held])).toEqual([
    ['this computer', 'all of it', '', true],
    ['laptop', '09:02', '', true],
    ['laptop', 'not yet', 'last heard of Sat 19:02', false],
    ['laptop and phone', 'not yet', 'has yours up to 08:45', false],
  ]);
  const stale = people.map((one) => personWords(one, receipts, false, now).held);
  expect(stale).toEqual([true, false, false, false]);
});

test('[D2] a sitting: on the relay, on whose computer since when, up to where, and on whose not', () => {
  const words = sittingWords(morning, people, now);
  expect([words.span, ...words.parts.map(({ text, held }) => `${held ? '' : 'not all: '}${text}`)]).toEqual([
    '08:40 to 08:57',
    'On relay (08:58)',
    'Ana’s laptop (09:02)',
    'not all: Cy’s laptop up to 08:45',
    'not all: Not yet Bo',
  ]);
  const none = sittingWords({ ...morning, relay: null, devices: [] }, people, now);
  expect(none.parts.map(({ text }) => text)).toEqual(['Not on relay yet', 'Not yet Ana, Bo, Cy']);
  expect(spanWords({ from: at(8, 40), to: at(8, 40) }, now)).toBe('at 08:40');
  expect(spanWords({ from: at(23, 50, 17), to: at(0, 10) }, now)).toBe('Tue 23:50 to 00:10');
});

test('[D2] what is told is told with its time while the relay is away', () => {
  expect(asOfWords(receipts, now)).toBe('');
  const away = { ...receipts, away: at(9, 17) };
  expect(asOfWords(away, now)).toBe('As of 09:02, before you went offline at 09:17.');
  expect(asOfWords({ ...away, learnedAt: null }, now)).toBe('Nobody told this computer yet what others have.');
  expect(asOfWords({ ...receipts, learnedAt: null }, now)).toBe('The relay has not told yet what others have.');
});

test('[X8] what waits has a name, a place and a way there, whatever kind it is', () => {
  const of = (kind: OutboxEntry['kind'], room: string, title: string, more = {}): OutboxEntry => {
    return { room, id: room.split('/')[2]!, kind, title, since: 0, ...more };
  };
  const entries = [
    of('page', 'w/s/p', 'Dish', { files: 2 }),
    of('board', 'w/s/b', ''),
    of('card', 'w/s/c', 'Antenna', { board: 'b' }),
    of('thread', 'w/s/t', 'Doppler'),
    of('profile', 'w/@ana/profile', 'Ana'),
    of('space', 'w/s/s', 'Ground'),
    of('workspace', 'w/@workspace/about', 'Perigee'),
    of('personal', 'w/~me/favourites', ''),
    of('personal', 'w/~me/else', ''),
  ];
  expect(entries.map(nameOf)).toEqual([
    'Dish',
    'Untitled',
    'A card on Antenna',
    'Doppler',
    'Profile of Ana',
    'About the space Ground',
    'About the workspace Perigee',
    'Your favourites',
    'What only you see',
  ]);
  expect(detailOf(entries[0]!, [{ id: 's', name: 'Ground' }])).toBe('Ground, 2 files');
  expect(detailOf(entries[7]!, [])).toBe('Only on your own computers');
  const document = (id: string, more = {}) => ({ at: 'document', workspace: 'w', document: id, fresh: false, ...more });
  expect(entries.map((entry) => placeOf(entry, 'w'))).toEqual([
    document('p'),
    document('b'),
    document('b', { block: 'c' }),
    document('t'),
    { at: 'people', workspace: 'w', member: 'ana' },
    { at: 'spaces', workspace: 'w', space: null },
    { at: 'settings', workspace: 'w' },
    null,
    null,
  ]);
});
