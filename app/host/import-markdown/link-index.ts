// Which page a relative link or wikilink of an imported folder leads to. Pure; knows paths and ids, reads nothing.
import type { FoundLink } from '../../../shared/model/markdown/links.ts';
import { baseOf, isMarkdownPath, parentOf, type FolderNode } from './folder-tree.ts';
import type { FileNames } from './survey.ts';

export class LinkIndex {
  /** Ids by lower-case path of a file, and of a folder. */
  readonly #paths = new Map<string, string>();
  /** Paths and ids by lower-case file name without its ending: wikilinks name files, wherever they are. */
  readonly #names = new Map<string, { path: string; id: string }[]>();
  /** The same by the titles and other names that files give themselves; a file's own name goes first. */
  readonly #called = new Map<string, { path: string; id: string }[]>();
  readonly #titles = new Map<string, string>();
  /** By id the file's name and path, without its ending. */
  readonly #files = new Map<string, ReadonlySet<string>>();

  constructor(pages: Iterable<{ readonly node: FolderNode; readonly id: string; readonly names: FileNames }>) {
    for (const { node, id, names: own } of pages) {
      // A page without a title is written as "Untitled".
      this.#titles.set(id, asWords((own.title ?? node.name) || 'Untitled'));
      const stem = stemOf(node.file ?? node.folder ?? '');
      this.#files.set(id, new Set([stem, baseOf(stem), node.name].map(asWords)));
      if (node.file !== null) this.#paths.set(node.file.toLowerCase(), id);
      if (node.folder !== null) this.#paths.set(`${node.folder.toLowerCase()}/`, id);
      const names = new Set([
        baseOf(stemOf(node.file ?? node.folder ?? '')),
        ...(node.folder === null ? [] : [node.name]),
      ]);
      const entry = { path: (node.file ?? node.path).toLowerCase(), id };
      for (const name of names) addTo(this.#names, name, entry);
      for (const name of new Set([own.title ?? '', ...own.aliases])) if (name !== '') addTo(this.#called, name, entry);
    }
  }

  /** Whether these words are the title of the page. */
  isTitle(id: string, words: string): boolean {
    return this.#titles.get(id) === asWords(words);
  }

  /** Whether they are its title, or its file's name or path: all that a wikilink without words of its own can say. */
  isName(id: string, words: string): boolean {
    return this.isTitle(id, words) || (this.#files.get(id)?.has(asWords(words)) ?? false);
  }

  /** The id of the page that the link in the file `from` leads to, or null. */
  find(from: string, link: FoundLink): string | null {
    const target = link.target.replaceAll('\\', '/').normalize('NFC').toLowerCase();
    const found = this.#from(target.startsWith('/') ? '' : parentOf(from), target);
    if (found !== null) return found;
    if (link.kind === 'wiki') return this.#byName(from, target);
    // Site generators publish a/b.md as a/b/, and people link between published addresses.
    return target.endsWith('/') && !target.startsWith('/') ? this.#from(stemOf(from), target) : null;
  }

  #from(folder: string, target: string): string | null {
    const path = resolvePath(folder.toLowerCase(), target);
    return path === null ? null : this.#byPath(path);
  }

  #byPath(path: string): string | null {
    const bare = path.replace(/\/$/, '');
    const candidates = path.endsWith('/')
      ? [path, `${bare}.md`]
      : [path, `${path}.md`, `${path}.markdown`, `${path}/`, `${path}/index.md`];
    for (const candidate of candidates) {
      const id = this.#paths.get(candidate);
      if (id !== undefined) return id;
    }
    return null;
  }

  /** As Obsidian does: the file in the same folder first, else the one with the shortest path, else by the alphabet. */
  #byName(from: string, target: string): string | null {
    const stem = stemOf(target).replace(/^\/+/, '');
    const here = parentOf(from).toLowerCase();
    const byFile = (this.#names.get(baseOf(stem)) ?? []).filter(
      ({ path }) => !stem.includes('/') || `/${stemOf(path)}`.endsWith(`/${stem}`),
    );
    const found = byFile.length > 0 ? byFile : [...(this.#called.get(target) ?? [])];
    const rank = (path: string): number => (parentOf(path) === here ? 0 : path.split('/').length);
    found.sort((a, b) => rank(a.path) - rank(b.path) || (a.path < b.path ? -1 : 1));
    return found[0]?.id ?? null;
  }
}

/** White space aside; whoever writes a name in other letters than it has means those. */
function asWords(words: string): string {
  return words.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

function addTo(
  names: Map<string, { path: string; id: string }[]>,
  name: string,
  entry: { path: string; id: string },
): void {
  const key = name.normalize('NFC').toLowerCase();
  const list = names.get(key);
  if (list) list.push(entry);
  else names.set(key, [entry]);
}

function stemOf(path: string): string {
  return isMarkdownPath(path) ? path.replace(/\.[^./]+$/, '') : path;
}

/** The path from the root of the folder, with '/' at the end for a folder; null when it leads out of it. */
function resolvePath(base: string, target: string): string | null {
  const parts = base === '' ? [] : base.split('/');
  const steps = target.split('/');
  for (const step of steps) {
    if (step === '' || step === '.') continue;
    if (step !== '..') parts.push(step);
    else if (parts.pop() === undefined) return null;
  }
  const isFolder = ['', '.', '..'].includes(steps.at(-1) ?? '');
  return parts.length === 0 ? null : parts.join('/') + (isFolder ? '/' : '');
}
