// Digests without a host: what came to a document, by its clocks; sections and their order; Markdown of hostile words; what is done.
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { addCard, moveCard } from '../../../shared/model/board/card-commands.ts';
import { setCardMember } from '../../../shared/model/board/card-details.ts';
import { addColumn } from '../../../shared/model/board/column-commands.ts';
import { createDocument } from '../../../shared/model/document/commands.ts';
import { bodyOf } from '../../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../../shared/model/markdown/parse-markdown.ts';
import { appendBlocks } from '../../../shared/model/page/write.ts';
import { markDigestDone, readDigestDone, unmarkDigestDone } from '../../../shared/model/personal/digest-done.ts';
import { createPersonal } from '../../../shared/model/personal/personal.ts';
import { addPost } from '../../../shared/model/thread/commands.ts';
import { acceptAnswer, beginThread, decide } from '../../../shared/model/thread/fact-commands.ts';
import type { Digest, ListedItem } from '../../contract/digest.ts';
import { digestMarkdown } from './digest-markdown.ts';
import { decidedInThread, itemOf, movedOnBoard } from './landed-items.ts';
import { LandedRanges } from './landed-ranges.ts';
import { pageDifference } from './page-difference.ts';
import { clocksAhead, countOf, sectionsOf } from './sections.ts';

const ROOM = 'w/space/doc';
const names = { member: (id: string) => id, page: (id: string) => id };
const HOUR = 3_600_000;

