// What is said of a place that two people changed: the thing, in words that stand behind "You both changed". Pure.
import type { OverlapPlace } from '../../../shared/model/overlap/place.ts';

const BLOCKS: Readonly<Record<string, string>> = {
  heading: 'a heading',
  bullet: 'a list item',
  ordered: 'a list item',
  check: 'a check list item',
  toggle: 'a toggle',
  quote: 'a quote',
  callout: 'a callout',
  code: 'a code block',
};

const CARD: Readonly<Record<string, string>> = {
  title: 'the title',
  column: 'the column',
  start: 'the start date',
  due: 'the due date',
  priority: 'the priority',
  cover: 'the cover',
};

const ITEM: Readonly<Record<string, string>> = {
  text: 'an item of a checklist',
  name: 'the name of a checklist',
  checked: 'a tick',
  due: 'the due date of an item',
  member: 'who does an item',
};

export function whatOfBlock(place: Extract<OverlapPlace, { at: 'words' | 'block' }>, kind: string): string {
  const block = BLOCKS[kind] ?? 'a paragraph';
  if (place.at === 'words') return block;
  if (place.part === 'checked') return 'a tick';
  return place.part === 'indent' ? `how far ${block} is indented` : 'the kind of a block';
}

/** @param field the name of the field that the key is of. */
export function whatOfCard({ key, inner }: Extract<OverlapPlace, { at: 'card' }>, field: string): string {
  if (inner !== null) return ITEM[inner] ?? 'an item of a checklist';
  return CARD[key] ?? (field === '' ? 'a field' : `“${field}”`);
}
