// What is said of a swallowed passage: where it was typed, and what became of it. Pure.
import type { RecoveredPassage } from '../../../contract/recovered.ts';

const PLACES: Readonly<Record<string, string>> = {
  table: 'a table',
  heading: 'a heading',
  bullet: 'a list item',
  ordered: 'a list item',
  check: 'a check list item',
  toggle: 'a toggle',
  quote: 'a quote',
  callout: 'a callout',
  code: 'a code block',
  poll: 'a poll',
  done: 'what is to be done',
};

export function placeOf({ place }: Pick<RecoveredPassage, 'place'>): string {
  return PLACES[place.kind] ?? 'a paragraph';
}

export function becameOf({ kind }: Pick<RecoveredPassage, 'kind'>): string {
  return kind === 'lost' ? 'It is not in the page.' : 'It now stands in the block before.';
}