/** What `there` does to a copy of `here` comes to it: the clocks that came. */
function comes(here: Y.Doc, change: (there: Y.Doc) => void): LandedRanges {
  const there = new Y.Doc();
  Y.applyUpdate(there, Y.encodeStateAsUpdate(here));
  const before = Y.decodeStateVector(Y.encodeStateVector(here));
  change(there);
  Y.applyUpdate(here, Y.encodeStateAsUpdate(there));
  const ranges = new LandedRanges(false);
  for (const [client, end] of Y.decodeStateVector(Y.encodeStateVector(there))) {
    const start = before.get(client) ?? 0;
    if (end > start) ranges.add(client, { start, end });
  }
  return LandedRanges.decode(ranges.encode());
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

it('[D1][LD4] a page says which words came and went, with what stands around them; what was written here meanwhile is not among them; long pages are cut', () => {
  const page = new Y.Doc();
  createDocument(page, { kind: 'page', title: 'Passes', createdBy: 'ana', createdAt: 1 });
  appendBlocks(bodyOf(page), parseMarkdown('Start the recorder three minutes before rise.\n\nClose the hut.').blocks);
  const before = copyOf(page);
  const ranges = comes(page, (there) => {
    const body = bodyOf(there);
    const at = body.toString().indexOf('three');
    body.insert(at + 1, 'five');
    body.delete(at + 5, 5);
  });
  bodyOf(page).insert(bodyOf(page).length, ' I wrote this myself.');
  const found = pageDifference(before, page, ranges, names);
  expect(found).toMatchObject({ added: 1, removed: 1, more: 0 });
  expect(found.passages).toHaveLength(1);
  const [passage] = found.passages;
  expect(
    passage?.pieces
      .filter(({ change }) => change !== 'same')
      .map(({ text }) => text)
      .sort(),
  ).toEqual(['five', 'three']);
  expect(passage?.pieces[0]).toEqual({ text: 'Start the recorder ', change: 'same' });

  const long = copyOf(page);
  const many = comes(page, (there) => {
    const lines = Array.from({ length: 40 }, (_, at) => `Line ${String(at)} ${'and so on '.repeat(20)}`);
    appendBlocks(bodyOf(there), parseMarkdown(lines.join('\n\n')).blocks);
  });
  const cut = pageDifference(long, page, many, names);
  expect([cut.passages.length, cut.more]).toEqual([6, 34]);
  expect(JSON.stringify(cut).length).toBeLessThan(6_000);
  expect(cut.added).toBe(40 * 62);

  // So much that comparing it would hold up everything else: the words are counted all the same.
  const huge = copyOf(page);
  const flood = comes(page, (there) => {
    const text = 'word '.repeat(20_000);
    appendBlocks(bodyOf(there), [{ type: 'text', kind: 'paragraph', content: [{ type: 'text', text, marks: {} }] }]);
  });
  expect(pageDifference(huge, page, flood, names)).toMatchObject({ added: 20_000, removed: 0, passages: [] });
  expect(pageDifference(new Y.Doc(), huge, flood, names)).toMatchObject({ fresh: true, more: 36 });
});

it('[D1][LD3] my cards that others moved say from where to where; cards of others, my own moves and moves that were known are not told', () => {
  const board = new Y.Doc();
  createDocument(board, { kind: 'board', title: 'Build', createdBy: 'ana', createdAt: 1 });
  for (const id of ['todo', 'doing', 'done']) addColumn(board, { id, name: id });
  const card = (title: string, createdBy: string) => addCard(board, { column: 'todo', title, createdBy, createdAt: 1 });
  const [mine, onIt, watched, others, byMe, earlier] = ['me', 'ana', 'ana', 'ana', 'me', 'me'].map((by, at) =>
    card(`Card ${String(at)}`, by),
  );
  setCardMember(board, [onIt!], 'me', true);
  moveCard(board, earlier!, { column: 'done' }, { by: 'ana', at: 2 });
  const ranges = comes(board, (there) => {
    for (const id of [mine!, onIt!, watched!, others!]) moveCard(there, id, { column: 'doing' }, { by: 'ana', at: 5 });
    moveCard(there, byMe!, { column: 'doing' }, { by: 'me', at: 5 });
    moveCard(there, onIt!, { column: 'done' }, { by: 'bo', at: 9 });
  });
  const found = movedOnBoard(ROOM, board, ranges.came, {
    me: 'me',
    isWatched: (_board, id) => id === watched,
    boardTitle: () => '',
  });
  expect(found.map(({ title, from, to, by, place }) => [title, from, to, by[0], place.card])).toEqual(
    expect.arrayContaining([
      ['Card 0', 'todo', 'doing', 'ana', mine],
      ['Card 1', 'doing', 'done', 'bo', onIt],
      ['Card 2', 'todo', 'doing', 'ana', watched],
    ]),
  );
  expect(found).toHaveLength(3);
});

it('[D1][LD3] accepted answers, decisions about ideas and announcements are told when they came, and not when I made them', () => {
  const post = (author: string, text: string) => ({ author, device: `${author}-laptop`, text, at: 5 });
  const begun = (type: 'question' | 'idea' | 'announcement', by: string): Y.Doc => {
    const doc = new Y.Doc();
    beginThread(doc, { type, title: 'Doppler lag', post: post(by, 'Why'), confirm: false });
    return doc;
  };
  const question = begun('question', 'ana');
  const answered = comes(question, (there) => {
    acceptAnswer(there, addPost(there, post('taro', 'Set **tca_round**')), { by: 'ana', at: 8 });
  });
  expect(decidedInThread(ROOM, question, answered.came, 'me')).toMatchObject([
    { what: 'accepted', by: ['taro'], at: 8, excerpt: 'Set tca_round' },
  ]);
  expect(decidedInThread(ROOM, question, answered.came, 'ana')).toEqual([]);
  expect(decidedInThread(ROOM, question, () => false, 'me')).toEqual([]);

  const idea = begun('idea', 'bo');
  decide(idea, { state: 'review', reason: 'Soon', by: 'ana', at: 3 });
  const planned = comes(idea, (there) => decide(there, { state: 'planned', reason: 'In May', by: 'ana', at: 8 }));
  expect(decidedInThread(ROOM, idea, planned.came, 'me')).toMatchObject([
    { what: 'idea', to: 'planned', excerpt: 'In May' },
  ]);

  const empty = new Y.Doc();
  const news = comes(empty, (there) =>
    beginThread(there, {
      type: 'announcement',
      title: 'First full week',
      post: post('ana', '41 of 41'),
      confirm: false,
    }),
  );
  expect(decidedInThread(ROOM, empty, news.came, 'me')).toMatchObject([{ what: 'announcement', excerpt: '41 of 41' }]);
});

function item(over: Partial<ListedItem> & Pick<ListedItem, 'key' | 'section' | 'what'>): ListedItem {
  return { ...itemOf(ROOM, { kind: 'page', title: 'A page', ...over }), seen: over.seen ?? false };
}

it('[D1][X5] sections stand in one order, the newest first, each thing once; a clock that is ahead is said and puts nothing above what came; counts go on where lists end', () => {
  const pages = Array.from({ length: 300 }, (_, at) =>
    item({ key: `page/${String(at)}`, section: 'followed', what: 'page', document: `p${String(at)}`, at }),
  );
  const items = [
    ...pages,
    item({ key: 'w', section: 'followed', what: 'watched', document: 'p7' }),
    item({ key: 'idea/doc/2', section: 'decided', what: 'idea', document: 'idea' }),
    item({ key: 'inbox/idea', section: 'answered', what: 'my-idea', document: 'idea' }),
    item({ key: 'inbox/a', section: 'asked', what: 'mention', by: ['ana'], at: 50 }),
    item({ key: 'inbox/b', section: 'asked', what: 'mention', by: ['fast'], at: 1_000 + 2 * HOUR }),
    item({ key: 'inbox/c', section: 'asked', what: 'mention', by: ['bo'], at: 1_000 }),
    item({ key: 'inbox/o', section: 'overlaps', what: 'overlap', by: ['ana'], at: 5 }),
    item({ key: 'inbox/o', section: 'overlaps', what: 'overlap', by: ['ana'], at: 5 }),
  ];
  const sections = sectionsOf(items, 1_000);
  expect(sections.map(({ name, count, items: shown }) => [name, count, shown.length])).toEqual([
    ['asked', 3, 3],
    ['overlaps', 1, 1],
    ['answered', 1, 1],
    ['followed', 300, 200],
  ]);
  // The one whose clock is ahead stands among those of the same time, by key, and not above them all for two hours.
  expect(sections[0]?.items.map(({ key }) => key)).toEqual(['inbox/b', 'inbox/c', 'inbox/a']);
  expect(sections.at(-1)?.items[0]?.key).toBe('page/299');
  expect(clocksAhead(items, 1_000)).toEqual([{ member: 'fast', ahead: 2 * HOUR }]);
  expect(countOf(items.map((one) => ({ ...one, seen: one.section === 'asked' })))).toBe(302);
  expect(sectionsOf(items.toReversed(), 1_000).map(({ count }) => count)).toEqual([3, 1, 1, 300]);
});

it('[D1][LD6] Markdown says what the page says, and what others called things is text and nothing else', () => {
  const hostile = '<img src=x onerror=alert(1)> [x](javascript:alert(1)) **bold**\n# no heading';
  const digest: Digest = {
    span: { from: Date.UTC(2026, 10, 27, 17, 40), to: Date.UTC(2026, 10, 30, 9, 2) },
    absences: 1,
    open: false,
    waiting: { documents: 0, attachments: 0 },
    people: ['ana'],
    clocks: [{ member: 'ana', ahead: 2 * HOUR }],
    sections: sectionsOf(
      [
        item({
          key: 'a',
          section: 'asked',
          what: 'mention',
          title: hostile,
          excerpt: hostile,
          by: ['ana'],
          place: { block: 'b1' },
        }),
        item({
          key: 'm',
          section: 'moved',
          what: 'card',
          title: 'Mast',
          from: '<b>Doing',
          to: 'Review',
          by: ['ana'],
          place: { board: 'b', card: 'c' },
        }),
        item({
          key: 'p',
          section: 'followed',
          what: 'page',
          title: 'Passes',
          difference: {
            added: 1,
            removed: 1,
            more: 3,
            fresh: false,
            passages: [
              {
                block: 'x',
                kind: 'paragraph',
                change: 'changed',
                pieces: [
                  { text: 'Start ', change: 'same' },
                  { text: 'three', change: 'out' },
                  { text: '<script>five', change: 'in' },
                ],
              },
            ],
          },
        }),
      ],
      0,
    ),
    count: 3,
    past: [],
  };
  const { name, markdown } = digestMarkdown('w', digest, {
    members: () => [{ id: 'ana', name: '_Ana_ <i>' }],
    spaces: () => [{ id: 'space', name: 'Lab' }],
  });
  expect(name).toMatch(/^While you were away 2026-11-30\.md$/);
  expect(markdown).toContain('## Asked of you (1)');
  expect(markdown).toContain('caravan://page#w/doc/b1');
  expect(markdown).toContain('caravan://page#w/b/c');
  expect(markdown).toContain('~~three~~');
  expect(markdown).toContain('1 word added, 1 removed');
  expect(markdown).toContain('and 3 more passages');
  expect(markdown).toContain('2 hours ahead');
  expect(markdown).not.toMatch(/(?<!\\)<(img|b|i|script)/);
  // Read back, there is neither a heading, a picture nor a link of theirs.
  const { blocks } = parseMarkdown(markdown);
  const kinds = blocks.map((block) => block.kind);
  expect(kinds.filter((kind) => kind === 'heading')).toHaveLength(4);
  expect(new Set(kinds)).toEqual(new Set(['heading', 'paragraph', 'bullet']));
  const links = JSON.stringify(blocks).match(/"link":"[^"]*"/g) ?? [];
  expect(links.every((link) => link.includes('caravan://page#'))).toBe(true);
  expect(JSON.stringify(blocks)).toContain('<img src=x onerror=alert(1)>');
});

it('[D1][PS16] what is done is done on all my devices: a thing once, a page as far as it was known; hostile entries hurt nothing', () => {
  const [laptop, desk] = [new Y.Doc(), new Y.Doc()];
  for (const doc of [laptop, desk]) createPersonal(doc, { createdBy: 'me', createdAt: 1 });
  markDigestDone(
    laptop,
    [
      { key: 'inbox/a', clocks: null },
      { key: 'page/p', clocks: [[1, 10]] },
    ],
    5,
  );
  markDigestDone(desk, [{ key: 'page/q', clocks: [[2, 4]] }], 5);
  Y.applyUpdate(desk, Y.encodeStateAsUpdate(laptop));
  const done = readDigestDone(desk);
  expect(done.has({ key: 'inbox/a', clocks: null })).toBe(true);
  expect(done.has({ key: 'page/p', clocks: [[1, 10]] })).toBe(true);
  expect(done.has({ key: 'page/p', clocks: [[1, 11]] })).toBe(false);
  expect(
    done.has({
      key: 'page/p',
      clocks: [
        [1, 3],
        [7, 1],
      ],
    }),
  ).toBe(false);
  // More of it done later counts with what was done before; what is done already is not written again.
  markDigestDone(desk, [{ key: 'page/p', clocks: [[7, 2]] }], 6);
  expect(
    readDigestDone(desk).has({
      key: 'page/p',
      clocks: [
        [1, 10],
        [7, 2],
      ],
    }),
  ).toBe(true);
  const vector = Y.encodeStateVector(desk);
  markDigestDone(desk, [{ key: 'page/p', clocks: [[1, 10]] }], 7);
  expect(Y.encodeStateVector(desk)).toEqual(vector);
  unmarkDigestDone(desk, ['inbox/a']);
  expect(readDigestDone(desk).has({ key: 'inbox/a', clocks: null })).toBe(false);
  markDigestDone(desk, [{ key: 'inbox/z', clocks: null }], 400 * 24 * HOUR);
  expect(desk.getMap('done').size).toBe(1);
  for (const junk of [null, 'x', {}, { at: 'soon' }, { at: 1, clocks: [[-1, 'x'], 7, [3]] }, { at: Infinity }]) {
    desk.getMap('done').set(`junk/${JSON.stringify(junk)}`, junk);
  }
  expect(readDigestDone(desk).has({ key: 'inbox/z', clocks: null })).toBe(true);
  expect(readDigestDone(new Y.Doc()).has({ key: 'inbox/z', clocks: null })).toBe(false);
});
