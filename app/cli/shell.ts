// Looks at what the choice of a shell depends on, fetches Electron's runtime where the choice asks for it, and says the words.
import { AppError } from '../../shared/base/app-error.ts';
import { decideShell, type RuntimeFact, type Shell, type ShellFacts } from './choose-shell.ts';
import type { CliEnvironment } from './environment.ts';

export type ChosenShell =
  | { readonly kind: 'electron'; readonly executable: string; readonly arguments: (folder: string) => string[] }
  | { readonly kind: 'browser' | 'none' };

/** Throws `unsupported` where `electron` was insisted on and cannot be had. */
export async function chooseShell(
  environment: CliEnvironment,
  wanted: 'auto' | Shell,
  running: ShellFacts['running'],
): Promise<ChosenShell> {
  if (wanted === 'browser' || wanted === 'none') return { kind: wanted };
  const screen = hasScreen(environment);
  const electron = await environment.files.electron();
  let executable = electron.electronExecutable();
  let runtime: RuntimeFact = { kind: executable === null ? 'missing' : 'there' };
  let choice = decideShell({ wanted, screen, running, runtime });
  if (choice.kind === 'fetch') {
    runtime = await electron.tryFetchElectron({ report: environment.err });
    executable = electron.electronExecutable();
    choice = decideShell({ wanted, screen, running, runtime });
  }
  if (choice.kind === 'refused') throw new AppError('unsupported', choice.message);
  if (choice.kind === 'browser' || choice.kind === 'none') {
    for (const line of choice.words) environment.err(line);
    return { kind: choice.kind };
  }
  if (executable === null)
    throw new AppError('internal', "Electron's runtime is there and cannot be found. Nothing was changed.");
  return { kind: 'electron', executable, arguments: (folder) => electron.electronArguments(folder) };
}

/** Whether a window can be shown here at all: on Linux that is what DISPLAY and WAYLAND_DISPLAY say. */
export function hasScreen(environment: Pick<CliEnvironment, 'platform' | 'env'>): boolean {
  const { platform, env } = environment;
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}
