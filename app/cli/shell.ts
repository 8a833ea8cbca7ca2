// Which shell shows the windows, and a plain sentence when it is not the one that was hoped for.
import { AppError } from '../../shared/base/app-error.ts';
import type { CliEnvironment } from './environment.ts';

export type Shell = 'electron' | 'browser' | 'none';

export type ChosenShell =
  | { readonly kind: 'electron'; readonly executable: string; readonly arguments: (folder: string) => string[] }
  | { readonly kind: 'browser' | 'none' };

/** `electron` insists: it throws where the runtime is not there and cannot be fetched. */
export async function chooseShell(environment: CliEnvironment, wanted: 'auto' | Shell): Promise<ChosenShell> {
  if (wanted === 'browser' || wanted === 'none') return { kind: wanted };
  if (wanted === 'auto' && !hasScreen(environment)) return { kind: 'browser' };
  const runtime = await environment.files.electron();
  const there = runtime.electronExecutable();
  if (there !== null)
    return { kind: 'electron', executable: there, arguments: (folder) => runtime.electronArguments(folder) };
  const outcome = await runtime.tryFetchElectron({ report: environment.err });
  if (outcome.kind === 'there') {
    return {
      kind: 'electron',
      executable: outcome.executable,
      arguments: (folder) => runtime.electronArguments(folder),
    };
  }
  const why = outcome.kind === 'tried-before' ? `${outcome.reason} (tried within the last day)` : outcome.reason;
  if (wanted === 'electron') {
    throw new AppError(
      'unsupported',
      `Electron's runtime is not on this computer and could not be fetched: ${why} Nothing was changed. Use --shell browser, or install it and try again.`,
    );
  }
  environment.err(`Electron's runtime is not on this computer: ${why}`);
  environment.err('The same app opens in a browser window instead. It needs nothing else.');
  return { kind: 'browser' };
}

/** Whether a window can be shown here at all: on Linux that is what DISPLAY and WAYLAND_DISPLAY say. */
export function hasScreen(environment: Pick<CliEnvironment, 'platform' | 'env'>): boolean {
  const { platform, env } = environment;
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}
