import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { archiveDocument, createDocument, moveDocument, renameDocument, unarchiveDocument } from './commands.ts';
import { readMeta } from './meta.ts';
import { metaOf } from './roots.ts';
import { readTitle, rewriteTitle } from './title.ts';

function page(title = 'Plan'): Y.Doc {
  const doc = new Y.Doc();
  createDocument(doc, { kind: 'page', title, createdBy: 'm1', createdAt: 5, order: 'a0' });
  return doc;
}
function twin(doc: Y.Doc): Y.Doc {
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  return other;
}
function merge(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
}

describe('document commands', () => {
  it('[DD2] a new document says what it is; creating it again changes nothing', () => {
    const doc = page();
    const bytes = Y.encodeStateAsUpdate(doc);
    createDocument(doc, { kind: 'board', title: 'Other', createdBy: 'm2', createdAt: 9 });
    expect(Y.encodeStateAsUpdate(doc)).toEqual(bytes);
    expect(readMeta(doc)).toEqual({
      kind: 'page',
      createdBy: 'm1',
      createdAt: 5,
      parent: null,
      order: 'a0',
      archivedAt: null,
      trashed: null,
    });
    expect(readTitle(doc)).toBe('Plan');
  });

  it('[DD1] reading an empty document writes nothing and finds no kind', () => {
    const doc = new Y.Doc();
    expect(readMeta(doc)).toBeNull();
    expect(readTitle(doc)).toBe('');
    expect(Y.encodeStateAsUpdate(doc)).toEqual(new Uint8Array([0, 0]));
  });

  it('[DD1] two people who rename at the same time both find their word', () => {
    const ana = page('Plan for May');
    const bo = twin(ana);
    renameDocument(ana, 'Travel plan for May');
    renameDocument(bo, 'Plan for May and June');
    merge(ana, bo);
    expect(readTitle(ana)).toBe(readTitle(bo));
    expect(readTitle(ana)).toContain('Travel');
    expect(readTitle(ana)).toContain('and June');
  });

  it('[DD1] a rename gives exactly the new title, and emoji are never cut in half', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        const doc = new Y.Doc();
        rewriteTitle(doc, before);
        rewriteTitle(doc, after);
        const expected = new Y.Doc();
        rewriteTitle(expected, after);
        expect(readTitle(doc)).toBe(readTitle(expected));
      }),
    );
    const doc = new Y.Doc();
    rewriteTitle(doc, '🙂a');
    rewriteTitle(doc, '🙃a');
    expect(readTitle(twin(doc))).toBe('🙃a');
  });

  it('[DD2] move, archive and restore write only what differs', () => {
    const doc = page();
    moveDocument(doc, { parent: 'p1', order: 'a5' });
    expect(readMeta(doc)).toMatchObject({ parent: 'p1', order: 'a5' });
    const bytes = Y.encodeStateAsUpdate(doc);
    moveDocument(doc, { parent: 'p1', order: 'a5' });
    unarchiveDocument(doc);
    expect(Y.encodeStateAsUpdate(doc)).toEqual(bytes);
    archiveDocument(doc, 70);
    archiveDocument(doc, 80);
    expect(readMeta(doc)?.archivedAt).toBe(70);
    unarchiveDocument(doc);
    moveDocument(doc, { parent: null, order: 'a5' });
    expect(readMeta(doc)).toMatchObject({ archivedAt: null, parent: null });
  });

  it('[DD2] whatever a peer writes into meta, reading it is total and well-formed', () => {
    const junk = fc.oneof(
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constant({ a: [1] }),
      fc.constant('Y'),
      fc.constant(Number.NaN),
      fc.constant(-5),
      fc.constant('x'.repeat(5_000)),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('createdBy', 'createdAt', 'parent', 'order', 'archivedAt'), junk),
        (values) => {
          const doc = new Y.Doc();
          metaOf(doc).set('kind', 'page');
          for (const [key, value] of Object.entries(values)) metaOf(doc).set(key, value === 'Y' ? new Y.Map() : value);
          const meta = readMeta(doc);
          expect(meta).not.toBeNull();
          expect(Number.isInteger(meta!.createdAt)).toBe(true);
          expect(meta!.order.length).toBeLessThan(1_000);
        },
      ),
    );
    const newer = new Y.Doc();
    metaOf(newer).set('kind', 'hologram');
    expect(readMeta(newer)).toBeNull();
  });

  it('[DD1] a title with line breaks reads as one line, and an endless one is cut at a whole character', () => {
    const doc = new Y.Doc();
    doc.getText('title').insert(0, 'a\nb\u2028c');
    expect(readTitle(doc)).toBe('a b c');
    const long = new Y.Doc();
    long.getText('title').insert(0, 'x' + '🙂'.repeat(1_500));
    expect(readTitle(long)).toBe('x' + '🙂'.repeat(999));
  });
});
