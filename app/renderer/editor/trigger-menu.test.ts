// What a menu behind a sign does where nothing matches: it waits, unseen, for rows that come.
import { EditorState, type Plugin } from 'prosemirror-state';
import { expect, it } from 'vitest';
import { stateOf } from '../../../tests/support/editor-state.ts';
import type { EditingHistory } from './editing-history.ts';
import { triggerKey, triggerMenus, type MenuItem, type TriggerSource } from './trigger-menu.ts';

const names: string[] = [];
const source: TriggerSource = {
  name: 'people',
  trigger: '@',
  label: 'People',
  items: (query) => names.filter((name) => name.startsWith(query)).map(row),
};

function row(title: string): MenuItem {
  return { id: title, title, hint: '', icon: null, run: () => true };
}

function typed(text: string): EditorState {
  const plugin: Plugin = triggerMenus([source], { stopCapturing: () => undefined } as EditingHistory, () => undefined);
  const { doc, selection } = stateOf('|');
  const state = EditorState.create({ doc, selection, plugins: [plugin] });
  const from = state.selection.from;
  const opened = state.apply(state.tr.insertText('@').setMeta(triggerKey, { type: 'open', source, from }));
  return [...text].reduce((at, letter) => at.apply(at.tr.insertText(letter)), opened);
}

function rows(state: EditorState): readonly string[] | null {
  const menu = triggerKey.getState(state);
  return menu?.open ? menu.items.map(({ title }) => title) : null;
}

it('[T19] a name that is known only after it was typed is offered then', () => {
  names.splice(0);
  const state = typed('Bo');
  expect(rows(state)).toEqual([]);
  names.push('Bo', 'Cy');
  const told = state.apply(state.tr.setMeta(triggerKey, { type: 'refresh' }));
  expect(rows(told)).toEqual(['Bo']);
});

it('[W3] a slip that is taken back brings the rows again; the caret that leaves ends it', () => {
  names.splice(0, names.length, 'Bo');
  const state = typed('Bx');
  expect(rows(state)).toEqual([]);
  const { from } = state.selection;
  const back = state.apply(state.tr.delete(from - 1, from));
  expect(rows(back)).toEqual(['Bo']);
  const long = typed('x'.repeat(31));
  expect(rows(long)).toBe(null);
});
