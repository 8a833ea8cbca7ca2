// A page of the double: Electron's loading of a document and its preload, in a vm context instead of Chromium. Scripts of
// the document are not run; a test runs its own with evaluate().
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { EventEmitter } from 'node:events';
import { strict } from './strict.js';

/** @typedef {import('node:worker_threads').MessagePort} NodePort */

/**
 * @typedef {object} Page
 * @property {(channel: string, args: unknown[], ports: NodePort[]) => void} fromMain
 * @property {(code: string) => Promise<unknown>} evaluate
 * @property {() => void} close
 */

/**
 * @param {string} url
 * @param {string} preload file
 * @param {(channel: string, args: unknown[]) => void} toMain
 * @returns {Page}
 */
export function openPage(url, preload, toMain) {
  const { protocol, host, href, pathname, hash } = new URL(url);
  const origin = `${protocol}//${host}`; // What Chromium gives for a scheme registered as standard.
  const fromMain = new EventEmitter();
  /** @type {Set<NodePort>} */
  const ports = new Set();
  const windowEvents = new EventEmitter();

  /** @type {Record<string, unknown>} */
  const globals = {
    location: { href, origin, pathname, hash, protocol, host },
    /** @param {string} type @param {(event: unknown) => void} listener */
    addEventListener: (type, listener) => windowEvents.on(type, listener),
    /** @param {string} type @param {(event: unknown) => void} listener */
    removeEventListener: (type, listener) => windowEvents.off(type, listener),
    /** @param {unknown} message @param {string} targetOrigin @param {NodePort[]} [transfer] */
    postMessage(message, targetOrigin, transfer = []) {
      if (targetOrigin !== origin && targetOrigin !== '*') return;
      const data = structuredClone(message);
      for (const port of transfer) ports.add(port);
      setImmediate(() => windowEvents.emit('message', { data, origin, source: window, ports: transfer }));
    },
    ...{ setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask, structuredClone, performance, console },
    ...{ TextEncoder, TextDecoder, URL, URLSearchParams, MessageChannel, MessagePort, crypto: globalThis.crypto },
    ...{ Uint8Array, ArrayBuffer, EventTarget, Event },
  };
  const context = vm.createContext(globals);
  const window = vm.runInContext('globalThis', context);
  window.window = window;
  window.self = window;

  const electron = strict('electron (in a preload)', {
    contextBridge: strict('contextBridge', {
      /** @param {string} name @param {unknown} api */
      exposeInMainWorld(name, api) {
        // The real bridge copies and freezes what it lets through.
        Object.defineProperty(window, name, { value: Object.freeze(structuredClone(api)), enumerable: true });
      },
    }),
    ipcRenderer: strict('ipcRenderer', {
      /** @param {string} channel @param {unknown[]} args */
      send: (channel, ...args) => toMain(channel, structuredClone(args)),
      /** @param {string} channel @param {(event: unknown, ...args: unknown[]) => void} listener */
      on: (channel, listener) => fromMain.on(channel, listener),
    }),
  });
  // What a sandboxed preload has: a polyfilled process, and a require that knows a handful of names.
  const sandbox = { platform: process.platform, versions: { ...process.versions }, arch: process.arch };
  /** @param {string} name */
  const requireInSandbox = (name) => {
    if (name === 'electron') return electron;
    throw new Error(`module not found: ${name} (a sandboxed preload can load electron, events, timers and url only)`);
  };
  const wrapped = `(function (require, process, exports, module) {${readFileSync(preload, 'utf8')}\n})`;
  const module = { exports: {} };
  vm.runInContext(wrapped, context, { filename: preload })(requireInSandbox, sandbox, module.exports, module);

  return {
    fromMain(channel, args, transferred) {
      setImmediate(() => fromMain.emit(channel, { ports: transferred }, ...structuredClone(args)));
    },
    evaluate: async (code) => vm.runInContext(code, context),
    close() {
      for (const port of ports) port.close();
      fromMain.removeAllListeners();
      windowEvents.removeAllListeners();
    },
  };
}
