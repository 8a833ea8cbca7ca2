// Calls that bring documents in and write them out; each is a job with progress that can be cancelled.
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import { buildTree, subtree } from '../../../shared/model/document/tree.ts';
import type { DocEntry } from '../../contract/entities.ts';
import type { CallResult } from '../../contract/calls.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { MANIFEST_NAME, namesOf, placesOf, readManifestText } from '../export-markdown/export-manifest.ts';
import type { ExportProblem, ExportSource, ExportSpace } from '../export-markdown/export-source.ts';
import { isBoardPath } from '../import-markdown/import-board.ts';
import { baseOf } from '../import-markdown/folder-tree.ts';
import type { ImportAsset, TakenAsset } from '../import-markdown/import-assets.ts';
import type { ImportFile, ImportProblem } from '../import-markdown/import-markdown.ts';
import type { ExportedSpace } from '../import-markdown/import-workspace.ts';
import { isThreadPath } from '../thread-file.ts';
import { profileRoom } from '../../../shared/model/profile/profile.ts';
import { textOf } from '../import-markdown/file-text.ts';
import { fillProfile, PEOPLE_FILE, readPeopleFile } from '../people-file.ts';
import { isPageFilePath } from '../page-file.ts';
import { withCards } from '../exported-board.ts';
import type { JobContext } from '../jobs.ts';
import { knownNames } from '../known-names.ts';
import { found } from './document-calls.ts';
import { knownSpace, spaceCalls } from './space-calls.ts';

/** Of all files of one import that a window sends, in UTF-16 code units. */
const LARGEST_IMPORT = 64 * 1024 * 1024;
const LARGEST_FILE = 4 * 1024 * 1024;

interface Files {
  readonly files: readonly ImportFile[];
  readonly problems?: readonly ImportProblem[];
  readonly assets?: readonly ImportAsset[];
  /** What became of those that a window has added, by path. */
  readonly added?: ReadonlyMap<string, string>;
}

async function importInto(host: HostParts, workspaceId: string, space: string, from: Files, context: JobContext) {
  const { importMarkdown } = await import('../import-markdown/import-markdown.ts');
  const { importActions } = await import('../import-markdown/import-actions.ts');
  const workspace = knownSpace(host, workspaceId, space);
  const { member } = workspace.about;
  await host.catalogue.settled();
  const { assets, added, ...read } = from;
  const report = await importMarkdown({
    ...read,
    ...(assets
      ? { assets: { files: assets, taking: (asset) => takeAsset(host, workspaceId, space, asset, added) } }
      : {}),
    workspace: workspaceId,
    space,
    member,
    memberOf: (name) => {
      const found = workspace.members().filter((one) => !one.removed && one.name.trim() === name);
      return found.length === 1 ? (found[0]?.id ?? null) : null;
    },
    isMember: (id) => workspace.members().some((one) => one.id === id),
    actions: importActions({
      documents: host.documents,
      workspace: workspaceId,
      space,
      member,
      now: () => host.clock.now(),
      list: () =>
        host.catalogue
          .list(workspaceId, space)
          .filter((entry) => ['page', 'board', 'thread'].includes(entry.kind))
          .map((entry) => entry.id),
    }),
    signal: context.signal,
    onProgress: (done, total, path) => context.progress(done, total, path),
  });
  // Whoever waited for the job finds its pages and threads in the next lists.
  await Promise.all([host.catalogue.settled(), host.threads.settled()]);
  return report;
}

/** As a window would have added it, where it has not. */
async function takeAsset(
  host: HostParts,
  workspace: string,
  space: string,
  asset: ImportAsset,
  added: Files['added'],
): Promise<TakenAsset> {
  const blob = added?.get(asset.path) ?? (await host.attachments.add(workspace, space, asset.read())).blob;
  const state = await host.attachments.state({ workspace, space, blob });
  if (state.state !== 'here') throw new AppError('not-found', 'The file is not on this computer any more.');
  const isPicture = state.kind === 'image' && state.width !== null && state.height !== null;
  return {
    blob,
    size: state.size,
    mime: state.type,
    pixels: isPicture ? [state.width ?? 0, state.height ?? 0] : null,
  };
}

/** Nobody asks for the bytes of what is here already. */
async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The space here of an exported one: of the same id, else of the same name, in which whoever imports may write; made where there is none. */
async function spaceFor(
  host: HostParts,
  workspace: string,
  { id, name, purpose }: ExportedSpace,
  used: Set<string>,
): Promise<string> {
  const open = host.workspaces
    .get(workspace)
    .spaces()
    .filter((one) => one.mayWrite && !one.archived && !used.has(one.id));
  const here = open.find((one) => one.id === id) ?? open.find((one) => one.name === name);
  const space =
    here?.id ?? (await spaceCalls['space.create'](host, { workspace, name: name || 'Untitled', purpose })).id;
  used.add(space);
  return space;
}

/** What is known of an export of a whole workspace. */
interface WholeExport extends Files {
  readonly spaces: readonly ExportedSpace[];
  /** The text of its file of people, where it has one. */
  readonly people: () => Promise<string | null>;
}

