// The files of an export, one after another: reads each page and prints it with its links led to the other files.
import { readMeta } from '../../../shared/model/document/meta.ts';
import type * as Y from 'yjs';
import { readPeople } from '../../../shared/model/board/people.ts';
import { readAttachments } from '../../../shared/model/document/attachments.ts';
import { readPlainComments } from '../../../shared/model/comments/plain.ts';
import { readEntry, type PlainEntry } from '../../../shared/model/document/plain-maps.ts';
import type { Block } from '../../../shared/model/page/block.ts';
import { endsOfUnnamed, readPlainAnswers } from '../../../shared/model/page/plain-answers.ts';
import { PEOPLE_FILE, printPeople, readProfile, type PersonInFile } from '../people-file.ts';
import { changeBeside, isBare, pageFileOf, printPageFile, type PageBeside, type PageFile } from '../page-file.ts';
import { bodyOf, metaOf } from '../../../shared/model/document/roots.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { joinFrontMatter } from '../../../shared/model/markdown/front-matter.ts';
import { printProperties } from '../../../shared/model/markdown/front-properties.ts';
import { readBlocks } from '../../../shared/model/page/read.ts';
import { readProperties } from '../../../shared/model/properties/read.ts';
import { readFrontMatter } from '../import-markdown/import-actions.ts';
import { readSource } from '../import-markdown/import-source.ts';
import { exportBoard } from './export-board.ts';
import { exportThread } from './export-thread.ts';
import { ExportAssets } from './export-assets.ts';
import type { ExportedFile, ExportProblem, ExportSource, ExportSpace } from './export-source.ts';
import type { ExportManifest } from './export-manifest.ts';
import { fileName, uniqueName, type TakenNames } from './file-names.ts';
import { pagePrinter } from './print-page.ts';
import { planExport, relativeUrl, THREAD_FOLDER, type ExportEntry } from './export-plan.ts';

interface Placed {
  readonly room: string;
  readonly id: string;
  readonly path: string;
  readonly archived: { readonly at: number; readonly parent: string | null } | null;
  /** Of a board: the rooms of what its cards hold. */
  readonly cards: readonly string[] | null;
  /** Of a thread: whether all of it goes out. */
  readonly thread: { readonly whole: boolean } | null;
}

/** One space stands at the top, several each in a folder of its name. Ends early, without an error, when cancelled. */
export async function* exportedFiles(source: ExportSource, problems: ExportProblem[]): AsyncGenerator<ExportedFile> {
  const placed = await placePages(source);
  const paths = new Map(placed.map(({ id, path }) => [id, path]));
  const titles = new Map(
    source.spaces.flatMap(({ pages, threads = [] }) =>
      [...pages, ...threads].map(({ id, title }) => [id, title || 'Untitled']),
    ),
  );
  const printer = pagePrinter({ source, assets: new ExportAssets(source), paths, titles, problems });
  for (const [done, { room, path, archived, cards, thread }] of placed.entries()) {
    if (source.signal.aborted) return;
    source.onProgress(done, placed.length, path);
    const below = archived?.parent ? (paths.get(archived.parent) ?? null) : null;
    const put = archived ? { archived: { at: archived.at, below } } : {};
    if (thread) {
      yield* exportThread({ room, path, ...thread }, { source, printer, paths, problems });
      continue;
    }
    if (cards) {
      yield* exportBoard({ room, path, cards }, { source, printer, paths, titles, problems }, put);
      continue;
    }
    const page = await source.documents.read(room, (doc) => ({
      beside: readBeside(doc),
      attached: readAttachments(doc),
      names: new Map(readPeople(doc).map(({ id, name }) => [id, name])),
      ends: endsOfUnnamed(doc),
      title: readTitle(doc),
      frontMatter: readFrontMatter(doc),
      properties: readProperties(doc),
      blocks: readBlocks(bodyOf(doc)),
    }));
    yield* printer.assetsOf(page.blocks, room, path);
    const blocks = page.blocks.map((block) => endedAsk(block, page.ends));
    const body = printer.print(printer.writable(blocks, path), room, path);
    const { lines, rest } = printProperties(
      page.properties,
      page.frontMatter,
      (id) => source.names?.memberName(id) ?? '',
    );
    yield { path, text: joinFrontMatter(page.title, rest, body, lines), ...put };
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (isBare(page.beside)) continue;
    const inBlocks = new Set(
      page.blocks.flatMap((block) => (block.type === 'atom' && 'blob' in block.props ? [block.props.blob] : [])),
    );
    const shown = page.attached.filter(({ blob }) => !inBlocks.has(blob));
    yield* printer.files(
      shown.map(({ blob, name, size }) => ({ blob, name, size, mime: '' })),
      room,
      path,
    );
    const assets = new Map(
      page.attached.flatMap(({ blob }) => {
        const address = printer.addressOf(blob, room, path);
        return address === null ? [] : [[blob, address] as const];
      }),
    );
    yield besideOf({ beside: page.beside, assets }, path, page.names, source, paths);
  }
  if (source.whole && source.people) {
    const people: PersonInFile[] = [];
    for (const { id, name, room } of source.people) {
      if (source.signal.aborted) return;
      people.push({ id, name, profile: await source.documents.read(room, readProfile) });
    }
    yield { path: PEOPLE_FILE, text: printPeople(people), beside: true };
  }
  source.onProgress(placed.length, placed.length, '');
}

