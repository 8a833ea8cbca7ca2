// The tree of pages out of the paths of files: which file is a folder's page, what stands under what, in which order. Pure.

/** A page to be: from a file, or of a folder that has no file of its own. */
export interface FolderNode {
  /** The file's path, or the folder's with '/' at the end. */
  readonly path: string;
  /** The path of the file, or null for a folder without one. */
  readonly file: string | null;
  /** Path of the folder whose page this is, without '/' at the end; null for a page that is no folder's. */
  readonly folder: string | null;
  /** What the page is called where its text has no title. */
  readonly name: string;
  readonly parent: FolderNode | null;
}

const MARKDOWN = /\.(?:md|markdown|mdown)$/i;
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export function isMarkdownPath(path: string): boolean {
  return MARKDOWN.test(path);
}

/** The path with '/' between parts, or null when it leads out of the folder or is not a plain relative path. */
export function normalisePath(path: string): string | null {
  const parts = path
    .replaceAll('\\', '/')
    .normalize('NFC')
    .split('/')
    .filter((part) => part !== '.');
  // eslint-disable-next-line no-control-regex -- control characters are what this refuses
  if (parts.some((part) => part === '' || part === '..' || /[\u0000-\u001f]/.test(part))) return null;
  return parts.join('/');
}

/**
 * Nodes in the order in which they are created: parents before children, siblings by their files' positions,
 * those without one behind them, by name as people sort names.
 */
export function folderTree(
  paths: readonly string[],
  positions: ReadonlyMap<string, number> = new Map(),
): readonly FolderNode[] {
  const files = new Set(paths);
  const folders = new Set<string>();
  for (const path of files) for (let up = parentOf(path); up !== ''; up = parentOf(up)) folders.add(up);
  const folderOf = new Map<string, string>();
  const pageOf = new Map<string, string>();
  const byLowerCase = new Map([...files].map((path) => [path.toLowerCase(), path]));
  for (const folder of folders) {
    const own = [`${folder}/index`, `${folder}/readme`, `${folder}/${baseOf(folder)}`, folder]
      .flatMap((stem) => [`${stem}.md`, `${stem}.markdown`, `${stem}.mdown`])
      .map((candidate) => byLowerCase.get(candidate.toLowerCase()))
      .find((path) => path !== undefined && !folderOf.has(path));
    if (own === undefined) continue;
    pageOf.set(folder, own);
    folderOf.set(own, folder);
  }
  const children = new Map<string, { name: string; path: string; file: string | null; folder: string | null }[]>();
  const put = (path: string, file: string | null, folder: string | null): void => {
    const place = folder ?? path;
    const name = baseOf(place).replace(folder === null ? MARKDOWN : /$^/, '');
    const up = parentOf(place);
    const list = children.get(up);
    if (list) list.push({ name, path, file, folder });
    else children.set(up, [{ name, path, file, folder }]);
  };
  for (const file of files) if (!folderOf.has(file)) put(file, file, null);
  for (const folder of folders) {
    const own = pageOf.get(folder);
    put(own ?? `${folder}/`, own ?? null, folder);
  }
  const nodes: FolderNode[] = [];
  const visit = (folder: string, parent: FolderNode | null): void => {
    const items = children.get(folder) ?? [];
    const place = (item: { path: string }): number => positions.get(item.path) ?? Number.MAX_SAFE_INTEGER;
    items.sort((a, b) => place(a) - place(b) || collator.compare(a.name, b.name) || (a.path < b.path ? -1 : 1));
    for (const item of items) {
      const node: FolderNode = { ...item, parent };
      nodes.push(node);
      if (item.folder !== null) visit(item.folder, node);
    }
  };
  visit('', null);
  return nodes;
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
