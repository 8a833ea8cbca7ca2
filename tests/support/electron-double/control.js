// The test's hand inside the double: over Node's IPC a test looks at windows, plays the person, and crashes the host.
import { app, badge } from './app.js';
import { permissions, privilegedSchemes, protocolAnswer } from './channels.js';
import { answers, asked, menu } from './desktop.js';
import { notices, tray } from './outside.js';
import { preventable } from './strict.js';
import { running } from './utility-process.js';
import { BrowserWindow, inside } from './windows.js';

/** @param {number} [index] */
function windowAt(index = 0) {
  const window = [...inside.keys()][index];
  if (!window) throw new Error(`There is no window ${index}.`);
  return /** @type {any} */ (window);
}
/** @param {any[]} items @param {string} label @returns {any} */
function findItem(items, label) {
  for (const item of items) {
    const found = item.label === label ? item : findItem(item.submenu ?? [], label);
    if (found) return found;
  }
  return null;
}

/** @type {Record<string, (args: any) => unknown>} */
const commands = {
  windows: () =>
    [...inside.values()].map(({ options, document }) => ({ options: JSON.parse(JSON.stringify(options)), document })),
  schemes: () => privilegedSchemes,
  fetch: ({ url }) => protocolAnswer(url),
  evaluate: ({ code, window }) => inside.get(windowAt(window))?.page?.evaluate(code),
  /** The page tries to leave, or to open a window; whether it may. */
  navigate({ url, event = 'will-navigate' }) {
    const navigation = preventable({ url });
    windowAt().webContents.emit(event, navigation);
    return !navigation.defaultPrevented;
  },
  openWindow: ({ url }) => inside.get(windowAt())?.windowOpen({ url }).action,
  permission({ name }) {
    /** @type {boolean | null} */
    let answer = null;
    permissions.request(windowAt().webContents, name, (/** @type {boolean} */ given) => (answer = given));
    return { asked: answer, checked: permissions.check(null, name, 'app://caravan/'), device: permissions.device({}) };
  },
  /** A message on a channel as if a frame with this URL had sent it. */
  ipcFrom({ channel, url, inFrame }) {
    const contents = windowAt().webContents;
    const senderFrame = { url, parent: inFrame ? {} : null };
    return import('./channels.js').then(({ ipcMain }) => ipcMain.emit(channel, { sender: contents, senderFrame }));
  },
  asked: () => asked,
  answer({ response }) {
    answers.response = response;
  },
  clickMenu({ label }) {
    const item = findItem(menu.template, label);
    if (!item) throw new Error(`No menu item "${label}".`);
    item.click();
  },
  /** What stands on the desktop: notifications, oldest first, and the tray. */
  outside: () => ({
    notices: notices.map(({ options }) => options),
    badge: badge.count,
    tooltip: tray.tooltip,
    menu: tray.template.map(({ label }) => label).filter(Boolean),
  }),
  clickNotice({ index }) {
    const notice = notices[index];
    if (!notice) throw new Error(`There is no notification ${index}.`);
    notice.emit('click', preventable());
  },
  clickTray({ label }) {
    const item = findItem(tray.template, label);
    if (!item) throw new Error(`The tray has no "${label}".`);
    item.click();
  },
  moveWindow: ({ bounds }) => windowAt().setBounds(bounds),
  closeWindow: () => windowAt().close(),
  openUrl: ({ url }) => app.emit('open-url', preventable(), url),
  crashHost: async () => {
    for (const worker of [...running]) await worker.terminate();
  },
  hosts: () => running.size,
  focusedCount: () => BrowserWindow.getAllWindows().length,
  quit: () => app.quit(),
};

process.on('message', (/** @type {{ id: number, command: string, args: unknown }} */ { id, command, args }) => {
  void (async () => {
    try {
      const run = commands[command];
      if (!run) throw new Error(`The double's control has no "${command}".`);
      process.send?.({ id, value: await run(args ?? {}) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.message : String(error) });
    }
  })();
});
