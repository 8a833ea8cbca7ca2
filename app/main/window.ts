// Makes Caravan's window: secure settings, its place on the screen, and its page; what happens in it is not known here.
import { BrowserWindow, nativeTheme, screen, session } from 'electron';
import { APP_PAGE } from './app-protocol.ts';
import { denyNavigation } from './security.ts';
import { readWindowState, SMALLEST, writeWindowState } from './window-state.ts';

/** A window whose page crashes again within this time is not reloaded a second time, in milliseconds. */
const RELOAD_PAUSE = 10_000;

export type ShellLog = (event: string, detail: string) => void;

/** @param stateFile where its place is kept @param preload file of the built preload script */
export function openWindow(stateFile: string, preload: string, log: ShellLog): BrowserWindow {
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const state = readWindowState(stateFile, screens);
  const window = new BrowserWindow({
    ...state.place,
    width: state.width,
    height: state.height,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title: 'Caravan',
    // The canvas colours of the look, so that nothing flashes before the page is there.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1E1C19' : '#FCFAF6',
    webPreferences: {
      preload,
      session: session.defaultSession,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: true,
    },
  });
  if (state.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    writeWindowState(stateFile, window.getNormalBounds(), window.isMaximized());
  });
  denyNavigation(window.webContents, window);
  reloadAfterCrash(window);
  window.loadURL(APP_PAGE).catch((error: unknown) => log('page-not-loaded', String(error)));
  return window;
}

/** Shows the window and gives it the focus, wherever it was hidden. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** A crashed page is loaded anew: what it had sent is in the host, and the page finds its way back by itself. */
function reloadAfterCrash(window: BrowserWindow): void {
  let last = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, details) => {
    const now = Date.now();
    if (details.reason === 'clean-exit' || window.isDestroyed() || now - last < RELOAD_PAUSE) return;
    last = now;
    window.webContents.reload();
  });
}
