// What of Electron touches the desktop: dialogs, menus, screens, the system's browser. It only notes what was asked.
import { strict } from './strict.js';

/** What the main program asked of the desktop, in order. @type {{ kind: string, detail: unknown }[]} */
export const asked = [];
/** How the person answers the next dialogs; 0 is the first button. */
export const answers = { response: 0 };

export const dialog = strict('dialog', {
  /** @param {unknown[]} args with or without a window in front */
  async showMessageBox(...args) {
    const { message, detail, buttons } = /** @type {any} */ (args.at(-1));
    asked.push({ kind: 'message-box', detail: { message, detail, buttons } });
    return { response: answers.response, checkboxChecked: false };
  },
});

export const shell = strict('shell', {
  /** @param {string} url */
  async openExternal(url) {
    asked.push({ kind: 'open-external', detail: url });
  },
});

/** The template of the application's menu. @type {{ template: any[] }} */
export const menu = { template: [] };
export const Menu = strict('Menu', {
  /** @param {any[]} template */
  buildFromTemplate: (template) => ({ template }),
  /** @param {{ template: any[] }} built */
  setApplicationMenu(built) {
    menu.template = built.template;
  },
});

export const screen = strict('screen', {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
});

export const nativeTheme = strict('nativeTheme', { shouldUseDarkColors: false });
