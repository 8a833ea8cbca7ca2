// Reading and writing a page's body, the hostile cases included.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { NewBlock, NewInline } from './block.ts';
import { itemOf } from './fragments.ts';
import { createMarker } from './marker.ts';
import { blockText, plainText, readBlocks, wordCount } from './read.ts';
import { wellFormed } from './well-formed.ts';
import { appendBlocks, writeBlocks } from './write.ts';

function page(blocks: readonly NewBlock[] = []): Y.Text {
  const body = new Y.Doc().getText('body');
  if (blocks.length > 0) writeBlocks(body, blocks);
  return body;
}

const text = (words: string, id: string): NewBlock => ({
  type: 'text',
  id,
  kind: 'paragraph',
  content: [{ type: 'text', text: words, marks: {} }],
});

function markers(body: Y.Text): Y.Map<unknown>[] {
  return (body.toDelta() as { insert: unknown }[]).map((op) => op.insert).filter((insert) => insert instanceof Y.Map);
}

function idOf(marker: Y.Map<unknown>): [number, number] {
  const item = itemOf(marker)!;
  return [item.id.client, item.id.clock];
}

describe('stored form of a page', () => {
  it('[PG1] reads back what was written, marks and attributes included', () => {
    const body = page([
      { type: 'text', id: 'a', kind: 'heading', level: 2, content: [{ type: 'text', text: 'Head', marks: {} }] },
      { type: 'text', id: 'b', kind: 'check', checked: true, indent: 1, content: [] },
      { type: 'atom', id: 'c', kind: 'divider' },
      {
        type: 'text',
        id: 'd',
        kind: 'code',
        language: 'ts',
        content: [
          { type: 'text', text: 'one ', marks: { bold: true } },
          { type: 'text', text: 'two', marks: { bold: true, link: 'page:x' } },
        ],
      },
    ]);
    expect(readBlocks(body)).toEqual([
      {
        type: 'text',
        id: 'a',
        kind: 'heading',
        level: 2,
        indent: 0,
        checked: false,
        language: '',
        content: [{ type: 'text', text: 'Head', marks: {} }],
      },
      { type: 'text', id: 'b', kind: 'check', level: 1, indent: 1, checked: true, language: '', content: [] },
      { type: 'atom', id: 'c', kind: 'divider', indent: 0, props: {} },
      {
        type: 'text',
        id: 'd',
        kind: 'code',
        level: 1,
        indent: 0,
        checked: false,
        language: 'ts',
        content: [
          { type: 'text', text: 'one ', marks: { bold: true } },
          { type: 'text', text: 'two', marks: { bold: true, link: 'page:x' } },
        ],
      },
    ]);
  });

  it('[PG2] does not write defaults, and an empty page has no blocks and no bytes', () => {
    const body = page([text('x', 'a')]);
    expect([...markers(body)[0]!.keys()].sort()).toEqual(['id', 'kind']);
    const empty = page();
    expect(readBlocks(empty)).toEqual([]);
    expect(Y.encodeStateAsUpdate(empty.doc!).length).toBe(2);
  });

  it('[PG3] text before the first marker and behind a divider shows as a paragraph', () => {
    const body = page([{ type: 'atom', id: 'd', kind: 'divider' }, text('after', 'e')]);
    body.insert(0, 'before');
    body.insert(body.toString().length - 'after'.length + 1, 'behind');
    expect(readBlocks(body).map((block) => [block.id, block.type, blockText(block)])).toEqual([
      ['start', 'text', 'before'],
      ['d', 'atom', ''],
      ['d:text', 'text', 'behind'],
      ['e', 'text', 'after'],
    ]);
  });

  it('[PG4] a slot takes a fragment out and puts it behind the physical place of its anchor', () => {
    const body = page([text('A', 'a'), text('B', 'b'), text('C', 'c')]);
    const [a, b, c] = markers(body) as [Y.Map<unknown>, Y.Map<unknown>, Y.Map<unknown>];
    a.set('slot', { after: idOf(c), key: 'a1' });
    expect(plainText(readBlocks(body))).toBe('B\nC\nA');
    b.set('slot', { after: idOf(c), key: 'a0' });
    expect(plainText(readBlocks(body))).toBe('C\nB\nA');
    c.set('slot', { after: idOf(a), key: 'a0' });
    expect(plainText(readBlocks(body))).toBe('C\nB\nA');
    c.set('slot', { after: null, key: 'a0' });
    expect(plainText(readBlocks(body))).toBe('C\nB\nA');
  });

  it('[PG5] of a deleted anchor the nearest live marker to the left counts, merged tombstones included', () => {
    const body = page([text('A', 'a'), text('B', 'b'), text('C', 'c'), text('D', 'd'), text('E', 'e')]);
    const [a, , , d] = markers(body) as [Y.Map<unknown>, Y.Map<unknown>, Y.Map<unknown>, Y.Map<unknown>];
    a.set('slot', { after: idOf(d), key: 'a0' });
    body.delete(4, 4);
    expect(plainText(readBlocks(body))).toBe('B\nA\nE');
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(body.doc!));
    expect(readBlocks(copy.getText('body'))).toEqual(readBlocks(body));
  });

  it('[PG6] a fragment that flows continues the block before it in view order', () => {
    const body = page([text('A', 'a'), text('B', 'b'), text('C', 'c')]);
    markers(body)[2]!.set('flow', true);
    expect(plainText(readBlocks(body))).toBe('A\nBC');
    markers(body)[0]!.set('flow', true);
    expect(plainText(readBlocks(body))).toBe('A\nBC');
  });

  it('[PG7] doubled ids are told apart, the first keeps its name', () => {
    const body = page([text('A', 'same'), text('B', 'same'), text('C', 'other')]);
    const ids = readBlocks(body).map((block) => block.id);
    expect(ids[0]).toBe('same');
    expect(new Set(ids).size).toBe(3);
  });

  it('[PG8] survives whatever a peer wrote', () => {
    const body = page([text('A', 'a')]);
    const odd = new Y.Map<unknown>();
    body.insertEmbed(body.length, odd);
    for (const value of [7, null, 'x', [], {}, { after: [1], key: 'a' }, { after: [-1, 0.5], key: 3 }]) {
      const marker = new Y.Map<unknown>(
        Object.entries({ id: value, kind: 'paragraph', indent: value, level: value, slot: value, flow: value }),
      );
      body.insertEmbed(body.length, marker);
      body.insert(body.length, 'text', { bold: 'yes', link: 3, other: { deep: true } });
    }
    body.insertEmbed(body.length, new Y.Map(Object.entries({ kind: 'whiteboard', id: 'w', indent: 99 })));
    body.insert(body.length, 'kept');
    body.insertEmbed(body.length, { mention: 'x' });
    body.insertEmbed(body.length, new Y.XmlElement('p'));
    body.insertEmbed(
      body.length,
      createMarker({ id: 'far', kind: 'paragraph', slot: { after: [123456, 9], key: '' } }),
    );
    const blocks = readBlocks(body);
    expect(blocks.at(-2)).toEqual({ type: 'unknown', id: 'w', kind: 'whiteboard', indent: 12, text: 'kept' });
    expect(blocks[0]).toMatchObject({ content: [{ text: 'A' }, { type: 'unknown' }] });
    expect(new Set(blocks.map((block) => block.id)).size).toBe(blocks.length);
  });

  it('[PG9] appends in one run, refuses to overwrite, and cuts half characters', () => {
    const body = page([text('A', 'a')]);
    appendBlocks(body, [text('B', 'b')]);
    expect(plainText(readBlocks(body))).toBe('A\nB');
    expect(() => writeBlocks(body, [text('C', 'c')])).toThrow(/already has content/);
    expect(wellFormed('a\uD83D b \uD83D\uDE00 \uDE00')).toBe('a\uFFFD b \uD83D\uDE00 \uFFFD');
  });

  it('[PG10] props of pictures and files: defaults are not written, and read for whatever a peer wrote', () => {
    const blob = 'ab'.repeat(32);
    const body = page([
      {
        type: 'atom',
        id: 'i',
        kind: 'image',
        indent: 2,
        props: { blob, name: 'a.png', size: 9, pixels: [4, 3], alt: '' },
      },
      { type: 'atom', id: 'f', kind: 'file', props: { blob, mime: 'application/pdf' } },
    ]);
    expect(Object.keys(markers(body)[0]!.toJSON()).toSorted()).toEqual(
      ['blob', 'id', 'indent', 'kind', 'name', 'pixels', 'size'].toSorted(),
    );
    const file = { blob, name: '', mime: 'application/pdf', size: 0 };
    const image = { blob, name: 'a.png', mime: '', size: 9, alt: '', width: null, pixels: [4, 3] };
    expect(readBlocks(body)).toEqual([
      { type: 'atom', id: 'i', kind: 'image', indent: 2, props: image },
      { type: 'atom', id: 'f', kind: 'file', indent: 0, props: file },
    ]);
    const hostile: Record<string, unknown>[] = [
      {
        blob: blob.toUpperCase(),
        name: 'a\u202egnp.exe',
        mime: 'Text/HTML',
        size: -1,
        alt: 7,
        width: 'x',
        pixels: [1],
      },
      { blob: '../../etc', name: 'n\0', mime: 'a/b; c', size: 2 ** 60, alt: 'x'.repeat(3000), pixels: [0, 1] },
      { blob: { deep: [] }, name: ['x'], mime: null, size: NaN, width: -5, pixels: { 0: 1, 1: 1, length: 2 } },
    ];
    for (const props of hostile) {
      const marker = markers(body)[0]!;
      for (const [key, value] of Object.entries(props)) marker.set(key, value);
      expect(readBlocks(body)[0]).toMatchObject({
        props: {
          blob: '',
          name: '',
          mime: '',
          size: 0,
          alt: '',
          pixels: null,
          width: props['width'] === -5 ? 32 : null,
        },
      });
      marker.delete('width');
      marker.delete('alt');
    }
  });

  it('[PG11] a toggle is a text kind and holds nothing more', () => {
    const body = page([{ ...text('More', 'a'), kind: 'toggle' } as NewBlock]);
    expect(markers(body)[0]!.toJSON()).toEqual({ id: 'a', kind: 'toggle' });
    expect(readBlocks(body)).toMatchObject([{ type: 'text', kind: 'toggle' }]);
  });

  it('[PG12] inline things are stored as they are; anything else stays an unknown one', () => {
    const embeds: NewInline[] = [
      { type: 'mention', member: 'm1' },
      { type: 'page', page: 'p1' },
      { type: 'page', page: 'p1', block: 'b1' },
      { type: 'date', date: '2028-02-29' },
    ];
    const body = page([{ type: 'text', id: 'a', kind: 'paragraph', content: embeds }]);
    expect(readBlocks(body)).toMatchObject([{ content: embeds }]);
    expect((body.toDelta() as { insert: unknown }[]).slice(1).map((op) => op.insert)).toEqual(embeds);
    const odd: object[] = [
      { type: 'mention' },
      { type: 'mention', member: '<b>' },
      { type: 'page', page: 'x'.repeat(129) },
      { type: 'date', date: '2026-02-29' },
      { type: 'date', date: '2026-13-01' },
      { type: 'date', date: 20261129 },
      { type: 'poll', id: 'x' },
      ['mention'],
      {},
    ];
    for (const embed of odd) body.insertEmbed(body.length, embed, {});
    const [block] = readBlocks(body);
    const types = block?.type === 'text' ? block.content.map((inline) => inline.type) : [];
    expect(types.slice(embeds.length)).toEqual(odd.map(() => 'unknown'));
  });

  it('[W14] counts words', () => {
    expect(wordCount(readBlocks(page([text('Two words', 'a'), text("don't 3", 'b')])))).toBe(4);
  });
});