/** Each space of an export into the one that is its own here. */
function importWorkspace(host: HostParts, workspace: string, from: WholeExport): { job: string } {
  const job = host.jobs.start('import', `import ${workspace}`, async (context) => {
    const { joinedReport, partOf } = await import('../import-markdown/import-workspace.ts');
    const parts: (readonly [string, Awaited<ReturnType<typeof importInto>>])[] = [];
    const used = new Set<string>();
    for (const exported of from.spaces) {
      if (context.signal.aborted) break;
      const space = await spaceFor(host, workspace, exported, used);
      const { files, assets, added } = partOf(exported, from);
      const report = await importInto(host, workspace, space, { files, assets, added }, context);
      parts.push([exported.folder, report]);
    }
    const report = joinedReport(parts);
    const people = context.signal.aborted ? null : await from.people();
    if (people !== null) await fillOwnProfile(host, workspace, people);
    return { ...report, problems: [...(from.problems ?? []), ...report.problems] };
  });
  return { job };
}

/** Throws `bad-input` where there are none. */
function mustHaveSpaces(spaces: readonly ExportedSpace[] | undefined, what: string): readonly ExportedSpace[] {
  if (spaces && spaces.length > 0) return spaces;
  throw new AppError(
    'bad-input',
    `${what} no export of a whole workspace. Nothing was imported. Say into which space its files go.`,
  );
}

/** Only what whoever imports is said to be, and has not said here: nobody writes another's profile. */
async function fillOwnProfile(host: HostParts, workspaceId: string, text: string): Promise<void> {
  const { about } = host.workspaces.get(workspaceId);
  const people = readPeopleFile(text) ?? [];
  const name =
    host.workspaces
      .get(workspaceId)
      .members()
      .find(({ id }) => id === about.member)?.name ?? '';
  const same = people.filter((one) => one.name === name);
  const mine = people.find(({ id }) => id === about.member) ?? (same.length === 1 ? same[0] : undefined);
  if (!mine) return;
  const room = profileRoom(workspaceId, about.member);
  const { profile } = mine;
  await host.documents.edit(room, (doc) => doc.transact(() => fillProfile(doc, profile)));
  await host.catalogue.refresh(room);
}

export const transferCalls = {
  async 'import.markdown'(host, { workspace, space, directory }) {
    host.workspaces.get(workspace);
    const { readMarkdownDirectory } = await import('../import-markdown/read-directory.ts');
    if (space === undefined) {
      const { spaces, files, assets, problems } = await readMarkdownDirectory(directory);
      const people = assets.find(({ path }) => path === PEOPLE_FILE);
      return importWorkspace(host, workspace, {
        files,
        problems,
        assets: assets.filter((one) => one !== people),
        spaces: mustHaveSpaces(spaces ?? undefined, `${directory} is`),
        people: async () => (people ? textOf(people.read()) : null),
      });
    }
    knownSpace(host, workspace, space);
    const job = host.jobs.start('import', `import ${workspace}/${space}`, async (context) => {
      const { files, assets, problems } = await readMarkdownDirectory(directory);
      return importInto(host, workspace, space, { files, assets, problems }, context);
    });
    return { job };
  },
  async 'import.spaces'(host, { workspace, manifest }) {
    host.workspaces.get(workspace);
    const used = new Set<string>();
    const spaces: { folder: string; space: string }[] = [];
    for (const exported of mustHaveSpaces(readManifestText(manifest)?.spaces, 'This folder is')) {
      spaces.push({ folder: exported.folder, space: await spaceFor(host, workspace, exported, used) });
    }
    return { spaces };
  },
  async 'import.files'(host, { workspace, space, files, assets = [] }) {
    if (space === undefined) host.workspaces.get(workspace);
    else knownSpace(host, workspace, space);
    let size = 0;
    for (const { path, text } of files) {
      size += text.length;
      const tooLarge = text.length > LARGEST_FILE && !isBoardPath(path) && !isThreadPath(path) && !isPageFilePath(path);
      if (tooLarge || size > LARGEST_IMPORT) {
        throw new AppError(
          'too-large',
          `${tooLarge ? `The file ${path} is` : 'These files are together'} too large for one import. Nothing was changed. Use: caravan import markdown DIR`,
        );
      }
    }
    // Of a folder that is an export its manifest comes along, which says what its files cannot.
    const manifest = files.find(({ path }) => path === MANIFEST_NAME);
    const said = manifest ? readManifestText(manifest.text) : null;
    const places = placesOf(said);
    const names = namesOf(said);
    const added = new Map(assets.map(({ path, blob }) => [path, blob]));
    const given: Files = {
      files: files
        .filter(({ path }) => path !== PEOPLE_FILE)
        .map(({ path, text }) => ({ path, ...places.get(path), read: async () => text })),
      assets: assets.map(({ path }) => ({
        path,
        name: names.get(path) ?? baseOf(path),
        read: nothing,
      })),
      added,
    };
    if (space === undefined) {
      const people = files.find(({ path }) => path === PEOPLE_FILE)?.text ?? null;
      const spaces = mustHaveSpaces(said?.spaces, 'This folder is');
      return importWorkspace(host, workspace, { ...given, spaces, people: async () => people });
    }
    const job = host.jobs.start('import', `import ${workspace}/${space}`, (context) =>
      importInto(host, workspace, space, given, context),
    );
    return { job };
  },
  async 'export.markdown'(host, { workspace, space, document, directory }) {
    const spaces = await exportedSpaces(host, workspace, space, document);
    const { exportToFolder } = await import('../export-markdown/export-folder.ts');
    const job = host.jobs.start('export', `export ${directory}`, async (context) => {
      const whole = space === undefined && document === undefined;
      const source = { ...exportSource(host, workspace, spaces, context), whole };
      const { pages, problems } = await exportToFolder(source, directory);
      return exportReport(pages, problems);
    });
    return { job };
  },
  async 'export.zip'(host, { workspace, space, document }) {
    const spaces = await exportedSpaces(host, workspace, space, document);
    const { exportZip } = await import('../export-markdown/export-zip.ts');
    const what = document ?? space ?? '';
    const title =
      document === undefined
        ? space === undefined
          ? host.workspaces.entries().find((one) => one.id === workspace)?.title
          : spaces[0]?.name
        : host.catalogue.entry(workspace, document)?.title;
    const job = host.jobs.start('export', `export ${workspace}/${what}`, async (context) => {
      const whole = space === undefined && document === undefined;
      const source = { ...exportSource(host, workspace, spaces, context), whole };
      const { name, bytes, pages, problems } = await exportZip(source, title ?? '', host.clock.now());
      context.keep({ name, bytes });
      return exportReport(pages, problems);
    });
    return { job };
  },
  async 'export.take'(host, { job }) {
    const { name, bytes } = host.jobs.take(job);
    return { name, base64: Buffer.from(bytes).toString('base64') };
  },
} satisfies Partial<CallHandlers>;

