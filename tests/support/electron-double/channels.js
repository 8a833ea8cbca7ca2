// Electron's ipcMain, protocol and session as far as Caravan uses them.
import { app } from './app.js';
import { strict, strictEmitter } from './strict.js';

export const ipcMain = strictEmitter('ipcMain', {});

/** @type {Map<string, (request: Request) => Promise<Response>>} */
const handlers = new Map();
/** @type {{ scheme: string, privileges: Record<string, boolean> }[]} */
export const privilegedSchemes = [];

export const protocol = strict('protocol', {
  /** @param {typeof privilegedSchemes} schemes */
  registerSchemesAsPrivileged(schemes) {
    if (app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    privilegedSchemes.push(...schemes);
  },
  /** @param {string} scheme @param {(request: Request) => Promise<Response>} handler */
  handle(scheme, handler) {
    if (!app.isReady()) throw new Error('protocol.handle can only be used after app is ready');
    handlers.set(scheme, handler);
  },
});

/** What a page of the double gets for an address: from the handler of its scheme, or nothing. @param {string} url */
export async function protocolAnswer(url) {
  const handler = handlers.get(new URL(url).protocol.slice(0, -1));
  if (!handler) return { status: 0, headers: {}, body: '' };
  const answer = await handler(new Request(url));
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
}

/** What the main program set; tests ask it. @type {{ request: any, check: any, device: any }} */
export const permissions = { request: null, check: null, device: null };

export const session = strict('session', {
  defaultSession: strict('session', {
    /** @param {unknown} handler */
    setPermissionRequestHandler(handler) {
      permissions.request = handler;
    },
    /** @param {unknown} handler */
    setPermissionCheckHandler(handler) {
      permissions.check = handler;
    },
    /** @param {unknown} handler */
    setDevicePermissionHandler(handler) {
      permissions.device = handler;
    },
  }),
});
