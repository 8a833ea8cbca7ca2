// Copies of a page's body: order, fresh ids, content of every kind, and nothing written into the original.
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { bodyOf } from '../document/roots.ts';
import { copyBody, freshIds } from './copy.ts';
import { readBlocks } from './read.ts';
import { writeBlocks } from './write.ts';

function original(): Y.Doc {
  const doc = new Y.Doc();
  writeBlocks(bodyOf(doc), [
    { type: 'text', id: 'a', kind: 'heading', level: 2, content: [{ type: 'text', text: 'Head {{x}}', marks: {} }] },
    {
      type: 'text',
      id: 'b',
      kind: 'check',
      checked: true,
      indent: 1,
      content: [{ type: 'text', text: 'to a', marks: { link: 'page:me#a' } }],
    },
    { type: 'atom', id: 'c', kind: 'divider' },
  ]);
  return doc;
}

function copied(of: Y.Doc, change?: Parameters<typeof copyBody>[1]): Y.Doc {
  const doc = new Y.Doc();
  const before = Y.encodeStateAsUpdate(of);
  bodyOf(doc).applyDelta(copyBody(bodyOf(of), change));
  expect(Y.encodeStateAsUpdate(of)).toEqual(before);
  return doc;
}

test('[W22][PP6] a copy has the same blocks under fresh ids; text and links are changed as asked', () => {
  const doc = original();
  const fresh = freshIds(bodyOf(doc));
  const copy = copied(doc, {
    ids: fresh,
    text: (text) => text.replace('{{x}}', 'filled'),
    link: (address) => address.replace('me#a', `copy#${fresh.get('a') ?? ''}`),
  });
  const blocks = readBlocks(bodyOf(copy));
  const ids = blocks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(3);
  expect(ids.some((id) => ['a', 'b', 'c'].includes(id))).toBe(false);
  expect(blocks).toMatchObject([
    { kind: 'heading', level: 2, content: [{ text: 'Head filled' }] },
    { kind: 'check', checked: true, indent: 1, content: [{ text: 'to a', marks: { link: `page:copy#${ids[0]}` } }] },
    { kind: 'divider' },
  ]);
});

test('[PP6] a moved block stands where people see it; kinds and things of newer versions come along', () => {
  const doc = original();
  const body = bodyOf(doc);
  const [first] = (body.toDelta() as { insert: Y.Map<unknown> }[]).map(({ insert }) => insert);
  const last = (body.toDelta() as { insert: Y.Map<unknown> }[]).at(-1)!.insert;
  last.set('slot', { after: null, key: 'a0' });
  const table = new Y.Map<unknown>([
    ['kind', 'grid'],
    ['id', 'd'],
  ]);
  body.insertEmbed(body.length, table);
  const cells = new Y.Map<unknown>();
  table.set('cells', cells);
  const cell = new Y.Text('a cell');
  cells.set('r:c', cell);
  body.insertEmbed(body.length, { kind: 7, mention: 'ana' });
  expect(first?.get('id')).toBe('a');
  const copy = copied(doc);
  const blocks = readBlocks(bodyOf(copy));
  expect(blocks.map(({ kind }) => kind)).toEqual(['divider', 'heading', 'check', 'grid']);
  const inserts = (bodyOf(copy).toDelta() as { insert: unknown }[]).map(({ insert }) => insert);
  const grid = inserts.find((one) => one instanceof Y.Map && one.get('kind') === 'grid') as Y.Map<Y.Map<Y.Text>>;
  expect(grid.get('cells')?.get('r:c')?.toString()).toBe('a cell');
  expect(inserts.at(-1)).toEqual({ kind: 7, mention: 'ana' });
});

test('[PP6] types inside types without end are cut, and two blocks of one id get one each', () => {
  const doc = original();
  const body = bodyOf(doc);
  let inside = new Y.Map<unknown>();
  body.insertEmbed(
    body.length,
    new Y.Map<unknown>([
      ['kind', 'deep'],
      ['id', 'a'],
      ['in', inside],
    ]),
  );
  for (let depth = 0; depth < 300; depth += 1) {
    const next = new Y.Map<unknown>();
    inside.set('in', next);
    inside = next;
  }
  const blocks = readBlocks(bodyOf(copied(doc)));
  expect(new Set(blocks.map(({ id }) => id)).size).toBe(4);
});
