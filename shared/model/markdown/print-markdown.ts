// Blocks to Markdown (CommonMark with GFM), in one normal form: reading the result gives the same blocks again.
import type { NewBlock, TextRun } from '../page/block.ts';
import { printAtom } from './atoms.ts';
import { fencedCode } from './code-fence.ts';
import { withoutEmbeds, type EmbedNames } from './embeds.ts';
import { replacePageLinks } from './links.ts';
import { createInlinePrinter, type InlinePrinter } from './print-inline.ts';
import { EMPTY_COMMENT, TOGGLE_SIGN } from './read-inline.ts';

export interface PrintOptions extends EmbedNames {
  /** Another URL for a link (such as `page:<id>`), or null to leave it; in raw blocks only `page:` links are asked for. */
  readonly printLink?: (url: string) => string | null;
}

/** A list item or callout may own deeper blocks; Markdown has no way to indent anything below the other kinds. */
const OWNERS: ReadonlySet<string> = new Set(['bullet', 'ordered', 'check', 'toggle', 'callout']);
const ITEMS: ReadonlySet<string> = new Set(['bullet', 'ordered', 'check', 'toggle']);
/** What may begin on the line of an empty item's marker. */
const BESIDE_MARKER: ReadonlySet<string> = new Set([
  'raw',
  'code',
  'heading',
  'quote',
  'callout',
  'divider',
  'image',
  'file',
  'table',
  'poll',
  'done',
  'thread',
  'board',
]);

interface Printer {
  readonly inline: InlinePrinter;
  readonly link: (url: string) => string | null;
  readonly names: EmbedNames;
}

/** The Markdown with one line break at the end, or '' for no blocks. Never throws for what text holds. */
export function printMarkdown(blocks: readonly NewBlock[], options: PrintOptions = {}): string {
  const link = options.printLink ?? (() => null);
  const printer: Printer = { inline: createInlinePrinter((url) => link(url) ?? url), link, names: options };
  const lines = printFlow(blocks, printer);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** The lines of blocks that stand side by side (with what they own), without any prefix. */
function printFlow(blocks: readonly NewBlock[], printer: Printer): string[] {
  const lines: string[] = [];
  let number = 0;
  let previous: { kind: string; tight: boolean } | null = null;
  for (let at = 0; at < blocks.length;) {
    const block = blocks[at];
    if (!block) break;
    let end = at + 1;
    if (OWNERS.has(block.kind)) while (indentOf(blocks[end]) > indentOf(block)) end += 1;
    number = block.kind === 'ordered' ? number + 1 : 0;
    const printed = printBlock(block, blocks.slice(at + 1, end), number, printer);
    if (previous) {
      if (previous.kind === 'quote' && block.kind === 'quote') lines.push('>');
      else if (!(previous.tight && sameList(previous.kind, block.kind))) lines.push('');
    }
    for (const line of printed) lines.push(line);
    previous = { kind: block.kind, tight: !printed.includes('') };
    at = end;
  }
  return lines;
}

function printBlock(block: NewBlock, children: readonly NewBlock[], number: number, printer: Printer): string[] {
  if (block.type === 'atom') return printAtom(block, printer);
  switch (block.kind) {
    case 'paragraph':
      return textLines(block, printer) ?? [EMPTY_COMMENT];
    case 'heading':
      return printer.inline.heading(runsOf(block, printer), block.level ?? 1).split('\n');
    case 'quote':
      return quoted(textLines(block, printer) ?? ['']);
    case 'callout': {
      const inner = printFlow(children, printer);
      return quoted(['[!NOTE]', ...(textLines(block, printer) ?? []), ...(inner.length > 0 ? ['', ...inner] : [])]);
    }
    case 'code':
      return fencedCode(plainText(block, printer), block.language ?? '');
    case 'raw':
      return replacePageLinks(plainText(block, printer), printer.link).split('\n');
    case 'bullet':
      return printItem('- ', block, children, printer);
    case 'toggle':
      return printItem('- ', withSign(block), children, printer);
    case 'check':
      return printItem(`- [${block.checked ? 'x' : ' '}] `, block, children, printer);
    case 'ordered':
      return printItem(`${number}. `, block, children, printer);
  }
}

function printItem(
  marker: string,
  block: NewBlock & { type: 'text' },
  children: readonly NewBlock[],
  printer: Printer,
): string[] {
  const inner = printFlow(children, printer);
  const text = textLines(block, printer);
  const first = children[0];
  const hanging = ' '.repeat(block.kind === 'check' ? 2 : marker.length);
  const isTight = text !== null && first?.type === 'text' && ITEMS.has(first.kind) && plainText(first, printer) !== '';
  let content: string[];
  if (text !== null) content = [...text, ...(inner.length > 0 && !isTight ? [''] : []), ...inner];
  else if (block.kind === 'check' || (first && !BESIDE_MARKER.has(first.kind))) {
    content = [EMPTY_COMMENT, ...(inner.length > 0 ? [''] : []), ...inner];
  } else content = inner.length > 0 ? inner : [''];
  return content.map((line, index) => (index === 0 ? `${marker}${line}`.trimEnd() : line && hanging + line));
}

function textLines(block: NewBlock & { type: 'text' }, printer: Printer): string[] | null {
  const text = printer.inline.paragraph(runsOf(block, printer));
  return text === '' ? null : text.split('\n');
}

function quoted(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '>' : `> ${line}`));
}

function withSign(block: NewBlock & { type: 'text' }): NewBlock & { type: 'text' } {
  const sign = block.content.length > 0 ? `${TOGGLE_SIGN} ` : TOGGLE_SIGN;
  return { ...block, content: [{ type: 'text', text: sign, marks: {} }, ...block.content] };
}

function runsOf(block: NewBlock & { type: 'text' }, printer: Printer): TextRun[] {
  return withoutEmbeds(block.content, printer.names);
}

function plainText(block: NewBlock & { type: 'text' }, printer: Printer): string {
  return runsOf(block, printer)
    .map((run) => run.text)
    .join('');
}

function indentOf(block: NewBlock | undefined): number {
  return block ? (block.indent ?? 0) : -1;
}

/** Bullets and checks share a list. */
function sameList(one: string, other: string): boolean {
  return ITEMS.has(one) && ITEMS.has(other) && (one === 'ordered') === (other === 'ordered');
}
