// What cards say: dates, people, labels, links, fields, checklists, lanes; apart and together.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { addCard, cardIn, moveCard, removeCard, touchCard } from './card-commands.ts';
import * as details from './card-details.ts';
import type { Card } from './card.ts';
import * as lists from './checklist-commands.ts';
import { progressOf } from './checklist.ts';
import { readCover } from './cover.ts';
import { addColumn, setColumnCompletes } from './column-commands.ts';
import * as define from './definition-commands.ts';
import { laneOf, lanesOf } from './lanes.ts';
import type { LaneKind } from './look.ts';
import { isBlocked } from './links.ts';
import { readBoard, suggestedColumn } from './read.ts';

const ANA = { by: 'ana', at: 10 };
const BO = { by: 'bo', at: 20 };

function started(): Y.Doc {
  const doc = new Y.Doc();
  for (const name of ['todo', 'done']) addColumn(doc, { id: name, name });
  for (const id of ['c1', 'c2', 'c3']) addCard(doc, { id, title: id, column: 'todo', createdBy: 'cy', createdAt: 1 });
  for (const id of ['bug', 'idea']) define.addLabel(doc, { id, name: id, colour: 'sky' });
  for (const kind of ['text', 'number', 'date', 'choice', 'person'] as const)
    define.addField(doc, { id: kind, name: kind, kind });
  for (const id of ['small', 'large']) define.addChoice(doc, 'choice', { id, name: id });
  return doc;
}
function pair(): [Y.Doc, Y.Doc] {
  const start = started();
  return [5, 7].map((client) => {
    const doc = new Y.Doc();
    doc.clientID = client;
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(start));
    return doc;
  }) as [Y.Doc, Y.Doc];
}
function meet(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
  expect(readBoard(b)).toEqual(readBoard(a));
}
function card(doc: Y.Doc, id = 'c1'): Card {
  const board = readBoard(doc);
  return [...board.columns.flatMap((column) => column.cards), ...board.restored].find((one) => one.id === id)!;
}

