// open: the app. Joins the host that runs on the folder, or runs one with windows until it is asked to end.
import type { DataFolder } from '../../host/data-folder.ts';
import type { HostFile } from '../../host/host-file.ts';
import type { Shell } from '../choose-shell.ts';
import type { CommonFlags } from '../common-flags.ts';
import type { CliEnvironment } from '../environment.ts';

export interface OpenFlags extends CommonFlags {
  readonly shell: 'auto' | Shell;
  readonly port?: number;
  readonly discovery: boolean;
}

export async function open(environment: CliEnvironment, flags: OpenFlags): Promise<void> {
  const { chooseDataFolder, dataFolderAt } = await import('../../host/data-folder.ts');
  const folder = dataFolderAt(chooseDataFolder(flags.data, environment));
  const { chooseShell } = await import('../shell.ts');
  const shell = await chooseShell(environment, flags.shell, await runningOn(folder));
  if (shell.kind === 'electron') {
    if (!flags.discovery) environment.err('--no-discovery is not used: Electron goes by the settings.');
    if (flags.port !== undefined) environment.err('--port is not used: Electron shows its windows without an address.');
    const { runElectron } = await import('../run-electron.ts');
    return runElectron(environment, {
      executable: shell.executable,
      arguments: shell.arguments(folder.root),
      folder,
      json: flags.json === true,
    });
  }
  const { serveWindows } = await import('../serve-windows.ts');
  return serveWindows(environment, folder, {
    shell: shell.kind,
    json: flags.json === true,
    discovery: flags.discovery && environment.env['CARAVAN_DISCOVERY'] !== 'off',
    ...(flags.port === undefined ? {} : { port: flags.port }),
  });
}

async function runningOn(folder: DataFolder): Promise<HostFile | null> {
  const { findRunningHost } = await import('../../host/running-host.ts');
  const running = await findRunningHost(folder);
  await running?.close();
  return running?.file ?? null;
}
