// What no page may do in Caravan: leave it, open windows, ask for devices. It decides; it draws nothing but one question.
import { dialog, shell, type BrowserWindow, type IpcMainEvent, type Session, type WebContents } from 'electron';
import { APP_ORIGIN } from './app-protocol.ts';

/** Written to the clipboard by a copy button: the one thing that a page of ours may ask for. */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Whether `url` is a page of this program. */
export function isOurs(url: string): boolean {
  return url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`);
}

/** The address of a web page or a mail that may be handed to the system, or null. */
export function externalLink(url: string): string | null {
  if (url.length > 4_000 || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  return ['https:', 'http:', 'mailto:'].includes(parsed.protocol) ? parsed.href : null;
}

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(ALLOWED_PERMISSIONS.has(permission) && isOurs(contents.getURL()));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => ALLOWED_PERMISSIONS.has(permission) && isOurs(origin),
  );
  session.setDevicePermissionHandler(() => false);
}

/** Pages stay where they are; a link to elsewhere is opened by the system after the person said yes. */
export function denyNavigation(contents: WebContents, window: BrowserWindow): void {
  const leave = (event: { preventDefault(): void; readonly url: string }): void => {
    event.preventDefault();
    void openOutside(event.url, window);
  };
  contents.on('will-navigate', leave);
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    void openOutside(url, window);
    return { action: 'deny' };
  });
}

/** Asks, then hands the address to the system. Anything but http, https and mailto is dropped without a question. */
async function openOutside(url: string, window: BrowserWindow): Promise<void> {
  const link = externalLink(url);
  if (link === null || window.isDestroyed()) return;
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'Open this link outside Caravan?',
    detail: link,
    buttons: ['Open', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) await shell.openExternal(link);
}

/** Whether a message really comes from the page of one of our windows, and not from a frame in it. */
export function isTrustedSender(event: IpcMainEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isOurs(frame.url);
}
