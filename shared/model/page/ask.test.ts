// Polls and ticks on a page: what a block asks, who answered, copies, undo, and hostile forms.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { answersOf, bodyOf } from '../document/roots.ts';
import { readReferences } from '../links/references.ts';
import { parseMarkdown } from '../markdown/parse-markdown.ts';
import { printMarkdown } from '../markdown/print-markdown.ts';
import { blockKey } from '../markdown/same-blocks.ts';
import { tallyOf } from '../thread/poll.ts';
import { answerBlock, answersTo, readAnswers, showsNames, takeBackAnswer } from './answers.ts';
import {
  addChoiceTo,
  readAsk,
  readAskOf,
  removeChoice,
  restoreChoice,
  setAskRules,
  setAskText,
  setChoice,
} from './ask.ts';
import type { AskContent, NewBlock } from './block.ts';
import { copyBody } from './copy.ts';
import { readDone, setDone, takeBackDone } from './done.ts';
import { readNewAsk } from './new-ask.ts';
import { plainText, readBlocks } from './read.ts';
import { restoreBlock } from './restore-block.ts';
import { mayBeUndone } from './table-undo.ts';
import { writeBlocks } from './write.ts';

const ASK: AskContent = {
  text: 'Which day?',
  choices: ['Monday', 'Tuesday'],
  multiple: false,
  anonymous: false,
  until: null,
};
const POLL: NewBlock = { type: 'atom', id: 'poll-1', kind: 'poll', props: { ask: ASK } };
const DONE: NewBlock = {
  type: 'atom',
  id: 'done-1',
  kind: 'done',
  props: { ask: { ...ASK, text: 'I have read it', choices: [] } },
};

function page(blocks: readonly NewBlock[] = [POLL, DONE], client = 1): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = client;
  doc.transact(() => writeBlocks(bodyOf(doc), blocks));
  return doc;
}

function apart(doc: Y.Doc, client: number): Y.Doc {
  const other = new Y.Doc();
  other.clientID = client;
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  return other;
}

function meet(...docs: Y.Doc[]): void {
  for (const to of docs)
    for (const from of docs) Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
}

function marker(doc: Y.Doc, kind = 'poll'): Y.Map<unknown> {
  const found = (bodyOf(doc).toDelta() as { insert: unknown }[]).find(
    ({ insert }) => insert instanceof Y.Map && insert.get('kind') === kind,
  );
  return found?.insert as Y.Map<unknown>;
}

function counts(doc: Y.Doc): Record<string, readonly string[]> {
  const { poll } = readAskOf(marker(doc));
  const { byChoice } = tallyOf(poll, answersTo(doc, 'poll-1'));
  return Object.fromEntries(poll.choices.map(({ id, text }) => [text, byChoice.get(id) ?? []]));
}

const choiceId = (doc: Y.Doc, at: number): string => readAskOf(marker(doc)).poll.choices[at]?.id ?? '';

