// Electron's Notification, Tray and nativeImage as far as Caravan uses them. Nothing is drawn; tests look at what would be, and click.
import { strict, strictEmitter } from './strict.js';

/** Shown and not closed. @type {(import('node:events').EventEmitter & { options: any })[]} */
export const notices = [];
/** The one tray. @type {{ tooltip: string, template: any[] }} */
export const tray = { tooltip: '', template: [] };

export const Notification = strict(
  'Notification',
  Object.assign(
    /** @param {{ title: string, body: string }} options */
    function (options) {
      const notice = strictEmitter('Notification', {
        options,
        show() {
          notices.push(notice);
        },
      });
      return notice;
    },
    { isSupported: () => true },
  ),
);

/** @param {{ size: number }} image */
export function Tray(image) {
  if (image.size === 0) throw new Error('A tray needs a picture.');
  return strictEmitter('Tray', {
    /** @param {string} text */
    setToolTip(text) {
      tray.tooltip = text;
    },
    /** @param {{ template: any[] }} menu */
    setContextMenu(menu) {
      tray.template = menu.template;
    },
  });
}

export const nativeImage = strict('nativeImage', {
  /** @param {string} url */
  createFromDataURL: (url) => ({ size: Buffer.from(url.split(',')[1] ?? '', 'base64').length }),
});
