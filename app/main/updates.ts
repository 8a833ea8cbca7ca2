// Looks for a newer version once after the start, only in a packaged program that was built with an address for updates.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';

/** Downloads in the background and tells the person; installs when the program is next ended. Failing is only logged. */
export async function watchForUpdates(log: (event: string, detail: string) => void): Promise<void> {
  if (!app.isPackaged || !existsSync(path.join(process.resourcesPath, 'app-update.yml'))) return;
  try {
    const { default: updater } = await import('electron-updater');
    await updater.autoUpdater.checkForUpdatesAndNotify();
  } catch (error) {
    log('update-check-failed', error instanceof Error ? error.message : String(error));
  }
}
