// A Markdown tree to blocks. What the model cannot express becomes a raw block holding exactly its piece of the source.
import type {
  Blockquote,
  List,
  ListItem,
  Node,
  Nodes,
  Paragraph,
  PhrasingContent,
  Root,
  RootContent,
  Table,
} from 'mdast';
import { MAX_INDENT, type BlockAttributes, type NewBlock, type NewInline, type TextKind } from '../page/block.ts';
import { readAtom } from './atoms.ts';
import { relativeLink, type FoundLink, type ResolveLink } from './links.ts';
import { EMPTY_COMMENT, TOGGLE_SIGN, readInline, type InlineReading } from './read-inline.ts';
import { readTable } from './tables.ts';

export interface BlockReading {
  readonly blocks: readonly NewBlock[];
  /** For each block the index of the top-level node that it came from. */
  readonly origins: readonly number[];
  readonly links: readonly FoundLink[];
  /** Why something was kept raw, and how often. */
  readonly kept: Readonly<Record<string, number>>;
}

interface Context {
  readonly source: string;
  readonly resolveLink: ResolveLink | undefined;
  readonly out: NewBlock[];
  readonly links: FoundLink[];
  readonly kept: Record<string, number>;
}

/** A language that stands in a code fence as it is. */
const PLAIN_INFO = /^[^\s`&\\~][^`&\\~\r\n]{0,63}$/;
const CALLOUT = /^>[ \t]?\[!NOTE\][ \t]*(?:\n|$)/;
const ANY_ALERT = /^>[ \t]*\[!/;

/** Top-level nodes whose index is in `keepRaw` are kept raw whatever they are. */
export function treeToBlocks(
  root: Root,
  source: string,
  resolveLink: ResolveLink | undefined,
  keepRaw: ReadonlySet<number>,
): BlockReading {
  const context: Context = { source, resolveLink, out: [], links: [], kept: {} };
  const origins: number[] = [];
  for (const [index, node] of root.children.entries()) {
    if (keepRaw.has(index)) raw(node, 0, 'unusual', context);
    else readFlow(node, 0, context);
    while (origins.length < context.out.length) origins.push(index);
  }
  return { blocks: context.out, origins, links: context.links, kept: context.kept };
}

function readFlow(node: RootContent, indent: number, context: Context): void {
  const atom = readAtom(node, (url) => leadOf(url, context));
  if (atom) {
    context.out.push({ ...atom, indent });
    return;
  }
  switch (node.type) {
    case 'paragraph':
      return readTextBlock(node, 'paragraph', indent, {}, context);
    case 'table':
      return readTableBlock(node, indent, context);
    case 'heading':
      return readTextBlock(node, 'heading', indent, { level: node.depth }, context);
    case 'code': {
      const info = node.meta ? `${node.lang ?? ''} ${node.meta}` : (node.lang ?? '');
      if (info !== '' && !PLAIN_INFO.test(info)) return raw(node, indent, 'code', context);
      return put('code', indent, plain(node.value), { language: info }, context);
    }
    case 'list':
      return readList(node, indent, context);
    case 'blockquote':
      return readQuote(node, indent, context);
    case 'html':
      if (node.value === EMPTY_COMMENT) return put('paragraph', indent, [], {}, context);
      return raw(node, indent, 'html', context);
    case 'footnoteDefinition':
      return raw(node, indent, 'footnote', context);
    case 'definition':
      return raw(node, indent, 'reference', context);
    default:
      return raw(node, indent, node.type, context);
  }
}

/** Where an address leads: a link to another file is asked for, and told. */
function leadOf(url: string, context: Context): string | null {
  const link = relativeLink(url);
  if (!link) return url;
  context.links.push(link);
  return context.resolveLink?.(link) ?? null;
}

function readTableBlock(node: Table, indent: number, context: Context): void {
  const links: FoundLink[] = [];
  const reading = readTable(node, (cell) => inline(cell.children, { ...context, links }, true));
  if (!reading.ok) return raw(node, indent, reading.reason, context);
  context.links.push(...links);
  context.out.push({ type: 'atom', kind: 'table', indent, props: { table: reading.table } });
}

function readTextBlock(
  node: Paragraph | (RootContent & { type: 'heading' }),
  kind: TextKind,
  indent: number,
  attributes: Partial<BlockAttributes>,
  context: Context,
): void {
  const reading = inline(node.children, context);
  if (reading.ok) put(kind, indent, reading.runs, attributes, context);
  else raw(node, indent, reading.reason, context);
}

function readList(list: List, indent: number, context: Context): void {
  // Numbers are computed from 1: a list that begins elsewhere would change its numbers.
  if (list.ordered && list.start !== 1) return raw(list, indent, 'numbering', context);
  if (indent === MAX_INDENT && list.children.some((item) => item.children.length > 1 || !headOf(item))) {
    return raw(list, indent, 'nesting', context);
  }
  for (const item of list.children) readItem(item, list.ordered ?? false, indent, context);
}

function readItem(item: ListItem, ordered: boolean, indent: number, context: Context): void {
  const isCheck = typeof item.checked === 'boolean';
  const kind = isCheck ? 'check' : ordered ? 'ordered' : 'bullet';
  const attributes = isCheck ? { checked: item.checked === true } : {};
  const head = headOf(item);
  const reading = head ? inline(isEmptyComment(head.children) ? [] : head.children, context) : null;
  const first = item.children[0];
  const headTaken = reading?.ok === true || (first?.type === 'html' && first.value === EMPTY_COMMENT);
  const runs = reading?.ok ? reading.runs : [];
  const toggled = kind === 'bullet' ? withoutSign(runs, TOGGLE_SIGN) : null;
  put(toggled ? 'toggle' : kind, indent, toggled ?? runs, attributes, context);
  for (const child of headTaken ? item.children.slice(1) : item.children) readFlow(child, indent + 1, context);
}

function headOf(item: ListItem): Paragraph | null {
  const first = item.children[0];
  return first?.type === 'paragraph' ? first : null;
}

function isEmptyComment(nodes: readonly PhrasingContent[]): boolean {
  const [only, ...rest] = nodes;
  return rest.length === 0 && only?.type === 'html' && only.value === EMPTY_COMMENT;
}

/** A quote is its paragraphs, one block each; GitHub's `[!NOTE]` is a callout with the rest as its children. */
function readQuote(quote: Blockquote, indent: number, context: Context): void {
  const written = sliceOf(quote, context);
  if (CALLOUT.test(written)) return readCallout(quote, indent, context);
  const readings: InlineReading[] = [];
  for (const child of quote.children) {
    if (child.type !== 'paragraph') return raw(quote, indent, 'quote', context);
    readings.push(inline(child.children, context));
  }
  if (ANY_ALERT.test(written)) return raw(quote, indent, 'callout', context);
  const contents: (readonly NewInline[])[] = [];
  for (const reading of readings) {
    if (!reading.ok) return raw(quote, indent, reading.reason, context);
    contents.push(reading.runs);
  }
  for (const runs of contents.length === 0 ? [[]] : contents) put('quote', indent, runs, {}, context);
}

function readCallout(quote: Blockquote, indent: number, context: Context): void {
  const [head, ...rest] = quote.children;
  const reading = head?.type === 'paragraph' ? inline(head.children, context) : null;
  const runs = reading?.ok ? withoutSign(reading.runs, '[!NOTE]') : null;
  if (!runs || (rest.length > 0 && indent === MAX_INDENT)) return raw(quote, indent, 'callout', context);
  const inside: Context = { ...context, out: [], links: [], kept: {} };
  for (const child of rest) readFlow(child, indent + 1, inside);
  if (Object.keys(inside.kept).length > 0) return raw(quote, indent, 'callout', context);
  put('callout', indent, runs, {}, context);
  context.out.push(...inside.out);
  context.links.push(...inside.links);
}

/** The content behind a sign that it begins with and the white space after that; null where there is no sign. */
function withoutSign(content: readonly NewInline[], sign: string): readonly NewInline[] | null {
  const [first, ...rest] = content;
  if (first?.type !== 'text' || !first.text.startsWith(sign)) return null;
  return [{ ...first, text: first.text.slice(sign.length).replace(/^[ \n]/, '') }, ...rest];
}

function inline(nodes: readonly PhrasingContent[], context: Context, inCell = false): InlineReading {
  const links: FoundLink[] = [];
  const reading = readInline(nodes, {
    source: context.source,
    resolveLink: context.resolveLink,
    onLink: (link) => links.push(link),
    inCell,
  });
  // Links of what is kept raw are found by raw(), once.
  if (reading.ok) context.links.push(...links);
  return reading;
}

function raw(node: Node, indent: number, reason: string, context: Context): void {
  const text = dedent(resolvedSlice(node, context), indent === 0 ? 0 : (node.position?.start.column ?? 1) - 1);
  context.kept[reason] = (context.kept[reason] ?? 0) + 1;
  put('raw', indent, plain(text.replace(/^\n+|\s+$/g, '')), {}, context);
}

/** The node's source with its resolved links' destinations in place of the written ones; every other letter stays. */
function resolvedSlice(node: Node, context: Context): string {
  const end = node.position?.end.offset ?? 0;
  let text = '';
  let at = node.position?.start.offset ?? 0;
  for (const { link, start } of destinationsIn(node, context.source)) {
    context.links.push(link);
    const url = context.resolveLink?.(link);
    if (!url || start < at) continue;
    text += context.source.slice(at, start) + url;
    at = start + link.written.length;
  }
  return text + context.source.slice(at, end);
}

/** Where relative destinations of links and definitions stand, in the order of the text. */
function destinationsIn(node: Node, source: string): { link: FoundLink; start: number }[] {
  const found: { link: FoundLink; start: number }[] = [];
  const waiting: Nodes[] = [node as Nodes];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.type === 'link' || next.type === 'definition') {
      const link = relativeLink(next.url);
      const behind = next.type === 'link' ? next.children.at(-1)?.position?.end : next.position?.start;
      const from = behind?.offset ?? next.position?.start.offset ?? 0;
      const marker = next.type === 'link' ? source.indexOf('](', from) : source.indexOf(']:', from);
      const start = marker < 0 ? -1 : source.indexOf(next.url, marker + 2);
      const isThere = start >= 0 && /^[\s<]*$/.test(source.slice(marker + 2, start));
      if (link && isThere && start < (next.position?.end.offset ?? 0)) found.push({ link, start });
    }
    if ('children' in next) waiting.push(...next.children.toReversed());
  }
  return found.sort((a, b) => a.start - b.start);
}

function sliceOf(node: Node, context: Context): string {
  return context.source.slice(node.position?.start.offset, node.position?.end.offset);
}

/** Takes up to `columns` of white space from every line but the first (a list item's content stands behind its marker). */
function dedent(text: string, columns: number): string {
  if (columns === 0) return text;
  const [first = '', ...rest] = text.split('\n');
  return [first, ...rest.map((line) => dedentLine(line, columns))].join('\n');
}

function dedentLine(line: string, columns: number): string {
  let column = 0;
  let at = 0;
  while (column < columns && (line.charAt(at) === ' ' || line.charAt(at) === '\t')) {
    column += line.charAt(at) === '\t' ? 4 - (column % 4) : 1;
    at += 1;
  }
  return ' '.repeat(Math.max(0, column - columns)) + line.slice(at);
}

function plain(text: string): NewInline[] {
  return text === '' ? [] : [{ type: 'text', text, marks: {} }];
}

function put(
  kind: TextKind,
  indent: number,
  content: readonly NewInline[],
  attributes: Partial<BlockAttributes>,
  context: Context,
): void {
  context.out.push({ type: 'text', kind, indent, content, ...attributes });
}
