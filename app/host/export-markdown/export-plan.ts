// Where each page of a space goes in an export: the tree as folders, an index.md for a page with pages below. Pure.
import { compareSiblings } from '../../../shared/model/document/order.ts';
import { buildTree, type Tree } from '../../../shared/model/document/tree.ts';
import { fileName, uniqueName, type TakenNames } from './file-names.ts';

export interface ExportEntry {
  readonly id: string;
  readonly title: string;
  readonly parent: string | null;
  readonly order: string;
  readonly archived: boolean;
  /** The file that it was imported from; its name is used again, so that addresses of a published handbook hold. */
  readonly sourcePath?: string | undefined;
}

/** Archived pages stand here, at the top of their space. */
export const ARCHIVE_FOLDER = '_archive';
/** Threads stand here, at the top of their space. */
export const THREAD_FOLDER = '_threads';
/** Pages deeper than this stand beside the one at this depth: file systems take only so long a path. */
const DEEPEST = 50;

interface Waiting {
  readonly entry: ExportEntry;
  readonly folder: string;
  readonly depth: number;
}

/** The path of each page's file by id, in the order of the tree (parents first). Every entry is in it exactly once. */
export function planExport(entries: readonly ExportEntry[], root: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const names = new Map<string, TakenNames>();
  place(buildTree(entries.filter((entry) => !entry.archived)), root, paths, names);
  const archive = root === '' ? ARCHIVE_FOLDER : `${root}/${ARCHIVE_FOLDER}`;
  place(buildTree(entries.filter((entry) => entry.archived)), archive, paths, names);
  return paths;
}

function place(
  tree: Tree<ExportEntry>,
  root: string,
  paths: Map<string, string>,
  names: Map<string, TakenNames>,
): void {
  const children = (id: string | null, folder: string, depth: number): Waiting[] =>
    [...(tree.get(id) ?? [])].sort(compareSiblings).map((entry) => ({ entry, folder, depth }));
  const waiting = children(null, root, 0).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { entry, folder, depth } = next;
    const taken = names.get(folder) ?? new Map<string, number>();
    names.set(folder, taken);
    const below = tree.get(entry.id)?.length ?? 0;
    const name = uniqueName(fileName(ownName(entry), depth < 4 ? 80 : depth < 10 ? 40 : 16), taken);
    const isFolder = below > 0 && depth < DEEPEST;
    const base = folder === '' ? name : `${folder}/${name}`;
    paths.set(entry.id, isFolder ? `${base}/index.md` : `${base}.md`);
    const inside = isFolder ? children(entry.id, base, depth + 1) : children(entry.id, folder, depth);
    waiting.push(...inside.reverse());
  }
}

/** `a/b.md` and `a/b/index.md` and `a/b/` are called b; other pages after their title. */
function ownName({ sourcePath, title }: ExportEntry): string {
  if (sourcePath === undefined) return title;
  const stem = sourcePath.replace(/\/$/, '').replace(/\.(?:md|markdown|mdown)$/i, '');
  const own = stem.replace(/\/(?:index|readme)$/i, '');
  const name = own.slice(own.lastIndexOf('/') + 1);
  return /^(?:index|readme)?$/i.test(name) ? title : name;
}

/** The relative URL from one file of the export to another, percent-encoded for Markdown. */
export function relativeUrl(from: string, to: string): string {
  const here = from.split('/').slice(0, -1);
  const there = to.split('/');
  let common = 0;
  while (common < here.length && common < there.length - 1 && here[common] === there[common]) common += 1;
  const up = Array.from({ length: here.length - common }, () => '..');
  const path = [...up, ...there.slice(common)].map((part) => (part === '..' ? part : encodePart(part))).join('/');
  // Without './' a name with a colon would look like a scheme; names have none, but one rule is easier to trust.
  return up.length > 0 ? path : `./${path}`;
}

function encodePart(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