describe('what a block asks', () => {
  it('[PG14] reads as it was written, is found by its words, and an older reader keeps a block that it does not know', () => {
    const doc = page();
    expect(readBlocks(bodyOf(doc)).map((block) => (block.type === 'atom' ? block.props : null))).toEqual([
      { ask: ASK },
      { ask: { ...ASK, text: 'I have read it', choices: [] } },
    ]);
    expect(plainText(readBlocks(bodyOf(doc)))).toBe('Which day?\nMonday\nTuesday\nI have read it');
    doc.transact(() => marker(doc).set('kind', 'poll-of-2030'));
    expect(readBlocks(bodyOf(doc))[0]).toMatchObject({ type: 'unknown', kind: 'poll-of-2030', id: 'poll-1' });
  });

  it('[PG14] two who add and change choices apart have all of them, letter by letter', () => {
    const ana = page();
    const ben = apart(ana, 2);
    ana.transact(() => {
      addChoiceTo(marker(ana), 'Wednesday');
      setAskText(marker(ana), 'Which day, please?');
      setChoice(marker(ana), choiceId(ana, 0), 'Monday noon');
    });
    ben.transact(() => {
      addChoiceTo(marker(ben), 'Friday');
      setAskText(marker(ben), 'On which day?');
      setChoice(marker(ben), choiceId(ben, 0), 'On Monday');
      setAskRules(marker(ben), { multiple: true, until: 9 });
    });
    meet(ana, ben);
    expect(readAsk(marker(ana))).toEqual(readAsk(marker(ben)));
    const { choices, multiple, until, text } = readAsk(marker(ana));
    expect([...choices].sort()).toEqual(['Friday', 'On Monday noon', 'Tuesday', 'Wednesday']);
    expect({ multiple, until }).toEqual({ multiple: true, until: 9 });
    expect(text).toContain('please');
    expect(text).toContain('On');
  });

  it('[PG14] a removed choice keeps its votes for when it comes back, and comes back with an edit that did not know', () => {
    const ana = page();
    const ben = apart(ana, 2);
    const monday = choiceId(ana, 0);
    answerBlock(ana, 'poll-1', { member: 'ana', choices: [monday], at: 5 });
    ana.transact(() => removeChoice(marker(ana), monday, { at: 6, by: 'ana' }));
    expect(counts(ana)).toEqual({ Tuesday: [] });
    ben.transact(() => setChoice(marker(ben), monday, 'Monday morning'));
    meet(ana, ben);
    expect(counts(ben)).toEqual({ 'Monday morning': ['ana'], Tuesday: [] });
    ana.transact(() => restoreChoice(marker(ana), monday));
    expect(counts(ana)).toEqual({ 'Monday morning': ['ana'], Tuesday: [] });
  });

  it('[PG14][PG16] survives whatever a peer wrote', () => {
    const doc = page();
    const asking = marker(doc);
    doc.transact(() => {
      asking.set('choices', 'none');
      asking.set('text', 7);
      asking.set('until', 'soon');
      asking.set('multiple', 'yes');
      answersOf(doc).set('poll-1/ana', 7);
      answersOf(doc).set('poll-1/../x', { choices: [], at: 1 });
      answersOf(doc).set('no-slash', { choices: [], at: 1 });
      answersOf(doc).set('poll-1/ben', { choices: [{}, 'a', 'a'], at: -1 });
      answersOf(doc).set('a/b~1.2/eve', { choices: [], at: 3 });
    });
    expect(readAsk(asking)).toEqual({ text: '', choices: [], multiple: false, anonymous: false, until: null });
    expect(() => doc.transact(() => addChoiceTo(asking, 'x'))).toThrow(/another program/i);
    const unreadable: string[] = [];
    const answers = readAnswers(doc, unreadable);
    expect(answers.get('poll-1')).toEqual(new Map([['ben', { choices: ['a'], at: 0, unnamed: false }]]));
    expect([...answers.keys()]).toEqual(['a/b~1.2', 'poll-1', 'poll-1/..']);
    expect(unreadable.sort()).toEqual(['answers/no-slash', 'answers/poll-1/ana']);
    for (const value of [null, 7, [], 'x', { choices: 7 }, { choices: ['', 'x'.repeat(201), 'y'] }]) {
      expect(() => readNewAsk(value)).not.toThrow();
    }
  });
});

