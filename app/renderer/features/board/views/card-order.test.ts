import { describe, expect, it } from 'vitest';
import { beside, endOf } from './card-order.ts';

const groups = [
  { id: 'next', cards: [{ id: 'a' }, { id: 'b' }] },
  { id: 'folded', cards: [] },
  { id: 'done', cards: [{ id: 'c' }, { id: 'd' }] },
];

describe('[B8] arrows in the list of a board', () => {
  it('go on past the border of a group and past one that shows nothing', () => {
    expect(beside(groups, 'a', 'down')?.id).toBe('b');
    expect(beside(groups, 'b', 'down')?.id).toBe('c');
    expect(beside(groups, 'c', 'up')?.id).toBe('b');
    expect(beside(groups, 'a', 'up')).toBeNull();
    expect(beside(groups, 'd', 'down')).toBeNull();
  });

  it('left and right go from group to group, Home and End to its ends', () => {
    expect(beside(groups, 'b', 'right')?.id).toBe('c');
    expect(beside(groups, 'd', 'left')?.id).toBe('a');
    expect(beside(groups, 'a', 'left')).toBeNull();
    expect(beside(groups, 'gone', 'down')).toBeNull();
    expect(endOf(groups, 'c', true)?.id).toBe('d');
    expect(endOf(groups, 'd', false)?.id).toBe('c');
  });
});
