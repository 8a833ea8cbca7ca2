// A whole workspace in a folder that is an export: which files go into which space, by what the export says of its spaces. It writes nothing.
import type { ExportManifest } from '../export-markdown/export-manifest.ts';
import type { ImportAsset } from './import-assets.ts';
import type { ImportFile, ImportReport } from './import-markdown.ts';

export type ExportedSpace = NonNullable<ExportManifest['spaces']>[number];

interface ExportedFiles {
  readonly files: readonly ImportFile[];
  readonly assets?: readonly ImportAsset[];
  /** Blobs by the path of an asset. */
  readonly added?: ReadonlyMap<string, string>;
}

/** What lies in the folder of a space, as if that folder had been chosen. */
export function partOf(
  { folder }: ExportedSpace,
  { files, assets = [], added = new Map() }: ExportedFiles,
): Required<ExportedFiles> {
  if (folder === '') return { files, assets, added };
  const prefix = `${folder}/`;
  const within = (path: string): string => path.slice(prefix.length);
  return {
    files: files
      .filter(({ path }) => path.startsWith(prefix))
      .map((file) => ({
        ...file,
        path: within(file.path),
        ...(file.archived
          ? { archived: { ...file.archived, below: file.archived.below === null ? null : within(file.archived.below) } }
          : {}),
      })),
    assets: assets
      .filter(({ path }) => path.startsWith(prefix))
      .map((asset) => ({ ...asset, path: within(asset.path) })),
    added: new Map([...added].filter(([path]) => path.startsWith(prefix)).map(([path, blob]) => [within(path), blob])),
  };
}

/** One report of several, paths with their folders in front. */
export function joinedReport(parts: readonly (readonly [folder: string, report: ImportReport])[]): ImportReport {
  const all: ImportReport = {
    created: 0,
    updated: 0,
    unchanged: 0,
    left: [],
    links: { resolved: 0, unresolved: [] },
    problems: [],
    kept: {},
  };
  for (const [folder, report] of parts) {
    const placed = <T extends { readonly path: string }>(one: T): T =>
      folder === '' ? one : { ...one, path: `${folder}/${one.path}` };
    for (const count of ['created', 'updated', 'unchanged'] as const) all[count] += report[count];
    all.left.push(...report.left.map(placed));
    all.links.resolved += report.links.resolved;
    all.links.unresolved.push(...report.links.unresolved.map(placed));
    all.problems.push(...report.problems.map(placed));
    for (const [kind, count] of Object.entries(report.kept)) all.kept[kind] = (all.kept[kind] ?? 0) + count;
  }
  return all;
}