describe('answers', () => {
  it('[PG16][T13] one vote a member however many devices; apart, deleted and undone, every vote is there', () => {
    const ana = page();
    const phone = apart(ana, 2);
    const ben = apart(ana, 3);
    const [monday, tuesday] = [choiceId(ana, 0), choiceId(ana, 1)];
    answerBlock(ana, 'poll-1', { member: 'ana', choices: [monday], at: 5 });
    answerBlock(phone, 'poll-1', { member: 'ana', choices: [tuesday], at: 6 });
    answerBlock(ben, 'poll-1', { member: 'ben', choices: [monday], at: 7 });
    const undo = new Y.UndoManager([bodyOf(ana)], { trackedOrigins: new Set(['ana']), deleteFilter: mayBeUndone });
    ana.transact(() => bodyOf(ana).delete(0, 1), 'ana');
    meet(ana, phone, ben);
    expect(readBlocks(bodyOf(ben))).toHaveLength(1);
    undo.undo();
    meet(ana, phone, ben);
    for (const doc of [ana, phone, ben]) {
      expect(counts(doc)).toEqual(counts(ana));
      expect(Object.values(counts(doc)).flat().sort()).toEqual(['ana', 'ben']);
    }
  });

  it('[PG16][T13] a vote in time counts whenever it arrives, a later one never; names stay hidden from whoever voted so', () => {
    const doc = page();
    const monday = choiceId(doc, 0);
    doc.transact(() => setAskRules(marker(doc), { until: 10, anonymous: true }));
    answerBlock(doc, 'poll-1', { member: 'ana', choices: [monday], at: 10, unnamed: true });
    answerBlock(doc, 'poll-1', { member: 'ben', choices: [monday], at: 11 });
    expect(counts(doc)).toEqual({ Monday: ['ana'], Tuesday: [] });
    doc.transact(() => setAskRules(marker(doc), { anonymous: false }));
    expect(showsNames(readAskOf(marker(doc)).poll, answersTo(doc, 'poll-1'))).toBe(false);
    takeBackAnswer(doc, 'poll-1', 'ana');
    expect(showsNames(readAskOf(marker(doc)).poll, answersTo(doc, 'poll-1'))).toBe(true);
  });

  it('[PG15][P6] "I have done this" counts a member once, the first first, and keeps the first date of one device', () => {
    const ana = page();
    const phone = apart(ana, 2);
    const ben = apart(ana, 3);
    setDone(ana, 'done-1', { member: 'ana', at: 50 });
    setDone(ana, 'done-1', { member: 'ana', at: 90 });
    setDone(phone, 'done-1', { member: 'ana', at: 60 });
    setDone(ben, 'done-1', { member: 'ben', at: 20 });
    meet(ana, phone, ben);
    const [done] = readDone(ana);
    expect(done?.text).toBe('I have read it');
    expect(done?.completions.map(({ member }) => member)).toEqual(['ben', 'ana']);
    expect([50, 60]).toContain(done?.completions[1]?.at);
    expect(readDone(phone)).toEqual(readDone(ana));
    takeBackDone(ben, 'done-1', 'ben');
    expect(readDone(ben)[0]?.completions.map(({ member }) => member)).toEqual(['ana']);
  });

  it('[PP6][PG14] a copy of the page asks the same of nobody yet, without what was removed', () => {
    const doc = page();
    answerBlock(doc, 'poll-1', { member: 'ana', choices: [choiceId(doc, 0)], at: 5 });
    doc.transact(() => removeChoice(marker(doc), choiceId(doc, 1), { at: 6, by: 'ana' }));
    const copy = new Y.Doc();
    bodyOf(copy).applyDelta(copyBody(bodyOf(doc)));
    expect(readAsk(marker(copy))).toEqual({ ...ASK, choices: ['Monday'] });
    expect(marker(copy).get('id')).not.toBe('poll-1');
    expect(readAnswers(copy).size).toBe(0);
    expect((marker(copy).get('choices') as Y.Map<unknown>).size).toBe(1);
  });

  it('[PG16][W25] bringing a poll back from the history changes no vote, and a page that shows a thread is among what links to it', () => {
    const doc = page([POLL, DONE, { type: 'atom', id: 'thread-block', kind: 'thread', props: { thread: 'thread-1' } }]);
    const past = apart(doc, 9);
    const monday = choiceId(doc, 0);
    answerBlock(doc, 'poll-1', { member: 'ana', choices: [monday], at: 5 });
    doc.transact(() => {
      setChoice(marker(doc), monday, 'Never');
      removeChoice(marker(doc), choiceId(doc, 1), { at: 6, by: 'ana' });
      setAskRules(marker(doc), { multiple: true });
    });
    expect(restoreBlock(doc, past, 'poll-1', 'test')).toBe('restored');
    expect(readAsk(marker(doc))).toEqual(ASK);
    expect(counts(doc)).toEqual({ Monday: ['ana'], Tuesday: [] });
    bodyOf(doc).delete(0, 1);
    expect(restoreBlock(doc, past, 'poll-1', 'test')).toBe('restored');
    expect(counts(doc)).toEqual({ Monday: ['ana'], Tuesday: [] });
    expect(readReferences(readBlocks(bodyOf(doc))).references).toEqual([
      {
        ...{ target: 'thread-1', anchor: '', block: 'thread-block' },
        line: [{ type: 'page', page: 'thread-1', here: true }],
      },
    ]);
  });

  it('[PG14] undoing a new poll or choice takes no words of others along', () => {
    const ana = new Y.Doc();
    ana.clientID = 1;
    const undo = new Y.UndoManager([bodyOf(ana)], {
      trackedOrigins: new Set(['ana']),
      deleteFilter: mayBeUndone,
      captureTimeout: 0,
    });
    ana.transact(() => writeBlocks(bodyOf(ana), [POLL]), 'ana');
    ana.transact(() => addChoiceTo(marker(ana), 'Wed'), 'ana');
    const ben = apart(ana, 2);
    ben.transact(() => setChoice(marker(ben), choiceId(ben, 2), 'Wednesday'));
    meet(ana, ben);
    undo.undo();
    expect(readAsk(marker(ana)).choices).toContain('nesday');
    undo.undo();
    expect(readAsk(marker(ana)).choices).toEqual(['nesday']);
  });
});

