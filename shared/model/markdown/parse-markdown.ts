// Markdown text to a page: title, front matter, blocks, links. What the model cannot express is kept as raw blocks.
import type { Root } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { NewBlock } from '../page/block.ts';
import { splitFrontMatter } from './front-matter.ts';
import type { FoundLink, ResolveLink } from './links.ts';
import { printMarkdown } from './print-markdown.ts';
import { treeToBlocks, type BlockReading } from './tree-to-blocks.ts';
import { firstDifference } from './same-blocks.ts';
import { isReadable } from './source-limits.ts';

export interface ParseOptions {
  /** Whether the text is a file that may begin with YAML between `---` lines (default: no, as when pasting). */
  readonly frontMatter?: boolean;
  /** Asked for each relative link and wikilink. */
  readonly resolveLink?: ResolveLink;
}

export interface ParsedMarkdown {
  /** From the front matter. */
  readonly title: string | null;
  /** The YAML without the title, verbatim; '' where there is none. */
  readonly frontMatter: string;
  readonly blocks: readonly NewBlock[];
  /** Relative links and wikilinks, resolved or not, in the order of the text. */
  readonly links: readonly FoundLink[];
  /** What was kept raw, counted by reason (`table`, `image`, `html`, ...). */
  readonly kept: Readonly<Record<string, number>>;
}

/** How many top-level pieces are made raw one by one before the whole text is. */
const REPAIRS = 8;
/** Longer texts are not repaired piece by piece: each try reads all of it again. */
const REPAIR_LIMIT = 200_000;

/**
 * Total: any text gives blocks, no word of it is lost, and printing the blocks and reading that again gives the same
 * blocks. That is not hoped for but checked: what does not come back the same is kept raw.
 */
export function parseMarkdown(text: string, options: ParseOptions = {}): ParsedMarkdown {
  const source = normalise(text);
  const { title, rest, body } = options.frontMatter
    ? splitFrontMatter(source)
    : { title: null, rest: '', body: source };
  const { blocks, links, kept } = settle(trimBlankLines(body), options.resolveLink, 0);
  return { title, frontMatter: rest, blocks, links, kept };
}

/** Line ends become '\n'; a byte order mark, NUL and halves of surrogate pairs cannot be stored as text. */
function normalise(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/\0|[\uD800-\uDFFF]/gu, '\uFFFD');
}

function trimBlankLines(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, '').replace(/\s+$/, '');
}

function settle(body: string, resolveLink: ResolveLink | undefined, depth: number): BlockReading {
  if (body === '') return { blocks: [], origins: [], links: [], kept: {} };
  const tree = isReadable(body) ? parseTree(body) : null;
  if (!tree) return whole(body);
  const keepRaw = new Set<number>();
  for (let repair = 0; repair < REPAIRS; repair++) {
    const reading = treeToBlocks(tree, body, resolveLink, keepRaw);
    const printed = trimBlankLines(printMarkdown(reading.blocks));
    const again = keepRaw.size === 0 ? readAgain(printed) : depth < 2 ? settle(printed, undefined, depth + 1) : null;
    if (!again) break;
    const different = firstDifference(reading.blocks, again.blocks);
    if (different < 0) return reading;
    if (tree.children.length === 1 || body.length > REPAIR_LIMIT) break;
    const origin = reading.origins[different] ?? reading.origins.at(-1) ?? 0;
    // When that piece is raw already, its neighbour in front runs into it.
    const culprit = keepRaw.has(origin) ? origin - 1 : origin;
    if (culprit < 0 || keepRaw.has(culprit)) break;
    keepRaw.add(culprit);
  }
  return whole(body);
}

function readAgain(printed: string): BlockReading | null {
  const tree = parseTree(printed);
  return tree && treeToBlocks(tree, printed, undefined, new Set());
}

/** The tree, or null when the parser gives up (it recurses on what is nested too deep). */
function parseTree(text: string): Root | null {
  try {
    return unified().use(remarkParse).use(remarkGfm).parse(text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function whole(body: string): BlockReading {
  const blocks: NewBlock[] = [
    { type: 'text', kind: 'raw', indent: 0, content: [{ type: 'text', text: body, marks: {} }] },
  ];
  return { blocks, origins: [0], links: [], kept: { unusual: 1 } };
}
