// Bringing pages back: what comes of it is the version that was asked for, by the smallest change, whatever was done in between.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { bodyOf, titleOf } from '../document/roots.ts';
import { createMarker } from './marker.ts';
import { readBlocks } from './read.ts';
import { restoreBlock } from './restore-block.ts';
import { restorePage } from './restore-page.ts';
import { appendBlocks } from './write.ts';

function page(...texts: string[]): Y.Doc {
  const doc = new Y.Doc();
  titleOf(doc).insert(0, 'Plan');
  const paragraph = (text: string, at: number) =>
    ({ type: 'text', kind: 'paragraph', id: `b${at}`, content: [{ type: 'text', text, marks: {} }] }) as const;
  appendBlocks(bodyOf(doc), texts.map(paragraph));
  return doc;
}

function copy(doc: Y.Doc): Y.Doc {
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  return other;
}

const shown = (doc: Y.Doc): unknown => [titleOf(doc).toString(), readBlocks(bodyOf(doc))];

describe('restoring a page', () => {
  test('[W19] text, kinds, formats, deleted and added blocks come back; what is in both keeps its items', () => {
    const doc = page('One fine day', 'Two', 'Three');
    const past = copy(doc);
    const body = bodyOf(doc);
    body.insert(4, 'new ');
    body.format(1, 3, { bold: true });
    body.delete(body.toString().indexOf('Two') + 1, 3);
    titleOf(doc).insert(4, ' B');
    appendBlocks(body, [{ type: 'text', kind: 'heading', content: [{ type: 'text', text: 'Late', marks: {} }] }]);
    const kept = body._start;
    let size = 0;
    doc.on('update', (update: Uint8Array) => (size += update.length));
    restorePage(doc, past, 'restore');
    expect(shown(doc)).toEqual(shown(past));
    expect(body._start).toBe(kept);
    expect(size).toBeLessThan(250);
    size = 0;
    restorePage(doc, past, 'restore');
    expect(size).toBe(0);
  });

  test('[W19] a table that was deleted comes back with its cells; one that is there gets them back, cell by cell', () => {
    const doc = page('Before');
    const table = new Y.Map<unknown>([
      ['kind', 'table'],
      ['id', 't'],
      ['cells', new Y.Map([['r/c', new Y.Text('forty')]])],
    ]);
    bodyOf(doc).insertEmbed(bodyOf(doc).length, table);
    const past = copy(doc);
    const cell = (of: Y.Doc): string => {
      const [map] = bodyOf(of)
        .toDelta()
        .map(({ insert }: { insert: unknown }) => insert)
        .filter((one: unknown): one is Y.Map<unknown> => one instanceof Y.Map && one.get('kind') === 'table');
      return String((map?.get('cells') as Y.Map<Y.Text>).get('r/c'));
    };
    (table.get('cells') as Y.Map<Y.Text>).get('r/c')?.insert(5, '-two');
    restorePage(doc, past, null);
    expect(cell(doc)).toBe('forty');
    bodyOf(doc).delete(bodyOf(doc).length - 1, 1);
    restorePage(doc, past, null);
    expect(cell(doc)).toBe('forty');
  });

  test('[W19] restoring is undone like any edit, and what others typed meanwhile stays', () => {
    const doc = page('One', 'Two');
    const past = copy(doc);
    const undo = new Y.UndoManager([bodyOf(doc), titleOf(doc)], { trackedOrigins: new Set(['restore']) });
    bodyOf(doc).delete(0, 4);
    bodyOf(doc).insert(bodyOf(doc).length, ' and more');
    const now = shown(doc);
    const other = copy(doc);
    bodyOf(other).insert(1, 'meanwhile ');
    restorePage(doc, past, 'restore');
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(bodyOf(doc).toString()).toContain('meanwhile ');
    undo.undo();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    expect(bodyOf(doc).toString()).toContain('meanwhile ');
    bodyOf(doc).delete(bodyOf(doc).toDelta().length > 0 ? 1 : 0, 'meanwhile '.length);
    expect(shown(doc)).toEqual(now);
  });

  test('[W19] one block comes back, every other stays as it is', () => {
    const doc = page('One', 'Two words', 'Three');
    const past = copy(doc);
    const body = bodyOf(doc);
    const at = (text: string): number => {
      let index = 0;
      for (const { insert } of body.toDelta() as { insert: unknown }[]) {
        if (typeof insert === 'string' && insert.includes(text)) return index + insert.indexOf(text);
        index += typeof insert === 'string' ? insert.length : 1;
      }
      throw new Error(`no ${text}`);
    };
    body.insert(at('One') + 3, ' more');
    body.delete(at('words'), 5);
    body.insert(at('Two'), 'Zwei ');
    const others = (of: Y.Doc): unknown => readBlocks(bodyOf(of)).filter(({ id }) => id !== 'b1');
    const before = others(doc);
    expect(restoreBlock(doc, past, 'b1', null)).toBe('restored');
    expect(readBlocks(body)[1]).toEqual(readBlocks(bodyOf(past))[1]);
    expect(others(doc)).toEqual(before);
    expect(restoreBlock(doc, past, 'b1', null)).toBe('unchanged');
    // Joined to the one before it: the block comes back whole, and what was joined stays.
    body.delete(at('Two') - 1, 1);
    const joined = others(doc);
    restoreBlock(doc, past, 'b1', null);
    expect(readBlocks(body).find(({ id }) => id === 'b1')).toEqual(readBlocks(bodyOf(past))[1]);
    expect(others(doc)).toEqual(joined);
    expect(restoreBlock(doc, past, 'never', null)).toBe('not-there');
  });

  type Step = readonly [kind: number, at: number, length: number, text: string];
  const step: fc.Arbitrary<Step> = fc.tuple(
    fc.nat(6),
    fc.nat(60),
    fc.integer({ min: 1, max: 5 }),
    fc.string({ maxLength: 4 }),
  );

  function edit(doc: Y.Doc, [kind, where, length, text]: Step, name: string): void {
    const body = bodyOf(doc);
    const at = Math.min(where, body.length);
    if (kind <= 1) body.insert(at, text);
    else if (kind === 2 && at < body.length) body.delete(at, Math.min(length, body.length - at));
    else if (kind === 3 && at < body.length)
      body.format(at, Math.min(length, body.length - at), length > 4 ? { link: text } : { bold: length > 2 || null });
    else if (kind === 4) body.insertEmbed(at, createMarker({ id: name, kind: 'paragraph' }));
    else {
      const items: Y.Item[] = [];
      for (let item = body._start; item; item = item.right) {
        if (!item.deleted && item.content instanceof Y.ContentType) items.push(item);
      }
      const [moved, anchor] = [items[where % items.length], items[length % items.length]];
      const marker = moved && (moved.content as Y.ContentType).type;
      if (!(marker instanceof Y.Map)) return;
      const after = anchor && length > 1 ? [anchor.id.client, anchor.id.clock] : null;
      if (kind === 5) marker.set('slot', { after, key: `a${String(where % 10)}` });
      else marker.set('indent', length);
    }
  }

  test('[W19] random edits of two, moves and formats among them: each version that was kept comes back exactly, and one block too', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.array(step, { maxLength: 25 }), (first, second) => {
        const doc = page('Alpha beta', 'Gamma', 'Delta epsilon');
        const other = copy(doc);
        first.forEach((one, at) => edit(at % 3 === 0 ? other : doc, one, `f${at}`));
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
        const past = copy(doc);
        second.forEach((one, at) => edit(at % 3 === 0 ? other : doc, one, `s${at}`));
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
        const whole = copy(doc);
        const now = copy(doc);
        // There and back: what was written again has other items than those of the past.
        for (const version of [past, now, past, now]) {
          restorePage(whole, version, null);
          expect(shown(whole)).toEqual(shown(version));
        }
        restorePage(whole, past, null);
        expect(shown(whole)).toEqual(shown(past));
        for (const block of readBlocks(bodyOf(past))) {
          const one = copy(doc);
          restoreBlock(one, past, block.id, null);
          const real = readBlocks(bodyOf(one)).find(({ id }) => id === block.id);
          if (!/^start|:text|~/.test(block.id)) expect(real).toEqual(block);
        }
      }),
    );
  });
});
