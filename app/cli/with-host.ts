// Runs one command's work on a host: through the one that runs on the folder, else in this process without windows.
import { AppError } from '../../shared/base/app-error.ts';
import { chooseDataFolder, dataFolderAt, type DataFolder } from '../host/data-folder.ts';
import type { HostCaller } from '../host/running-host.ts';
import type { WorkspaceEntry } from '../contract/entities.ts';
import type { CliEnvironment } from './environment.ts';
import type { CommonFlags } from './common-flags.ts';

export interface OnHost extends HostCaller {
  readonly folder: string;
  /** It ends with this command. */
  readonly isOwn: boolean;
  /** Why the folder cannot be written, where a copy of it is read; else null. */
  readonly notWritable: { readonly code: string; readonly message: string } | null;
}

export interface WithHostOptions {
  /** Whether a host in this process keeps in step with relays meanwhile; commands that only look do not need it. */
  readonly links: boolean;
  /** It changes nothing: where the folder cannot be written, a copy of it is read. Default: false. */
  readonly onlyReads?: boolean;
}

export async function withHost<T>(
  environment: CliEnvironment,
  flags: CommonFlags,
  options: WithHostOptions,
  work: (host: OnHost) => Promise<T>,
): Promise<T> {
  const folder = dataFolderAt(chooseDataFolder(flags.data, environment));
  const { host, isOwn, notWritable } = await reach(environment, folder, options);
  try {
    if (notWritable) environment.err(notWritable.message);
    return await work({
      folder: folder.root,
      isOwn,
      notWritable,
      async call(name, params) {
        const result = await host.call(name, params);
        refuseRecovery(result, folder.root);
        return result;
      },
      onAnnouncement: host.onAnnouncement,
      close: () => host.close(),
    });
  } finally {
    await host.close();
  }
}

interface ReachedHost extends Pick<OnHost, 'isOwn' | 'notWritable'> {
  readonly host: HostCaller;
}

async function reach(
  environment: CliEnvironment,
  folder: DataFolder,
  { links, onlyReads }: WithHostOptions,
): Promise<ReachedHost> {
  const { reachHost } = await import('../host/reach-host.ts');
  const options = {
    dataFolder: folder.root,
    version: environment.version,
    links,
    searchThread: environment.files.search,
  };
  try {
    const { host, kind } = await reachHost(folder, options, environment.stop);
    return { host, isOwn: kind === 'own', notWritable: null };
  } catch (error) {
    const { hostOnCopy, mayBeRead, readFromCopy } = await import('../host/reading-copy.ts');
    if (!onlyReads || !mayBeRead(error, folder)) throw withWays(error, folder.root);
    const host = await hostOnCopy(folder, options, error).catch((damage: unknown) => {
      throw withWays(damage, folder.root);
    });
    return { host, isOwn: true, notWritable: { code: error.code, message: readFromCopy(error, folder) } };
  }
}

/** Damage at the start is said with what to do about it. */
function withWays(error: unknown, folder: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'damaged') return error;
  return new AppError(
    'damaged',
    `${error.message}\nSee what is wrong: caravan doctor --data ${folder}\nMend the store, with the original kept: caravan repair --data ${folder}`,
    { cause: error, details: error.details },
  );
}

/** A host that shows its recovery screen has no workspaces to work on, and must not look as if there were none. */
function refuseRecovery(result: unknown, folder: string): void {
  if (typeof result !== 'object' || result === null || !('recovery' in result) || !result.recovery) return;
  throw new AppError(
    'damaged',
    `The stored data in ${folder} is damaged, and Caravan shows in its window how to recover. Nothing was changed. Or end it, and run: caravan repair --data ${folder}`,
  );
}

/** The workspace that the flag names by id or title, or the only one there is. */
export async function chooseWorkspace(host: OnHost, flags: CommonFlags): Promise<WorkspaceEntry> {
  const { workspaces } = await host.call('hello', {});
  const names = workspaces.map((workspace) => `  ${workspace.id}  ${workspace.title}`).join('\n');
  if (flags.workspace !== undefined) {
    const wanted = flags.workspace;
    const byId = workspaces.find((workspace) => workspace.id === wanted);
    const byTitle = workspaces.filter((workspace) => workspace.title === wanted);
    const found = byId ?? (byTitle.length === 1 ? byTitle[0] : undefined);
    if (found) return found;
    const why = byTitle.length > 1 ? 'Several workspaces are called' : 'There is no workspace called';
    throw new AppError('not-found', `${why} "${wanted}" in ${host.folder}. Nothing was changed. There are:\n${names}`);
  }
  const [only, ...others] = workspaces;
  if (!only) {
    throw new AppError(
      'not-found',
      `There is no workspace in ${host.folder} yet. Start one with: caravan init --name NAME --workspace TITLE`,
    );
  }
  if (others.length > 0) {
    throw new AppError(
      'bad-input',
      `There are several workspaces; say which with --workspace. Nothing was changed.\n${names}`,
    );
  }
  return only;
}

/** The space's id for an id or a name, or null where there is none of that name. */
export async function findSpace(host: OnHost, workspace: string, wanted: string): Promise<string | null> {
  const spaces = await host.call('space.list', { workspace });
  const byId = spaces.find((space) => space.id === wanted);
  if (byId) return byId.id;
  const byName = spaces.filter((space) => space.name === wanted);
  if (byName.length > 1) {
    throw new AppError(
      'bad-input',
      `Several spaces are called "${wanted}": ${byName.map((space) => space.id).join(', ')}. Nothing was changed. Give the id.`,
    );
  }
  return byName[0]?.id ?? null;
}

/** As findSpace, but its absence is an error. */
export async function needSpace(host: OnHost, workspace: string, wanted: string): Promise<string> {
  const found = await findSpace(host, workspace, wanted);
  if (found === null) {
    throw new AppError(
      'not-found',
      `There is no space "${wanted}" in this workspace. Nothing was changed. See: caravan space list`,
    );
  }
  return found;
}
