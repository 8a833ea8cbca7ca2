// The Electron shell's composition root: one instance, one host process, windows, menus, links. It holds no document.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  protocol,
  safeStorage,
  session,
  shell,
  utilityProcess,
  type MessagePortMain,
  type WebContents,
} from 'electron';
import type { ShellEvent } from '../contract/window-messages.ts';
import { Backoff } from '../../shared/base/backoff.ts';
import { systemClock } from '../../shared/base/clock.ts';
import { APP_SCHEME, serveApp } from './app-protocol.ts';
import { readJoinLink } from './deep-link.ts';
import { FLUSH_LIMIT, HostProcess, type HostState } from './host-process.ts';
import { defaultDataFolder, readLaunchOptions } from './launch-options.ts';
import { keyringAnswers } from './keyring.ts';
import { menuTemplate } from './menu.ts';
import { Outside } from './outside.ts';
import { brokerPorts, sendShellEvent } from './ports.ts';
import { QuitQuestion } from './quit-question.ts';
import { savePdf } from './save-pdf.ts';
import { denyPermissions } from './security.ts';
import { watchForUpdates } from './updates.ts';
import { focusWindow, openWindow, type ShellLog } from './window.ts';

const HERE = import.meta.dirname;
const log: ShellLog = (event, detail) => {
  process.stderr.write(`${JSON.stringify({ scope: 'shell', event, detail })}\n`);
};

const launch = readLaunchOptions(process.argv, process.env);
// One shell for one data folder: Chromium's profile, and with it the lock of the single instance, has a folder of its own there.
const data = path.resolve(
  launch.data ?? defaultDataFolder(process.platform, app.getPath('appData'), app.getPath('home'), process.env),
);
const profile = path.join(data, 'shell');
mkdirSync(profile, { recursive: true, mode: 0o700 });
app.setPath('userData', profile);
protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

if (app.requestSingleInstanceLock()) run(data, launch.link);
else app.quit(); // The running instance hears `second-instance` and shows itself.

function run(dataFolder: string, firstLink: string | null): void {
  const host = new HostProcess<MessagePortMain>({
    clock: systemClock,
    backoff: new Backoff({ first: 500, longest: 30_000 }),
    keyring: keyringAnswers(safeStorage, process.platform),
    fork: () =>
      utilityProcess.fork(path.join(HERE, 'host.js'), ['--data', dataFolder], {
        serviceName: 'Caravan host',
        stdio: 'inherit',
      }),
  });
  const windows = (): WebContents[] => BrowserWindow.getAllWindows().map((window) => window.webContents);
  const newWindow = (): BrowserWindow =>
    openWindow(path.join(app.getPath('userData'), 'window.json'), path.join(HERE, 'preload.cjs'), log);

  let waiting: ShellEvent | null = firstLink === null ? null : { event: 'join-link', link: firstLink };
  /** Shows a window, an open one or a new one, and tells it what to open there. */
  const openInWindow = (event: ShellEvent | null): void => {
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
    if (!window) {
      waiting = event ?? waiting;
      if (app.isReady()) newWindow();
      return;
    }
    focusWindow(window);
    if (event !== null) sendShellEvent(window.webContents, event);
  };
  const openLink = (link: string | null): void => openInWindow(link === null ? null : { event: 'join-link', link });
  const whenReady = (contents: WebContents): void => {
    if (waiting === null) return;
    sendShellEvent(contents, waiting);
    waiting = null;
  };
  brokerPorts(host, windows, whenReady, (contents) => {
    const window = BrowserWindow.fromWebContents(contents);
    if (window) void savePdf(window);
  });
  host.onState((state) => {
    void whenHostChanges(state);
  });

  const question = new QuitQuestion({
    clock: systemClock,
    async ask({ message, detail }) {
      const buttons = ['Stay', 'Quit'];
      const { response } = await dialog.showMessageBox({
        type: 'question',
        message,
        detail,
        buttons,
        defaultId: 0,
        cancelId: 0,
      });
      return response === 1;
    },
    quit: () => app.quit(),
    stay() {
      if (BrowserWindow.getAllWindows().length === 0) newWindow();
    },
  });
  host.onOnlyHere((known) => question.heard(known));
  app.on('before-quit', (event) => {
    if (!question.mayQuit()) event.preventDefault();
  });
  const quitUnasked = (): void => {
    question.skip();
    app.quit();
  };
  host.onQuitAsked(quitUnasked);
  // Whoever ends a program by a signal waits for no dialog.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, quitUnasked);

  const outside = new Outside({
    open: () => openInWindow(null),
    openPlace: (place) => openInWindow({ event: 'open-place', place }),
  });
  host.onWish((wish) => outside.heard(wish));

  app.on('second-instance', (_event, argv) => openLink(readLaunchOptions(argv, {}).link));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    openLink(readJoinLink(url));
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) newWindow();
  });
  app.on('window-all-closed', () => {
    if (!outside.stays) app.quit();
  });
  let ended = false;
  app.on('will-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    void host.stop().then(async (outcome) => {
      ended = true;
      if (outcome === 'late' || outcome === 'crashed') {
        log('flush-not-confirmed', outcome);
        await dialog.showMessageBox({
          type: 'warning',
          message: 'Caravan could not make sure that everything was stored.',
          detail:
            `Its background part did not answer within ${FLUSH_LIMIT / 1000} seconds. Everything that was shown as saved is stored. ` +
            'Start Caravan again and look at the last page that you wrote on.',
        });
      }
      app.quit();
    });
  });

  void app.whenReady().then(() => {
    protocol.handle(APP_SCHEME, serveApp(path.join(HERE, '../renderer')));
    denyPermissions(session.defaultSession);
    if (app.isPackaged) app.setAsDefaultProtocolClient('caravan');
    const focused = (): BrowserWindow | undefined =>
      BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
    const template = menuTemplate(process.platform, {
      command(command) {
        const window = focused();
        if (window) sendShellEvent(window.webContents, { event: 'command', command });
      },
      savePdf() {
        const window = focused();
        if (window) void savePdf(window);
      },
      newWindow,
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
    outside.begin();
    host.start();
    newWindow();
    void watchForUpdates(log);
  });
}

/** A host that cannot run leaves nothing to show: the reason is said, and the program ends. */
async function whenHostChanges(state: HostState): Promise<void> {
  if (state.state === 'crashed') log('host-crashed', `code ${state.code}`);
  if (state.state === 'elsewhere') return offerOtherWindows(state);
  if (state.state !== 'failed') return;
  log('host-failed', `${state.error.code}: ${state.error.message}`);
  await dialog.showMessageBox({
    type: 'error',
    message: 'Caravan cannot open its data folder.',
    detail: state.error.message,
  });
  app.exit(1); // Nothing was opened, so there is nothing to store.
}

/** The folder has one owner: its windows are there, and this program can open one more of them and then end. */
async function offerOtherWindows(owner: HostState & { readonly state: 'elsewhere' }): Promise<void> {
  const places: Readonly<Record<string, string>> = { browser: 'in a browser', electron: 'in another Electron' };
  const where = places[owner.shell] ?? 'without windows of its own';
  log('host-elsewhere', `Caravan runs on this folder already (process ${owner.pid}), ${where}.`);
  const { response } = await dialog.showMessageBox({
    type: 'info',
    message: 'Caravan runs on this folder already.',
    detail:
      `It is process ${owner.pid}, ${where}, and it keeps everything that is typed in its windows. ` +
      'To use this program instead, end that one first.',
    buttons: ['Open in Browser', 'Close'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) await shell.openExternal(owner.url);
  app.exit(0); // Nothing was opened, so there is nothing to store.
}
