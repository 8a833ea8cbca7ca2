// Finding text in a page: across marks, by blocks, with signs that mean themselves, and without searching twice.
import { describe, expect, it } from 'vitest';
import { stateOf } from '../../../tests/support/editor-state.ts';
import { matchesInBlocks, matchFrom, Search } from './matches.ts';

describe('[W13] matches', () => {
  const { doc } = stateOf('Alpha alpha', '- a.b', '---', 'aaaa İalpha');

  it('stand at positions of the page, whatever the case', () => {
    const found = new Search('alpha', false).in(doc);
    expect(found.map(({ from, to }) => doc.textBetween(from, to))).toEqual(['Alpha', 'alpha', 'alpha']);
    expect(found.map(({ block }) => block)).toEqual([0, 0, 3]);
    expect(new Search('alpha', true).in(doc)).toHaveLength(2);
  });

  it('do not overlap, take signs as they are, and are none for nothing', () => {
    expect(new Search('aa', false).in(doc)).toHaveLength(2);
    expect(new Search('.', false).in(doc)).toHaveLength(1);
    for (const query of ['', '(', '[', '\\', '\ufffc', 'a{9', '\ud800'])
      expect(new Search(query, false).in(doc)).toEqual([]);
  });

  it('are found from a position on and go round; those in sight are cut out by block', () => {
    const found = new Search('alpha', false).in(doc);
    expect([0, 2, 8, 99].map((at) => matchFrom(found, at))).toEqual([0, 1, 2, 0]);
    expect(matchFrom([], 3)).toBe(-1);
    expect(matchesInBlocks(found, 1, 3)).toHaveLength(1);
    expect(matchesInBlocks(found, -4, 0)).toHaveLength(2);
  });
});