describe('in Markdown', () => {
  it.each<[string, NewBlock]>([
    ['a poll', POLL],
    [
      'a poll with all its rules',
      {
        type: 'atom',
        kind: 'poll',
        props: {
          ask: {
            text: '- q',
            choices: ['- a', 'until x', '```'],
            multiple: true,
            anonymous: true,
            until: 1_790_000_000_123,
          },
        },
      },
    ],
    ['an empty poll', { type: 'atom', kind: 'poll' }],
    ['a poll without a question', { type: 'atom', kind: 'poll', props: { ask: { ...ASK, text: '' } } }],
    [
      'a poll with an end alone',
      { type: 'atom', kind: 'poll', props: { ask: { ...ASK, text: '', choices: [], until: 0 } } },
    ],
    ['something to do', DONE],
    ['an empty tick', { type: 'atom', kind: 'done' }],
    ['a thread', { type: 'atom', kind: 'thread', props: { thread: 'thread-1' } }],
    ['no thread', { type: 'atom', kind: 'thread' }],
  ])('[PG14][PG15][PG17][I1] %s reads back as it was, also within a list', (_name, block) => {
    const item: NewBlock = { type: 'text', kind: 'bullet', content: [{ type: 'text', text: 'item', marks: {} }] };
    const blocks: NewBlock[] = [block, item, { ...block, indent: 1 } as NewBlock];
    const printed = printMarkdown(blocks, { pageTitle: () => 'Lunch ``` plans' });
    expect(parseMarkdown(printed).blocks.map(blockKey)).toEqual(blocks.map(blockKey));
  });

  it('[I1] what is no poll stays code, letter by letter, and a thread follows its file', () => {
    const source = '```caravan-poll\nq\n- a\nrule of 2030\n```\n\n```caravan-thread\nLunch\n../threads/lunch.md\n```\n';
    expect(printMarkdown(parseMarkdown(source).blocks)).toBe(source);
    const { blocks, links } = parseMarkdown(source, {
      resolveLink: ({ target }) => (target === '../threads/lunch.md' ? 'page:thread-9' : null),
    });
    expect(blocks.at(-1)).toMatchObject({ kind: 'thread', props: { thread: 'thread-9' } });
    expect(links.map(({ target }) => target)).toEqual(['../threads/lunch.md']);
    const out = printMarkdown(blocks, { printLink: (url) => (url === 'page:thread-9' ? 'threads/lunch.md' : null) });
    expect(out).toContain('threads/lunch.md');
  });
});