describe('what cards say', () => {
  it('[BD11] start and due are a day or a time; anything else is refused, or read as none', () => {
    const doc = started();
    details.setCardDue(doc, 'c1', '2026-11-29');
    details.setCardStart(doc, 'c1', 1_700_000_000_000);
    expect(card(doc)).toMatchObject({ due: '2026-11-29', start: 1_700_000_000_000 });
    for (const bad of ['2026-02-30', '29.11.2026', -1, Number.NaN]) {
      expect(() => details.setCardDue(doc, 'c1', bad)).toThrow('not a day');
    }
    cardIn(doc, 'c1').set('due', '2026-13-01');
    details.setCardStart(doc, 'c1', null);
    expect(card(doc)).toMatchObject({ due: null, start: null });
  });

  it('[BD8] people and labels put on apart are all there, in the order in which they were put; a label that goes shows on no card', () => {
    const [ana, bo] = pair();
    details.setCardMember(ana, ['c1', 'c2'], 'zoe', true);
    details.setCardMember(ana, ['c1'], 'ana', true);
    details.setCardMember(bo, ['c1'], 'bo', true);
    details.setCardLabel(ana, ['c1'], 'idea', true);
    details.setCardLabel(bo, ['c1'], 'bug', true);
    meet(ana, bo);
    expect(card(ana).members.toSorted()).toEqual(['ana', 'bo', 'zoe']);
    expect(card(ana).members.indexOf('zoe')).toBeLessThan(card(ana).members.indexOf('ana'));
    expect(card(ana).labels.toSorted()).toEqual(['bug', 'idea']);
    details.setCardMember(bo, ['c1'], 'zoe', false);
    define.removeDefinition(ana, { label: 'bug' }, ANA);
    meet(ana, bo);
    expect(card(ana)).toMatchObject({ labels: ['idea'] });
    expect(card(ana).members).not.toContain('zoe');
    expect(() => details.setCardLabel(ana, ['c2'], 'bug', true)).toThrow('not on the board');
    define.restoreDefinition(bo, { label: 'bug' });
    meet(ana, bo);
    expect(card(ana).labels).toHaveLength(2);
  });

  it('[BD6] [BD7] labels, fields and choices are renamed, moved, coloured and removed; a rename apart brings one back', () => {
    const [ana, bo] = pair();
    define.renameDefinition(ana, { label: 'bug' }, 'Fault');
    define.setDefinitionColour(ana, { label: 'bug' }, 'clay');
    define.moveDefinition(ana, { label: 'bug' }, undefined);
    define.moveDefinition(ana, { field: 'person' }, null);
    define.renameDefinition(ana, { field: 'choice', choice: 'small' }, 'tiny');
    define.removeDefinition(bo, { label: 'bug' }, BO);
    define.removeDefinition(bo, { field: 'date' }, BO);
    define.removeDefinition(bo, { field: 'choice', choice: 'large' }, BO);
    meet(ana, bo);
    const board = readBoard(ana);
    expect(board.labels.map(({ name, colour }) => [name, colour])).toEqual([
      ['idea', 'sky'],
      ['Fault', 'clay'],
    ]);
    expect(board.labels[1]!.removal.kind).toBe('overtaken');
    expect(board.fields.map((field) => field.id)).toEqual(['person', 'text', 'number', 'choice']);
    expect(board.fields[3]!.choices.map((choice) => choice.name)).toEqual(['tiny']);
    expect(() => define.addChoice(ana, 'text', { name: 'x' })).toThrow('no choices');
    expect(() => define.addLabel(ana, { id: 'idea', name: 'x' })).toThrow('already has');
  });

  it('[BD8] a field holds what its kind takes; texts of two people in one empty field are both kept', () => {
    const [ana, bo] = pair();
    for (const [field, value] of [
      ['number', 3.5],
      ['date', '2026-01-02'],
      ['choice', 'small'],
      ['person', 'ana'],
    ] as const) {
      details.setCardField(ana, 'c1', field, value);
    }
    for (const [field, value] of [
      ['number', '3'],
      ['date', 'soon'],
      ['choice', 'gone'],
      ['person', '../x'],
      ['text', 'x'],
    ] as const) {
      expect(() => details.setCardField(ana, 'c1', field, value)).toThrow('cannot hold');
    }
    details.writeCardText(ana, 'c1', 'text', 'north');
    details.writeCardText(bo, 'c1', 'text', 'south');
    meet(ana, bo);
    const text = (doc: Y.Doc): unknown => card(doc).values.find((one) => one.field === 'text')?.value;
    expect(card(ana).values).toHaveLength(5);
    expect(['north / south', 'south / north']).toContain(text(ana));
    details.writeCardText(ana, 'c1', 'text', 'north, south');
    const first = [...cardIn(bo, 'c1').entries()].filter(([key]) => key.startsWith('text/'));
    for (const [, one] of first) (one as Y.Text).insert(0, '!');
    meet(ana, bo);
    // Where his signs stand among her words follows from whose text comes first.
    expect(String(text(ana)).replaceAll('!', '')).toContain('north, south');
    expect(String(text(ana)).match(/!/g)).toHaveLength(2);
    details.setCardField(ana, 'c1', 'number', null);
    define.removeDefinition(ana, { field: 'choice', choice: 'small' }, ANA);
    expect(card(ana).values.map((one) => one.field)).toEqual(['text', 'date', 'person']);
  });

  it('[BD13] a link between cards shows at both ends, whichever says it, and is taken away from either', () => {
    const [ana, bo] = pair();
    details.linkCard(ana, 'c1', 'blocks', 'c2');
    details.linkCard(bo, 'c2', 'blockedBy', 'c1');
    details.linkCard(ana, 'c3', 'relates', 'c1');
    details.linkCard(ana, 'c3', 'blockedBy', 'a-card-of-another-board');
    details.linkCard(ana, 'c1', 'page', 'some-page');
    meet(ana, bo);
    expect(card(ana, 'c1').links).toEqual({ blocks: ['c2'], blockedBy: [], relates: ['c3'], page: ['some-page'] });
    expect(card(ana, 'c2').links.blockedBy).toEqual(['c1']);
    const open = (): ReadonlyMap<string, Card> => new Map(readBoard(ana).columns[0]!.cards.map((one) => [one.id, one]));
    expect([isBlocked(card(ana, 'c2'), open()), isBlocked(card(ana, 'c3'), open())]).toEqual([true, false]);
    details.completeCard(ana, 'c1', ANA);
    expect(isBlocked(card(ana, 'c2'), open())).toBe(false);
    details.unlinkCard(bo, 'c2', 'blockedBy', 'c1');
    details.unlinkCard(bo, 'c1', 'relates', 'c3');
    meet(ana, bo);
    expect([card(ana, 'c1').links.blocks, card(ana, 'c3').links.relates]).toEqual([[], []]);
    expect(() => details.linkCard(ana, 'c1', 'blocks', 'c1')).toThrow('another card');
  });

  it('[BD14] [B6] a card stands in one lane, and putting it into another makes it stand there', () => {
    const doc = started();
    details.setCardMember(doc, ['c1'], 'ana', true);
    details.setCardMember(doc, ['c1'], 'bo', true);
    details.setCardLabel(doc, ['c2'], 'idea', true);
    const lane = (by: LaneKind, id = 'c1'): string | null => laneOf(card(doc, id), by);
    expect([lane('person'), lane('label'), lane('priority')]).toEqual(['ana', null, null]);
    moveCard(doc, 'c1', { column: 'todo', after: 'c2', lane: { by: 'person', value: 'zoe' } }, ANA);
    expect([lane('person'), card(doc).members]).toEqual(['zoe', ['zoe', 'bo']]);
    cardIn(doc, 'c1').set('member/aaa', true);
    moveCard(doc, 'c1', { column: 'done', lane: { by: 'person', value: 'cy' } }, ANA);
    expect(card(doc).members).toEqual(['cy', 'zoe', 'bo']);
    moveCard(doc, 'c1', { column: 'done', lane: { by: 'person', value: null } }, ANA);
    expect(card(doc).members).toEqual([]);
    moveCard(doc, 'c1', { column: 'done', lane: { by: 'priority', value: 'high' } }, ANA);
    addCard(doc, {
      id: 'c4',
      title: '',
      column: 'todo',
      lane: { by: 'label', value: 'bug' },
      createdBy: 'ana',
      createdAt: 1,
    });
    expect([lane('priority'), lane('label', 'c4')]).toEqual(['high', 'bug']);
    const board = readBoard(doc);
    expect([lanesOf(board, 'label'), lanesOf(board, 'priority')]).toEqual([
      ['bug', 'idea', null],
      ['high', null],
    ]);
    expect(() => moveCard(doc, 'c1', { column: 'todo', lane: { by: 'label', value: 'gone' } }, ANA)).toThrow('lane');
  });

  it('[BD9] [B10] checklists: items stand in order, are ticked, moved between lists, and become cards', () => {
    const doc = started();
    lists.addChecklist(doc, 'c1', { id: 'k1', name: 'Before' });
    lists.addChecklist(doc, 'c1', { id: 'k2', name: 'After', after: null });
    lists.addItems(doc, { card: 'c1', list: 'k1' }, [
      { id: 'i1', text: 'one' },
      { id: 'i2', text: 'two', checked: true },
    ]);
    lists.addItems(doc, { card: 'c1', list: 'k1', after: 'i1' }, [{ id: 'i3', text: 'three' }]);
    lists.moveItem(doc, { card: 'c1', item: 'i1' }, { list: 'k2' });
    lists.moveChecklist(doc, 'c1', 'k2', undefined);
    lists.renameChecklist(doc, 'c1', 'k2', 'Later');
    lists.renameItem(doc, { card: 'c1', item: 'i3' }, 'three!');
    lists.setItemDue(doc, { card: 'c1', item: 'i1' }, '2026-05-02');
    lists.setItemMember(doc, { card: 'c1', item: 'i1' }, 'ana');
    expect(card(doc).checklists[1]!.items[0]).toMatchObject({ due: '2026-05-02', member: 'ana', checked: false });
    expect(() => lists.setItemDue(doc, { card: 'c1', item: 'i1' }, 'soon')).toThrow('not a day');
    const shown = card(doc).checklists.map((list) => [list.name, list.items.map((item) => item.text)]);
    expect(shown).toEqual([
      ['Before', ['three!', 'two']],
      ['Later', ['one']],
    ]);
    expect(progressOf(card(doc).checklists)).toEqual({ done: 1, total: 3 });
    expect(lists.itemToCard(doc, { card: 'c1', item: 'i3' }, ANA, 'new')).toBe('new');
    expect(readBoard(doc).columns[0]!.cards.map((one) => one.title)).toEqual(['c1', 'three!', 'c2', 'c3']);
    setColumnCompletes(doc, 'done', true);
    expect(suggestedColumn(readBoard(doc), card(doc))).toBeNull();
    lists.checkItem(doc, { card: 'c1', item: 'i1' }, true);
    expect(suggestedColumn(readBoard(doc), card(doc))).toBe('done');
    moveCard(doc, 'c1', { column: 'done' }, ANA);
    expect(suggestedColumn(readBoard(doc), card(doc))).toBeNull();
    lists.removeChecklist(doc, 'c1', 'k1', ANA);
    expect(card(doc).checklists.map((list) => list.id)).toEqual(['k2']);
    expect(() => lists.addItems(doc, { card: 'c1', list: 'gone' }, [{ text: 'x' }])).toThrow('not on the board');
  });

  it('[BD9] [B17] words in a checklist that was removed apart bring it back; two who make lists at once have both', () => {
    const [ana, bo] = pair();
    lists.addChecklist(ana, 'c1', { id: 'k1', name: 'Ours' });
    lists.addItems(ana, { card: 'c1', list: 'k1' }, [
      { id: 'i1', text: 'one' },
      { id: 'i2', text: 'two' },
    ]);
    lists.addChecklist(bo, 'c1', { id: 'k2', name: 'Theirs' });
    meet(ana, bo);
    expect(card(ana).checklists).toHaveLength(2);
    lists.removeChecklist(ana, 'c1', 'k1', ANA);
    lists.renameItem(bo, { card: 'c1', item: 'i2' }, 'two, with words');
    meet(ana, bo);
    const list = card(ana).checklists.find((one) => one.id === 'k1')!;
    expect([list.removal.kind, list.items.map((item) => item.text)]).toEqual(['overtaken', ['two, with words']]);
    lists.restoreChecklist(bo, 'c1', 'k1');
    lists.restoreItem(bo, { card: 'c1', item: 'i2' });
    meet(ana, bo);
    expect(card(ana).checklists.find((one) => one.id === 'k1')!.removal.kind).toBe('none');
    lists.removeItem(ana, { card: 'c1', item: 'i2' }, ANA);
    // An item whose list is not there shows in a list without a name.
    cardIn(ana, 'c1').delete('list/k2');
    lists.addItems(ana, { card: 'c1', list: 'k1' }, [{ id: 'i3', text: 'lost' }]);
    cardIn(ana, 'c1').delete('list/k1');
    expect(card(ana).checklists).toMatchObject([{ id: 'k1', name: '', items: [{ text: 'lost' }] }]);
  });

  it('[BD15] [B17] a card whose own document somebody wrote in, or whose details changed, while it was removed comes back', () => {
    for (const edit of [
      (doc: Y.Doc) => touchCard(doc, 'c1', BO),
      (doc: Y.Doc) => lists.addChecklist(doc, 'c1', { name: 'x' }),
      (doc: Y.Doc) => details.setCardMember(doc, ['c1'], 'bo', true),
    ]) {
      const [ana, bo] = pair();
      removeCard(ana, 'c1', ANA);
      edit(bo);
      meet(ana, bo);
      expect(readBoard(ana).restored.map((one) => one.id)).toEqual(['c1']);
    }
  });
});

it('[B9] [BD25] a hue or a picture covers a card, and nothing else does', () => {
  const blob = 'ab'.repeat(32);
  expect(readCover('sky')).toEqual({ kind: 'hue', hue: 'sky' });
  expect(readCover(blob)).toEqual({ kind: 'picture', blob });
  for (const wrong of [
    'red',
    '',
    blob.slice(1),
    blob.toUpperCase(),
    `/${blob}`,
    'https://example.com/x.png',
    5,
    null,
    { blob },
  ]) {
    expect(readCover(wrong)).toBeNull();
  }
  const doc = new Y.Doc();
  const column = addColumn(doc, { name: '' });
  const card = addCard(doc, { title: 'Mast', column, createdBy: 'ana', createdAt: 1 });
  details.setCardCover(doc, card, { kind: 'picture', blob });
  expect(readBoard(doc).columns[0]!.cards[0]!.cover).toEqual({ kind: 'picture', blob });
  details.setCardCover(doc, card, null);
  const before = Y.encodeStateVector(doc);
  details.setCardCover(doc, card, null);
  expect(readBoard(doc).columns[0]!.cards[0]!.cover).toBeNull();
  expect(Y.encodeStateVector(doc)).toEqual(before);
});
