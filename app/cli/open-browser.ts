// Opens an address in a window of its own where a Chromium is found, else in the default browser; it says which it was.
import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import type { CliEnvironment } from './environment.ts';
import { hasScreen } from './shell.ts';

const CHROMIUMS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'msedge',
  'brave-browser',
];
const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];

/** A window without address bar, a tab in the default browser, or neither: then the address is for a person to open. */
export type Opened = 'window' | 'tab' | 'no-screen' | 'no-browser';

/** A browser that ends with a failure within this time has opened nothing, in milliseconds. */
const EARLY = 1_500;

export async function openBrowser(environment: CliEnvironment, url: string): Promise<Opened> {
  if (!hasScreen(environment)) return 'no-screen';
  const chromium = await findChromium(environment);
  if (chromium !== null) {
    // Chromium refuses to run its sandbox for root, and without --test-type it says so in a bar across the window.
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox', '--test-type'] : [];
    if (await start(chromium, [`--app=${url}`, ...asRoot])) return 'window';
  }
  const [command, args] = defaultOpener(environment.platform, url);
  return (await start(command, args)) ? 'tab' : 'no-browser';
}

function defaultOpener(platform: NodeJS.Platform, url: string): [string, string[]] {
  if (platform === 'darwin') return ['open', [url]];
  // `start` is a word of cmd's own, and takes its first quoted argument for a window title.
  if (platform === 'win32') return ['cmd', ['/c', 'start', '""', url]];
  return ['xdg-open', [url]];
}

async function findChromium(environment: CliEnvironment): Promise<string | null> {
  for (const candidate of candidates(environment)) {
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      continue; // Not there, or not a program: the next one.
    }
  }
  return null;
}

function candidates({ platform, env, home }: CliEnvironment): string[] {
  const own = env['CARAVAN_CHROMIUM'] ? [env['CARAVAN_CHROMIUM']] : [];
  if (platform === 'darwin') {
    return own.concat(
      MAC_APPS.flatMap((name) => [
        path.join('/Applications', `${name}.app`),
        path.join(home, 'Applications', `${name}.app`),
      ]).map((app) => path.join(app, 'Contents/MacOS', path.basename(app, '.app'))),
    );
  }
  if (platform === 'win32') {
    const roots = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(
      (root) => root !== undefined,
    );
    return own.concat(
      roots.flatMap((root) => [
        path.join(root, 'Google/Chrome/Application/chrome.exe'),
        path.join(root, 'Microsoft/Edge/Application/msedge.exe'),
        path.join(root, 'Chromium/Application/chrome.exe'),
      ]),
    );
  }
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  return own.concat(CHROMIUMS.flatMap((name) => folders.map((folder) => path.join(folder, name))));
}

/**
 * Whether it was started and did not fail at once (a screen that is named and not there, a system without any browser).
 * It lives on when this process ends, and what it prints is its own.
 */
function start(command: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      const settle = (opened: boolean): void => {
        clearTimeout(early);
        child.unref();
        resolve(opened);
      };
      const early = setTimeout(() => settle(true), EARLY);
      // Ending well at once is usual: the address was handed to a browser that runs already.
      child.once('exit', (code) => settle(code === 0));
    });
  });
}
