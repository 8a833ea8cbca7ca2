// What is attached to cards: apart and together, hostile entries, and which bytes a document then needs.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { readAttachments } from '../document/attachments.ts';
import { filesOf } from '../document/roots.ts';
import { addCardFiles, removeCardFile, renameCardFile, restoreCardFile, saidOf } from './card-file-commands.ts';
import { asFileName, asWebAddress, readCardFiles, readFileDeeds } from './card-files.ts';
import { copyCardPage, isEmptyCopy, openCardPage, readCardFacts, writeCardPage } from './card-page.ts';

const ANA = { by: 'ana', at: 10 };
const BLOB = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);
const plan = { name: 'plan.pdf', blob: BLOB, mime: 'application/pdf', size: 12 };

function card(client = 1): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = client;
  openCardPage(doc, 'board', ANA);
  return doc;
}
function meet(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
  expect(readCardFiles(b)).toEqual(readCardFiles(a));
}
const names = (doc: Y.Doc): string[] => readCardFiles(doc).map(({ name }) => name);

describe('attachments of a card', () => {
  it('[BD24] [B9] files and links stand in the order in which they were added, with who added them and when; the face counts each', () => {
    const doc = card();
    const [first] = addCardFiles(doc, [plan, { name: 'Map', url: 'https://example.org/m?a=1' }], ANA);
    addCardFiles(doc, [{ ...plan, name: 'mast.png', blob: OTHER, mime: 'image/png', pixels: [80, 40] }], {
      by: 'bo',
      at: 20,
    });
    expect(readCardFiles(doc)).toMatchObject([
      { kind: 'file', name: 'plan.pdf', blob: BLOB, mime: 'application/pdf', size: 12, by: 'ana', at: 10 },
      { kind: 'link', name: 'Map', url: 'https://example.org/m?a=1', returned: false },
      { kind: 'file', name: 'mast.png', blob: OTHER, pixels: [80, 40], by: 'bo', at: 20 },
    ]);
    expect(readCardFacts(doc)).toEqual({ comments: 0, attachments: 3, described: false });
    renameCardFile(doc, first!, ' The plan.pdf ');
    renameCardFile(doc, first!, '   ');
    expect(names(doc)).toEqual(['The plan.pdf', 'Map', 'mast.png']);
    expect(() => addCardFiles(doc, [{ name: 'x', url: 'javascript:alert(1)' }], ANA)).toThrow('neither a file nor');
    expect(() => addCardFiles(doc, [{ ...plan, blob: 'no name' }], ANA)).toThrow('neither a file nor');
    expect(() => renameCardFile(doc, 'gone', 'x')).toThrow('not attached');
    expect(readCardFiles(doc)).toHaveLength(3);
  });

  it('[BD24] [AT1] a document needs the bytes of what is attached, until it is removed; Undo needs them again', () => {
    const doc = card();
    const [id] = addCardFiles(doc, [plan, { name: 'Map', url: 'https://example.org/' }], ANA);
    expect(readAttachments(doc)).toEqual([{ blob: BLOB, size: 12, name: 'plan.pdf' }]);
    removeCardFile(doc, id!, { by: 'bo', at: 30 });
    expect([names(doc), readAttachments(doc), readCardFacts(doc)?.attachments]).toEqual([['Map'], [], 1]);
    expect(readFileDeeds(doc).map(({ what, name, by, at }) => [what, name, by, at])).toEqual([
      ['attached', 'plan.pdf', 'ana', 10],
      ['attached', 'Map', 'ana', 10],
      ['removed', 'plan.pdf', 'bo', 30],
    ]);
    restoreCardFile(doc, id!);
    expect([names(doc), readAttachments(doc).length]).toEqual([['plan.pdf', 'Map'], 1]);
  });

  it('[BD24] [DD4] two who attach apart keep both, in one order; what one renames while another removes it comes back with a note', () => {
    const [a, b] = [card(5), card(7)];
    meet(a, b);
    const [mine] = addCardFiles(
      a,
      [
        { ...plan, name: 'a1' },
        { ...plan, name: 'a2' },
      ],
      ANA,
    );
    addCardFiles(
      b,
      [
        { ...plan, name: 'b1' },
        { ...plan, name: 'b2' },
      ],
      { by: 'bo', at: 10 },
    );
    meet(a, b);
    expect(['a1,a2,b1,b2', 'b1,b2,a1,a2']).toContain(names(a).join(','));
    removeCardFile(a, mine!, ANA);
    renameCardFile(b, mine!, 'a1 final');
    meet(a, b);
    expect(readCardFiles(a).find(({ id }) => id === mine)).toMatchObject({ name: 'a1 final', returned: true });
    restoreCardFile(b, mine!);
    meet(a, b);
    expect(readCardFiles(a).every(({ returned }) => !returned)).toBe(true);
  });

  it('[BD24] a reader takes anything that a peer wrote, and a copy has what shows', () => {
    const doc = card();
    const root = filesOf(doc);
    root.set('text', 'no map');
    root.set('not an id!', new Y.Map());
    root.set('nothing', new Y.Map());
    const put = (id: string, said: Record<string, unknown>) => root.set(id, new Y.Map(Object.entries(said)));
    put('script', { url: 'javascript:alert(1)', name: 'x' });
    put('login', { url: 'https://bank.example@evil.example/', name: 'x' });
    put('turned', {
      blob: BLOB,
      name: new Y.Text('fdp.\u202eexe\n'),
      size: -1,
      mime: 7,
      pixels: ['a'],
      at: 'x',
      by: {},
    });
    put('plain', { url: 'https://example.org/a b', name: '' });
    expect(readCardFiles(doc)).toMatchObject([
      { id: 'plain', kind: 'link', name: 'https://example.org/a%20b', url: 'https://example.org/a%20b', at: 0 },
      { id: 'turned', kind: 'file', name: 'fdp.exe', size: 0, mime: '', pixels: null, by: null, at: 0 },
    ]);
    expect(readAttachments(doc)).toMatchObject([{ blob: BLOB, size: 0 }]);
    const copied = copyCardPage(doc);
    expect(isEmptyCopy(copied)).toBe(false);
    const copy = card(9);
    writeCardPage(copy, copied);
    expect(readCardFiles(copy)).toEqual(readCardFiles(doc));
    expect(asFileName(`${'x'.repeat(300)}.pdf`)).toMatch(/^x{251}\.pdf$/);
    expect(asWebAddress('ftp://example.org')).toBeNull();
    expect(saidOf(plan)).toEqual({ blob: BLOB, mime: 'application/pdf', size: 12 });
  });
});
