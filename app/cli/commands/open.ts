// open: the app. Joins the host that runs on the folder, or runs one with windows until it is asked to end.
import type { Shell } from '../shell.ts';
import type { CliEnvironment } from '../environment.ts';
import type { CommonFlags } from '../common-flags.ts';

export interface OpenFlags extends CommonFlags {
  readonly shell: 'auto' | Shell;
  readonly port?: number;
}

export async function open(environment: CliEnvironment, flags: OpenFlags): Promise<void> {
  const { chooseDataFolder, dataFolderAt } = await import('../../host/data-folder.ts');
  const folder = dataFolderAt(chooseDataFolder(flags.data, environment));
  const { chooseShell } = await import('../shell.ts');
  const shell = await chooseShell(environment, flags.shell);
  if (shell.kind === 'electron') {
    const { runElectron } = await import('../run-electron.ts');
    return runElectron(environment, shell.executable, shell.arguments(folder.root));
  }
  const { serveWindows } = await import('../serve-windows.ts');
  return serveWindows(environment, folder, {
    shell: shell.kind,
    json: flags.json === true,
    ...(flags.port === undefined ? {} : { port: flags.port }),
  });
}
