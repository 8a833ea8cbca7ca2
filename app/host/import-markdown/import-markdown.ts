// Import of a folder of Markdown into a space: pages, tree, links; a second import updates. It reads files by a port. One file, for each step hands the next what it found.
//
// importMarkdown({ files, problems?, workspace, space, member, actions, signal, onProgress }) -> ImportReport
// For a folder on disk: `const { files, assets, problems } = await readMarkdownDirectory(directory)`; for a browser's files:
// `files.map(({ path, text }) => ({ path, read: async () => text }))`. Cancelling resolves with the report so far.
import { AppError } from '../../../shared/base/app-error.ts';
import { LONGEST_TITLE, asOneLine } from '../../../shared/model/document/title.ts';
import {
  frontKey,
  NO_FRONT_PROPERTIES,
  takeProperties,
  type FrontProperties,
} from '../../../shared/model/markdown/front-properties.ts';
import { relativeLink } from '../../../shared/model/markdown/links.ts';
import { parseMarkdown } from '../../../shared/model/markdown/parse-markdown.ts';
import { blockKey } from '../../../shared/model/markdown/same-blocks.ts';
import { asAnchor, pageLink } from '../../../shared/model/page/page-link.ts';
import type { NewBlock } from '../../../shared/model/page/block.ts';
import { withoutArchiveFolders, type ArchivedPlace } from './archive-folder.ts';
import { folderTree, isMarkdownPath, normalisePath, type FolderNode } from './folder-tree.ts';
import type { ImportActions, KnownPage, PageContent } from './import-actions.ts';
import { contentHash, importedId, textHash } from './import-source.ts';
import { AssetIndex, withAssets, type AssetTaking, type ImportAsset, type TakenAsset } from './import-assets.ts';
import { boardToBe, findBoards, idsHere, isBoardPath, titleOf, type FoundBoard } from './import-board.ts';
import { isThreadPath } from '../thread-file.ts';
import { changeBeside, isPageFilePath } from '../page-file.ts';
import { findPageFiles, type FoundBeside } from './import-beside.ts';
import { membersHere } from './members-here.ts';
import { findThreads, threadToBe, type FoundThread } from './import-thread.ts';
import { LinkIndex } from './link-index.ts';
import { withLiveTitles } from './live-titles.ts';
import { relinked } from './relinked.ts';
import { OrderKeys } from './order-keys.ts';
import { headingTitle, surveyFiles, type FileNames } from './survey.ts';

export interface ImportFile {
  /** Within the folder, with '/' between parts. */
  readonly path: string;
  /** Among its siblings, where an export says so; others stand as their names sort. */
  readonly position?: number;
  /** Where an export says that it was archived: when, and below which file (null: at the top) it stood. */
  readonly archived?: ArchivedPlace;
  /** Rejects with an AppError whose message says why the file cannot be taken. */
  read(): Promise<string>;
}

export interface ImportProblem {
  readonly path: string;
  readonly reason: string;
}

/** The counts are of files: empty pages made for folders without a page of their own come on top. */
export interface ImportReport {
  created: number;
  updated: number;
  unchanged: number;
  left: { path: string; id: string; title: string }[];
  links: { resolved: number; unresolved: { path: string; target: string }[] };
  problems: ImportProblem[];
  kept: Record<string, number>;
}

export interface ImportTask {
  readonly files: readonly ImportFile[];
  /** What was skipped before; taken over into the report. */
  readonly problems?: readonly ImportProblem[];
  readonly workspace: string;
  readonly space: string;
  readonly member: string;
  readonly actions: ImportActions;
  /** The one member of that name, or null. */
  readonly memberOf: (name: string) => string | null;
  /** Whether a member has this id, as an export of the same workspace names them; left out: nobody. */
  readonly isMember?: (id: string) => boolean;
  /** Files of the folder that are no pages, and who takes them; left out: pages alone. */
  readonly assets?: {
    readonly files: readonly ImportAsset[];
    readonly taking: (asset: ImportAsset) => Promise<TakenAsset>;
  };
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, path: string) => void;
}

const NO_NAMES: FileNames = { title: null, aliases: [] };

interface PlannedPage {
  readonly node: FolderNode;
  readonly id: string;
  readonly known: KnownPage | null;
}

/**
 * Rejects only when the space cannot be read or written any more (disk full, closing); what was written until then is
 * complete pages, and a later import goes on from there.
 */