function readBeside(doc: Y.Doc): PageBeside {
  const { consultation } = readEntry(metaOf(doc), (_, key) => key !== undefined && key !== 'consultation');
  return {
    ...readPlainComments(doc),
    answers: readPlainAnswers(doc),
    consultation: typeof consultation === 'object' && consultation !== null ? (consultation as PlainEntry) : null,
  };
}

/** A poll whose voters nobody names any more has ended by going out (EX3). */
function endedAsk(block: Block, ends: ReadonlyMap<string, number>): Block {
  const until = ends.get(block.id);
  if (until === undefined || block.type !== 'atom' || block.kind !== 'poll' || !block.props.ask) return block;
  return { ...block, props: { ...block.props, ask: { ...block.props.ask, until } } };
}

/** Comments and answers, beside the page. */
function besideOf(
  { beside, assets }: Pick<PageFile, 'beside' | 'assets'>,
  path: string,
  names: ReadonlyMap<string, string>,
  { names: known }: ExportSource,
  paths: ReadonlyMap<string, string>,
): ExportedFile {
  const people = new Set<string>();
  const documents = new Set<string>();
  const note = (all: Set<string>) => (id: string) => {
    all.add(id);
    return id;
  };
  changeBeside(beside, { member: note(people), document: note(documents) });
  const text = printPageFile({
    beside,
    assets,
    people: new Map(
      [...people].flatMap((id) => {
        const name = known?.memberName(id) || names.get(id) || '';
        return name === '' ? [] : [[id, name] as const];
      }),
    ),
    pages: new Map(
      [...documents].flatMap((id) => {
        const to = paths.get(id);
        return to === undefined ? [] : [[id, relativeUrl(path, to)] as const];
      }),
    ),
  });
  return { path: pageFileOf(path), text, beside: true };
}

async function placePages({ spaces, documents, signal }: ExportSource): Promise<Placed[]> {
  const placed: Placed[] = [];
  const folders = spaceFolders(spaces);
  for (const space of spaces) {
    const root = folders.get(space.id) ?? '';
    const entries: ExportEntry[] = [];
    for (const page of space.pages) {
      if (signal.aborted) return [];
      const source = await documents.read(page.room, (doc) => readSource(metaOf(doc).get('source')));
      entries.push({ ...page, sourcePath: source?.path });
    }
    const pages = new Map(space.pages.map((page) => [page.id, page]));
    for (const [id, path] of planExport(entries, root)) {
      const page = pages.get(id);
      const archived = page?.archived ? { at: page.archivedAt ?? 0, parent: page.parent } : null;
      placed.push({ id, path, room: page?.room ?? '', archived, cards: page?.cards ?? null, thread: null });
    }
    placed.push(...(await placeThreads(space, root, documents, signal)));
  }
  return placed;
}

/** One space stands at the top. */
function spaceFolders(spaces: readonly ExportSpace[]): ReadonlyMap<string, string> {
  const taken: TakenNames = new Map();
  return new Map(spaces.map(({ id, name }) => [id, spaces.length === 1 ? '' : uniqueName(fileName(name, 80), taken)]));
}

/** What the manifest says of a whole workspace. */
export function listedSpaces({ spaces, whole = false }: ExportSource): ExportManifest['spaces'] {
  if (!whole) return undefined;
  const folders = spaceFolders(spaces);
  return spaces.map(({ id, name, purpose = '' }) => ({ folder: folders.get(id) ?? '', id, name, purpose }));
}

/** By when they were begun: so that a name that two have goes to the same one each time. */
async function placeThreads(
  { threads = [], manages = false }: ExportSpace,
  root: string,
  documents: ExportSource['documents'],
  signal: AbortSignal,
): Promise<Placed[]> {
  const begun: { readonly id: string; readonly title: string; readonly room: string; readonly at: number }[] = [];
  for (const thread of threads) {
    if (signal.aborted) return [];
    begun.push({ ...thread, at: await documents.read(thread.room, (doc) => readMeta(doc)?.createdAt ?? 0) });
  }
  begun.sort((a, b) => a.at - b.at || (a.title < b.title ? -1 : a.title > b.title ? 1 : a.id < b.id ? -1 : 1));
  const names: TakenNames = new Map();
  return begun.map(({ id, title, room }) => {
    const name = uniqueName(fileName(title, 80), names);
    const path = `${root === '' ? '' : `${root}/`}${THREAD_FOLDER}/${name}.md`;
    return { id, room, path, archived: null, cards: null, thread: { whole: manages } };
  });
}
