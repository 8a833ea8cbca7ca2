// Shows that the skim counts what Yjs builds, passes what honest clients write, and never throws or grows.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { LIMITS } from '../protocol/limits.ts';
import {
  deepAny,
  deepJson,
  manyDeletes,
  manyStructs,
  manyValues,
  prototypeKeys,
} from '../../tests/interop/hostile/updates.ts';
import { countItems } from './update-skim.ts';

/** A document with every kind of content that Yjs knows. */
function everything(): Y.Doc {
  const doc = new Y.Doc();
  const text = doc.getText('body');
  text.insert(0, 'words and more', { bold: true });
  text.insertEmbed(3, { kind: 'block', list: [1, 2, { deep: '"[[\\"' }] });
  text.delete(1, 2);
  const map = doc.getMap('map');
  map.set('any', { a: [1, -5, 2.5, 1e300, 10n, true, false, null, undefined, 'x', new Uint8Array(3)], b: {} });
  map.set('bytes', new Uint8Array(9));
  map.set('document', new Y.Doc());
  map.set('array', new Y.Array());
  const xml = doc.getXmlFragment('xml');
  xml.insert(0, [new Y.XmlElement('p'), new Y.XmlText('t'), new Y.XmlHook('hook') as unknown as Y.XmlText]);
  xml.delete(0, 1);
  return doc;
}

describe('the skim of an update', () => {
  it('[HU18] counts at least the structs and deletions of every kind of content, and stops at the limit', () => {
    const doc = everything();
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    other.getText('body').insert(2, 'between');
    const update = Y.encodeStateAsUpdate(other);
    const { structs, ds } = Y.decodeUpdate(update);
    const ranges = [...ds.clients.values()].reduce((sum, list) => sum + list.length, 0);
    expect(countItems(update, Infinity)).toBeGreaterThanOrEqual(structs.length + ranges);
    expect(countItems(update, 5)).toBe(Infinity);
    expect(countItems(prototypeKeys(), 100)).toBeGreaterThan(0);
    for (const make of [manyStructs, manyValues, manyDeletes]) {
      expect(countItems(make(2_000), Infinity)).toBeGreaterThanOrEqual(2_000);
      expect(countItems(make(2_000), 1_999)).toBe(Infinity);
    }
  });

  it('[HU18] refuses values nested too deep, and nothing that is as deep as allowed', () => {
    for (const make of [deepAny, deepJson]) {
      expect(countItems(make(LIMITS.valueDepth - 1), Infinity)).not.toBeNull();
      expect(countItems(make(LIMITS.valueDepth + 2), Infinity)).toBeNull();
      expect(countItems(make(1_000_000), Infinity)).toBeNull();
    }
  });

  it('[HU18] never throws, and reads whatever Yjs reads', () => {
    const update = Y.encodeStateAsUpdate(everything());
    fc.assert(
      fc.property(fc.nat({ max: update.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const changed = new Uint8Array(update);
        changed[at] = byte;
        const count = countItems(changed, 100_000);
        let read: boolean;
        try {
          Y.decodeUpdate(changed);
          read = true;
        } catch {
          read = false;
        }
        expect(read && count === null).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
