// A page's published history replayed as edits of its authors, who are apart for some versions and then meet: each applies what
// changed in a version to the page as they have it, through the editor's binding. It judges nothing.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { Node } from 'prosemirror-model';
import { BoundState } from '../../app/renderer/editor/binding/bound-state.ts';
import { docFromBlocks, nodeOf } from '../../app/renderer/editor/binding/nodes.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import { withoutEmbeds } from '../../shared/model/markdown/embeds.ts';
import type { AtomBlock, Block, NewBlock } from '../../shared/model/page/block.ts';
import { attributesFor } from '../../shared/model/page/marker.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { Authors, type Stores } from './authors-apart.ts';
import { randomOf } from './seeded.ts';
import { differenceOf, type Hunk } from './version-difference.ts';

/** As ../shared/data/README.md describes it. */
export interface PageHistory {
  readonly path: string;
  readonly versions: readonly { readonly author: string; readonly text: string }[];
}

export async function readHistories(path: string): Promise<PageHistory[]> {
  return JSON.parse(gunzipSync(await readFile(path)).toString('utf8')) as PageHistory[];
}

/** Versions that are written while their authors are apart, at most. */
const APART = 8;

/** What went wrong; [] when all hosts and views are equal and nothing that was typed and not deleted is missing. */
export async function replayHistory(
  history: PageHistory,
  most: number,
  seed: number,
  stores?: Stores,
): Promise<string[]> {
  const random = randomOf(seed);
  const authors = await Authors.begin(random, stores);
  const editors = new Map<string, BoundState>();
  const versions = history.versions.slice(0, most);
  const broken: unknown[] = [];
  let blocks: readonly NewBlock[] = [];
  try {
    for (let at = 0; at < versions.length;) {
      const end = Math.min(versions.length, at + 1 + Math.floor(random() * APART));
      // Who writes in this stretch begins it with what there was at the end of the last one, and knows nothing of the others.
      const writers = new Set(versions.slice(at, end).map(({ author }) => author));
      for (const name of writers) await authors.author(name);
      await authors.meet(writers);
      for (; at < end; at += 1) {
        const { author: name, text } = versions[at]!;
        const { doc } = await authors.author(name);
        const editor = editors.get(name) ?? new BoundState(doc.getText('body'), [], (error) => void broken.push(error));
        editors.set(name, editor);
        const next = parseMarkdown(text, { frontMatter: true }).blocks;
        writeVersion(editor, blocks, next);
        blocks = next;
      }
      await authors.meet(writers);
    }
    await authors.meet();
    const faults = [...broken.map(String), ...(await authors.faults())];
    for (const [name, editor] of editors) {
      const stored = docFromBlocks(readBlocks(editor.binding.body));
      if (!editor.state.doc.eq(stored)) faults.push(`${name}: the view is not what is stored`);
    }
    return faults;
  } finally {
    for (const editor of editors.values()) editor.dispose();
    await authors.end();
  }
}

/** Types what differs between two versions into a page as it is. */
export function writeVersion(editor: BoundState, from: readonly NewBlock[], to: readonly NewBlock[]): void {
  for (const hunk of differenceOf(from, to)) applyHunk(editor, hunk);
}

/** Blocks that were replaced are typed into, the others are deleted or inserted; what is not there any more is left. */
function applyHunk(editor: BoundState, { behind, removed, added }: Hunk): void {
  let anchor = behind && textOf(behind);
  const replaced = Math.min(removed.length, added.length);
  for (const [at, block] of added.entries()) {
    const old = at < replaced ? find(editor.state.doc, textOf(removed[at]!)) : null;
    if (old !== null && editor.state.doc.nodeAt(old)?.isTextblock && block.type === 'text') retype(editor, old, block);
    else insert(editor, anchor, block);
    anchor = textOf(block);
  }
  for (const block of removed.slice(replaced)) {
    const at = find(editor.state.doc, textOf(block));
    const node = at === null ? null : editor.state.doc.nodeAt(at);
    if (at === null || !node || editor.state.doc.childCount === 1) continue;
    editor.dispatch(editor.state.tr.delete(at, at + node.nodeSize));
  }
}

/** Types what differs between a block's text and another one, and sets its kind and level. */
function retype(editor: BoundState, at: number, block: NewBlock): void {
  const node = editor.state.doc.nodeAt(at)!;
  const wanted = nodeFor(block);
  const start = node.content.findDiffStart(wanted.content);
  const tr = editor.state.tr;
  if (start !== null) {
    const end = node.content.findDiffEnd(wanted.content)!;
    // Where the same letters are at both ends of the difference the two ends must not cross.
    const overlap = Math.max(0, start - Math.min(end.a, end.b));
    tr.replaceWith(at + 1 + start, at + 1 + end.a + overlap, wanted.content.cut(start, end.b + overlap));
  }
  for (const name of ['kind', 'level', 'indent', 'checked', 'language']) {
    if (node.attrs[name] !== wanted.attrs[name]) tr.setNodeAttribute(at, name, wanted.attrs[name]);
  }
  if (tr.docChanged) editor.dispatch(tr);
}

function insert(editor: BoundState, anchor: string | null, block: NewBlock): void {
  const { doc, tr } = editor.state;
  const found = anchor === null ? null : find(doc, anchor);
  const at = anchor === null ? 0 : found === null ? doc.content.size : found + (doc.nodeAt(found)?.nodeSize ?? 0);
  editor.dispatch(tr.insert(at, nodeFor(block)));
}

/** The position of the first block with a text, or null; dividers have the text of none. */
function find(doc: Node, text: string): number | null {
  let found: number | null = null;
  doc.forEach((node, offset) => {
    if (found === null && (node.isTextblock ? node.textContent : DIVIDER) === text) found = offset;
  });
  return found;
}

const DIVIDER = '\0divider';

function textOf(block: NewBlock): string {
  return block.type === 'atom'
    ? DIVIDER
    : withoutEmbeds(block.content)
        .map((run) => run.text)
        .join('');
}

function nodeFor(block: NewBlock): Node {
  const id = randomId();
  const whole: Block =
    block.type === 'atom'
      ? ({ ...block, id, indent: block.indent ?? 0, props: { ...block.props } } as AtomBlock)
      : { ...block, id, ...attributesFor(block.kind, block) };
  return nodeOf(whole);
}
