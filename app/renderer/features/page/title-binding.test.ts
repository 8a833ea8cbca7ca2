// The title's field and the document: what several people type is all there, and the caret stays where it was.
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { titleOf } from '../../../../shared/model/document/roots.ts';
import { TitleBinding, typed, type TitleField } from './title-binding.ts';

class Field implements TitleField {
  value = '';
  selectionStart = 0;
  selectionEnd = 0;
  setSelectionRange(start: number, end: number): void {
    this.selectionStart = start;
    this.selectionEnd = end;
  }
  type(text: string, at = this.selectionStart): void {
    this.value = this.value.slice(0, at) + text + this.value.slice(at);
    this.selectionStart = this.selectionEnd = at + text.length;
  }
}

function bound(text = ''): { doc: Y.Doc; field: Field; binding: TitleBinding } {
  const doc = new Y.Doc();
  titleOf(doc).insert(0, text);
  const field = new Field();
  return { doc, field, binding: new TitleBinding(titleOf(doc), field) };
}

test('[W1] typing goes into the title as it is typed', () => {
  const { doc, field, binding } = bound('Dish');
  field.type(' alignment', 4);
  binding.input();
  expect(titleOf(doc).toString()).toBe('Dish alignment');
});

test('opening a title writes nothing', () => {
  const { doc, binding } = bound('two\nlines');
  const before = Y.encodeStateAsUpdate(doc);
  binding.dispose();
  expect(Y.encodeStateAsUpdate(doc)).toEqual(before);
});

test('[W26] two people type in one title: both words stay, and the caret too', () => {
  const { doc, field, binding } = bound('Dish');
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  field.type(' alignment', 4);
  binding.input();
  titleOf(other).insert(0, 'The ');
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
  expect(field.value).toBe('The Dish alignment');
  expect(field.selectionStart).toBe('The Dish alignment'.length);
});

test('pasted lines become one', () => {
  const { doc, field, binding } = bound();
  field.type('one\ntwo');
  binding.input();
  expect([titleOf(doc).toString(), field.value]).toEqual(['one two', 'one two']);
});

test('[W15] during a composition the field is left alone, and nothing of either side is lost', () => {
  const { doc, field, binding } = bound('abc');
  binding.compositionStart();
  field.type('x', 3);
  binding.input();
  titleOf(doc).insert(0, 'REMOTE ');
  expect(field.value).toBe('abcx');
  field.type('y', 4);
  binding.input();
  expect(titleOf(doc).toString()).toBe('REMOTE abcxy');
  binding.compositionEnd();
  expect(field.value).toBe('REMOTE abcxy');
});

test('[W15] a composition that replaces letters keeps what another put between them', () => {
  const { doc, field, binding } = bound('abcd');
  binding.compositionStart();
  titleOf(doc).insert(2, 'NEW');
  field.value = 'ad';
  binding.input();
  binding.compositionEnd();
  expect([titleOf(doc).toString(), field.value]).toEqual(['aNEWd', 'aNEWd']);
});

test('a change is never cut between the halves of a character', () => {
  expect(typed('a😀', 'a😁')).toEqual({ at: 1, removed: 2, added: '😁' });
  expect(typed('😀b', '🤀b')).toEqual({ at: 0, removed: 2, added: '🤀' });
});
