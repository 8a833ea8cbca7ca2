// Blocks without text of their own as Markdown: one function a kind writes, one reads what a kind's form is read from.
import type { RootContent } from 'mdast';
import { readAtomProps } from '../page/atom-props.ts';
import type { AtomKind, AtomProps, NewAtom } from '../page/block.ts';
import { writableTable } from '../page/new-table.ts';
import { EMPTY_ASK } from '../page/ask.ts';
import { boardLines } from './board-fence.ts';
import { askLines, fenceOf, readAskFence } from './ask-fence.ts';
import { fencedCode } from './code-fence.ts';
import { embedText, type EmbedNames } from './embeds.ts';
import type { InlinePrinter } from './print-inline.ts';

type Writers = { readonly [Kind in AtomKind]: (props: AtomProps[Kind], context: AtomPrinting) => string[] };

export interface AtomPrinting {
  /** Another destination for a `blob:<sha256>` address, or null to leave it. */
  readonly link: (url: string) => string | null;
  readonly inline: InlinePrinter;
  readonly names: EmbedNames;
}

const WRITERS: Writers = {
  divider: () => ['***'],
  image: ({ blob, alt, name }, { link }) => [`![${text(alt || name)}](${blobUrl(blob, link)})`],
  file: ({ blob, name }, { link }) => [`[${text(name || 'File')}](${blobUrl(blob, link)})`],
  table: ({ table }, { inline, names }) => (table ? inline.table(writableTable(table), names).split('\n') : []),
  poll: ({ ask }) => fencedCode(askLines('poll', ask ?? EMPTY_ASK).join('\n'), fenceOf('poll')),
  done: ({ ask }) => fencedCode(askLines('done', ask ?? EMPTY_ASK).join('\n'), fenceOf('done')),
  thread: ({ thread }, { link, names }) => {
    if (thread === '') return fencedCode('', fenceOf('thread'));
    return fencedCode(leading(thread, link, names).join('\n'), fenceOf('thread'));
  },
  board: (props, { link, names }) => {
    const { board } = props;
    const lines = board === '' ? [] : [...leading(board, link, names), ...boardLines(props)];
    return fencedCode(lines.join('\n'), fenceOf('board'));
  },
};

/** A document that a block shows: its title for people, and its address. */
function leading(id: string, link: AtomPrinting['link'], names: EmbedNames): string[] {
  const [title, url] = [embedText({ type: 'page', page: id }, names), `page:${id}`];
  return [title, link(url) ?? url];
}

/** The lines of an atom. */
export function printAtom(block: NewAtom, context: AtomPrinting): string[] {
  const props = readAtomProps(block.kind, (name) => (block.props as Record<string, unknown> | undefined)?.[name]);
  return (WRITERS[block.kind] as (props: unknown, context: AtomPrinting) => string[])(props, context);
}

/**
 * The atom that a Markdown node is, without its indent, or null for a node that is none. `lead` says where an address leads; null
 * for one that leads nowhere here.
 */
export function readAtom(node: RootContent, lead: (url: string) => string | null): NewAtom | null {
  if (node.type === 'thematicBreak') return { type: 'atom', kind: 'divider' };
  return node.type === 'code' && !node.meta ? readAskFence(node.lang ?? '', node.value, lead) : null;
}

function blobUrl(blob: string, link: (url: string) => string | null): string {
  const url = `blob:${blob}`;
  return link(url) ?? url;
}

/** One line that stands between brackets. */
function text(words: string): string {
  return words
    .replace(/\s+/g, ' ')
    .replace(/[\\[\]<>`*_&!~]/g, '\\$&')
    .trim();
}
