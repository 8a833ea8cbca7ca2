// Electron's app: readiness, paths, the single instance, and the order of events when quitting (as its documentation gives it).
import { mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { preventable, strictEmitter } from './strict.js';

const temporary = path.join(os.tmpdir(), `caravan-electron-double-${process.pid}`);
const paths = new Map([
  ['appData', temporary],
  ['home', temporary],
  ['userData', path.join(temporary, 'profile')],
]);
let ready = false;
let quitting = false;
const becameReady = new Promise((resolve) => {
  // After the main program's first run, as in Electron.
  setImmediate(() => {
    ready = true;
    resolve(undefined);
  });
});

/** Filled by windows.js: closes all windows; false when one refused. @type {{ closeAll: () => boolean }} */
export const windowsOfApp = { closeAll: () => true };
/** What the program's icon says. */
export const badge = { count: 0 };
/** @type {(() => void)[]} */
const atExit = [];

export const app = strictEmitter('app', {
  isPackaged: false,
  isReady: () => ready,
  whenReady: () => becameReady,
  /** @param {string} name */
  getPath(name) {
    const found = paths.get(name);
    if (found === undefined) throw new Error(`The Electron double knows no path "${name}".`);
    if (name === 'userData') mkdirSync(found, { recursive: true });
    return found;
  },
  /** @param {string} name @param {string} value */
  setPath(name, value) {
    if (!paths.has(name)) throw new Error(`The Electron double knows no path "${name}".`);
    paths.set(name, value);
  },
  /** @param {number} count */
  setBadgeCount(count) {
    badge.count = count;
    return true;
  },
  requestSingleInstanceLock() {
    const folder = app.getPath('userData');
    const lock = path.join(folder, 'SingletonLock');
    const call = path.join(folder, 'SingletonCall');
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch {
      writeFileSync(call, JSON.stringify(process.argv));
      return false;
    }
    const watcher = watch(folder, (_event, name) => {
      if (name !== 'SingletonCall') return;
      try {
        const argv = JSON.parse(readFileSync(call, 'utf8'));
        rmSync(call, { force: true });
        app.emit('second-instance', preventable(), argv, process.cwd(), null);
      } catch {
        return; // Half written, or taken by an earlier event: the next event brings it.
      }
    });
    atExit.push(() => {
      watcher.close();
      rmSync(lock, { force: true });
    });
    return true;
  },
  /** @param {number} [code] */
  exit(code = 0) {
    for (const release of atExit) release();
    process.exit(code);
  },
  quit() {
    setImmediate(() => {
      const before = preventable();
      app.emit('before-quit', before);
      if (before.defaultPrevented) return;
      quitting = true;
      if (!windowsOfApp.closeAll()) {
        quitting = false;
        return;
      }
      const will = preventable();
      app.emit('will-quit', will);
      if (will.defaultPrevented) return;
      app.emit('quit', preventable(), 0);
      for (const release of atExit) release();
      process.exit(0);
    });
  },
});

export function isQuitting() {
  return quitting;
}
