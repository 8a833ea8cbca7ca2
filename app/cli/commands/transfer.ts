// import markdown, export.
import path from 'node:path';
import { AppError } from '../../../shared/base/app-error.ts';
import type { ImportReport } from '../../contract/entities.ts';
import type { CliEnvironment } from '../environment.ts';
import { runJob } from '../jobs.ts';
import { count, print } from '../print.ts';
import type { CommonFlags } from '../common-flags.ts';
import { chooseWorkspace, findSpace, needSpace, withHost } from '../with-host.ts';

export async function importMarkdown(
  environment: CliEnvironment,
  directory: string,
  flags: CommonFlags & { readonly space?: string },
): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const { id } = await chooseWorkspace(host, flags);
    const { space: named } = flags;
    const into =
      named === undefined
        ? {}
        : {
            space:
              (await findSpace(host, id, named)) ??
              (await host.call('space.create', { workspace: id, name: named })).id,
          };
    const report = await runJob(environment, host, () =>
      host.call('import.markdown', { workspace: id, ...into, directory: path.resolve(directory) }),
    );
    if (!report) throw new AppError('internal', 'The import ended without a report. What it wrote is kept.');
    print(environment, flags, report, reportLines(report));
  });
}

export async function exportMarkdown(
  environment: CliEnvironment,
  directory: string,
  flags: CommonFlags & { readonly space?: string },
): Promise<void> {
  await withHost(environment, flags, { links: false, onlyReads: true }, async (host) => {
    const { id } = await chooseWorkspace(host, flags);
    const target = path.resolve(directory);
    const space = flags.space === undefined ? {} : { space: await needSpace(host, id, flags.space) };
    const report = await runJob(environment, host, () =>
      host.call('export.markdown', { workspace: id, directory: target, ...space }),
    );
    const pages = report?.unchanged ?? 0;
    const problems = report?.problems ?? [];
    print(environment, flags, { directory: target, pages, problems }, [
      `${count(pages, 'page')} written to ${target}.`,
      ...problems.map((one) => `  ${one.path}: ${one.reason}`),
    ]);
  });
}

function reportLines(report: ImportReport): string[] {
  const lines = [
    `${count(report.created, 'page')} new, ${report.updated} updated, ${report.unchanged} unchanged.`,
    `${count(report.links.resolved, 'link')} lead to their pages.`,
  ];
  const list = (title: string, items: readonly string[]): void => {
    if (items.length > 0) lines.push(title, ...items.map((item) => `  ${item}`));
  };
  list(
    'Left alone, because they were edited here since:',
    report.left.map((one) => `${one.path}  (${one.title})`),
  );
  list(
    'Links that lead to no page and were kept as they are:',
    report.links.unresolved.map((one) => `${one.path}: ${one.target}`),
  );
  list(
    'Could not be taken:',
    report.problems.map((one) => `${one.path}: ${one.reason}`),
  );
  list(
    'Kept letter by letter:',
    Object.entries(report.kept).map(([kind, number]) => `${number} ${kind}`),
  );
  return lines;
}
