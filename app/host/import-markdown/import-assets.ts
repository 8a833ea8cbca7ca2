// Pictures and files that an imported folder holds: which one a page means, and the blocks that show them. It reads no bytes itself.
import type { Nodes, Root } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { relativeLink } from '../../../shared/model/markdown/links.ts';
import { IMAGE_WIDTH } from '../../../shared/model/page/atom-props.ts';
import type { NewAtom, NewBlock } from '../../../shared/model/page/block.ts';
import { baseOf, parentOf } from './folder-tree.ts';

/** A file of the folder that is no page. */
export interface ImportAsset {
  /** Within the folder, with '/' between parts. */
  readonly path: string;
  /** As it was called before an export gave it a name of its own. */
  readonly name: string;
  /** Rejects with an AppError whose message says why it cannot be taken. */
  read(): AsyncIterable<Uint8Array>;
}

/** What became of its bytes. */
export interface TakenAsset {
  readonly blob: string;
  readonly size: number;
  readonly mime: string;
  /** Of a picture that a page can show; null for every other file. */
  readonly pixels: readonly [number, number] | null;
}

export interface AssetTaking {
  /** Null where it cannot be taken, which is reported by then. */
  take(asset: ImportAsset): Promise<TakenAsset | null>;
}

export class AssetIndex {
  readonly #paths = new Map<string, ImportAsset>();
  readonly #names = new Map<string, ImportAsset>();

  constructor(assets: Iterable<ImportAsset>) {
    for (const asset of assets) {
      const key = asset.path.toLowerCase();
      this.#paths.set(key, asset);
      const name = baseOf(key);
      const known = this.#names.get(name);
      // As Obsidian does: of several the one with the shortest path.
      if (!known || known.path.length > asset.path.length) this.#names.set(name, asset);
    }
  }

  /** By a URL as it stands in the page at `from`. */
  byUrl(from: string, url: string): ImportAsset | null {
    const link = relativeLink(url);
    if (!link) return null;
    const parts = link.target.startsWith('/') ? [] : parentOf(from).split('/').filter(Boolean);
    for (const step of link.target.replaceAll('\\', '/').normalize('NFC').split('/')) {
      if (step === '' || step === '.') continue;
      if (step !== '..') parts.push(step);
      else if (parts.pop() === undefined) return null;
    }
    return this.#paths.get(parts.join('/').toLowerCase()) ?? null;
  }

  /** By what stands in `![[...]]`. */
  byName(from: string, target: string): ImportAsset | null {
    const name = target.trim().normalize('NFC').toLowerCase();
    return this.byUrl(from, encodeURI(target.trim())) ?? this.#paths.get(name) ?? this.#names.get(baseOf(name)) ?? null;
  }
}

interface Shown {
  readonly asset: ImportAsset;
  readonly alt: string;
}

/** Obsidian's way to show a file: `![[name]]`, `![[name|width]]`. */
const EMBED = /!\[\[([^[\]\n|#]{1,1000})(?:#[^[\]\n|]*)?(?:\|([^[\]\n]*))?\]\]/g;

interface Showing {
  readonly shown: readonly Shown[];
  /** Nothing else stands in the block. */
  readonly whole: boolean;
  /** As what such a block is counted while it is kept as letters. */
  readonly reason: 'image' | 'embed';
}

/** The blocks with those of the folder's files that they show; `taken` counts what is not kept as letters any more. */
export async function withAssets(
  blocks: readonly NewBlock[],
  from: string,
  index: AssetIndex,
  taking: AssetTaking,
): Promise<{ readonly blocks: readonly NewBlock[]; readonly taken: Readonly<Record<string, number>> }> {
  const out: NewBlock[] = [];
  const taken: Record<string, number> = {};
  for (const block of blocks) {
    const { shown, whole, reason } = shownIn(block, from, index);
    const atoms: NewAtom[] = [];
    for (const one of shown) {
      const atom = atomOf(one, await taking.take(one.asset), block.indent ?? 0);
      if (atom) atoms.push(atom);
    }
    // Words beside a picture stay, as they are written; a picture alone becomes one.
    if (!whole || atoms.length < shown.length) out.push(block);
    else if (block.type === 'text' && block.kind === 'raw') taken[reason] = (taken[reason] ?? 0) + 1;
    out.push(...atoms);
  }
  return { blocks: out, taken };
}

function shownIn(block: NewBlock, from: string, index: AssetIndex): Showing {
  const nothing: Showing = { shown: [], whole: false, reason: 'image' };
  if (block.type !== 'text' || block.kind === 'code') return nothing;
  const text = block.content.map((part) => (part.type === 'text' ? part.text : ' x ')).join('');
  const embeds = [...text.matchAll(EMBED)].flatMap(([, target = '', size = '']) => {
    const asset = index.byName(from, target);
    return asset ? [{ asset, alt: size === '' ? '' : `|${size}` }] : [];
  });
  if (embeds.length > 0) return { shown: embeds, whole: text.replace(EMBED, '').trim() === '', reason: 'embed' };
  if (block.kind === 'raw') return shownInSource(text, from, index);
  const links = block.content.flatMap((part) => {
    const asset = part.type === 'text' && part.marks.link ? index.byUrl(from, part.marks.link) : null;
    return asset ? [{ asset, alt: '' }] : [];
  });
  const [only] = links;
  const isName =
    only !== undefined && block.kind === 'paragraph' && block.content.length === 1 && text === only.asset.name;
  return { shown: links, whole: isName, reason: 'image' };
}

function shownInSource(text: string, from: string, index: AssetIndex): Showing {
  const shown: Shown[] = [];
  let whole = true;
  const waiting: Nodes[] = [parsed(text)];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.type === 'image') {
      const asset = index.byUrl(from, next.url);
      if (asset) shown.push({ asset, alt: next.alt ?? '' });
      else whole = false;
    } else if ('children' in next && (next.type === 'root' || next.type === 'paragraph')) {
      waiting.push(...next.children.toReversed());
    } else if ('children' in next) {
      whole = false;
      waiting.push(...next.children.toReversed());
    } else if (!(next.type === 'text' && next.value.trim() === '') && next.type !== 'break') whole = false;
  }
  return { shown, whole: whole && shown.length > 0, reason: 'image' };
}

function parsed(text: string): Root {
  try {
    return unified().use(remarkParse).use(remarkGfm).parse(text);
  } catch {
    return { type: 'root', children: [] }; // Nested too deep to read: it stays as it is written.
  }
}

function atomOf({ asset, alt }: Shown, taken: TakenAsset | null, indent: number): NewAtom | null {
  if (!taken) return null;
  const { blob, size, mime, pixels } = taken;
  const props = { blob, size, mime, name: asset.name };
  if (!pixels) return { type: 'atom', kind: 'file', indent, props };
  const [, words = '', given] = /^([\s\S]*?)(?:\|(\d{1,4})(?:x\d{1,4})?)?$/.exec(alt) ?? [];
  const width = given === undefined ? null : Math.min(IMAGE_WIDTH.most, Math.max(IMAGE_WIDTH.least, Number(given)));
  const description = words.trim() === asset.name ? '' : words.trim().slice(0, 2_000);
  return { type: 'atom', kind: 'image', indent, props: { ...props, alt: description, width, pixels } };
}
