// Initials for names of all shapes.
import { expect, test } from 'vitest';
import { initials } from './initials.ts';

test('initials are whole graphemes, one or two', () => {
  expect(['Mira', 'Ana Torres', ' ', '', 'Ines de Mello', '👩‍🚀 Bo', 'élan'].map(initials)).toEqual([
    'M',
    'AT',
    '?',
    '?',
    'IM',
    '👩‍🚀B',
    'É',
  ]);
});
