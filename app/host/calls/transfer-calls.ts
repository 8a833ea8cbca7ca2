// Calls that bring documents in and write them out; each is a job with progress that can be cancelled.
import { AppError } from '../../../shared/base/app-error.ts';
import type { CallResult } from '../../contract/calls.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import type { ExportProblem, ExportSource, ExportSpace } from '../export-markdown/export-pages.ts';
import type { ImportFile, ImportProblem } from '../import-markdown/import-markdown.ts';
import type { JobContext } from '../jobs.ts';
import { knownSpace } from './space-calls.ts';

/** Of all files of one import that a window sends, in UTF-16 code units. */
const LARGEST_IMPORT = 64 * 1024 * 1024;
const LARGEST_FILE = 4 * 1024 * 1024;

interface Files {
  readonly files: readonly ImportFile[];
  readonly problems?: readonly ImportProblem[];
}

async function importInto(host: HostParts, workspaceId: string, space: string, from: Files, context: JobContext) {
  const { importMarkdown } = await import('../import-markdown/import-markdown.ts');
  const { importActions } = await import('../import-markdown/import-actions.ts');
  const workspace = knownSpace(host, workspaceId, space);
  const { member } = workspace.about;
  await host.catalogue.settled();
  const report = await importMarkdown({
    ...from,
    workspace: workspaceId,
    space,
    member,
    actions: importActions({
      documents: host.documents,
      workspace: workspaceId,
      space,
      member,
      now: () => host.clock.now(),
      list: () =>
        host.catalogue
          .list(workspaceId, space)
          .filter((entry) => entry.kind === 'page')
          .map((entry) => entry.id),
    }),
    signal: context.signal,
    onProgress: (done, total, path) => context.progress(done, total, path),
  });
  // Whoever waited for the job finds its pages in the next list.
  await host.catalogue.settled();
  return report;
}

export const transferCalls = {
  async 'import.markdown'(host, { workspace, space, directory }) {
    knownSpace(host, workspace, space);
    const { readMarkdownDirectory } = await import('../import-markdown/read-directory.ts');
    const job = host.jobs.start('import', `import ${workspace}/${space}`, async (context) =>
      importInto(host, workspace, space, await readMarkdownDirectory(directory), context),
    );
    return { job };
  },
  async 'import.files'(host, { workspace, space, files }) {
    knownSpace(host, workspace, space);
    let size = 0;
    for (const { path, text } of files) {
      size += text.length;
      if (text.length > LARGEST_FILE || size > LARGEST_IMPORT) {
        throw new AppError(
          'too-large',
          `${text.length > LARGEST_FILE ? `The file ${path} is` : 'These files are together'} too large for one import. Nothing was changed. Use: caravan import markdown DIR`,
        );
      }
    }
    const given = { files: files.map(({ path, text }) => ({ path, read: async () => text })) };
    const job = host.jobs.start('import', `import ${workspace}/${space}`, (context) =>
      importInto(host, workspace, space, given, context),
    );
    return { job };
  },
  async 'export.markdown'(host, { workspace, space, directory }) {
    const spaces = await exportedSpaces(host, workspace, space);
    const { exportToFolder } = await import('../export-markdown/export-folder.ts');
    const job = host.jobs.start('export', `export ${directory}`, async (context) => {
      const { pages, problems } = await exportToFolder(exportSource(host, workspace, spaces, context), directory);
      return exportReport(pages, problems);
    });
    return { job };
  },
  async 'export.zip'(host, { workspace, space }) {
    const spaces = await exportedSpaces(host, workspace, space);
    const { exportZip } = await import('../export-markdown/export-zip.ts');
    // The answer is awaited by one window: the job is there to be seen and cancelled.
    let zip: { name: string; base64: string } | null = null;
    const job = host.jobs.start('export', `export ${workspace}/${space}`, async (context) => {
      const { name, bytes, pages, problems } = await exportZip(
        exportSource(host, workspace, spaces, context),
        host.clock.now(),
      );
      zip = { name, base64: Buffer.from(bytes).toString('base64') };
      return exportReport(pages, problems);
    });
    await host.jobs.ended(job);
    if (zip !== null) return zip;
    const { status } = host.jobs.get(job);
    throw new AppError(status.state === 'cancelled' ? 'cancelled' : 'internal', status.message);
  },
} satisfies Partial<CallHandlers>;

/** One space, or all that have a page; what may not be shown on this computer is not exported either. */
async function exportedSpaces(host: HostParts, id: string, only?: string): Promise<readonly ExportSpace[]> {
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
      pages: host.catalogue.list(id, space.id).filter((entry) => entry.kind === 'page'),
    }))
    .filter((space) => only !== undefined || space.pages.length > 0);
}

function exportSource(
  host: HostParts,
  workspaceId: string,
  spaces: readonly ExportSpace[],
  context: JobContext,
): ExportSource {
  const workspace = host.workspaces.get(workspaceId);
  const members = new Map(workspace.members().map(({ id, name }) => [id, name]));
  return {
    spaces,
    names: {
      pageTitle: (page) => {
        const entry = host.catalogue.entry(workspaceId, page);
        return entry && workspace.mayRead(entry.space) ? entry.title : null;
      },
      memberName: (member) => members.get(member) ?? null,
    },
    documents: host.documents,
    signal: context.signal,
    onProgress: (done, total, path) => context.progress(done, total, path),
  };
}

/** Jobs report in one form: an export counts its pages as unchanged, and says what Markdown could not hold. */
function exportReport(pages: number, problems: readonly ExportProblem[]): CallResult<'job.get'>['report'] {
  const links = { resolved: 0, unresolved: [] };
  return { created: 0, updated: 0, unchanged: pages, left: [], links, problems: [...problems], kept: {} };
}
