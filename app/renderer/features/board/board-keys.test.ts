import { expect, it } from 'vitest';
import { boardKey, type Pressed } from './board-keys.ts';

const press = (key: string, held: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

it('[B4] Space lifts and puts down, arrows go or carry, Escape puts back', () => {
  expect(boardKey(press(' '), false, true)).toEqual({ does: 'lift' });
  expect(boardKey(press(' '), true, true)).toEqual({ does: 'putDown' });
  expect(boardKey(press('ArrowLeft'), false, true)).toEqual({ does: 'go', direction: 'left' });
  expect(boardKey(press('ArrowLeft'), true, true)).toEqual({ does: 'step', direction: 'left' });
  expect(boardKey(press('Escape'), true, true)).toEqual({ does: 'cancel' });
  expect(boardKey(press('m'), true, true)).toBeNull();
});

it('[B4] letters: C new and / filter anywhere, the others at a card', () => {
  const does = (key: string, onCard: boolean): string | undefined => boardKey(press(key), false, onCard)?.does;
  expect(['c', 'e', 'Enter', 'm', 'l', 'd', 'a', '/', 'x'].map((key) => does(key, true))).toEqual([
    'new',
    'open',
    'open',
    'members',
    'labels',
    'due',
    'archive',
    'filter',
    'choose',
  ]);
  expect(['c', '/', 'e', 'm', ' '].map((key) => does(key, false))).toEqual([
    'new',
    'filter',
    undefined,
    undefined,
    undefined,
  ]);
});

it('keys of the window and of the browser stay theirs', () => {
  expect(boardKey(press('c', { ctrlKey: true }), false, true)).toBeNull();
  expect(boardKey(press('a', { ctrlKey: true, altKey: true }), false, true)).toBeNull();
  expect(boardKey(press('?', { shiftKey: true }), false, true)).toBeNull();
  expect(boardKey(press('z', { ctrlKey: true }), false, false)).toEqual({ does: 'undo' });
  expect(boardKey(press('Z', { metaKey: true, shiftKey: true }), false, false)).toEqual({ does: 'redo' });
  expect(boardKey(press('ArrowDown', { shiftKey: true }), false, true)).toEqual({ does: 'extend', direction: 'down' });
});
