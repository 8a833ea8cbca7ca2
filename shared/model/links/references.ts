// What the blocks of a page say of other documents and of people: each reference with a line of context, and the text that is no link yet. Pure.
import type { Block, Inline } from '../page/block.ts';
import { readPageLink } from '../page/page-link.ts';

/** A piece of a line as a reader puts it together: titles and names are the reader's own, so that a line holds none. */
export type LinePart = { readonly here?: true } & (
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'page'; readonly page: string }
  | { readonly type: 'mention'; readonly member: string }
  | { readonly type: 'date'; readonly date: string }
);

export interface Reference {
  /** A document's id, or `@` and a member's. */
  readonly target: string;
  /** The block or heading of the target, or ''. */
  readonly anchor: string;
  /** The block that holds it. */
  readonly block: string;
  readonly line: readonly LinePart[];
}

/** Where text stands that may become a link. `text` has one sign for each inline thing and for what is a link or code already. */
export interface FreeText {
  readonly block: string;
  readonly text: string;
  /** All that stands there, for showing it. */
  readonly content: readonly Inline[];
}

export interface DocumentReferences {
  readonly references: readonly Reference[];
  readonly free: readonly FreeText[];
}

/** Stands in free text for what takes no link; no title holds it. */
export const TAKEN = '\uFFFC';
/** A document that links more often than this is an index of its own; the rest is not listed. */
const MOST_REFERENCES = 5_000;
const BEFORE = 60;
const AFTER = 120;

/** Destinations in the Markdown that a raw block keeps. */
const RAW_DESTINATION = /\](?:\(|:)\s{0,3}<?(page:[^\s()<>]+)/g;

export function readReferences(blocks: readonly Block[]): DocumentReferences {
  const references: Reference[] = [];
  const free: FreeText[] = [];
  for (const block of blocks) {
    if (block.type === 'atom' && block.kind === 'table') {
      // Words in cells are linked there by hand: free text is what a block itself holds.
      for (const cell of block.props.table?.rows.flat() ?? []) addBlock(block.id, cell, references, []);
    }
    const shown = shownIn(block);
    if (shown !== '') {
      const line: LinePart[] = [{ type: 'page', page: shown, here: true }];
      references.push({ target: shown, anchor: '', block: block.id, line });
    }
    if (block.type !== 'text') continue;
    if (block.kind === 'raw') addRaw(block.id, textOf(block.content), references);
    else if (block.kind !== 'code') addBlock(block.id, block.content, references, free);
  }
  return { references: references.slice(0, MOST_REFERENCES), free };
}

/** The document that a block shows in its place; '' for none. */
function shownIn(block: Block): string {
  if (block.type !== 'atom') return '';
  if (block.kind === 'thread') return block.props.thread;
  return block.kind === 'board' ? block.props.board : '';
}

function addBlock(block: string, content: readonly Inline[], references: Reference[], free: FreeText[]): void {
  let text = '';
  let at = 0;
  let link = '';
  for (const inline of content) {
    const length = inline.type === 'text' ? inline.text.length : 1;
    const url = inline.type === 'text' ? (inline.marks.link ?? '') : '';
    if (inline.type === 'text' && url === '' && !inline.marks.code) text += inline.text;
    else text += TAKEN.repeat(length);
    const found = targetOf(inline);
    // A link whose words are marked in several ways is one link.
    if (found && (url === '' || url !== link)) {
      const to = url === '' ? at + length : linkEnd(content, at, url);
      references.push({ ...found, block, line: lineAround(content, at, to) });
    }
    link = url;
    at += length;
  }
  if (text.replaceAll(TAKEN, '').trim() !== '') free.push({ block, text, content });
}

function targetOf(inline: Inline): Pick<Reference, 'target' | 'anchor'> | null {
  if (inline.type === 'page') return { target: inline.page, anchor: inline.block ?? '' };
  if (inline.type === 'mention') return { target: `@${inline.member}`, anchor: '' };
  const address = inline.type === 'text' && inline.marks.link !== undefined ? readPageLink(inline.marks.link) : null;
  return address && { target: address.page, anchor: address.anchor };
}

/** Where the run of equal links ends that begins at a place. */
function linkEnd(content: readonly Inline[], from: number, url: string): number {
  let at = 0;
  let end = from;
  for (const inline of content) {
    const length = inline.type === 'text' ? inline.text.length : 1;
    if (at >= from) {
      if (inline.type !== 'text' || inline.marks.link !== url) break;
      end = at + length;
    }
    at += length;
  }
  return end;
}

/** The line around [from, to), with that marked as `here`; what is cut away shows as an ellipsis. */
export function lineAround(content: readonly Inline[], from: number, to: number): readonly LinePart[] {
  const start = Math.max(0, from - BEFORE);
  const end = Math.max(to, from) + AFTER;
  const parts: LinePart[] = [];
  let at = 0;
  for (const inline of content) {
    const length = inline.type === 'text' ? inline.text.length : 1;
    if (at + length > start && at < end) {
      for (const [a, b] of cuts(at, at + length, [start, from, to, end])) {
        if (b <= start || a >= end) continue;
        const here = a >= from && b <= to ? { here: true as const } : {};
        const part = partOf(inline, a - at, b - at);
        if (part) parts.push({ ...part, ...here });
      }
    }
    at += length;
  }
  const joined = joinText(parts);
  if (start > 0) joined.unshift({ type: 'text', text: '…' });
  if (end < at) joined.push({ type: 'text', text: '…' });
  return joinText(joined);
}

/** [from, to) cut at those of the places that lie inside. */
function cuts(from: number, to: number, places: readonly number[]): (readonly [number, number])[] {
  const inside = [from, ...places.filter((place) => place > from && place < to), to];
  return inside.slice(1).map((end, index) => [inside[index] ?? from, end] as const);
}

function partOf(inline: Inline, from: number, to: number): LinePart | null {
  switch (inline.type) {
    case 'text':
      return { type: 'text', text: whole(inline.text.slice(from, to)).replace(/\s+/g, ' ') };
    case 'page':
      return { type: 'page', page: inline.page };
    case 'mention':
      return { type: 'mention', member: inline.member };
    case 'date':
      return { type: 'date', date: inline.date };
    default:
      return null;
  }
}

/** A cut may have halved a character at either end. */
function whole(text: string): string {
  return text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
}

function joinText(parts: readonly LinePart[]): LinePart[] {
  const joined: LinePart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.type === 'text' && last?.type === 'text' && last.here === part.here) {
      joined[joined.length - 1] = { ...last, text: last.text + part.text };
    } else if (part.type !== 'text' || part.text !== '') joined.push(part);
  }
  return joined;
}

function addRaw(block: string, text: string, references: Reference[]): void {
  for (const match of text.matchAll(RAW_DESTINATION)) {
    const address = readPageLink(match[1] ?? '');
    if (!address) continue;
    const content: Inline[] = [{ type: 'text', text, marks: {} }];
    const line = lineAround(content, match.index, match.index + match[0].length);
    references.push({ target: address.page, anchor: address.anchor, block, line });
  }
}

function textOf(content: readonly Inline[]): string {
  return content.map((inline) => (inline.type === 'text' ? inline.text : TAKEN)).join('');
}