export async function importMarkdown(task: ImportTask): Promise<ImportReport> {
  const report: ImportReport = {
    created: 0,
    updated: 0,
    unchanged: 0,
    left: [],
    links: { resolved: 0, unresolved: [] },
    problems: [...(task.problems ?? [])],
    kept: {},
  };
  const [boardFiles, others] = apart(task.files, ({ path }) => isBoardPath(path));
  const [threadFiles, moreFiles] = apart(others, ({ path }) => isThreadPath(path));
  const [besideFiles, pageFiles] = apart(moreFiles, ({ path }) => isPageFilePath(path));
  const [boardAssets, allOthers] = apart(task.assets?.files ?? [], ({ path }) => isBoardPath(path));
  const [threadAssets, moreOthers] = apart(allOthers, ({ path }) => isThreadPath(path));
  const [besideAssets, otherAssets] = apart(moreOthers, ({ path }) => isPageFilePath(path));
  const files = acceptedFiles(pageFiles, report);
  const found = await findThreads([...threadFiles, ...threadAssets], report.problems);
  for (const path of found.keys()) files.delete(path);
  const besides = await findPageFiles([...besideFiles, ...besideAssets], report.problems);
  const boards = await findBoards([...boardFiles, ...boardAssets], report.problems);
  // A board without the file for people stands where that would.
  for (const path of boards.keys()) if (!files.has(path)) files.set(path, { path, read: async () => '' });
  const taken = new Set(await task.actions.list());
  const [knownThreads, known] = apart(await knownPages(taken, task, report), ({ kind }) => kind === 'thread');
  const threads = planThreads(found, knownThreads, taken, task);
  const positions = new Map(
    [...files].flatMap(([path, { position }]) => (position === undefined ? [] : [[path, position]])),
  );
  const archived = new Map([...files].flatMap(([path, file]) => (file.archived ? [[path, file.archived]] : [])));
  const nodes = withoutArchiveFolders(folderTree([...files.keys()], positions), archived);
  const pages = plan(nodes, known, taken, task);
  const nodeIds = new Map(pages.map((page) => [page.node, page.id]));
  const names = new Map(await surveyFiles(files, task.signal));
  for (const [path, { file }] of boards) names.set(path, { title: file.title, aliases: [] });
  const assets = new AssetIndex(otherAssets);
  const taking = takingFor(task, report);
  const links = new LinkIndex([
    ...pages.map((page) => ({ ...page, names: names.get(page.node.file ?? '') ?? NO_NAMES })),
    ...threads.map(({ found: { path, file }, id }) => ({
      node: { path, file: path, folder: null, name: file.thread.title, parent: null },
      id,
      names: { title: file.thread.title, aliases: [] },
    })),
  ]);
  const orders = new OrderKeys(
    known,
    pages.map(({ node, id }) => ({ id, parent: parentId(node, nodeIds) })),
  );
  const ids = new Map(threads.map(({ found: { file }, id }) => [file.id, id]));
  const leads = (from: string, address: string): string | null => {
    const link = relativeLink(address);
    return link && links.find(from, link);
  };
  const boardIds = idsHere(
    pages.flatMap(({ node, id }) => {
      const board = boards.get(node.file ?? '');
      return board ? [[board, id] as const] : [];
    }),
    leads,
  );
  for (const [from, id] of boardIds) ids.set(from, id);
  const leading = [...threads.map(({ found }) => found), ...besides.values()];
  for (const { path, file } of leading) {
    for (const [page, address] of file.pages) {
      const id = ids.has(page) ? null : leads(path, address);
      if (id !== null) ids.set(page, id);
    }
  }
  const cardTitles = new Map(
    [...boards.values()].flatMap(({ file }) =>
      [...file.board.cards.keys()].map((card) => [ids.get(card) ?? '', titleOf(file, card) || 'Untitled'] as const),
    ),
  );
  const reading = { links, ids, cardTitles, assets, taking };
  let done = 0;
  for (const page of pages) {
    if (task.signal.aborted) return report;
    task.onProgress(done, pages.length + threads.length, page.node.path);
    done += 1;
    const file = page.node.file === null ? null : files.get(page.node.file);
    const place = { parent: parentId(page.node, nodeIds), archivedAt: file?.archived?.at ?? null };
    const board = boards.get(page.node.file ?? '');
    if (board) {
      await storeBoard(board, page, place, orders, task, reading, report);
      continue;
    }
    const content = await readPage(page, file ?? null, task.memberOf, reading, report);
    const came = content && (await store(page, content, place, orders, task, report));
    const beside = besides.get(page.node.file ?? '');
    if (beside && came && (await storeBeside(beside, page.id, task, reading)) && came === 'unchanged') {
      report.unchanged -= 1;
      report.updated += 1;
    }
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  for (const thread of threads) {
    if (task.signal.aborted) return report;
    task.onProgress(done, pages.length + threads.length, thread.found.path);
    done += 1;
    await storeThread(thread, task, reading, report);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  for (const { path } of otherAssets) {
    if (!taking.seen.has(path)) report.problems.push({ path, reason: 'Not Markdown, and no page shows it.' });
  }
  task.onProgress(done, pages.length + threads.length, '');
  return report;
}

/** Each file once; one that cannot be taken is named, and the page keeps what it says of it. */
function takingFor(task: ImportTask, report: ImportReport): AssetTaking & { readonly seen: ReadonlySet<string> } {
  const taken = new Map<string, Promise<TakenAsset | null>>();
  const seen = new Set<string>();
  return {
    seen,
    take(asset) {
      seen.add(asset.path);
      const known = taken.get(asset.path);
      if (known || !task.assets) return known ?? Promise.resolve(null);
      const now = task.assets.taking(asset).catch((error: unknown) => {
        if (!(error instanceof AppError) || ['disk-full', 'read-only', 'closed'].includes(error.code)) throw error;
        report.problems.push({ path: asset.path, reason: error.message });
        return null;
      });
      taken.set(asset.path, now);
      return now;
    },
  };
}

/** Files by normal path; what has no usable path, or one that is taken already, is reported. */
function acceptedFiles(files: readonly ImportFile[], report: ImportReport): Map<string, ImportFile> {
  const accepted = new Map<string, ImportFile>();
  for (const file of files) {
    const path = normalisePath(file.path);
    if (path === null) report.problems.push({ path: file.path, reason: 'The path cannot be used.' });
    else if (path.split('/').some((part) => part.startsWith('.'))) continue;
    else if (!isMarkdownPath(path)) report.problems.push({ path, reason: 'Not Markdown; only pages are imported.' });
    else if (accepted.has(path)) report.problems.push({ path, reason: 'There are two files of this path.' });
    else accepted.set(path, file);
  }
  return accepted;
}

/** A page whose content cannot be read must not hold up the others: its id counts as taken, and it is reported. */
async function knownPages(ids: Iterable<string>, task: ImportTask, report: ImportReport): Promise<KnownPage[]> {
  const known: KnownPage[] = [];
  for (const id of ids) {
    if (task.signal.aborted) return known;
    try {
      const page = await task.actions.read(id);
      if (page) known.push(page);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'damaged') throw error;
      report.problems.push({ path: '', reason: `The page ${id} of this space cannot be read: ${error.message}` });
    }
  }
  return known;
}

/** Gives every node the page that was imported from its path before, or a new id. */
function plan(
  nodes: readonly FolderNode[],
  known: readonly KnownPage[],
  taken: Set<string>,
  task: ImportTask,
): PlannedPage[] {
  const bySource = new Map<string, KnownPage>();
  // Of several (two people imported the same folder) the smallest id, so that both go on with the same page.
  for (const page of [...known].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const path = page.source?.path;
    if (path !== undefined && !bySource.has(path)) bySource.set(path, page);
  }
  return nodes.map((node) => {
    // A folder whose empty page was made before may have got a file since.
    const page = bySource.get(node.path) ?? (node.folder === null ? undefined : bySource.get(`${node.folder}/`));
    if (page) return { node, id: page.id, known: page };
    return { node, id: freshId(node.path, taken, task), known: null };
  });
}

interface PlannedThread {
  readonly found: FoundThread;
  readonly id: string;
  readonly known: KnownPage | null;
}

/** A thread that was imported before is known by the id that it had where it was exported, whatever it is called by now. */
function planThreads(
  found: ReadonlyMap<string, FoundThread>,
  known: readonly KnownPage[],
  taken: Set<string>,
  task: ImportTask,
): PlannedThread[] {
  const bySource = new Map<string, KnownPage>();
  for (const thread of [...known].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const from = thread.source?.from;
    if (from !== undefined && !bySource.has(from)) bySource.set(from, thread);
  }
  return [...found.values()].map((one) => {
    const thread = bySource.get(one.file.id);
    if (thread) return { found: one, id: thread.id, known: thread };
    return { found: one, id: freshId(`thread ${one.file.id}`, taken, task), known: null };
  });
}

function freshId(name: string, taken: Set<string>, task: ImportTask): string {
  let id = importedId(task.workspace, task.space, task.member, name);
  // The id is taken by something that says no more where it came from: that is left alone.
  for (let round = 1; taken.has(id); round++) {
    id = importedId(task.workspace, task.space, task.member, `${name} ${round}`);
  }
  taken.add(id);
  return id;
}

function parentId(node: FolderNode, ids: ReadonlyMap<FolderNode, string>): string | null {
  return node.parent === null ? null : (ids.get(node.parent) ?? null);
}

/** What leads from a text to others, and what it shows. */
interface Reading {
  readonly links: LinkIndex;
  /** New ids by those of the export. */
  readonly ids: ReadonlyMap<string, string>;
  /** By the new ids. */
  readonly cardTitles: ReadonlyMap<string, string>;
  readonly assets: AssetIndex;
  readonly taking: AssetTaking;
}

/** The page as the file says it, or null when the file cannot be taken (a folder's page is then made empty). */
async function readPage(
  page: PlannedPage,
  file: ImportFile | null,
  memberOf: ImportTask['memberOf'],
  reading: Reading,
  report: ImportReport,
): Promise<PageContent | null> {
  const { node } = page;
  if (!file) return emptyPage(node);
  let text: string;
  try {
    text = await file.read();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    report.problems.push({ path: node.path, reason: error.message });
    return node.folder === null || page.known ? null : emptyPage({ ...node, path: `${node.folder}/` });
  }
  const parsed = await readText(text, node.path, true, reading, report);
  const { title, blocks } = titled(parsed.title, parsed.blocks, node.name);
  const { properties, rest } = takeProperties(parsed.frontMatter, memberOf);
  return content(node.path, textHash(text), title, rest, properties, blocks);
}

/** Markdown of the file at `path`: links led to their pages, files put in. */
async function readText(
  text: string,
  path: string,
  frontMatter: boolean,
  { links, ids, cardTitles, assets, taking }: Reading,
  report: ImportReport,
): Promise<{ readonly title: string | null; readonly frontMatter: string; readonly blocks: readonly NewBlock[] }> {
  /** Wikilinks that say nothing but where they lead, as page and words. */
  const bare = new Set<string>();
  const parsed = parseMarkdown(text, {
    frontMatter,
    resolveLink: (link) => {
      const id = links.find(path, link);
      const isBare = link.kind === 'wiki' && link.anchor === '' && !link.written.includes('|');
      if (id !== null && isBare && links.isName(id, link.target)) bare.add(`${id} ${link.target}`);
      return id === null ? null : pageLink(id, asAnchor(link.anchor));
    },
  });
  for (const link of parsed.links) {
    const isFile = link.kind === 'relative' && assets.byUrl(path, link.written) !== null;
    if (isFile || links.find(path, link) !== null) report.links.resolved += 1;
    else report.links.unresolved.push({ path, target: link.written });
  }
  const shown = await withAssets(parsed.blocks, path, assets, taking);
  for (const [kind, all] of Object.entries(parsed.kept)) {
    const count = all - (shown.taken[kind] ?? 0);
    if (count > 0) report.kept[kind] = (report.kept[kind] ?? 0) + count;
  }
  const blocks = withLiveTitles(
    relinked(shown.blocks, ids),
    (id, words) => links.isTitle(id, words) || cardTitles.get(id) === words || bare.has(`${id} ${words.trim()}`),
  );
  return { title: parsed.title, frontMatter: parsed.frontMatter, blocks };
}

function emptyPage(node: FolderNode): PageContent {
  return content(node.path, '', cut(node.name), '', NO_FRONT_PROPERTIES, []);
}

function content(
  path: string,
  hash: string,
  title: string,
  frontMatter: string,
  properties: FrontProperties,
  blocks: readonly NewBlock[],
): PageContent {
  const page = contentHash(title, frontMatter, blocks.map(blockKey), frontKey(properties));
  return { title, frontMatter, properties, blocks, source: { path, hash, page } };
}

/** The front matter's title; else the text of a heading that begins the page, which is then not repeated; else the name. */
function titled(
  title: string | null,
  blocks: readonly NewBlock[],
  name: string,
): { title: string; blocks: readonly NewBlock[] } {
  if (title !== null) return { title: cut(title), blocks };
  const heading = headingTitle(blocks[0]);
  return heading === null ? { title: cut(name), blocks } : { title: heading, blocks: blocks.slice(1) };
}

function cut(title: string): string {
  return asOneLine(title)
    .slice(0, LONGEST_TITLE)
    .replace(/[\uD800-\uDBFF]$/, '');
}

async function store(
  page: PlannedPage,
  content: PageContent,
  place: { readonly parent: string | null; readonly archivedAt: number | null },
  orders: OrderKeys,
  task: ImportTask,
  report: ImportReport,
): Promise<'created' | 'updated' | 'unchanged' | null> {
  const { node, id, known } = page;
  const counted = node.file === null ? 0 : 1;
  if (!known?.source) {
    await task.actions.create({ ...content, id, ...place, order: orders.of(id) });
    report.created += counted;
    return 'created';
  } else if (content.source.page === known.source.page && content.source.path === known.source.path) {
    report.unchanged += counted;
    return 'unchanged';
  } else if (!known.edited && (await task.actions.update(id, content))) {
    report.updated += counted;
    return 'updated';
  }
  report.left.push({ path: node.path, id, title: known.title });
  return null;
}

/** Comments and answers that are not here yet. Of a page that was left alone nothing is added either. */
async function storeBeside(
  { path, file }: FoundBeside,
  id: string,
  task: ImportTask,
  { ids, assets, taking }: Reading,
): Promise<boolean> {
  const { member, kept } = membersHere(file.people, { isHere: task.isMember ?? (() => false), named: task.memberOf });
  const document = (one: string): string | null => ids.get(one) ?? null;
  const blobs = new Map<string, string>();
  for (const [blob, address] of file.assets) {
    const asset = assets.byUrl(path, address);
    const taken = asset && (await taking.take(asset));
    if (taken) blobs.set(blob, taken.blob);
  }
  const blob = (name: string): string => blobs.get(name) ?? name;
  const beside = changeBeside(file.beside, { member, document, blob, workspace: task.workspace });
  return task.actions.addBeside(
    id,
    beside,
    [...kept].map(([one, name]) => ({ id: one, name })),
  );
}

/** A board is made once: what people did on it since is not merged with a file. */
async function storeBoard(
  found: FoundBoard,
  { node, id, known }: PlannedPage,
  place: { readonly parent: string | null; readonly archivedAt: number | null },
  orders: OrderKeys,
  task: ImportTask,
  reading: Reading,
  report: ImportReport,
): Promise<void> {
  if (known?.source) {
    if (known.source.hash === found.hash && known.source.path === found.path) report.unchanged += 1;
    else report.left.push({ path: node.path, id, title: known.title });
    return;
  }
  const board = boardToBe(
    found,
    { id, ...place, order: orders.of(id) },
    reading.ids,
    { isHere: task.isMember ?? (() => false), named: task.memberOf },
    async (markdown) => (await readText(markdown, found.path, false, reading, report)).blocks,
    async (address) => {
      const asset = reading.assets.byUrl(found.path, address);
      return asset && reading.taking.take(asset);
    },
  );
  const refused = await task.actions.createBoard(board);
  report.created += 1;
  for (const title of refused) {
    report.problems.push({ path: node.path, reason: `What the card "${title}" holds is too large for one document.` });
  }
}

/** One transaction: a thread is here whole, or not at all. */
async function storeThread(
  { found, id, known }: PlannedThread,
  task: ImportTask,
  { ids, assets, taking }: Reading,
  report: ImportReport,
): Promise<void> {
  const { path, file } = found;
  if (known?.source?.hash === found.hash) {
    report.unchanged += 1;
    return;
  }
  if (known?.edited) {
    report.left.push({ path, id, title: known.title });
    return;
  }
  const members = { isHere: task.isMember ?? (() => false), named: task.memberOf };
  const thread = await threadToBe(found, { id, workspace: task.workspace }, ids, members, async (address) => {
    const asset = assets.byUrl(path, address);
    return asset && taking.take(asset);
  });
  try {
    if (!(await task.actions.writeThread(thread))) report.left.push({ path, id, title: file.thread.title });
    else if (known) report.updated += 1;
    else report.created += 1;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'too-large') throw error;
    report.problems.push({ path, reason: 'This discussion is too large for one document.' });
  }
}

function apart<T>(all: readonly T[], isFirst: (one: T) => boolean): readonly [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}
