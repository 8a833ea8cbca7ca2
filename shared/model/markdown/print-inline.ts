// Text runs to inline Markdown, escaped so that reading gives the same runs; template calls and wikilinks stay readable.
import type { Heading, Link, Paragraph, PhrasingContent, Table, Text } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkStringify from 'remark-stringify';
import { unified } from 'unified';
import type { Marks, NewTable, TextRun } from '../page/block.ts';
import { boxText, withoutEmbeds, type EmbedNames } from './embeds.ts';
import { writtenUrl } from './links.ts';
import { joinInline, joinRuns } from './same-blocks.ts';
import { tableNode } from './tables.ts';

export interface InlinePrinter {
  /** Lines joined by '\n'; what is not expressible (breaks at the end) is left out. */
  paragraph(runs: readonly TextRun[]): string;
  heading(runs: readonly TextRun[], level: number): string;
  /** A table's lines joined by '\n'; a line break in a cell is `<br>`, a box to tick is `[ ]` or `[x]`. */
  table(table: NewTable, names: EmbedNames): string;
}

/** What is printed as it stands: nothing in it is escaped. */
interface Piece extends TextRun {
  readonly verbatim?: true;
}

type Wrapping = 'link' | 'highlight' | 'bold' | 'italic' | 'strike';
const WRAPPINGS: readonly Wrapping[] = ['link', 'highlight', 'bold', 'italic', 'strike'];

/** Template calls, wikilinks and underscores inside a word: none of them can mean anything else in Markdown. */
const AS_WRITTEN =
  /\{%[^\n[\]*`<>&\\~@]*?%\}|\{\{[^\n[\]*`<>&\\~@]*?\}\}|(?<![!\\[])\[\[[^\n[\]*`<>&\\~@]+\]\](?![[(\]:])|(?<=[\p{L}\p{N}])_+(?=[\p{L}\p{N}])/gu;
const NEEDS_ESCAPE = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|:\/\/|www\./iu;

/** `printLink` may give a link another URL. */
export function createInlinePrinter(printLink: (url: string) => string): InlinePrinter {
  const processor = unified()
    // Padding every cell would change all lines of a table when one word gets longer.
    .use(remarkGfm, { tablePipeAlign: false })
    .use(remarkStringify, {
      bullet: '-',
      emphasis: '*',
      strong: '*',
      handlers: {
        text(node: Text, _parent, state, info) {
          let out = '';
          let at = 0;
          for (const match of node.value.matchAll(AS_WRITTEN)) {
            if (match[0].length > 1 && !match[0].startsWith('_') && NEEDS_ESCAPE.test(match[0])) continue;
            if (at < match.index) {
              const before = at === 0 ? info.before : node.value.charAt(at - 1);
              const part = node.value.slice(at, match.index);
              out += state.safe(part, { ...info, before, after: match[0].charAt(0) });
            }
            out += match[0];
            at = match.index + match[0].length;
          }
          if (at === 0) return state.safe(node.value, info);
          const tail = node.value.slice(at);
          return tail === '' ? out : out + state.safe(tail, { ...info, before: node.value.charAt(at - 1) });
        },
      },
    })
    .freeze();
  const print = (node: Paragraph | Heading | Table): string =>
    processor.stringify({ type: 'root', children: [node] }).replace(/\n$/, '');
  return {
    paragraph: (runs) => print({ type: 'paragraph', children: phrasing(trimBreaks(runs), [], { printLink }) }),
    heading: (runs, level) =>
      print({
        type: 'heading',
        depth: Math.min(6, Math.max(1, Math.round(level))) as Heading['depth'],
        children: phrasing(trimBreaks(runs), [], { printLink }),
      }),
    table: (table, names) =>
      print(
        tableNode(table, (content) => {
          const pieces = joinInline(content).flatMap((part): Piece[] =>
            part.type === 'check'
              ? [{ type: 'text', text: boxText(part), marks: {}, verbatim: true }]
              : withoutEmbeds([part], names),
          );
          return phrasing(pieces, [], { printLink, inCell: true });
        }),
      ),
  };
}

/** A break before the first or behind the last letter of a block cannot be written. */
function trimBreaks(runs: readonly TextRun[]): TextRun[] {
  const joined = joinRuns(runs);
  const first = joined[0];
  if (first) joined[0] = { ...first, text: first.text.replace(/^\n+/, '') };
  const last = joined.at(-1);
  if (last) joined[joined.length - 1] = { ...last, text: last.text.replace(/\n+$/, '') };
  return joined.filter((run) => run.text !== '');
}

interface Printing {
  readonly printLink: (url: string) => string;
  /** In a table's cell, where a line break is `<br>`. */
  readonly inCell?: boolean;
}

/** Nests marks: at each place the mark that reaches furthest is the outer one. */
function phrasing(runs: readonly Piece[], used: readonly Wrapping[], context: Printing): PhrasingContent[] {
  const nodes: PhrasingContent[] = [];
  let at = 0;
  for (let run = runs[at]; run; run = runs[at]) {
    const { marks } = run;
    let outer: Wrapping | null = null;
    let reach = 0;
    for (const mark of WRAPPINGS) {
      if (marks[mark] === undefined || used.includes(mark)) continue;
      const end = endOf(runs, at, mark, marks);
      if (end > reach) [outer, reach] = [mark, end];
    }
    if (outer === null) {
      nodes.push(...leaves(run, context));
      at += 1;
    } else {
      const children = phrasing(runs.slice(at, reach), [...used, outer], context);
      nodes.push(...wrap(outer, children, marks, context.printLink));
      at = reach;
    }
  }
  return nodes;
}

function endOf(runs: readonly TextRun[], start: number, mark: Wrapping, marks: Marks): number {
  let end = start;
  while (runs[end]?.marks[mark] === marks[mark] && end < runs.length) end += 1;
  return end;
}

function wrap(
  mark: Wrapping,
  children: PhrasingContent[],
  marks: Marks,
  printLink: (url: string) => string,
): PhrasingContent[] {
  switch (mark) {
    case 'link':
      return [{ type: 'link', url: writtenUrl(printLink(marks.link ?? '')), children: children as Link['children'] }];
    case 'highlight':
      return [{ type: 'html', value: '<mark>' }, ...children, { type: 'html', value: '</mark>' }];
    case 'bold':
      return [{ type: 'strong', children }];
    case 'italic':
      return [{ type: 'emphasis', children }];
    case 'strike':
      return [{ type: 'delete', children }];
  }
}

function leaves(run: Piece, { inCell = false }: Printing): PhrasingContent[] {
  if (run.verbatim) return [{ type: 'html', value: run.text }];
  return run.text.split('\n').flatMap((value, index): PhrasingContent[] => {
    const leaf: PhrasingContent[] =
      value === '' ? [] : [run.marks.code ? { type: 'inlineCode', value } : { type: 'text', value }];
    return index === 0 ? leaf : [inCell ? { type: 'html', value: '<br>' } : { type: 'break' }, ...leaf];
  });
}
