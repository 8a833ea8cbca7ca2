// Electron's BrowserWindow and webContents as far as Caravan uses them, with pages of page.js and no screen.
import { app, isQuitting, windowsOfApp } from './app.js';
import { ipcMain, protocolAnswer } from './channels.js';
import { unwrapPort } from './message-port-main.js';
import { openPage } from './page.js';
import { preventable, strict, strictEmitter } from './strict.js';

/** @type {Set<import('node:events').EventEmitter & { close(): void }>} */
const open = new Set();
let nextId = 1;

/** What a test may look at, beside what the main program sees. @type {Map<object, { options: any, document: any, page: import('./page.js').Page | null, windowOpen: any }>} */
export const inside = new Map();

/** @param {any} options @returns {import('node:events').EventEmitter & { close(): void }} */
function makeWindow(options) {
  const id = nextId++;
  const { preload } = options.webPreferences;
  /** @type {{ options: any, document: any, page: import('./page.js').Page | null, windowOpen: any }} */
  const state = { options, document: null, page: null, windowOpen: () => ({ action: 'allow' }) };
  let url = '';
  let destroyed = false;
  let bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width, height: options.height };
  let maximized = false;
  let minimized = false;

  const load = async () => {
    const { status, headers, body } = await protocolAnswer(url);
    state.page?.close();
    state.document = { url, status, headers, body };
    if (status !== 200) throw new Error(`ERR_FAILED (${status}) loading '${url}'`);
    const sender = contents;
    const page = openPage(url, preload, (channel, args) => {
      const senderFrame = { url, parent: null };
      setImmediate(() => ipcMain.emit(channel, { sender, senderFrame, ports: [] }, ...args));
    });
    state.page = page;
    setImmediate(() => {
      contents.emit('did-finish-load');
      window.emit('ready-to-show');
    });
  };
  const contents = strictEmitter('webContents', {
    id,
    getURL: () => url,
    isDestroyed: () => destroyed,
    reload: () => void load(),
    /** @param {(details: { url: string }) => { action: string }} handler */
    setWindowOpenHandler(handler) {
      state.windowOpen = handler;
    },
    /** @param {string} channel @param {unknown[]} args */
    send: (channel, ...args) => state.page?.fromMain(channel, args, []),
    /** @param {string} channel @param {unknown} message @param {object[]} transfer */
    postMessage: (channel, message, transfer = []) =>
      state.page?.fromMain(channel, [message], transfer.map(unwrapPort)),
  });
  const window = strictEmitter('BrowserWindow', {
    id,
    webContents: contents,
    /** @param {string} address */
    loadURL(address) {
      url = address;
      return load();
    },
    show() {},
    focus() {
      app.emit('browser-window-focus', preventable(), window);
    },
    restore() {
      minimized = false;
    },
    maximize() {
      maximized = true;
    },
    isMaximized: () => maximized,
    isMinimized: () => minimized,
    isDestroyed: () => destroyed,
    getNormalBounds: () => bounds,
    /** @param {{ x: number, y: number, width: number, height: number }} next */
    setBounds(next) {
      bounds = next;
    },
    close() {
      const event = preventable();
      window.emit('close', event);
      if (event.defaultPrevented) return;
      destroyed = true;
      state.page?.close();
      open.delete(window);
      inside.delete(window);
      window.emit('closed');
      if (open.size === 0 && !isQuitting()) app.emit('window-all-closed');
    },
  });
  inside.set(window, state);
  open.add(window);
  return window;
}

windowsOfApp.closeAll = () => {
  for (const window of [...open]) window.close();
  return open.size === 0;
};

export const BrowserWindow = strict(
  'BrowserWindow',
  Object.assign(
    /** @param {object} options */
    function (options) {
      if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
      return makeWindow(options);
    },
    {
      getAllWindows: () => [...open],
      getFocusedWindow: () => [...open].at(-1) ?? null,
    },
  ),
);
