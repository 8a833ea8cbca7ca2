// Whether Electron's runtime is on this computer, and the one try to fetch it. Plain Node; it never imports `electron`,
// whose entry downloads or throws outside Electron.
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The installed `electron` package of this copy of Caravan. */
export const ELECTRON_PACKAGE = path.resolve(import.meta.dirname, '../node_modules/electron');

const DAY = 24 * 3_600_000;
const MEGABYTE = 1_000_000;

/**
 * @typedef {object} FetchOptions
 * @property {(text: string) => void} report progress for people, a line each
 * @property {string} [folder] the electron package
 * @property {string} [memory] file that remembers a failed try
 * @property {() => number} [now] milliseconds since the epoch
 * @property {number} [patience] milliseconds without a new byte before it is given up
 * @property {number} [pace] milliseconds between two looks
 */

/**
 * @typedef {(
 *   | { kind: 'there', executable: string }
 *   | { kind: 'failed', reason: string }
 *   | { kind: 'tried-before', at: number, reason: string }
 * )} FetchOutcome `tried-before`: a try of the last day failed, and none was made now
 */

/** Electron's program file, or null where it is not complete. Looks at files alone. @param {string} [folder] @returns {string | null} */
export function electronExecutable(folder = ELECTRON_PACKAGE) {
  try {
    const program = readFileSync(path.join(folder, 'path.txt'), 'utf8').trim();
    const file = path.join(process.env.ELECTRON_OVERRIDE_DIST_PATH || path.join(folder, 'dist'), program);
    return program !== '' && statSync(file).isFile() ? file : null;
  } catch {
    return null; // A missing file is the usual answer, not a failure.
  }
}

/**
 * The arguments that start Caravan in Electron on a data folder (null: the default one). Chromium refuses to sandbox for root.
 * @param {string | null} data @returns {string[]}
 */
export function electronArguments(data) {
  return [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    path.resolve(import.meta.dirname, '..'),
    ...(data === null ? [] : ['--data', path.resolve(data)]),
  ];
}

/** Where a failed try is remembered, outside the project and outside the data folder. */
function memoryFile() {
  const home = os.homedir();
  const cache =
    process.platform === 'darwin'
      ? path.join(home, 'Library/Caches')
      : process.platform === 'win32'
        ? process.env.LOCALAPPDATA || path.join(home, 'AppData/Local')
        : process.env.XDG_CACHE_HOME || path.join(home, '.cache');
  return path.join(cache, 'caravan', 'electron-fetch.json');
}

/** @param {string} folder @returns {string} */
function versionOf(folder) {
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return String(version);
}

/** The failed try of the last day for this version, or null. @param {string} file @param {string} version @param {number} now */
function rememberedFailure(file, version, now) {
  try {
    const memory = JSON.parse(readFileSync(file, 'utf8'));
    if (memory.version !== version || typeof memory.at !== 'number' || typeof memory.reason !== 'string') return null;
    return now >= memory.at && now - memory.at < DAY ? { at: memory.at, reason: memory.reason } : null;
  } catch {
    return null; // Never tried, or not readable: then it is tried.
  }
}

/** @param {string} file @param {object} memory */
function remember(file, memory) {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(memory));
  } catch {
    // A cache that cannot be written costs a second try tomorrow, and nothing else.
  }
}

/** Bytes in the files below `folder`. @param {string} folder */
function bytesBelow(folder) {
  let bytes = 0;
  try {
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      bytes += statSync(path.join(folder, file), { throwIfNoEntry: false })?.size ?? 0;
    }
  } catch {
    return bytes; // It vanished while it was counted: the next look sees more.
  }
  return bytes;
}

/**
 * Fetches Electron's runtime with the package's own installer, once a day at most. It is given up when no byte arrived for
 * `patience`. Ending this process ends the try. Never throws.
 * @param {FetchOptions} options @returns {Promise<FetchOutcome>}
 */
export async function tryFetchElectron(options) {
  const { report, folder = ELECTRON_PACKAGE, memory = memoryFile(), now = Date.now } = options;
  const { patience = 20_000, pace = 500 } = options;
  const there = electronExecutable(folder);
  if (there !== null) return { kind: 'there', executable: there };
  if (!existsSync(path.join(folder, 'install.js'))) {
    return { kind: 'failed', reason: 'The package "electron" is not installed (a copy without development packages).' };
  }
  const version = versionOf(folder);
  const before = rememberedFailure(memory, version, now());
  if (before) return { kind: 'tried-before', ...before };

  report(`Fetching Electron ${version} (about 120 MB, once) ...`);
  const reason = await install(folder, report, patience, pace);
  const executable = electronExecutable(folder);
  if (executable !== null) return { kind: 'there', executable };
  const why = reason || 'The installer ended without putting the program in its place.';
  remember(memory, { version, at: now(), reason: why });
  return { kind: 'failed', reason: why };
}

/**
 * Runs the installer until it ends or stands still; resolves with the reason of a failure, or an empty text.
 * @param {string} folder @param {(text: string) => void} report @param {number} patience @param {number} pace @returns {Promise<string>}
 */
function install(folder, report, patience, pace) {
  // The installer downloads into the temporary folder: one of its own shows how far it is.
  const work = mkdtempSync(path.join(os.tmpdir(), 'caravan-electron-'));
  const env = { ...process.env, TMPDIR: work, TEMP: work, TMP: work, ELECTRON_GET_NO_PROGRESS: '1' };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(folder, 'install.js')], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-2_000);
    });
    const stop = () => child.kill('SIGKILL');
    process.once('exit', stop);
    let bytes = 0;
    let still = 0;
    let reported = 0;
    let failure = '';
    const look = setInterval(() => {
      const now = bytesBelow(work) + bytesBelow(path.join(folder, 'dist'));
      still = now > bytes ? 0 : still + pace;
      bytes = now;
      if (bytes >= reported + 10 * MEGABYTE) {
        reported = bytes;
        report(`  ${Math.round(bytes / MEGABYTE)} MB`);
      }
      if (still >= patience) {
        failure = `Nothing arrived for ${Math.round(patience / 1000)} seconds.`;
        stop();
      }
    }, pace);
    /** @param {string} reason */
    const finish = (reason) => {
      clearInterval(look);
      process.off('exit', stop);
      rmSync(work, { recursive: true, force: true });
      resolve(reason);
    };
    child.once('error', (error) => finish(error.message));
    child.once('close', (code) => {
      const line = said.split('\n').find((text) => /Error\b/.test(text)) ?? `The installer ended with ${code}.`;
      finish(failure || (code === 0 ? '' : line.trim().slice(0, 300)));
    });
  });
}
