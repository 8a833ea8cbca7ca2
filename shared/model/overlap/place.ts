// Where people can change one thing while apart, and what may stand there (docs/documents.md, OV): types, and reading either from a document of now or of then. Total; it writes nothing.
import * as Y from 'yjs';
import type { Inline } from '../page/block.ts';
import { readFragments } from '../page/fragments.ts';
import { textsContent } from '../page/table-content.ts';
import { readTable } from '../page/table-read.ts';
import { blockOf, contentOf, viewBlocks, type ViewBlock } from '../page/view-blocks.ts';
import { viewOrder } from '../page/view-order.ts';
import { readFacts } from '../thread/facts.ts';
import { bodyOf, cardsOf, metaOf, titleOf, votesOf } from '../document/roots.ts';
import { cutLine } from '../document/title.ts';
import { shownMap } from '../board/whereabouts.ts';

export const BLOCK_PARTS = ['kind', 'indent', 'checked'] as const;
export type BlockPart = (typeof BLOCK_PARTS)[number];

export type OverlapPlace =
  /** The title of the document. */
  | { readonly at: 'title' }
  /** The words of a block. */
  | { readonly at: 'words'; readonly block: string }
  /** What a block is, how far it is indented, whether it is ticked. */
  | { readonly at: 'block'; readonly block: string; readonly part: BlockPart }
  | { readonly at: 'cell'; readonly block: string; readonly row: string; readonly column: string }
  /** A key of a card; of a checklist or an item of it, `inner` is the key in there. */
  | { readonly at: 'card'; readonly card: string; readonly key: string; readonly inner: string | null }
  /** The accepted answer; the state of an idea. */
  | { readonly at: 'accepted' }
  | { readonly at: 'state' }
  | { readonly at: 'vote'; readonly member: string };

export type OverlapValue =
  /** With marks. */
  | { readonly is: 'words'; readonly content: readonly Inline[] }
  /** One line without marks. */
  | { readonly is: 'line'; readonly text: string }
  /** As it is stored; null: nothing. */
  | { readonly is: 'value'; readonly value: unknown };

/** Null where there is no such place (any more). */
export function valueAt(doc: Y.Doc, place: OverlapPlace): OverlapValue | null {
  switch (place.at) {
    case 'title':
      return { is: 'line', text: titleOf(doc).toJSON() };
    case 'words': {
      const block = findBlock(doc, place.block);
      return block?.type === 'text' ? { is: 'words', content: contentOf(block.fragments) } : null;
    }
    case 'block': {
      const block = findBlock(doc, place.block);
      return block ? { is: 'value', value: partOf(block, place.part) } : null;
    }
    case 'cell': {
      const marker = findBlock(doc, place.block)?.fragments[0]?.marker;
      const texts = marker ? readTable(marker).texts(place.row, place.column) : [];
      return texts.length > 0 ? { is: 'words', content: textsContent(texts) } : null;
    }
    case 'card': {
      const value = cardValue(doc, place);
      if (value === undefined) return null;
      if (value instanceof Y.Text) return { is: 'line', text: value.toJSON() };
      return plainValue(place, value instanceof Y.AbstractType ? null : value);
    }
    case 'accepted':
      return plainValue(place, metaOf(doc).get('accepted'));
    case 'state': {
      const last = readFacts(doc).decisions.at(-1);
      return last ? plainValue(place, last) : null;
    }
    case 'vote':
      return plainValue(place, votesOf(doc).get(place.member));
  }
}

/** What a stored value says at a place, without who wrote it and when. */
export function plainValue(place: OverlapPlace, stored: unknown): OverlapValue {
  const said = typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {};
  if (place.at === 'accepted') return { is: 'value', value: said['post'] ?? null };
  if (place.at === 'state') return { is: 'value', value: { state: said['state'], reason: said['reason'] ?? '' } };
  if (place.at === 'vote') return { is: 'value', value: said['choices'] ?? null };
  return { is: 'value', value: stored ?? null };
}

/** What stands under a card's key; undefined where the card is not here. */
export function cardValue(doc: Y.Doc, { card, key, inner }: Extract<OverlapPlace, { at: 'card' }>): unknown {
  const map = shownMap(cardsOf(doc), card);
  if (!map) return undefined;
  const value = map.get(key);
  if (inner === null) return value ?? null;
  return value instanceof Y.Map ? ((value as Y.Map<unknown>).get(inner) ?? null) : undefined;
}

export function findBlock(doc: Y.Doc, id: string): ViewBlock | null {
  const body = bodyOf(doc);
  return viewBlocks(viewOrder(body, readFragments(body)).order).find((block) => block.id === id) ?? null;
}

/** The words alone, on as many lines as they have. */
export function wordsOf(value: OverlapValue): string {
  if (value.is === 'line') return value.text;
  if (value.is === 'words') return value.content.map((one) => (one.type === 'text' ? one.text : '')).join('');
  return typeof value.value === 'string' ? cutLine(value.value) : '';
}

export function sameOverlapValue(a: OverlapValue | null, b: OverlapValue | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function partOf(view: ViewBlock, part: BlockPart): unknown {
  const block = blockOf(view);
  if (part === 'indent') return block.indent;
  // As it is stored: what is no list to tick just now may become one again.
  if (part === 'checked') return !view.virtual && view.fragments[0]?.marker?.get('checked') === true;
  if (block.type !== 'text') return { kind: block.kind };
  const { kind, level, language } = block;
  return { kind, level, language };
}
