// A folder that was chosen in a window: which of its files are Markdown or boards of an export, and which others those show, within the limits of the
// call. Pure but for reading.

export interface ChosenFile {
  readonly name: string;
  /** Path below the chosen folder, its own name first; as the browser gives it. */
  readonly webkitRelativePath: string;
  readonly size: number;
  text(): Promise<string>;
}

export interface ChosenAt<F extends ChosenFile = ChosenFile> {
  readonly path: string;
  readonly file: F;
}

export interface Chosen<F extends ChosenFile = ChosenFile> {
  /** The folder's own name. */
  readonly folder: string;
  readonly files: readonly ChosenAt<F>[];
  /** Boards and threads of an export; the Markdown beside one is for people. */
  readonly boards: readonly ChosenAt<F>[];
  /** Of these what is left out, and why. */
  readonly left: readonly { readonly path: string; readonly reason: string }[];
  /** Files of other kinds. */
  readonly others: readonly ChosenAt<F>[];
  /** What an export says of its files; null where the folder is none. */
  readonly manifest: ChosenAt<F> | null;
  /** What an export of a whole workspace says of its people. */
  readonly people: ChosenAt<F> | null;
}

/** At the top of an exported folder; hidden. */
const EXPORT_MANIFEST = '.caravan-export.json';
/** At its top, of a whole workspace. */
const PEOPLE = '_people.json';

const MARKDOWN = /\.(md|markdown)$/i;
const BOARD = /\.(?:board|thread|page)\.json$/i;
const MIB = 1024 * 1024;
const LARGEST_FILE = 4 * MIB;
const LARGEST_IN_ALL = 64 * MIB;
const MOST_FILES = 20_000;
const LONGEST_PATH = 1_000;

/** Markdown files and boards in the order of their paths; hidden folders (.git, .obsidian) are not looked into. */
export function choose<F extends ChosenFile>(files: Iterable<F>): Chosen<F> {
  const found: ChosenAt<F>[] = [];
  const left: { path: string; reason: string }[] = [];
  let folder = '';
  const boards: ChosenAt<F>[] = [];
  const others: ChosenAt<F>[] = [];
  let manifest: ChosenAt<F> | null = null;
  let people: ChosenAt<F> | null = null;
  let size = 0;
  const sorted = [...files].sort((a, b) => (a.webkitRelativePath < b.webkitRelativePath ? -1 : 1));
  for (const file of sorted) {
    const [root = '', ...below] = file.webkitRelativePath.split('/');
    folder ||= root;
    const path = below.join('/');
    if (path === EXPORT_MANIFEST && file.size <= LARGEST_FILE) manifest = { path, file };
    if (below.some((part) => part.startsWith('.'))) continue;
    if (path === PEOPLE && file.size <= LARGEST_FILE) {
      people = { path, file };
      continue;
    }
    const list = BOARD.test(path) ? boards : MARKDOWN.test(path) ? found : null;
    if (!list) {
      if (path.length <= LONGEST_PATH) others.push({ path, file });
      continue;
    }
    if (path.length > LONGEST_PATH) left.push({ path, reason: 'Its path is longer than 1,000 characters.' });
    else if (list === found && file.size > LARGEST_FILE) left.push({ path, reason: 'It is larger than 4 MB.' });
    else if (size + file.size > LARGEST_IN_ALL) left.push({ path, reason: 'All together are larger than 64 MB.' });
    else if (found.length + boards.length >= MOST_FILES)
      left.push({ path, reason: 'There are more than 20,000 files.' });
    else {
      size += file.size;
      list.push({ path, file });
    }
  }
  return { folder, files: found, boards, left, others, manifest, people };
}

/** The texts, read in turn; `onRead` hears how many are done, and reading stops when it says so. */
export async function readChosen(
  chosen: Chosen,
  onRead: (done: number) => boolean,
): Promise<readonly { readonly path: string; readonly text: string }[] | null> {
  const texts: { path: string; text: string }[] = [];
  const extra: { path: string; text: string }[] = [];
  for (const one of [chosen.manifest, chosen.people])
    if (one) extra.push({ path: one.path, text: await one.file.text() });
  for (const { path, file } of [...chosen.files, ...chosen.boards]) {
    texts.push({ path, text: await file.text() });
    if (!onRead(texts.length)) return null;
  }
  return [...texts, ...extra];
}

/** How many spaces an export says that it has; 0 for what is no export of a whole workspace. The host reads it for good. */
export async function countSpaces({ manifest }: Chosen): Promise<number> {
  if (!manifest) return 0;
  try {
    const said: unknown = JSON.parse(await manifest.file.text());
    const spaces = typeof said === 'object' && said !== null && 'spaces' in said ? said.spaces : null;
    return Array.isArray(spaces) ? spaces.length : 0;
  } catch {
    return 0; // Whoever wrote it; the files are there all the same.
  }
}

/** The files of other kinds whose name stands in one of the texts: a vault may hold many that no page shows. */
export function shownIn<F extends ChosenFile>(
  others: readonly ChosenAt<F>[],
  texts: readonly { readonly text: string }[],
): readonly ChosenAt<F>[] {
  const words = texts.map(({ text }) => text.normalize('NFC').toLowerCase());
  const says = (name: string): boolean => words.some((text) => text.includes(name));
  return others
    .filter(({ file }) => {
      const name = file.name.normalize('NFC').toLowerCase();
      return says(name) || says(encodeURI(name).toLowerCase()) || says(encodeURIComponent(name).toLowerCase());
    })
    .slice(0, MOST_FILES);
}
