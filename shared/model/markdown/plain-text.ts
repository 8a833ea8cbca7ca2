// Markdown as one line of words, for lists and excerpts: no signs, links and mentions by what they show. It makes no blocks and is total.
import type { Link, Nodes, Root } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { shortLine } from '../properties/tag.ts';
import { titleInBrackets } from './post-links.ts';
import { isReadable } from './source-limits.ts';

/** So much of a text is looked at for one line. */
const MOST = 4_000;

/** At most `longest` code units. What is quoted counts only where nothing else is said. */
export function plainText(text: string, longest: number): string {
  const source = text.slice(0, MOST);
  const tree = parsed(source);
  if (!tree) return shortLine(source, longest);
  return shortLine(words(tree, false), longest) || shortLine(words(tree, true), longest);
}

function parsed(source: string): Root | null {
  if (!isReadable(source)) return null;
  try {
    return unified().use(remarkParse).use(remarkGfm).parse(source);
  } catch {
    return null; // Nested deeper than the parser goes: the source itself is shown.
  }
}

/** Without recursion: what is deep in a tree is a peer's choice. */
function words(tree: Root, quoted: boolean): string {
  const found: string[] = [];
  const open: Nodes[] = [tree];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.type === 'blockquote' && !quoted) continue;
    if (BLOCKS.has(node.type)) found.push(' ');
    const title = node.type === 'link' && node.url.startsWith('page:') ? titleOf(node) : null;
    if (title !== null) found.push(title);
    else if ('children' in node) open.push(...node.children.toReversed());
    if (node.type === 'image') found.push(node.alt ?? '');
    else if (node.type === 'break') found.push(' ');
    else if ('value' in node && node.type !== 'yaml') found.push(node.value);
  }
  return found.join('');
}

/** The title of a page that is shown by its title. */
function titleOf({ children }: Link): string | null {
  const [only] = children;
  return children.length === 1 && only?.type === 'text' ? titleInBrackets(only.value) : null;
}

const BLOCKS: ReadonlySet<string> = new Set([
  'paragraph',
  'heading',
  'listItem',
  'code',
  'html',
  'tableCell',
  'thematicBreak',
]);
