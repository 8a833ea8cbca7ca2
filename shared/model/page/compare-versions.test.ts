// Two versions side by side: words, blocks and moves, each under the number of whoever did it.
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { bodyOf } from '../document/roots.ts';
import { compareVersions, type Authorship } from './compare-versions.ts';
import { appendBlocks } from './write.ts';

function copy(doc: Y.Doc): Y.Doc {
  const other = new Y.Doc({ gc: false });
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  return other;
}

const block = (id: string, text: string) =>
  ({ type: 'text', kind: 'paragraph', id, content: [{ type: 'text', text, marks: {} }] }) as const;

describe('versions side by side', () => {
  test('[W19] words that came and went, under their authors; whole words, though letters of them stayed', () => {
    const before = new Y.Doc({ gc: false });
    appendBlocks(bodyOf(before), [block('a', 'the cat sat down'), block('b', 'goes'), block('c', 'stays')]);
    const [ana, bo] = [copy(before), copy(before)];
    // cat becomes cart; a word is added at the end; a block goes.
    bodyOf(ana).insert(1 + 'the ca'.length, 'r');
    bodyOf(bo).insert(1 + 'the cat sat down'.length, ' again');
    const gone = bodyOf(bo).toString().indexOf('goes') + 1;
    bodyOf(bo).delete(gone, 5);
    Y.applyUpdate(ana, Y.encodeStateAsUpdate(bo));
    const who: Authorship = {
      brought: (client) => (client === ana.clientID ? 0 : client === bo.clientID ? 1 : -1),
      deleted: () => 1,
    };
    const shown = compareVersions(before, ana, who);
    expect(shown.map(({ id, change }) => [id, change])).toEqual([
      ['a', 'changed'],
      ['b', 'out'],
      ['c', 'same'],
    ]);
    expect(shown[0]?.pieces.map(({ text, change, by }) => [text, change, by])).toEqual([
      ['the ', 'same', -1],
      ['cat', 'out', -1],
      ['cart', 'in', 0],
      [' sat down', 'same', -1],
      [' again', 'in', 1],
    ]);
    expect(shown[1]).toMatchObject({ by: 1, pieces: [{ text: 'goes', change: 'out', by: 1 }] });
  });

  test('[W19] a block that only stands elsewhere is moved; one of another kind says what it was', () => {
    const before = new Y.Doc({ gc: false });
    appendBlocks(bodyOf(before), [block('a', 'One'), block('b', 'Two'), block('c', 'Three')]);
    const after = copy(before);
    const markers = (bodyOf(after).toDelta() as { insert: unknown }[]).map(({ insert }) => insert);
    const named = (id: string) =>
      markers.find((one): one is Y.Map<unknown> => one instanceof Y.Map && one.get('id') === id);
    named('c')?.set('slot', { after: null, key: 'a0' });
    named('a')?.set('kind', 'heading');
    const who: Authorship = { brought: () => 3, deleted: () => -1 };
    expect(compareVersions(before, after, who).map(({ id, change, wasKind, by }) => [id, change, wasKind, by])).toEqual(
      [
        ['c', 'moved', null, 3],
        ['a', 'changed', 'paragraph', 3],
        ['b', 'same', null, -1],
      ],
    );
  });
});
