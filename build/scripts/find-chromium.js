// Finds a Chromium for the browser specs, or installs Debian's where that is allowed; it never downloads from anywhere else.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runStep } from './run-step.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const MAC = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A program's file on the search path, or null. @param {readonly string[]} names */
export function onPath(names) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/usr/local/bin'].filter(Boolean);
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  for (const name of names) {
    for (const folder of folders) {
      for (const ending of endings) {
        const file = path.join(folder, name + ending);
        if (existsSync(file)) return file;
      }
    }
  }
  return null;
}

/** CARAVAN_CHROMIUM, or one that is installed, or null. */
export function findChromium() {
  const named = process.env.CARAVAN_CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CARAVAN_CHROMIUM names ${named}, which is not there.`);
  }
  return onPath(NAMES) ?? MAC.find((file) => existsSync(file)) ?? null;
}

/** As root on a Debian-like system; elsewhere nothing is tried. @param {string} name @returns {Promise<boolean>} */
export async function installPackage(name) {
  const apt = onPath(['apt-get']);
  if (apt === null || process.getuid?.() !== 0) return false;
  console.log(`Not found: installing the package "${name}" with apt-get.`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', name]]) {
    const result = await runStep({ name: `apt-get ${args[0]}`, command: [apt, ...args], node: false, env, minutes: 8 });
    if (result.ok) continue;
    console.error(`apt-get ${args[0]} ${result.reason}.`);
    return false;
  }
  return true;
}

/** As findChromium; as root on a Debian-like system it installs the package `chromium` first where there is none. */
export async function findOrInstallChromium() {
  return findChromium() ?? ((await installPackage('chromium')) ? findChromium() : null);
}

/**
 * What the browser specs run in; `wrong` when the environment names one that is not there. Never throws.
 * @returns {Promise<{ kind: 'there', chromium: string } | { kind: 'none' } | { kind: 'wrong', reason: string }>}
 */
export async function browserForSpecs() {
  try {
    const chromium = await findOrInstallChromium();
    return chromium === null ? { kind: 'none' } : { kind: 'there', chromium };
  } catch (error) {
    return { kind: 'wrong', reason: error instanceof Error ? error.message : String(error) };
  }
}
