// Looks for a newer version once after the start, only in a packaged program that was built with an address for updates.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { app } from 'electron';

/** Downloads in the background and tells the person; installs when the program is next ended. Failing is only logged. */
export async function watchForUpdates(log: (event: string, detail: string) => void): Promise<void> {
  if (!app.isPackaged) return;
  try {
    const address = await readFile(path.join(process.resourcesPath, 'app-update.yml'), 'utf8');
    // A name that can never exist (RFC 2606): built to look for no updates.
    if (/\.invalid\b/.test(address)) return;
    const { default: updater } = await import('electron-updater');
    await updater.autoUpdater.checkForUpdatesAndNotify();
  } catch (error) {
    log('update-check-failed', error instanceof Error ? error.message : String(error));
  }
}
