// What a member has seen of pages, by device, and which blocks hold something beyond it.
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { randomId } from '../../base/random-id.ts';
import { bodyOf, seenOf } from '../document/roots.ts';
import { changedSince } from '../page/changed-since.ts';
import { appendBlocks } from '../page/write.ts';
import { createPersonal } from './personal.ts';
import { LONGEST_VECTOR, markSeen, readSeen } from './seen.ts';

const page = randomId();

function personal(): Y.Doc {
  const doc = new Y.Doc();
  createPersonal(doc, { createdBy: 'ana', createdAt: 1 });
  return doc;
}

const vector = (...clocks: [number, number][]): Uint8Array => Y.encodeStateVector(new Map(clocks));

describe('what was seen', () => {
  test('[PS3] [W20] what any of the devices has seen counts, client by client; seen again writes nothing', () => {
    const doc = personal();
    expect(readSeen(doc, page)).toBeNull();
    markSeen(doc, { device: 'laptop', document: page }, vector([1, 5], [2, 9]));
    markSeen(doc, { device: 'desk', document: page }, vector([1, 7], [3, 1]));
    expect(readSeen(doc, page)).toEqual(
      new Map([
        [1, 7],
        [2, 9],
        [3, 1],
      ]),
    );
    expect(readSeen(doc, randomId())).toBeNull();
    let written = 0;
    doc.on('update', () => (written += 1));
    markSeen(doc, { device: 'laptop', document: page }, vector([1, 4], [2, 9]));
    expect(written).toBe(0);
  });

  test('[PS3] values that no honest program writes are read past', () => {
    const doc = personal();
    seenOf(doc).set(`a/${page}`, 'words');
    seenOf(doc).set(`b/${page}`, new Uint8Array([255, 255, 255]));
    seenOf(doc).set(`c/${page}`, new Uint8Array(LONGEST_VECTOR + 1));
    expect(readSeen(doc, page)).toBeNull();
    markSeen(doc, { device: 'd', document: page }, new Uint8Array([9]));
    expect(seenOf(doc).has(`d/${page}`)).toBe(false);
  });
});

describe('changed since', () => {
  test('[W20] blocks with words, attributes, formats or cells of others are changed, and no others', () => {
    const ana = new Y.Doc();
    const block = (id: string, text: string) =>
      ({ type: 'text', kind: 'paragraph', id, content: [{ type: 'text', text, marks: {} }] }) as const;
    appendBlocks(bodyOf(ana), [block('a', 'One'), block('b', 'Two'), block('c', 'Three'), block('d', 'Four')]);
    const cell = new Y.Text('x');
    bodyOf(ana).insertEmbed(
      bodyOf(ana).length,
      new Y.Map<unknown>([
        ['kind', 'table'],
        ['id', 't'],
        ['cells', new Y.Map([['r/c', cell]])],
      ]),
    );
    const seen = Y.decodeStateVector(Y.encodeStateVector(ana));
    const bo = new Y.Doc();
    Y.applyUpdate(bo, Y.encodeStateAsUpdate(ana));
    expect(changedSince(bodyOf(bo), seen, new Set())).toEqual([]);
    bodyOf(bo).insert(2, 'x');
    const third = bodyOf(bo)
      .toDelta()
      .map(({ insert }: { insert: unknown }) => insert)
      .find((one: unknown) => one instanceof Y.Map && one.get('id') === 'c') as Y.Map<unknown>;
    third.set('indent', 1);
    const table = bodyOf(bo)
      .toDelta()
      .map(({ insert }: { insert: unknown }) => insert)
      .find((one: unknown) => one instanceof Y.Map && one.get('id') === 't') as Y.Map<unknown>;
    (table.get('cells') as Y.Map<Y.Text>).get('r/c')?.insert(0, 'y');
    expect(changedSince(bodyOf(bo), seen, new Set())).toEqual(['a', 'c', 't']);
    expect(changedSince(bodyOf(bo), seen, new Set([bo.clientID]))).toEqual([]);
    // What was only deleted leaves nothing to tell by.
    bodyOf(ana).delete(bodyOf(ana).toString().indexOf('Two') + 2, 1);
    expect(changedSince(bodyOf(ana), seen, new Set())).toEqual([]);
  });
});
