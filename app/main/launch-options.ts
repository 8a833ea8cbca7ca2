// What the command line of the Electron program says; it comes from other programs too (a clicked link), so it is checked.
import path from 'node:path';
import { readJoinLink } from './deep-link.ts';

export interface LaunchOptions {
  /** The data folder that was asked for, or null for the default one. */
  readonly data: string | null;
  /** A link that Caravan was started to open, or null. */
  readonly link: string | null;
}

/**
 * The system's place for Caravan's data, by the same rule as the command line's (`chooseDataFolder` of the host).
 * @param appData Electron's `appData` folder, which is that place on macOS and Windows
 */
export function defaultDataFolder(
  platform: string,
  appData: string,
  home: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (platform === 'darwin' || platform === 'win32') return path.join(appData, 'Caravan');
  const shared = env['XDG_DATA_HOME'];
  // The XDG specification: a relative path there is to be ignored.
  return path.join(shared && path.isAbsolute(shared) ? shared : path.join(home, '.local', 'share'), 'caravan');
}

/** CARAVAN_DATA, then what the arguments say: `--data DIR`, `--data=DIR` and a `caravan:` link; Chromium's own switches and everything else are left alone. */
export function readLaunchOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): LaunchOptions {
  let data: string | null = env['CARAVAN_DATA'] ?? null;
  let link: string | null = null;
  for (const [index, argument] of argv.entries()) {
    if (argument === '--data') data = argv[index + 1] ?? data;
    else if (argument.startsWith('--data=')) data = argument.slice('--data='.length);
    else if (argument.startsWith('caravan:')) link ??= readJoinLink(argument);
  }
  return { data: data === '' ? null : data, link };
}
