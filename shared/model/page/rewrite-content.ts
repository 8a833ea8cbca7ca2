// Makes what stands in a text, or in one block of a body, say something else by the smallest change of words: what stays keeps its items, so that others' words beside it stay. Whose text it is, others say.
import type * as Y from 'yjs';
import type { Inline, NewInline } from './block.ts';
import type { Unit } from './block-units.ts';
import { compareWords, wordsOf } from './compare-words.ts';
import { changeOf, type Delta } from './restore-content.ts';
import { storedContent } from './stored-content.ts';

/** The caller owns the transaction. @param start where it begins where nothing stands there. Things that this version does not know are not written. */
export function rewriteContent(text: Y.Text, units: readonly Unit[], start: number, content: readonly Inline[]): void {
  const things = new Map<string, number>();
  const named = (unit: Unit): Unit => {
    if (typeof unit.insert === 'string') return unit;
    const name = JSON.stringify(unit.insert);
    const number = things.get(name) ?? things.size;
    things.set(name, number);
    // Equal things are one thing, whoever put them there.
    return { ...unit, client: -1, clock: number };
  };
  const writable = content.filter((one): one is NewInline => one.type !== 'unknown');
  const target = storedContent(writable).flatMap(({ insert, attributes }): Unit[] =>
    (typeof insert === 'string' ? insert.split('') : [insert]).map((one) => ({
      ...{ client: -1, clock: -1, index: -1, insert: one },
      attributes,
    })),
  );
  const edits: { readonly at: number; readonly length: number; readonly delta: Delta }[] = [];
  let next = 0;
  let at = start;
  for (const { change, word } of compareWords(wordsOf(units.map(named)), wordsOf(target.map(named)))) {
    if (change === 'in') {
      for (const { insert, attributes } of word.units)
        edits.push({ at, length: 0, delta: { insert, attributes: { ...attributes } } });
      continue;
    }
    for (const wanted of word.units) {
      const unit = units[next];
      next += 1;
      if (!unit) continue;
      if (change === 'out') edits.push({ at: unit.index, length: 1, delta: { delete: 1 } });
      else {
        const { attributes } = changeOf(unit.attributes, wanted.attributes);
        if (attributes) edits.push({ at: unit.index, length: 1, delta: { retain: 1, attributes } });
      }
      at = unit.index + 1;
    }
  }
  const delta: Delta[] = [];
  let reached = 0;
  const order = edits.map((edit, place) => ({ ...edit, place }));
  for (const edit of order.sort((a, b) => a.at - b.at || a.length - b.length || a.place - b.place)) {
    if (edit.at > reached) delta.push({ retain: edit.at - reached });
    delta.push(edit.delta);
    reached = Math.max(reached, edit.at + edit.length);
  }
  if (delta.length > 0) text.applyDelta(delta, { sanitize: false });
}

/** The content with other words: words that stay keep their marks, inline things stay where they are. */
export function withWords(before: readonly Inline[], words: string): readonly Inline[] {
  const found: Inline[] = [];
  const fresh = unitsOfContent([{ type: 'text', text: words, marks: {} }]);
  const old = wordsOf(unitsOfContent(before));
  let next = 0;
  for (const { change, word } of compareWords(old, wordsOf(fresh))) {
    if (change === 'in') {
      found.push({ type: 'text', text: word.text, marks: {} });
      continue;
    }
    const was = old[next];
    next += 1;
    for (const { insert, attributes } of was?.units ?? []) {
      if (typeof insert !== 'string') found.push(insert as Inline);
      else if (change !== 'out') found.push({ type: 'text', text: insert, marks: attributes });
    }
  }
  return found;
}

function unitsOfContent(content: readonly Inline[]): Unit[] {
  return content.flatMap((one, place): Unit[] =>
    one.type === 'text'
      ? one.text.split('').map((insert) => ({ insert, attributes: { ...one.marks }, client: 0, clock: 0, index: 0 }))
      : [{ insert: one, attributes: {}, client: 0, clock: place, index: 0 }],
  );
}
