// Blocks without text of their own as Markdown: one function a kind writes, one reads what a kind's form is read from.
import type { RootContent } from 'mdast';
import { readAtomProps } from '../page/atom-props.ts';
import type { AtomKind, AtomProps, NewAtom } from '../page/block.ts';
import { writableTable } from '../page/new-table.ts';
import type { EmbedNames } from './embeds.ts';
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
};

/** The lines of an atom. */
export function printAtom(block: NewAtom, context: AtomPrinting): string[] {
  const props = readAtomProps(block.kind, (name) => (block.props as Record<string, unknown> | undefined)?.[name]);
  return (WRITERS[block.kind] as (props: unknown, context: AtomPrinting) => string[])(props, context);
}

/** The atom that a Markdown node is, without its indent, or null for a node that is none. */
export function readAtom(node: RootContent): NewAtom | null {
  return node.type === 'thematicBreak' ? { type: 'atom', kind: 'divider' } : null;
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
