// Disks that are really full or read-only under a running host, seen from a real window: clear words, nothing typed is lost, reading
// goes on, and "saved" comes back by itself. The disks are mounted; where that is not possible the specs say so in their titles.
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeReadOnly, NO_MOUNT, smallDisk } from '../support/mounted-disk.ts';
import { App, expect, test } from './app-window.ts';
import { caravanFails, startHost } from './journey/programs.ts';

const PATIENT = { timeout: 40_000 };

test.describe(`disks${NO_MOUNT}`, () => {
  test.skip(NO_MOUNT !== '', NO_MOUNT);
  test.setTimeout(180_000);

  test(`[X8] [X10] [HU16] the disk is really full: said, typed text stays, reading goes on; with room it is saved by itself${NO_MOUNT}`, async ({
    page,
    browser,
  }) => {
    const disk = smallDisk(64);
    try {
      const data = join(disk.path, 'data');
      const app = new App(page, data, await startHost(data));
      await app.open();
      await app.firstRun();
      await app.newPage('Antenna');
      await page.keyboard.press('Enter');
      await page.keyboard.type('The other page.');
      await app.newPage('Dish');
      await page.keyboard.press('Enter');
      await page.keyboard.type('stored before ');
      await expect(app.status).toHaveAccessibleName(/Saved here/);

      disk.fill();
      // More than what the last page of the log has left, so that it cannot be stored.
      const long = randomBytes(6_000).toString('hex');
      await page.keyboard.insertText(`typed while full ${long} end`);
      await expect(app.status).toHaveAccessibleName(/Disk full: free 200 MB to keep writing/, PATIENT);
      await app.status.click();
      const dialog = page.getByRole('dialog');
      await expect(dialog).toContainText(/This computer's disk has been full since \d\d:\d\d/);
      await expect(dialog).toContainText('What you type stays in this window; keep it open.');
      await expect(dialog).toContainText('Saving goes on by itself when there is room.');
      await page.screenshot({ path: test.info().outputPath('disk-full-light.png') });
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.screenshot({ path: test.info().outputPath('disk-full-dark.png') });
      await page.setViewportSize({ width: 900, height: 800 });
      await page.screenshot({ path: test.info().outputPath('disk-full-900.png') });
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.keyboard.press('Escape');

      // Reading goes on, here and in another window, which is shown only what is stored.
      await app.visit('Antenna');
      await expect(app.text).toHaveText('The other page.');
      await app.visit('Dish');
      await expect(app.text).toContainText(/stored before typed while full [0-9a-f]+ end/);
      const other = await browser.newContext();
      const second = new App(await other.newPage(), data, await startHost(data));
      await second.open();
      await second.visit('Dish');
      await expect(second.text).toHaveText('stored before ');
      await other.close();
      await app.text.click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(' and more');
      await expect(app.status).toHaveAccessibleName(/Disk full/);

      disk.free();
      await expect(app.status).toHaveAccessibleName(/Saved here/, PATIENT);
      await page.goto('about:blank');
      await app.killHost();
      await app.startHost();
      await app.open();
      await app.visit('Dish');
      await expect(app.text).toHaveText(`stored before typed while full ${long} end and more`);
      await app.stopHost();
    } finally {
      disk.remove();
    }
  });

  test(`[X10] [GC3] the folder of a running host becomes read-only: window and command say so, reading goes on, and nothing typed is lost${NO_MOUNT}`, async ({
    app,
    folder,
  }) => {
    const { page } = app;
    await app.firstRun();
    await app.newPage('Antenna');
    await page.keyboard.press('Enter');
    await page.keyboard.type('The other page.');
    await app.newPage('Dish');
    await page.keyboard.press('Enter');
    await page.keyboard.type('stored before ');
    await expect(app.status).toHaveAccessibleName(/Saved here/);
    const writable = makeReadOnly(join(app.data, 'store'));
    try {
      // What is open by name is written on until the database needs a new file: an import makes it ask for one.
      mkdirSync(join(folder, 'notes'));
      for (let at = 0; at < 60; at += 1) {
        const words = Array.from({ length: 100 }, () => randomBytes(600).toString('base64')).join('\n\n');
        writeFileSync(join(folder, 'notes', `note-${String(at)}.md`), words);
      }
      const complaint = await caravanFails(app.data, 'import', 'markdown', join(folder, 'notes'), '--space', 'Notes');
      expect(complaint).toContain('The data folder cannot be written. Everything stored before is kept');
      await expect(app.status).toHaveAccessibleName(/Cannot save on this computer/, PATIENT);
      await app.text.click();
      await page.keyboard.type('typed while read-only');
      await app.status.click();
      await expect(page.getByRole('dialog')).toContainText('give this user the right to write there.');
      await expect(page.getByRole('dialog')).toContainText('What you type stays in this window; keep it open.');
      await page.screenshot({ path: test.info().outputPath('read-only-light.png') });
      await page.keyboard.press('Escape');
      // Reading goes on, and what was typed is in this window still.
      await app.visit('Antenna');
      await expect(app.text).toHaveText('The other page.');
      await app.visit('Dish');
      await expect(app.text).toHaveText('stored before typed while read-only');
    } finally {
      writable();
    }
    await expect(app.status).toHaveAccessibleName(/Saved here/, PATIENT);
    await page.reload();
    await expect(app.text).toHaveText('stored before typed while read-only');
  });
});
