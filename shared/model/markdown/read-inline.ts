// Inline Markdown nodes to text runs; what the model cannot express is named instead, and the whole block is then kept raw.
import type { PhrasingContent, Text } from 'mdast';
import type { Marks, NewInline } from '../page/block.ts';
import { embedOfLink } from './embeds.ts';
import { readUrl, relativeLink, WIKILINK, wikiLink, type FoundLink, type ResolveLink } from './links.ts';
import { joinInline } from './same-blocks.ts';

export type InlineReading =
  | { readonly ok: true; readonly runs: readonly NewInline[] }
  /** What stands in the way: `image`, `html`, `footnote`, ... */
  | { readonly ok: false; readonly reason: string };

export interface InlineContext {
  readonly source: string;
  readonly resolveLink: ResolveLink | undefined;
  readonly onLink: (link: FoundLink) => void;
  /** In a table's cell `<br>` is a line break, `[ ]` and `[x]` are boxes to tick. */
  readonly inCell?: boolean;
}

/** What an empty block is written as where Markdown has no empty one: a comment, which no reader sees. */
export const EMPTY_COMMENT = '<!-- -->';
/** A bullet whose text begins with it is a toggle: any other reader sees a list with a sign. */
export const TOGGLE_SIGN = '▸';
/** Deeper inline nesting is kept raw. */
const DEPTH_LIMIT = 40;

class Inexpressible extends Error {}

export function readInline(nodes: readonly PhrasingContent[], context: InlineContext): InlineReading {
  const runs: NewInline[] = [];
  try {
    walk(nodes, {}, runs, context, 0);
    return { ok: true, runs: joinInline(runs) };
  } catch (error) {
    if (error instanceof Inexpressible) return { ok: false, reason: error.message };
    throw error;
  }
}

function walk(
  nodes: readonly PhrasingContent[],
  outer: Marks,
  runs: NewInline[],
  context: InlineContext,
  depth: number,
): void {
  if (depth > DEPTH_LIMIT) throw new Inexpressible('nesting');
  let marks = outer;
  const push = (text: string, own: Marks = marks): void => {
    runs.push({ type: 'text', text, marks: own });
  };
  for (const node of nodes) {
    switch (node.type) {
      case 'text':
        readText(node, marks, runs, context);
        break;
      case 'break':
        push('\n');
        break;
      case 'inlineCode':
        push(node.value, { ...marks, code: true });
        break;
      case 'strong':
        walk(node.children, { ...marks, bold: true }, runs, context, depth + 1);
        break;
      case 'emphasis':
        walk(node.children, { ...marks, italic: true }, runs, context, depth + 1);
        break;
      case 'delete':
        walk(node.children, { ...marks, strike: true }, runs, context, depth + 1);
        break;
      case 'link': {
        if (node.title) throw new Inexpressible('link title');
        const before = runs.length;
        walk(node.children, { ...marks, link: destination(node.url, context) }, runs, context, depth + 1);
        if (runs.length === before) throw new Inexpressible('empty link');
        if (runs.length === before + 1) {
          const only = runs[before];
          const embed = only?.type === 'text' ? embedOfLink(node.url, only.text) : null;
          if (embed) runs[before] = embed;
        }
        break;
      }
      case 'html':
        if (context.inCell && /^<br *\/?>$/i.test(node.value)) push('\n');
        else if (node.value === '<mark>' && !marks.highlight) marks = { ...marks, highlight: true };
        else if (node.value === '</mark>' && marks.highlight && !outer.highlight) marks = outer;
        else throw new Inexpressible('html');
        break;
      case 'linkReference':
        throw new Inexpressible('reference');
      case 'imageReference':
        throw new Inexpressible('image');
      case 'footnoteReference':
        throw new Inexpressible('footnote');
      default:
        throw new Inexpressible(node.type);
    }
  }
  if (marks !== outer) throw new Inexpressible('html');
}

function destination(url: string, context: InlineContext): string {
  const link = relativeLink(url);
  if (!link) return readUrl(url);
  context.onLink(link);
  return context.resolveLink?.(link) ?? url;
}

/** A line break in the source is a space; a wikilink that resolves becomes a link, any other stays as it is written. */
function readText(node: Text, marks: Marks, runs: NewInline[], context: InlineContext): void {
  const text = node.value.replace(/[\r\n]/g, ' ');
  const boxes = context.inCell && marks.link === undefined ? boxesIn(node, text, context.source) : [];
  const push = (part: string, own: Marks): void => {
    let at = 0;
    for (const match of boxes.length > 0 ? part.matchAll(BOX) : []) {
      if (boxes.shift() !== true) continue;
      runs.push({ type: 'text', text: part.slice(at, match.index), marks: own });
      runs.push({ type: 'check', checked: match[0] !== '[ ]' });
      at = match.index + match[0].length;
    }
    runs.push({ type: 'text', text: part.slice(at), marks: own });
  };
  if (!text.includes('[[')) {
    push(text, marks);
    return;
  }
  if (/!\[\[/.test(text)) throw new Inexpressible('embed');
  const written = context.source.slice(node.position?.start.offset, node.position?.end.offset);
  const unescaped = new Set([...written.matchAll(WIKILINK)].map((match) => match[0]));
  let at = 0;
  for (const match of text.matchAll(WIKILINK)) {
    if (!unescaped.has(match[0]) || marks.link !== undefined) continue;
    const { link, shown } = wikiLink(match);
    context.onLink(link);
    const url = context.resolveLink?.(link);
    if (!url) continue;
    push(text.slice(at, match.index), marks);
    push(shown, { ...marks, link: url });
    at = match.index + match[0].length;
  }
  push(text.slice(at), marks);
}

const BOX = /(?<!\[)\[[ xX]\](?!\])/g;
const WRITTEN_BOX = /(?<!\[)(\\?)\[[ xX](\\?)\](?!\])/g;

/** For each box in a text whether it was written as one; with an escape it is three letters. */
function boxesIn(node: Text, text: string, source: string): boolean[] {
  const count = [...text.matchAll(BOX)].length;
  if (count === 0) return [];
  const written = source.slice(node.position?.start.offset, node.position?.end.offset);
  const boxes = [...written.matchAll(WRITTEN_BOX)].map(([, before, behind]) => before === '' && behind === '');
  return boxes.length === count ? boxes : [];
}
