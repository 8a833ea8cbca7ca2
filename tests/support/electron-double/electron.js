// A TEST DOUBLE of the `electron` module, for Caravan's compiled main program on plain Node: no Chromium, no screen. It
// has exactly the API that Caravan uses and throws on any other; register.js puts it in the place of `electron`.
import './control.js';

export { app } from './app.js';
export { ipcMain, protocol, session } from './channels.js';
export { dialog, Menu, nativeTheme, screen, shell } from './desktop.js';
export { nativeImage, Notification, Tray } from './outside.js';
export { MessageChannelMain } from './message-port-main.js';
export { safeStorage } from './safe-storage.js';
export { utilityProcess } from './utility-process.js';
export { BrowserWindow } from './windows.js';
