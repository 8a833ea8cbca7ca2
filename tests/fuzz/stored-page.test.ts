// The strict reading of a stored page finds each thing that no program of this version writes; readers take all of them without a word.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createMarker } from '../../shared/model/page/marker.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { pageFaults } from './stored-page.ts';

const RULE = { loose: new Set<string>(), doubled: false };

/** A page of two blocks, then changed. */
function page(change: (body: Y.Text, second: Y.Map<unknown>) => void): Y.Doc {
  const doc = new Y.Doc();
  const body = doc.getText('body');
  const second = createMarker({ id: randomId(), kind: 'heading', level: 2 });
  doc.transact(() => {
    body.insertEmbed(0, createMarker({ id: randomId(), kind: 'paragraph' }));
    body.insert(1, 'one', { bold: true });
    body.insertEmbed(4, second, {});
    body.insert(5, 'two', {});
  });
  doc.transact(() => change(body, second));
  return doc;
}

const set =
  (key: string, value: unknown) =>
  (_: Y.Text, marker: Y.Map<unknown>): void =>
    void marker.set(key, value);
const slot = (after: unknown, key: unknown) => set('slot', { after, key });

describe('[PG1] to [PG12] the strict reading of a stored page', () => {
  it('finds nothing in one that is as it should be', () => {
    const doc = page((body, second) => {
      second.set('slot', { after: null, key: 'a0' });
      body.insertEmbed(
        8,
        createMarker({ id: randomId(), kind: 'image', props: { blob: 'ab'.repeat(32), size: 7 } }),
        {},
      );
      body.insert(9, 'behind it', {});
      body.insertEmbed(2, { type: 'mention', member: 'somebody' }, {});
    });
    expect(pageFaults(doc, RULE)).toEqual([]);
    expect(readBlocks(doc.getText('body'))).toHaveLength(4);
  });

  it.each([
    ['no kind', (_: Y.Text, marker: Y.Map<unknown>) => marker.delete('kind'), /no marker/],
    ['an unknown kind', set('kind', 'whiteboard'), /kind whiteboard/],
    ['no id', (_: Y.Text, marker: Y.Map<unknown>) => marker.delete('id'), /id undefined/],
    ['an id of another form', set('id', 'block-one'), /id "block-one"/],
    ['an indent beyond the greatest', set('indent', 13), /indent 13/],
    ['half an indent', set('indent', 0.5), /indent 0.5/],
    ['level 0', set('level', 0), /level 0/],
    ['a tick that is none', set('checked', 'yes'), /checked "yes"/],
    ['an unknown attribute', set('tint', 'clay'), /tint "clay"/],
    ['a slot without a key', slot(null, ''), /slot/],
    ['a slot behind what nobody wrote', slot([7, 7], 'a0'), /slot/],
    ['a slot with more in it', set('slot', { after: null, key: 'a0', more: 1 }), /slot/],
    ['text before the first marker', (body: Y.Text) => body.insert(0, 'x', {}), /before the first marker/],
    ['half a character', (body: Y.Text) => body.insert(6, '\ud83d', {}), /half a character/],
    ['an unknown mark', (body: Y.Text) => body.format(5, 2, { tint: 'clay' }), /mark tint/],
    ['an unknown thing', (body: Y.Text) => body.insertEmbed(6, { type: 'star' }, {}), /inline thing/],
    ['a mention of nobody', (body: Y.Text) => body.insertEmbed(6, { type: 'mention' }, {}), /inline thing/],
    ['another root', (body: Y.Text) => body.doc!.getMap('more').set('a', 1), /root more/],
    ['a picture with a width as text', picture('width', '320'), /width "320"/],
    ['a picture with a level', picture('level', 2), /level 2/],
  ])('finds %s', (_, change, fault) => {
    const faults = pageFaults(page(change as (body: Y.Text, second: Y.Map<unknown>) => void), RULE);
    expect(faults.join(', ')).toMatch(fault);
  });

  it('finds a block that is there twice, but where several take one deletion back', () => {
    const doc = page((body, second) => {
      const again = createMarker({ id: String(second.get('id')), kind: 'paragraph' });
      body.insertEmbed(body.length, again, {});
    });
    expect(pageFaults(doc, RULE).join()).toContain('2 markers');
    expect(pageFaults(doc, { ...RULE, doubled: true })).toEqual([]);
  });

  it('lets text stand before the first marker that another program put there, or whose block is gone', () => {
    const typed = page((body) => body.insert(0, 'x', {}));
    expect(pageFaults(typed, { ...RULE, loose: new Set(['x']) })).toEqual([]);
    const orphaned = page((body) => body.delete(0, 1));
    expect(pageFaults(orphaned, RULE)).toEqual([]);
  });
});

function picture(key: string, value: unknown): (body: Y.Text) => void {
  return (body) => {
    const marker = createMarker({ id: randomId(), kind: 'image' });
    marker.set(key, value);
    body.insertEmbed(body.length, marker, {});
  };
}
