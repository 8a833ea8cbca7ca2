import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTree, placeInTree, subtree, wouldCycle, type TreeItem } from './tree.ts';

const item = (id: string, parent: string | null, order = 'a0', archived = false): TreeItem => ({
  id,
  parent,
  order,
  archived,
});
const ids = (list: readonly TreeItem[] | undefined): string[] => (list ?? []).map((one) => one.id);

describe('the tree of documents', () => {
  it('[DD3] siblings stand by key, ties by id', () => {
    const tree = buildTree([item('c', null, 'a1'), item('b', null, 'a0'), item('a', null, 'a1')]);
    expect(ids(tree.get(null))).toEqual(['b', 'a', 'c']);
  });

  it('[DD3] a parent that is unknown or archived away counts as absent; an archived page keeps its archived children', () => {
    const tree = buildTree([
      item('gone', null, 'a0', true),
      item('child', 'gone', 'a1'),
      item('with', 'gone', 'a1', true),
      item('lost', 'nobody', 'a2'),
    ]);
    expect(ids(tree.get(null))).toEqual(['gone', 'child', 'lost']);
    expect(ids(tree.get('gone'))).toEqual(['with']);
  });

  it('[DD3] of a cycle the page with the smallest id is cut loose, the others stay below it', () => {
    const tree = buildTree([item('q', 'p'), item('p', 'r'), item('r', 'q'), item('below', 'r'), item('self', 'self')]);
    expect(ids(tree.get(null))).toEqual(['p', 'self']);
    expect(ids(tree.get('p'))).toEqual(['q']);
    expect(ids(tree.get('q'))).toEqual(['r']);
    expect(ids(tree.get('r'))).toEqual(['below']);
  });

  it('[DD3] every item stands in the tree once, reachable from the top, in whatever order the items came', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
    const items = fc.uniqueArray(
      fc.record({
        id: name,
        parent: fc.option(name, { nil: null }),
        order: fc.constantFrom('', 'a0', 'a1'),
        archived: fc.boolean(),
      }),
      { selector: (one) => one.id },
    );
    fc.assert(
      fc.property(items, (list) => {
        const tree = buildTree(list);
        const reached = (tree.get(null) ?? []).flatMap((root) => ids(subtree(tree, root)));
        expect([...reached].sort()).toEqual(list.map((one) => one.id).sort());
        expect(new Map(buildTree([...list].reverse()))).toEqual(new Map(tree));
      }),
    );
  });

  it('[DD3] a chain of 50,000 pages is no problem', () => {
    const chain = Array.from({ length: 50_000 }, (_, at) => item(`p${at}`, at === 0 ? null : `p${at - 1}`));
    const tree = buildTree(chain);
    expect(subtree(tree, chain[0]!)).toHaveLength(50_000);
  });

  it('[DD3] a place is behind a sibling, at the start or at the end; the moved page itself does not count', () => {
    const tree = buildTree([item('a', null, 'a0'), item('b', null, 'a1'), item('c', null, 'a2')]);
    expect(placeInTree(tree, null, 'a', 'c').order > 'a0').toBe(true);
    expect(placeInTree(tree, null, 'a', 'c').order < 'a1').toBe(true);
    expect(placeInTree(tree, null, null).order < 'a0').toBe(true);
    expect(placeInTree(tree, null, undefined).order > 'a2').toBe(true);
    expect(placeInTree(tree, null, 'vanished').order > 'a2').toBe(true);
  });

  it('[DD3] a page cannot be put below itself', () => {
    const items = new Map([item('a', null), item('b', 'a'), item('c', 'b')].map((one) => [one.id, one]));
    expect(wouldCycle(items, 'a', 'c')).toBe(true);
    expect(wouldCycle(items, 'c', 'a')).toBe(false);
    expect(wouldCycle(items, 'a', null)).toBe(false);
  });
});