/** One space, or all that have a page; what may not be shown on this computer is not exported either. Nor is the trash. */
async function exportedSpaces(
  host: HostParts,
  id: string,
  space: string | undefined,
  document: string | undefined,
): Promise<readonly ExportSpace[]> {
  const top = document === undefined ? null : found(host, { workspace: id, document });
  const only = top?.space ?? space;
  const workspace = only === undefined ? host.workspaces.get(id) : knownSpace(host, id, only);
  await host.catalogue.settled();
  if (only !== undefined && !workspace.mayRead(only)) {
    throw new AppError(
      'not-allowed',
      'You are not in this space, so nothing of it can be exported. What had arrived stays on this computer. Enter it, or ask who manages it to let you in.',
    );
  }
  return workspace
    .spaces()
    .filter((space) => (only === undefined ? workspace.mayRead(space.id) : space.id === only))
    .map((space) => ({
      id: space.id,
      name: space.name,
      purpose: space.purpose,
      pages: exportedPages(host, id, space.id, top),
      threads: exportedThreads(host, id, space.id, top),
      manages: space.manages,
    }))
    .filter((space) => only !== undefined || space.pages.length + space.threads.length > 0);
}

/** Of one document what stands below it comes along; what was put away stays, unless the document itself was. */
function exportedPages(host: HostParts, id: string, space: string, top: DocEntry | null): ExportSpace['pages'] {
  if (top?.kind === 'thread') return [];
  const pages = host.catalogue
    .list(id, space)
    .filter((entry) => entry.kind === 'page' || entry.kind === 'board')
    .map((entry) => withCards(host, entry));
  if (!top) return pages.filter((entry) => !entry.trashed);
  const wanted = pages.filter((entry) => entry.id === top.id || entry.archived === top.archived);
  return subtree(buildTree(wanted), withCards(host, top));
}

function exportedThreads(host: HostParts, id: string, space: string, top: DocEntry | null) {
  const threads = host.catalogue.list(id, space).filter((entry) => entry.kind === 'thread');
  return threads.filter((entry) => (top === null ? !entry.trashed : entry.id === top.id));
}

function exportSource(
  host: HostParts,
  workspaceId: string,
  spaces: readonly ExportSpace[],
  context: JobContext,
): ExportSource {
  return {
    spaces,
    names: knownNames(host, workspaceId),
    people: host.workspaces
      .get(workspaceId)
      .members()
      .filter(({ removed }) => !removed)
      .map(({ id, name }) => ({ id, name, room: profileRoom(workspaceId, id) })),
    documents: host.documents,
    attachments: (room, blob) => {
      const { space = '' } = parseRoomName(room) ?? {};
      return host.attachments.open({ workspace: workspaceId, space, blob });
    },
    signal: context.signal,
    onProgress: (done, total, path) => context.progress(done, total, path),
  };
}

/** Jobs report in one form: an export counts its pages as unchanged, and says what Markdown could not hold. */
function exportReport(pages: number, problems: readonly ExportProblem[]): CallResult<'job.get'>['report'] {
  const links = { resolved: 0, unresolved: [] };
  return { created: 0, updated: 0, unchanged: pages, left: [], links, problems: [...problems], kept: {} };
}
